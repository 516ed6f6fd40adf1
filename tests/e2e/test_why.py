"""hopyard why: mistakes made by hand, in nodes, in named namespaces and on the host, are named, and mended by the help given."""

import os
import subprocess

import harness
import outside

LAB = """lab: office
nodes:
  sw: {kind: switch}
  r1: {kind: router}
links:
  - pc1 -- r1
  - r1 -- pc2
  - pc3 -- sw
  - sw -- r1
"""


def ip(words):
    return outside.run("ip", *words.split())


class Why(harness.LabTest):
    def mistakes(self, *words):
        done = self.hopyard("why", *words, "--json", status=None)
        found = done.json()
        self.assertEqual(done.status, 1 if found["mistakes"] else 0, str(done))
        return [(one["place"], one["what"]) for one in found["mistakes"]]

    def remedies(self, *words):
        return [one["remedy"] for one in self.hopyard("why", *words, "--json", status=1).json()["mistakes"]]

    def assert_mistakes(self, wanted, *words):
        """A link has no carrier until the kernel has noticed that it has: soon, not at once."""
        self.assert_becomes(lambda: sorted(self.mistakes(*words), key=str), sorted(wanted, key=str))

    def by_hand(self, *commands):
        for words in commands:
            ip(words)

    def undo(self):
        for words in ("link delete br0", "link delete eth1", "link delete veth0", "-all netns delete"):
            subprocess.run(["ip", *words.split()], stderr=subprocess.DEVNULL, check=False)
        self.call("umount", "-l", "/run/netns")
        os.rmdir("/run/netns")

    @harness.needs_root
    def test_a_port_keeps_the_addresses_of_the_host(self):
        self.addCleanup(self.undo)
        for name in ("out", "blue"):
            self.hopyard("netns", "add", name)
        self.by_hand("link add eth1 type veth peer name eth0 netns out", "-n out link set eth0 up",
                     "-n out address add 192.168.10.1/24 dev eth0", "-n out link set lo up",
                     "link add veth0 type veth peer name veth1 netns blue", "-n blue link set veth1 up",
                     "-n blue address add 192.168.10.21/24 dev veth1",
                     "address add 192.168.10.29/24 dev eth1", "address add 2001:db8::29/64 dev eth1 nodad", "link set eth1 up",
                     "address add 192.168.10.20/32 dev veth0", "link set veth0 up",
                     "link add br0 type bridge", "link set eth1 master br0", "link set veth0 master br0")
        self.assert_mistakes([("netns blue", "lo is down")], "--netns", "blue", "--netns", "out")
        self.assert_mistakes([
            ("the host", "br0 is down"), ("the host", "eth1 is a port of br0 and has the address 192.168.10.29/24"),
            ("the host", "eth1 is a port of br0 and has the address 2001:db8::29/64"),
            ("the host", "veth0 is a port of br0 and has the address 192.168.10.20/32")], "--host")
        self.assertNotEqual(self.call("ping", "-c", "1", "-W", "1", "192.168.10.1").status, 0)
        # What is said to mend it does.
        for remedy in self.remedies("--host"):
            subprocess.run(["sh", "-ec", remedy], check=True)
        subprocess.run(["ip", "netns", "exec", "blue", "sh", "-ec", self.remedies("--netns", "blue")[0]], check=True)
        self.assert_mistakes([], "--host")
        self.assert_mistakes([], "--netns", "blue")
        for address in ("192.168.10.1", "192.168.10.21"):
            self.assertEqual(self.call("ping", "-c", "1", "-W", "5", address).status, 0)
        said = self.hopyard("why", "--host").out
        self.assertEqual(said, "no mistake found in 1 namespace\n")

    def test_a_lab_changed_by_hand(self):
        self.up(LAB)
        self.assert_becomes(lambda: self.hopyard("why", status=None).out, "no mistake found in 5 nodes\n")
        for node, command in (("r1", "sysctl -qw net.ipv4.ip_forward=0"), ("r1", "sysctl -qw net.ipv6.conf.all.forwarding=0"),
                              ("pc1", "ip link set lo down"), ("pc1", "ip link set eth0 mtu 1300"),
                              ("pc2", "ip address flush dev eth0"), ("pc2", "ip address add 10.99.0.1/24 dev eth0"),
                              ("pc3", "ip link set eth0 down"), ("pc2", "ip link add d0 type veth peer d1"),
                              ("pc2", "ip link set d0 up"), ("pc2", "ip link set d1 up"), ("pc2", "ip address add 10.99.0.2/24 dev d0"),
                              ("r1", "ip address add 2001:db8:5::1 dev eth0")):
            self.run_in(node, *command.split())
        self.assert_mistakes([
            ("r1", "it does not forward IPv4"), ("r1", "it does not forward IPv6"), ("pc1", "lo is down"),
            ("pc2", "10.99.0.0/24 is on eth0 and on d0"), ("pc3", "eth0 is down"), ("sw", "eth0 has no carrier"),
            ("r1", "eth0 has 2001:db8:5::1/128, and no route leads out by it"),
            (None, "pc1:eth0 has an MTU of 1300 and r1:eth0 of 1500"),
            (None, "10.0.0.5/30 and 10.99.0.1/24 are not in one subnet")])
        self.assertEqual([place for place, _ in self.mistakes("office/pc3")], ["pc3"])
        self.assertEqual([place for place, _ in self.mistakes("-l", "office", "pc1", "r1")],
                         ["r1", "r1", "r1", "pc1", None])
        self.run_in("r1", "ip", "address", "replace", "10.99.0.1/30", "dev", "eth1")
        self.assertIn((None, "both ends have 10.99.0.1"), self.mistakes())

    def test_what_was_failed_on_purpose_is_no_mistake(self):
        self.up(LAB)
        for what in ("pc1 -- r1", "pc3:eth0"):
            self.hopyard("fail", what)
        self.assert_mistakes([])
        self.hopyard("heal", "pc1 -- r1")
        self.run_in("pc1", "ip", "link", "set", "eth0", "down")
        self.assert_mistakes([("pc1", "eth0 is down"), ("r1", "eth0 has no carrier")])

    def test_wrong_questions(self):
        self.up(LAB)
        self.assertIn("no node 'nobody' in lab office", self.hopyard("why", "nobody", status=1).err)
        self.assertIn("asked about at once", self.hopyard("why", "pc1", "--host", status=2).err)
        self.assertIn("nowhere", self.hopyard("why", "--netns", "nowhere", status=1).err)
        self.hopyard("down")
        self.assertIn("no lab is running", self.hopyard("why", status=1).err)


if __name__ == "__main__":
    harness.main()

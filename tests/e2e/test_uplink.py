"""A way out of the lab: the host is this test's world, and the world outside is one more namespace of it."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess

import harness
import outside
import ways_in

UPLINK = """lab: way-out
nodes:
  gw: {kind: router, uplink: true}
links:
  - pc -- gw
"""


class UplinkTest(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.world = self.outside("wan", "203.0.113.1", "2001:db8::1")

    def outside(self, *words):
        world = outside.Outside(*words)
        self.addCleanup(world.end)
        return world

    def assert_put_back(self, before):
        harness.wait_until(lambda: outside.state_of_host() == before)
        self.assertEqual(outside.state_of_host(), before)

    def capture_source(self, action):
        """Which address the world outside sees; the packets are seen by tcpdump there."""
        process = subprocess.Popen(self.world.command("tcpdump", "-n", "-l", "-i", "eth0", "-c", "1",
                                                      "icmp[icmptype] = icmp-echo or icmp6[icmp6type] = icmp6-echo"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            for line in process.stderr:
                if "listening on" in line:
                    break
            action()
            return process.communicate(timeout=20 * harness.PATIENCE)[0]
        finally:
            process.kill()
            process.wait()

    def test_nodes_reach_what_the_host_reaches_by_its_address(self):
        before = outside.state_of_host()
        self.up(UPLINK)
        for node in ("gw", "pc"):
            for address in ("203.0.113.1", "2001:db8::1") if node == "gw" else ("203.0.113.1",):
                self.assert_reaches(node, address)
        self.assertIn(" 203.0.113.2 > 203.0.113.1", self.capture_source(lambda: self.assert_reaches("pc", "203.0.113.1")))
        self.assertIn(" 2001:db8::2 > 2001:db8::1", self.capture_source(lambda: self.assert_reaches("gw", "2001:db8::1")))
        self.assertEqual(self.call("sysctl", "-n", "net.ipv4.ip_forward").out.strip(), "1")
        self.assertIn("table inet hopyard_way-out", self.call("nft", "list", "tables").out)
        devices = json.loads(self.call("ip", "-j", "link").out)
        self.assertEqual([one["altnames"] for one in devices if one["ifname"].startswith("hop-")],
                         [["hopyard.way-out." + one["ifname"]] for one in devices if one["ifname"].startswith("hop-")])
        shown = {node["node"]: node for node in self.show()["nodes"]}
        self.assertEqual(shown["uplink"]["kind"], "external")
        self.hopyard("down")
        self.assert_put_back(before)

    def tell(self, protocol, address, port, text):
        """What comes back to a machine of the world outside that says something."""
        return self.call(*self.world.command("/usr/bin/python3", "-c", f"import agent; print(agent.talk({protocol!r}, {address!r}, {port}, {text!r}))"),
                         env=os.environ | {"PYTHONPATH": str(pathlib.Path(__file__).parent)}).out

    def test_ports_of_the_host_lead_into_the_lab(self):
        before = outside.state_of_host()
        self.up(ways_in.LAB)
        ways_in.assert_lead_in(self, self.tell, "203.0.113.2", "2001:db8::2")
        with socket.create_connection(("203.0.113.2", 8080), timeout=20) as own:  # the host itself
            own.sendall(b"own\n")
            self.assertEqual(own.recv(100), b"OWN\n")
        with socket.create_server(("127.0.0.1", 8080)) as own:  # whose loopback stays its own
            socket.create_connection(("127.0.0.1", 8080), timeout=20).close()
            own.settimeout(20)
            own.accept()[0].close()
        self.hopyard("down")
        self.assert_put_back(before)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("203.0.113.2", 8080), timeout=20)
        self.assertEqual(self.tell("tcp", "203.0.113.2", "8080", "hello"), "")

    def test_the_host_is_put_back_after_the_lab_was_killed(self):
        before = outside.state_of_host()
        self.up(UPLINK)
        keeper = self.show()["keeper_pid"]
        subprocess.run(["kill", "-KILL", str(keeper)], check=True)
        self.assertTrue(harness.wait_until(lambda: self.running() == []))  # the next command that looks tidies up
        self.assert_put_back(before)

    def test_the_host_is_put_back_when_up_is_interrupted_and_when_it_fails(self):
        before = outside.state_of_host()
        waits = UPLINK.replace("uplink: true}", "uplink: true, ready: 'false'}")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            started = self.start("up", self.lab(waits))
            self.assertTrue(harness.wait_until(lambda: "hopyard_way-out" in self.call("nft", "list", "tables").out))
            started.send_signal(number)
            started.wait(30)
            self.assert_put_back(before)
        taken = UPLINK + "  - pc:eth1 -- gw:eth1\n"
        failing = taken.replace("links:", "  pc: {routes: [{to: 198.51.100.0/24, via: 10.255.0.1}]}\nlinks:")
        done = self.up(failing, status=None)
        self.assertNotEqual(done.status, 0, str(done))
        self.assert_put_back(before)

    def test_two_labs_share_the_hosts_forwarding_and_the_last_one_puts_it_back(self):
        before = outside.state_of_host()
        self.up(UPLINK, "--name", "first")
        self.up(UPLINK, "--name", "second")
        for lab in ("first", "second"):
            self.assert_reaches("gw", "203.0.113.1", lab=lab)
        self.hopyard("down", "first")
        self.assert_reaches("gw", "203.0.113.1", lab="second")
        self.hopyard("down", "second")
        self.assert_put_back(before)

    def test_a_host_that_forwards_already_keeps_doing_so(self):
        self.call("sysctl", "-w", "net.ipv4.ip_forward=1")
        self.addCleanup(self.call, "sysctl", "-w", "net.ipv4.ip_forward=0")
        before = outside.state_of_host()
        self.up(UPLINK)
        self.assert_reaches("pc", "203.0.113.1")
        self.hopyard("down")
        self.assert_put_back(before)

    def test_a_firewall_of_the_host_that_drops_is_named_and_left_alone(self):
        self.assertNotIn("firewall", self.up(UPLINK).err)
        self.hopyard("down")
        rules = "add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }"
        self.call("nft", "-f", "-", input=f"add table ip filter\n{rules}\n")
        self.addCleanup(self.call, "nft", "delete", "table", "ip", "filter")
        before = outside.state_of_host()
        done = self.up(UPLINK)
        self.assertIn("the host's own firewall drops forwarded packets", done.err)
        self.assertIn("chain FORWARD of table ip filter", done.err)
        self.assert_does_not_reach("pc", "203.0.113.1")
        self.call("nft", "add", "rule", "ip", "filter", "FORWARD", "iifname", "hop-*", "accept")
        self.call("nft", "add", "rule", "ip", "filter", "FORWARD", "oifname", "hop-*", "ct", "state", "established,related",
                  "accept")
        self.assert_reaches("pc", "203.0.113.1")
        self.hopyard("down")
        self.call("nft", "flush", "chain", "ip", "filter", "FORWARD")
        self.assert_put_back(before)

    def test_a_firewall_from_before_nftables_that_drops_is_named(self):
        self.addCleanup(pathlib.Path("/run/xtables.lock").unlink, missing_ok=True)  # which these programs leave
        for program, words in (("iptables-legacy", "chain FORWARD of iptables-legacy"), ("ip6tables-legacy", "chain FORWARD of ip6tables-legacy")):
            self.assertNotIn("firewall", self.up(UPLINK).err)
            self.hopyard("down")
            self.call(program, "-P", "FORWARD", "DROP")
            self.addCleanup(self.call, program, "-P", "FORWARD", "ACCEPT")
            done = self.up(UPLINK)
            self.assertIn("the host's own firewall drops forwarded packets", done.err)
            self.assertIn(f"({words};", done.err)
            self.hopyard("down")
            self.call(program, "-P", "FORWARD", "ACCEPT")

    def resolver(self, text, path="/etc/resolv.conf"):
        """Has the host ask these for names; the world has its mounts to itself."""
        file = self.folder / path.replace("/", "-")
        file.write_text(text)
        target = pathlib.Path(path)
        if not target.exists():
            target.parent.mkdir(parents=True)
            target.touch()
            self.addCleanup(shutil.rmtree, target.parents[1])
        self.assertEqual(self.call("mount", "--bind", file, target.resolve()).status, 0)
        self.addCleanup(self.call, "umount", target.resolve())

    def name_servers(self, node):
        return self.run_in(node, "cat", "/etc/resolv.conf")

    def test_a_node_with_an_uplink_asks_the_hosts_name_servers(self):
        self.resolver("# of the test\nsearch host.example\nnameserver 203.0.113.1\nnameserver 127.0.0.1\n"
                      "nameserver 2001:db8::1\nnameserver fe80::1%wan\n")
        names = subprocess.Popen(self.world.command("dnsmasq", "-d", "-R", "-h", "-C", "/dev/null", "-u", "root",
                                                    "-A", "/outside.example/203.0.113.7"), stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, names)
        self.up("""lab: way-out
nodes:
  gw: {kind: router, uplink: true}
  own: {uplink: true, name-servers: 192.0.2.53}
  serving: {kind: router, uplink: true, dns: true}
links:
  - pc -- gw
""")
        self.assertEqual(self.name_servers("gw"), "nameserver 203.0.113.1\nnameserver 2001:db8::1\n")
        self.assertTrue(harness.wait_until(lambda: "203.0.113.7" in self.run_in("gw", "getent", "hosts", "www.outside.example", status=None)))
        self.assertEqual(self.name_servers("own"), "nameserver 192.0.2.53\n")
        self.assertEqual(self.name_servers("serving"), "nameserver 127.0.0.1\n")
        self.assertIn("no name server", self.name_servers("pc"))

    def test_name_servers_behind_a_stub_of_the_host(self):
        self.resolver("nameserver 127.0.0.53\noptions edns0\n")
        done = self.up(UPLINK)
        self.assertIn("the host asks itself for names (/etc/resolv.conf), where the lab does not reach it: gw has no name server\n"
                      "  name-servers in the node, or a dns node of the lab's own with forward\n", done.err)
        self.assertIn("no name server", self.name_servers("gw"))
        self.hopyard("down")
        self.assertNotIn("asks itself", self.up(UPLINK.replace("uplink: true", "uplink: true, name-servers: 192.0.2.53")).err)
        self.hopyard("down")
        self.resolver("nameserver 203.0.113.1\n", "/run/systemd/resolve/resolv.conf")
        self.assertNotIn("asks itself", self.up(UPLINK).err)
        self.assertEqual(self.name_servers("gw"), "nameserver 203.0.113.1\n")

    def test_an_interface_of_the_host_can_be_chosen(self):
        self.outside("lan", "198.51.100.1", "2001:db8:1::1")
        self.up("""lab: choice
nodes:
  internet: {kind: external, by: nat, interface: wan}
links:
  - pc -- internet
""")
        self.assert_reaches("pc", "203.0.113.1")
        self.assert_does_not_reach("pc", "198.51.100.1")


if __name__ == "__main__":
    harness.main()

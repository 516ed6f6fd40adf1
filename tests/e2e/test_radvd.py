"""Router advertisements by the real radvd, and the addresses that hosts make of them."""

import ipaddress
import json
import re

import harness

OFFICE = """lab: office
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
  dmz: [192.168.20.0/24, 'fd00:20::/64']
nodes:
  gw:
    kind: router
    radvd: {serve: lan, rdnss: [ns, 'fd00:99::53'], dnssl: [office.example, lab], mtu: 1400, lifetime: 60s, max-interval: 8s, other: true}
  ns: {dns: {domain: office.example, records: {www: 'fd00:20::80'}}}
  pc[1..2]: {addresses: {lan: auto}}
  both: {interfaces: {eth0: {addresses: [auto, .50, 'fd00:10::50']}}}
  mover: {kind: router, addresses: {lan: auto}}
  fixed: {}
  web: {addresses: {dmz: [.80, '::80']}}
links:
  - gw -- lan
  - gw -- dmz
  - ns -- lan
  - pc[1..2] -- lan
  - both -- lan
  - mover:eth0.7 -- lan
  - fixed -- lan
  - web -- dmz
"""

DNSMASQ = """lab: home
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
nodes:
  gw: {kind: router, dhcp: {serve: lan}}
  pc: {addresses: {lan: auto}}
  other: {dhcp: true, addresses: {eth0: auto}}
links:
  - gw -- lan
  - pc -- lan
  - other -- lan
"""

MANAGED = """lab: managed
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
nodes:
  gw: {kind: router, dhcp: {serve: lan}, radvd: {managed: true}}
  pc: {dhcp: true}
links:
  - gw -- lan
  - pc -- lan
"""


def eui64(prefix, mac):
    """The address that a host makes of a prefix and its MAC (RFC 4291, appendix A)."""
    octets = [int(one, 16) for one in mac.split(":")]
    octets[0] ^= 2
    host = bytes(octets[:3] + [0xFF, 0xFE] + octets[3:])
    return ipaddress.ip_interface((ipaddress.ip_network(prefix)[int.from_bytes(host, "big")], 64))


class Radvd(harness.LabTest):
    def link(self, node, interface):
        return json.loads(self.run_in(node, "ip", "-j", "address", "show", "dev", interface))[0]

    def addresses(self, node, interface="eth0", family="inet6"):
        """The global addresses of an interface."""
        return [ipaddress.ip_interface(f"{one['local']}/{one['prefixlen']}") for one in self.link(node, interface)["addr_info"]
                if one["family"] == family and one["scope"] == "global"]

    def made(self, node, interface="eth0", prefix="fd00:10::/64"):
        return eui64(prefix, self.link(node, interface)["address"])

    def service(self, node, name):
        return {one["service"]: one for one in self.show(node)["services"]}[name]

    def default(self, node):
        return self.run_in(node, "ip", "-6", "route", "show", "default")

    def advertisement(self, node, interface):
        """The next advertisement on an interface, as tcpdump tells it."""
        capture = self.start("exec", node, "--", "tcpdump", "-n", "-l", "-vv", "-c", "1", "-i", interface, "icmp6[0] == 134")
        out, _ = capture.communicate(timeout=30 * harness.PATIENCE)
        return out

    def test_hosts_make_themselves_addresses(self):
        self.up(OFFICE)
        router = next(one["local"] for one in self.link("gw", "eth0")["addr_info"] if one["scope"] == "link")
        for node in ("pc1", "pc2"):
            self.assertEqual(self.addresses(node), [self.made(node)])
            self.assertRegex(self.default(node), rf"^default via {router} dev eth0 proto ra ")
            (four,) = self.addresses(node, family="inet")
            self.assertIn(four.network, [ipaddress.ip_network("192.168.10.0/24")])
            for there in ("fd00:20::80", "192.168.20.80", "web"):
                self.assert_reaches(node, there)
            self.assertEqual(self.run_in(node, "cat", "/proc/sys/net/ipv6/conf/eth0/mtu").strip(), "1400")
        self.assertNotEqual(self.addresses("pc1"), self.addresses("pc2"))
        wanted = [self.made("both"), ipaddress.ip_interface("fd00:10::50/64")]
        self.assertTrue(harness.wait_until(lambda: sorted(self.addresses("both")) == sorted(wanted)), self.addresses("both"))
        self.assertEqual([str(one) for one in self.addresses("both", family="inet")], ["192.168.10.50/24"])
        self.assertEqual(self.addresses("mover", "eth0.7"), [self.made("mover", "eth0.7")])
        self.assertIn("proto ra", self.default("mover"))
        # What has an address from the file makes no other.
        self.assertEqual([one.network.prefixlen for one in self.addresses("fixed")], [64])
        self.assertNotEqual(self.addresses("fixed"), [self.made("fixed")])
        self.assertNotIn("proto ra", self.default("fixed"))

    def test_what_is_advertised(self):
        self.up(OFFICE)
        said = self.advertisement("fixed", "eth0")
        (servers,) = re.findall(r"rdnss option \(25\).*?addr: (.*)", said)
        self.assertEqual(servers.split(" addr: "), ["fd00:10::2", "fd00:99::53"])
        for one in ("router lifetime 60s", "Flags [other stateful]", "prefix info option (3), length 32 (4): fd00:10::/64, Flags [onlink, auto]",
                    "mtu option (5), length 8 (1):  1400", "office.example. lab."):
            self.assertIn(one, said)
        # The kernel leaves name servers to others, the lab does not.
        self.assertEqual(self.run_in("pc1", "cat", "/etc/resolv.conf"), """search office.example lab
nameserver 192.168.10.2
nameserver fd00:10::2
nameserver fd00:99::53
""")
        self.assertEqual(self.run_in("pc1", "getent", "ahostsv6", "www").split()[0], "fd00:20::80")
        self.assertEqual(self.run_in("web", "ip", "-6", "route", "show", "proto", "ra"), "")

    def test_killed_and_taken_away(self):
        self.up(OFFICE)
        self.assertEqual(self.service("gw", "radvd")["state"], "running")
        self.run_in("gw", "kill", "-9", self.service("gw", "radvd")["pid"])
        self.assertTrue(harness.wait_until(lambda: (self.service("gw", "radvd")["restarts"], self.service("gw", "radvd")["state"])
                                           == (1, "running")))
        self.hopyard("fail", "pc2:eth0")
        self.hopyard("heal", "pc2:eth0")
        self.assertTrue(harness.wait_until(lambda: self.addresses("pc2") == [self.made("pc2")]))
        self.assert_reaches("pc2", "fd00:20::80")
        # One that ends says so: nobody's default gateway any more.
        self.run_in("gw", "systemctl", "stop", "radvd")
        self.assertTrue(harness.wait_until(lambda: self.default("pc1") == ""))

    def test_advertisements_of_dnsmasq(self):
        self.up(DNSMASQ)
        for node in ("pc", "other"):
            self.assertEqual(self.addresses(node), [self.made(node)])
            self.assertIn("proto ra", self.default(node))
        self.assertEqual([one["service"] for one in self.show("gw")["services"]], ["dnsmasq"])
        self.assertEqual(self.run_in("pc", "cat", "/etc/resolv.conf"), "nameserver 192.168.10.1\n")
        self.assertEqual([one["service"] for one in self.show("other")["services"]], ["dhcp-eth0"])

    def test_radvd_advertises_where_dnsmasq_hands_out(self):
        self.up(MANAGED)
        self.assertEqual(self.addresses("pc"), [self.made("pc")])
        said = self.advertisement("pc", "eth0")
        self.assertIn("Flags [managed]", said)
        self.assertIn("rdnss option (25), length 24 (3):  lifetime 30s, addr: fd00:10::1", said)
        self.assertNotIn("RTR-ADVERT", self.hopyard("logs", "gw", "dnsmasq").out)

    def test_nobody_advertises(self):
        done = self.up("lab: silent\nnodes: {a: {addresses: {eth0: auto}}}\nlinks: [a -- b]\n")
        self.assertIn("warning: nobody in the lab advertises a prefix of 64 bits to 'a:eth0'", done.err)
        self.assertEqual(self.addresses("a"), [])
        self.assertEqual(len(self.addresses("a", family="inet")), 1)

    def test_a_configuration_of_ones_own(self):
        text = """lab: own
networks: {lan: 'fd00:10::/64'}
nodes:
  r:
    kind: router
    radvd:
      config: |
        interface eth0 {
          AdvSendAdvert on;
          AdvFoo on;
          prefix fd00:77::/64 { };
        };
  pc: {addresses: {lan: auto}}
links:
  - r -- lan
  - pc -- lan
"""
        done = self.up(text, status=2)
        self.assertIn("""lab.hop.yaml:10:11: error: radvd cannot read line 3 of the configuration of 'r': syntax error
   10 |           AdvFoo on;
      |           ^~~~~~~~~~
""", done.err)
        done = self.up(text.replace("AdvFoo on;", "DNSSL a_b { };"), status=2)
        self.assertIn("error: radvd cannot read the configuration of 'r': invalid domain suffix specified\n", done.err)
        self.up(text.replace("AdvFoo on", "MaxRtrAdvInterval 10"))
        # What is in it is not known, so nobody waits for it.
        self.assertTrue(harness.wait_until(lambda: self.addresses("pc") == [self.made("pc", prefix="fd00:77::/64")]))
        (shown,) = self.show("r", "--config")["files"]
        self.assertEqual((shown["path"], shown["services"]), ("/etc/radvd.conf", ["radvd"]))
        self.assertIn("prefix fd00:77::/64", shown["content"])

    def test_a_program_that_is_missing(self):
        (self.folder / "root/bin").mkdir(parents=True)
        done = self.up("""lab: bare
networks: {lan: [10.0.0.0/24, 'fd00:10::/64']}
nodes:
  r: {kind: router, root: root, radvd: true, dns: {daemon: named}}
links:
  - r -- lan
""", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("node r needs 'radvd', which is not in ", done.err)
        self.assertRegex(done.err, r"help: chroot \S+ apt-get install radvd\n")
        self.assertIn("node r needs 'named', which is not in ", done.err)
        self.assertRegex(done.err, r"help: chroot \S+ apt-get install bind9\n")


if __name__ == "__main__":
    harness.main()

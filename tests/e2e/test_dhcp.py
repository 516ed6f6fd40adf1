"""Addresses that nodes hand out and ask for, by the real programs: dnsmasq, udhcpc, dhclient and the kernel's own part in IPv6."""

import ipaddress
import json
import os
import re

import harness

OFFICE = """lab: office
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
nodes:
  gw:
    kind: router
    nat: {out: wan0}
    dhcp:
      serve: lan
      range: .100-.199
      options: {dns: 192.168.10.1, domain: office.example, mtu: 1400, '66': boot}
      hosts: {printer: .20, '02:00:5e:00:53:01': .21}
  printer: {dhcp: true}
  phone: {interfaces: {eth0: {mac: '02:00:5e:00:53:01', dhcp: true}}}
  pc[1..2]: {dhcp: true}
  fixed: {}
  internet: {addresses: {wan: [203.0.113.1/24, '2001:db8::1/64'], lo: [8.8.8.8/32, '2001:db8:8::8/128']}}
links:
  - gw -- lan
  - printer -- lan
  - phone -- lan
  - pc[1..2] -- lan
  - fixed -- lan
  - gw:wan0 -- internet:wan
"""

# Nobody finds an applet in it.
NO_BUSYBOX = "      /usr/local/sbin/busybox: {text: \"#!/bin/sh\\nexit 1\\n\", mode: '0755'}\n"

# Waits until it has UDP's port 67, and keeps it.
SQUAT = """
import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    try:
        s.bind(("", 67))
        break
    except OSError:
        pass
print("has it", flush=True)
signal.pause()
"""


class Dhcp(harness.LabTest):
    def addresses(self, node, interface="eth0", family=4):
        """The global addresses of an interface."""
        out = self.run_in(node, "ip", f"-{family}", "-o", "address", "show", "dev", interface, "scope", "global")
        return [ipaddress.ip_interface(one) for one in re.findall(r"inet6? (\S+)", out)]

    def services(self, node):
        return {one["service"]: one for one in self.show(node)["services"]}

    def test_office(self):
        self.up(OFFICE)
        seen = set()
        for node in ("pc1", "pc2"):
            (address,) = self.addresses(node)
            self.assertEqual(address.network, ipaddress.ip_network("192.168.10.0/24"))
            self.assertIn(int(str(address.ip).rsplit(".", 1)[1]), range(100, 200))
            (six,) = self.addresses(node, family=6)
            self.assertEqual(six.network, ipaddress.ip_network("fd00:10::/64"))
            seen |= {address, six}
            self.assertRegex(self.run_in(node, "ip", "-4", "route"), r"(?m)^default via 192\.168\.10\.1 dev eth0")
            self.assertRegex(self.run_in(node, "ip", "-6", "route"), r"(?m)^default via fe80:\S+ dev eth0 proto ra")
            self.assertEqual(self.run_in(node, "cat", "/etc/resolv.conf"), "search office.example\nnameserver 192.168.10.1\n")
            self.assertIn("mtu 1400", self.run_in(node, "ip", "link", "show", "dev", "eth0"))
            for outside in ("8.8.8.8", "2001:db8:8::8", "fixed"):
                self.assert_reaches(node, outside)
        self.assertEqual(len(seen), 4)
        self.assertEqual([str(one) for one in self.addresses("printer")], ["192.168.10.20/24"])
        self.assertEqual([str(one) for one in self.addresses("phone")], ["192.168.10.21/24"])
        self.assertEqual([str(one) for one in self.addresses("fixed")], ["192.168.10.2/24"])

    def test_leases_and_configuration_are_the_nodes_own(self):
        self.up(OFFICE)
        leases = self.run_in("gw", "cat", "/var/lib/misc/dnsmasq.leases")
        for node in ("pc1", "pc2", "printer", "phone"):
            self.assertIn(f" {node} ", leases)
        self.assertFalse(os.path.exists("/var/lib/misc/dnsmasq.leases"))
        self.assertIn("dhcp-range=set:if0,192.168.10.100,192.168.10.199,255.255.255.0,1h", self.hopyard("show", "gw", "--config").out)
        self.assertIn("DHCPACK(eth0) 192.168.10.20 ", self.hopyard("logs", "gw", "dnsmasq").out)
        self.assertIn("192.168.10.20", self.hopyard("logs", "printer", "dhcp-eth0").out)
        self.assertEqual({name: one["state"] for name, one in self.services("gw").items()}, {"dnsmasq": "running"})

    def test_the_same_addresses_each_time(self):
        first = {}
        for _ in range(2):
            self.up(OFFICE)
            now = {node: self.addresses(node) + self.addresses(node, family=6) for node in ("pc1", "pc2", "phone")}
            self.assertEqual(now, first or now)
            first = now
            self.hopyard("down")

    def test_a_server_that_is_killed_knows_its_leases(self):
        self.up(OFFICE)
        before = self.addresses("pc1")
        self.run_in("gw", "kill", "-9", self.services("gw")["dnsmasq"]["pid"])
        self.assertTrue(harness.wait_until(lambda: (self.services("gw")["dnsmasq"]["restarts"], self.services("gw")["dnsmasq"]["state"])
                                           == (1, "running")))
        self.hopyard("restart", "pc1")
        self.assertEqual(self.addresses("pc1"), before)
        self.assert_reaches("pc1", "8.8.8.8")

    def test_routes_are_back_when_a_link_is_healed(self):
        self.up(OFFICE)
        before = self.addresses("pc1")
        for target, how in (("pc1 -- lan", []), ("pc1:eth0", []), ("pc1", []), ("pc1", ["--kill"])):
            self.hopyard("fail", *how, target)
            self.hopyard("heal", target)
            # The client may give up what it had before it asks for it again.
            self.assertTrue(harness.wait_until(lambda: "default via 192.168.10.1" in self.run_in("pc1", "ip", "route")
                                               and self.addresses("pc1") == before), (target, self.addresses("pc1"), before))
            self.assertTrue(harness.wait_until(lambda: "default via fe80:" in self.run_in("pc1", "ip", "-6", "route")), target)
            self.assert_reaches("pc1", "8.8.8.8")
            self.assert_reaches("pc1", "2001:db8:8::8")

    def test_names_of_clients_and_of_the_lab(self):
        """The server answers for who has a lease and for who has an address from the file, in both directions and families."""
        self.up("""lab: names
networks: {lan: [10.4.0.0/24, 'fd00:4::/64']}
nodes:
  gw: {kind: router, dhcp: {options: {domain: office.example}}}
  pc[1..2]: {dhcp: true}
links: [gw -- lan, 'pc[1..2] -- lan', fixed -- lan]
""")
        (address,), (six,) = self.addresses("pc2"), self.addresses("pc2", family=6)
        for node in ("pc1", "fixed", "gw"):
            for name in ("pc2", "pc2.office.example"):
                self.assertIn(f"{address.ip} ", self.run_in(node, "getent", "ahostsv4", name))
                self.assertTrue(harness.wait_until(
                    lambda: f"{six.ip} " in self.run_in(node, "getent", "ahostsv6", name, status=None), 30), (node, name))
            self.assertIn("pc2", self.run_in(node, "getent", "hosts", str(address.ip)))
            self.assertIn("10.4.0.2 ", self.run_in(node, "getent", "ahostsv4", "fixed.office.example" if node == "pc1" else "fixed"))
        self.assertEqual(self.run_in("pc1", "cat", "/etc/resolv.conf"), "search office.example\nnameserver 10.4.0.1\n")
        self.assertEqual(self.run_in("fixed", "cat", "/etc/resolv.conf"), "nameserver 10.4.0.1\nnameserver fd00:4::1\n")
        self.assert_reaches("fixed", "pc1")

    def test_dhclient_where_there_is_no_busybox(self):
        self.up(OFFICE.replace("  pc[1..2]: {dhcp: true}\n", "  pc[1..2]:\n    dhcp: true\n    files:\n" + NO_BUSYBOX))
        for node in ("pc1", "pc2"):
            (address,) = self.addresses(node)
            self.assertIn(int(str(address.ip).rsplit(".", 1)[1]), range(100, 200))
            self.assertIn("dhclient", self.hopyard("ps", node).out)
            self.assertIn("nameserver 192.168.10.1\n", self.run_in(node, "cat", "/etc/resolv.conf"))
            self.assert_reaches(node, "8.8.8.8")

    def test_both_client_and_server_and_two_interfaces(self):
        """A home behind a provider: its router asks on one side and serves on the other. A host asks on both its interfaces."""
        self.up("""lab: home
pool: [10.0.0.0/8, 'fd00::/48']
networks: {street: [100.64.0.0/24, 'fd00:64::/64'], home: 192.168.1.0/24}
nodes:
  provider: {kind: router, dhcp: {serve: street}, addresses: {lo: 8.8.8.8/32}}
  box: {kind: router, interfaces: {wan: {dhcp: true}}, nat: {out: wan}, dhcp: {serve: home}}
  laptop: {dhcp: true}
links:
  - provider -- street
  - box:wan -- street
  - box:lan -- home
  - laptop:wifi -- home
  - laptop:cable -- street
""")
        self.assertEqual(self.addresses("laptop", "wifi")[0].network, ipaddress.ip_network("192.168.1.0/24"))
        self.assertEqual(self.addresses("laptop", "cable")[0].network, ipaddress.ip_network("100.64.0.0/24"))
        self.assertEqual(self.addresses("box", "wan")[0].network, ipaddress.ip_network("100.64.0.0/24"))
        self.assertEqual(len(self.addresses("box", "wan", 6)), 1)
        self.assert_reaches("box", "8.8.8.8")
        self.assert_reaches("laptop", "8.8.8.8")
        self.assertRegex(self.run_in("laptop", "ip", "-4", "route", "show", "default"), r"dev wifi *\n.*dev cable metric ")

    def test_ipv6_alone(self):
        self.up("""lab: six
nodes: {gw: {kind: router, dhcp: {}}, pc: {dhcp: true}}
links: [{gw -- pc: {subnet: 'fd00:6::/64'}}]
""")
        (address,) = self.addresses("pc", family=6)
        self.assertEqual(address.network, ipaddress.ip_network("fd00:6::/64"))
        self.assert_reaches("pc", "fd00:6::1")
        self.assertEqual(self.services("gw")["dnsmasq"]["state"], "running")

    def test_nobody_answers(self):
        """The lab comes up with a warning, and the client goes on asking: somebody may begin to answer by hand."""
        done = self.up("lab: deaf\nnodes: {pc: {dhcp: true}, gw: {addresses: {eth0: 10.7.0.1/24}}}\nlinks: [pc -- gw]\n")
        self.assertIn("warning: nobody in the lab answers when 'pc:eth0' asks for an address", done.err)
        self.assertEqual(self.addresses("pc"), [])
        self.run_in("gw", "dnsmasq", "--port=0", "--user=root", "--group=", "--interface=eth0", "--bind-interfaces", "--no-resolv", "--no-hosts",
                    "--conf-file=/dev/null", "--dhcp-range=10.7.0.9,10.7.0.9", "--no-ping", "--dhcp-authoritative")
        self.assertTrue(harness.wait_until(lambda: [str(one) for one in self.addresses("pc")] == ["10.7.0.9/24"], 30))

    def test_a_port_that_is_taken(self):
        self.up(OFFICE.replace("  gw:\n", f"  gw:\n    files: {{/opt/squat.py: {json.dumps(SQUAT)}}}\n"))
        squatter = self.start("exec", "gw", "--", "python3", "/opt/squat.py")

        def squats():
            self.run_in("gw", "sh", "-c", "kill -9 $(cat /run/dnsmasq.pid)", status=None)
            return "Address already in use" in self.hopyard("logs", "gw", "dnsmasq").out

        self.assertTrue(harness.wait_until(squats, 30))
        self.assertEqual(squatter.stdout.readline(), "has it\n")
        self.assertTrue(harness.wait_until(lambda: self.services("gw")["dnsmasq"]["last_exit"] == 2))
        self.assertIn(self.services("gw")["dnsmasq"]["state"], ("pausing", "starting"))
        log = self.hopyard("logs", "gw", "dnsmasq").out
        self.assertIn("failed to bind DHCP server socket: Address already in use", log)
        self.assertIn("hopyard: dnsmasq ended with status 2, and starts again", log)
        squatter.kill()
        self.assertTrue(harness.wait_until(lambda: self.services("gw")["dnsmasq"]["state"] == "running"))

    def test_missing_programs_are_found_before(self):
        done = self.up(OFFICE.replace("  gw:\n", "  gw:\n    env: {PATH: /nowhere}\n")
                       .replace("  printer: {dhcp: true}", "  printer: {dhcp: true, env: {PATH: /nowhere}}"), status=1)
        self.assertIn("lab.hop.yaml:10:7: error: node gw needs 'dnsmasq', which is not installed", done.err)
        self.assertIn("help: apt-get install dnsmasq-base", done.err)
        self.assertIn("error: node printer needs 'busybox' or 'dhclient', which is not installed", done.err)
        self.assertIn("help: apt-get install busybox\n", done.err)
        self.assertEqual(self.running(), [])

    def test_odd_names(self):
        self.up("""lab: odd
networks: {'büro.1': [10.6.0.0/24, 'fd00:66::/64']}
nodes:
  'r*ü': {kind: router, dhcp: {hosts: {'pc_é': .50}}}
  'pc_é': {dhcp: true}
links:
  - r*ü:a.b -- büro.1
  - pc_é:e'x.1 -- büro.1
""")
        self.assertEqual([str(one) for one in self.addresses("pc_é", "e'x.1")], ["10.6.0.50/24"])
        self.assertEqual(len(self.addresses("pc_é", "e'x.1", 6)), 1)
        self.assert_reaches("pc_é", "10.6.0.1")


if __name__ == "__main__":
    harness.main()

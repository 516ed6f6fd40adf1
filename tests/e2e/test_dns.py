"""Names, by the real programs: dnsmasq and named answer, dig and the C library ask."""

import harness

OFFICE = """lab: office
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
  dmz: [192.168.20.0/24, 'fd00:20::/64']
kinds:
  server:
    dns:
      daemon: DAEMON
      domain: office.example
      records:
        www: [192.168.20.80, 'fd00:20::80']
        portal: {cname: web}
        old.example.org: 192.168.20.81
nodes:
  gw: {kind: router}
  ns: {kind: server, addresses: {lan: .53}}
  web: {addresses: {dmz: [.80, '::80'], lo: [10.9.9.9/32, 'fd00:99::9/128']}}
  web_2: {hostname: second.web}
  'k+(1)': {}
  pc: {name-servers: ns}
  far: {name-servers: ns}
  alone: {name-servers: []}
links:
  - gw -- lan
  - gw -- dmz
  - ns -- lan
  - pc -- lan
  - web -- dmz
  - web_2 -- dmz
  - far -- dmz
  - alone -- lan
  - 'k+(1) -- dmz'
"""

CHAIN = """lab: chain
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
nodes:
  first: {dns: {daemon: DAEMON, forward: second, records: {here: 192.0.2.1, also: {cname: here}}}}
  second: {addresses: {lan: [.2, '::2'], lo: 198.51.100.7/32}, dns: {daemon: OTHER, records: {there: [192.0.2.2, '2001:db8::2'], alias: {cname: there}, a.b.example: 192.0.2.3}}}
  lost: {dns: {daemon: DAEMON, forward: '192.168.10.250'}}
  pc: {name-servers: [first]}
links:
  - first -- lan
  - second -- lan
  - lost -- lan
  - pc -- lan
"""

SIDES = """lab: sides
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
  dmz: [192.168.20.0/24, 'fd00:20::/64']
nodes:
  gw: {kind: router, addresses: {lan: [.1, '::1'], dmz: [.1, '::1'], lo: 10.7.7.7/32}, dns: {daemon: DAEMON, serve: lan}}
  pc: {}
  web: {}
links:
  - gw -- lan
  - gw -- dmz
  - pc -- lan
  - web -- dmz
"""

DHCP = """lab: home
networks:
  lan: [192.168.10.0/24, 'fd00:10::/64']
nodes:
  gw:
    kind: router
    addresses: {lan: [.1, '::1'], lo: 10.7.7.7/32}
    dhcp: {serve: lan, range: .100-.199, hosts: {printer: .20}}
    dns: {daemon: DAEMON, domain: home.example, records: {www: 192.0.2.80}}
  pc: {dhcp: true}
  stubborn: {dhcp: true, name-servers: 192.0.2.53NO_BUSYBOX}
  printer: {dhcp: true}
links:
  - gw -- lan
  - pc -- lan
  - stubborn -- lan
  - printer -- lan
"""

# Has the port of DNS, and keeps it.
SQUAT = """
import signal, socket
for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        s = socket.socket(family, kind)
        if family == socket.AF_INET6:
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.bind((address, 53))
        globals()[f"kept{family}{kind}"] = s
        if kind == socket.SOCK_STREAM:
            s.listen()
print("has it", flush=True)
signal.pause()
"""


class Names(harness.LabTest):
    """The tests are run with each daemon."""

    daemon = other = None


    def start_lab(self, text):
        self.up(text.replace("DAEMON", self.daemon).replace("OTHER", self.other))

    def dig(self, node, *words):
        """The answer, sorted, or the status if there is none."""
        out = self.run_in(node, "dig", "+time=2", "+tries=2", "+noall", "+comments", "+answer", *words)
        self.assertIn("status: ", out)
        answer = [line for line in out.splitlines() if line and not line.startswith(";")]
        status = out.split("status: ")[1].split(",")[0]
        return sorted(line.split()[-1] for line in answer) if answer else status

    def getent(self, node, name, database="ahosts"):
        out = self.hopyard("exec", node, "--", "getent", database, name, status=None).out
        return sorted({line.split()[0] for line in out.splitlines()})

    def service(self, node, name):
        return {one["service"]: one for one in self.show(node)["services"]}[name]

    def test_every_name_of_the_lab(self):
        self.start_lab(OFFICE)
        self.assertEqual(self.service("ns", self.daemon)["state"], "running")
        for server in ("192.168.10.53", "fd00:10::2"):
            at = f"@{server}"
            for node in ("pc", "far"):
                self.assertEqual(self.dig(node, at, "web"), ["10.9.9.9", "192.168.20.80"])
                self.assertEqual(self.dig(node, at, "web", "AAAA"), ["fd00:20::80", "fd00:99::9"])
            self.assertEqual(self.dig("pc", at, "WEB.Office.Example"), ["10.9.9.9", "192.168.20.80"])
            self.assertEqual(self.dig("pc", at, "second.web"), self.dig("pc", at, "web_2"))
            self.assertEqual(self.dig("pc", at, "k+(1)"), ["192.168.20.4"])
            self.assertEqual(self.dig("pc", at, "old.example.org"), ["192.168.20.81"])
            self.assertEqual(self.dig("pc", at, "old.example.org", "AAAA"), "NOERROR")
            self.assertEqual(self.dig("pc", at, "www.office.example", "AAAA"), ["fd00:20::80"])
            self.assertEqual(self.dig("pc", at, "portal", "CNAME"), ["web."])
            self.assertEqual(self.dig("pc", at, "portal.office.example"),
                             ["10.9.9.9", "192.168.20.80", "web.office.example."])
            for unknown in ("nobody", "nobody.office.example", "example.com"):
                self.assertEqual(self.dig("pc", at, unknown), "NXDOMAIN")

    def test_names_of_addresses(self):
        self.start_lab(OFFICE)
        for address, name in (("192.168.20.80", "web"), ("fd00:20::80", "web"), ("10.9.9.9", "web"), ("fd00:99::9", "web"),
                              ("192.168.20.81", None), ("192.168.10.53", "ns")):
            wanted = f"{name}.office.example." if name else "old.example.org."
            self.assertEqual(self.dig("pc", "@192.168.10.53", "-x", address), [wanted])
        for address in ("192.168.20.200", "fd00:20::200", "8.8.8.8"):
            self.assertEqual(self.dig("pc", "@192.168.10.53", "-x", address), "NXDOMAIN")

    def test_who_asks_whom(self):
        self.start_lab(OFFICE)
        both = "search office.example\nnameserver 192.168.10.53\nnameserver fd00:10::2\n"
        for node, wanted in (("pc", both), ("far", both), ("gw", both), ("alone", ""),
                             ("ns", "search office.example\nnameserver 127.0.0.1\n")):
            self.assertEqual(self.run_in(node, "cat", "/etc/resolv.conf"), wanted, node)
        # None of these is in /etc/hosts.
        hosts = self.run_in("pc", "cat", "/etc/hosts").split()
        self.assertIn("web", hosts)
        for name in ("www", "www.office.example", "web.office.example", "portal"):
            self.assertNotIn(name, hosts)
        self.assertEqual(self.getent("pc", "www"), ["192.168.20.80", "fd00:20::80"])
        self.assertEqual(self.getent("far", "portal", "ahostsv4"), ["10.9.9.9", "192.168.20.80"])
        self.assertEqual(self.getent("ns", "www", "ahostsv6"), ["fd00:20::80"])
        self.assertEqual(self.getent("alone", "www"), [])

    def test_a_server_that_is_killed_answers_again(self):
        self.start_lab(OFFICE)
        self.run_in("ns", "kill", "-9", self.service("ns", self.daemon)["pid"])
        again = lambda: (self.service("ns", self.daemon)["restarts"], self.service("ns", self.daemon)["state"]) == (1, "running")
        self.assertTrue(harness.wait_until(again))
        self.assertEqual(self.dig("far", "www"), ["192.168.20.80"])
        self.hopyard("restart", "ns", self.daemon)
        self.assertEqual(self.dig("far", "www", "AAAA"), ["fd00:20::80"])
        self.hopyard("restart", "ns")
        self.assertEqual(self.dig("far", "portal.office.example", "CNAME"), ["web.office.example."])
        self.run_in("ns", "systemctl", "restart", self.daemon)
        self.assertEqual(self.dig("far", "@fd00:10::2", "www"), ["192.168.20.80"])

    def test_what_it_does_not_know_goes_to_another(self):
        self.start_lab(CHAIN)
        for name, wanted in (("here", ["192.0.2.1"]), ("there", ["192.0.2.2"]), ("alias", ["192.0.2.2", "there."]),
                             ("a.b.example", ["192.0.2.3"]), ("second", ["192.168.10.2", "198.51.100.7"])):
            self.assertEqual(self.dig("pc", name), wanted, name)
        self.assertEqual(self.dig("pc", "there", "AAAA"), ["2001:db8::2"])
        self.assertIn("192.0.2.1", self.dig("pc", "also"))
        self.assertEqual(self.dig("pc", "-x", "2001:db8::2"), ["there."])
        self.assertEqual(self.dig("pc", "-x", "fd00:10::2"), ["second."])
        for unknown in ("nobody", "example.com"):
            self.assertEqual(self.dig("pc", unknown), "NXDOMAIN")
        # Its own names need nobody else.
        self.assertEqual(self.dig("pc", "@192.168.10.3", "second", "AAAA"), ["fd00:10::2"])

    def test_one_of_two_networks(self):
        self.start_lab(SIDES)
        for at in ("@192.168.10.1", "@fd00:10::1", "@10.7.7.7"):
            self.assertEqual(self.dig("pc", at, "pc"), ["192.168.10.2"])
        self.assertEqual(self.dig("gw", "@127.0.0.1", "pc", "AAAA"), ["fd00:10::2"])
        for node, at in (("web", "@192.168.20.1"), ("web", "@fd00:20::1"), ("pc", "@192.168.20.1")):
            done = self.hopyard("exec", node, "--", "dig", "+time=1", "+tries=1", at, "pc", status=None)
            self.assertNotIn("status:", done.out)
            self.assertNotEqual(done.status, 0)
        self.assertEqual(self.run_in("pc", "cat", "/etc/resolv.conf"), "nameserver 192.168.10.1\nnameserver fd00:10::1\n")
        self.assertNotIn("192.168.20.1", self.run_in("web", "cat", "/etc/resolv.conf"))

    def test_with_dhcp_in_the_same_node(self):
        for client in ("", ", files: {/usr/local/sbin/busybox: {text: \"#!/bin/sh\\nexit 1\\n\", mode: '0755'}}"):
            self.start_lab(DHCP.replace("NO_BUSYBOX", client))
            resolv = self.run_in("pc", "cat", "/etc/resolv.conf")
            self.assertIn("search home.example\n", resolv)
            self.assertIn("nameserver 192.168.10.1\n", resolv)
            self.assertEqual(self.getent("pc", "www"), ["192.0.2.80"])
            self.assertEqual(self.dig("pc", "@fd00:10::1", "www.home.example"), ["192.0.2.80"])
            self.assertEqual(self.dig("gw", "@10.7.7.7", "www"), ["192.0.2.80"])
            self.assertEqual(self.run_in("stubborn", "cat", "/etc/resolv.conf"), "nameserver 192.0.2.53\n")
            self.assertEqual([one["service"] for one in self.show("gw")["services"]],
                             ["dnsmasq"] if self.daemon == "dnsmasq" else ["dnsmasq", "named"])
            if self.daemon == "dnsmasq":  # it knows its leases
                self.assertEqual(self.dig("pc", "printer.home.example"), ["192.168.10.20"])
            self.hopyard("down")

    def test_a_port_that_is_taken(self):
        self.start_lab(SIDES)
        self.run_in("gw", "systemctl", "stop", self.daemon)
        self.assertEqual(self.hopyard("exec", "pc", "--", "dig", "+time=1", "+tries=1", "@192.168.10.1", "pc", status=None).status, 9)
        squatter = self.start("exec", "gw", "--", "python3", "-c", SQUAT)
        self.assertEqual(squatter.stdout.readline(), "has it\n")
        self.start("restart", "gw", self.daemon)
        said = {"dnsmasq": "dnsmasq: failed to create listening socket for ", "named": "hopyard: named ended with status 1, and starts again"}
        self.assertTrue(harness.wait_until(lambda: said[self.daemon] in self.hopyard("logs", "gw", self.daemon).out))
        self.assertNotEqual(self.service("gw", self.daemon)["state"], "running")
        self.run_in("gw", "pkill", "-f", "has it")
        squatter.wait(timeout=10 * harness.PATIENCE)
        self.assertTrue(harness.wait_until(lambda: self.service("gw", self.daemon)["state"] == "running"))
        self.assertEqual(self.dig("pc", "@192.168.10.1", "pc"), ["192.168.10.2"])

    def test_show_and_logs(self):
        self.start_lab(SIDES)
        path = {"dnsmasq": "/etc/dnsmasq.conf", "named": "/etc/bind/named.conf"}[self.daemon]
        files = self.show("gw", "--config")["files"]
        self.assertEqual([(one["path"], one["services"]) for one in files], [(path, [self.daemon])])
        self.assertTrue(self.hopyard("logs", "gw", self.daemon).out)


class Dnsmasq(Names):
    daemon, other = "dnsmasq", "named"


class Named(Names):
    daemon, other = "named", "dnsmasq"


del Names


if __name__ == "__main__":
    harness.main()

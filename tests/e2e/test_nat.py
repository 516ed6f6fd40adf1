"""Ports that lead to other nodes, and firewalls that are one node's own."""

import json
import subprocess

import harness

# Answers over TCP and UDP with its node's name and the address that asked.
SERVER = """
import os, selectors, socket, sys
port = int(sys.argv[1])
sockets = selectors.DefaultSelector()
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    s = socket.socket(socket.AF_INET6, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", port))
    if kind == socket.SOCK_STREAM: s.listen()
    sockets.register(s, selectors.EVENT_READ)
while True:
    for key, _ in sockets.select():
        name = os.environ["HOPYARD_NODE"]
        if key.fileobj.type == socket.SOCK_STREAM:
            c, who = key.fileobj.accept()
            c.sendall(f"{name} {who[0]}".encode())
            c.close()
        else:
            _, who = key.fileobj.recvfrom(100)
            key.fileobj.sendto(f"{name} {who[0]}".encode(), who)
"""
ASK = """
import socket, sys
kind, host, port = sys.argv[1:]
info = socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)[0]
s = socket.socket(*info[:3])
s.settimeout(20)
s.connect(info[4])
if kind == "udp": s.settimeout(1)
for _ in range(20 if kind == "udp" else 1):  # a datagram may be lost
    if kind == "udp": s.send(b"x")
    try: print(s.recv(100).decode())
    except TimeoutError: continue
    break
else: sys.exit("no answer")
"""

LAB = f"""lab: ports
networks: {{lan: [10.1.0.0/24, 'fd00:1::/64']}}
nodes:
  gw:
    kind: router
    nat:
      out: [wan, spare]
      forward:
        - {{port: 8080, to: 'web:80'}}
        - {{port: udp/53, to: 'fd00:1::20'}}
        - {{port: tcp/2222, to: '10.1.0.20:22'}}
        - {{port: 9090, to: 'guest:80'}}
    dhcp: {{hosts: {{guest: .77}}}}
  web: {{addresses: {{lan: [.10, '::10']}}, services: {{http: {{command: python3 /opt/server 80, ready: {{port: 80}}}}}}}}
  dns: {{addresses: {{lan: [.20, '::20']}}, services: {{dns: {{command: python3 /opt/server 53, ready: {{port: 53}}}}, web: {{command: python3 /opt/server 8080, ready: {{port: 8080}}}}, ssh: {{command: python3 /opt/server 22, ready: {{port: 22}}}}}}}}
  guest: {{dhcp: true, services: {{http: {{command: python3 /opt/server 80, ready: {{port: 80}}}}}}}}
  outside: {{addresses: {{eth0: [203.0.113.1/24, '2001:db8::1/64']}}}}
defaults: {{nodes: {{files: {{/opt/server: {json.dumps(SERVER)}, /opt/ask: {json.dumps(ASK)}}}}}}}
links:
  - gw -- lan
  - web -- lan
  - dns -- lan
  - guest -- lan
  - gw:wan -- outside
  - gw:spare -- other
"""


class Nat(harness.LabTest):
    def ask(self, node, kind, host, port, status=0):
        return self.run_in(node, "python3", "/opt/ask", kind, host, port, status=status).strip()

    def test_ports_lead_on_in_both_families(self):
        self.up(LAB)
        self.assert_reaches("outside", "2001:db8::2")
        self.assertEqual(self.ask("outside", "tcp", "203.0.113.2", 8080), "web ::ffff:203.0.113.1")
        self.assertEqual(self.ask("outside", "tcp", "2001:db8::2", 8080), "web 2001:db8::1")
        self.assertEqual(self.ask("outside", "udp", "2001:db8::2", 53), "dns 2001:db8::1")
        self.assertEqual(self.ask("outside", "tcp", "203.0.113.2", 2222), "dns ::ffff:203.0.113.1")
        self.assertEqual(self.ask("outside", "tcp", "203.0.113.2", 9090), "guest ::ffff:203.0.113.1")

    def test_only_what_was_said(self):
        self.up(LAB)
        self.assert_reaches("outside", "203.0.113.2")
        # Another port, another protocol, the other family; and from inside the port is not there.
        for node, kind, address, port in (("outside", "tcp", "203.0.113.2", 80), ("outside", "udp", "203.0.113.2", 8080),
                                          ("outside", "udp", "203.0.113.2", 53), ("dns", "tcp", "203.0.113.2", 8080)):
            done = self.hopyard("exec", node, "--", "python3", "/opt/ask", kind, address, port, status=1)
            self.assertIn("ConnectionRefusedError", done.err)
        # By the address that the file gives it: the router's advertisements give it no other one.
        self.assertEqual(self.ask("dns", "tcp", "fd00:1::10", 80), "web fd00:1::20")

    def test_what_is_for_another_machine_goes_there(self):
        """The router has the same port for itself, and only for itself."""
        self.up(LAB)
        self.assert_reaches("outside", "fd00:1::20")
        self.assertEqual(self.ask("outside", "tcp", "10.1.0.20", 8080), "dns ::ffff:203.0.113.1")
        self.assertEqual(self.ask("outside", "tcp", "fd00:1::20", 8080), "dns 2001:db8::1")
        for host in ("10.1.0.1", "fd00:1::1"):  # any address of the router's own
            self.assertRegex(self.ask("outside", "tcp", host, 8080), "^web ")

    def test_the_outside_may_be_known_by_a_lease_alone(self):
        self.up(f"""lab: leased
nodes:
  isp: {{kind: router, addresses: {{eth0: 203.0.113.1/24}}, dhcp: {{serve: eth0}}}}
  gw: {{kind: router, interfaces: {{wan: {{dhcp: true}}}}, addresses: {{lan: 10.1.0.1/24}}, nat: {{out: wan, forward: [{{port: 8080, to: 'web:80'}}]}}}}
  web: {{addresses: {{eth0: 10.1.0.10/24}}, services: {{http: {{command: python3 /opt/server 80, ready: {{port: 80}}}}}}}}
defaults: {{nodes: {{files: {{/opt/server: {json.dumps(SERVER)}, /opt/ask: {json.dumps(ASK)}}}}}}}
links: [gw:wan -- isp, gw:lan -- web]
""")
        words = self.run_in("gw", "ip", "-4", "-o", "address", "show", "wan").split()
        leased = words[words.index("inet") + 1].partition("/")[0]
        self.assertEqual(self.ask("isp", "tcp", leased, 8080), "web ::ffff:203.0.113.1")

    @harness.needs_root
    def test_iptables_in_a_node_is_seen_only_there(self):
        self.up(LAB)
        for program, address in (("iptables", "10.1.0.10"), ("ip6tables", "fd00:1::10")):
            self.assert_reaches("dns", address)
            self.run_in("web", program, "-A", "INPUT", "-s", "10.1.0.20" if program == "iptables" else "fd00:1::20", "-j", "DROP")
            self.assert_does_not_reach("dns", address)
            self.assert_reaches("guest" if program == "iptables" else "gw", address)
            self.assertIn("DROP", self.run_in("web", program, "-S"))
            for other in ("gw", "dns"):
                self.assertNotIn("DROP", self.run_in(other, program, "-S"))
            host = subprocess.run([program, "-S"], capture_output=True, text=True, check=True)
            self.assertNotIn("DROP", host.stdout)
            self.run_in("web", program, "-F")
            self.assert_reaches("dns", address)
        # The router's own translation is still there beside what iptables has.
        self.run_in("gw", "iptables", "-t", "nat", "-A", "POSTROUTING", "-s", "10.1.0.10", "-j", "RETURN")
        self.assertEqual(self.ask("outside", "tcp", "203.0.113.2", 8080), "web ::ffff:203.0.113.1")

    def test_more_of_them_than_select_knows_descriptors(self):
        # select(2), by which libnftables waits, knows 1,024 descriptors; a lab that is built has two for each node.
        self.up("lab: many\nnodes:\n  r[1..1000]: {kind: router, nat: {out: eth0}}\nlinks:\n  - r[1..500] -- r[501..1000]\n")
        for node in ("r1", "r1000"):
            self.assertIn("masquerade", self.run_in(node, "nft", "list", "ruleset"))
        self.assertEqual(self.show()["drift"], [])


if __name__ == "__main__":
    harness.main()

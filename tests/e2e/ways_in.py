"""Ports of the host that lead into a lab, as a machine outside of the host finds them."""

import json

ECHO = """
import socket, socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        if isinstance(self.request, tuple):
            self.request[1].sendto(self.request[0].upper(), self.client_address)
        else:
            self.request.sendall(self.request.recv(4096).upper())
class Tcp(socketserver.TCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
class Udp(socketserver.UDPServer):
    address_family = socket.AF_INET6
with (Udp if sys.argv[1] == "udp" else Tcp)(("::", int(sys.argv[2])), Echo) as server:
    server.serve_forever()
"""
LAB = f"""lab: ways-in
networks:
  lan: [192.168.20.0/24, 2001:db8:20::/64]
nodes:
  gw:
    kind: router
    uplink: {{forward: [{{port: 8080, to: 'pc:80'}}, {{port: udp/5300, to: 'pc:53'}}]}}
  pc:
    files: {{/opt/echo.py: {json.dumps(ECHO)}}}
    services:
      web: {{command: /usr/bin/python3 /opt/echo.py tcp 80, ready: {{port: 80}}}}
      names: {{command: /usr/bin/python3 /opt/echo.py udp 53, ready: {{command: 'grep -q :0035 /proc/net/udp6'}}}}
links:
  - gw -- lan
  - pc -- lan
"""


def assert_lead_in(test, tell, *addresses):
    """That they do, at each of these addresses of the host. @param tell has the machine outside say something: protocol, address, port, text."""
    for address in addresses:
        test.assertEqual(tell("tcp", address, "8080", "hello").strip(), "HELLO", address)
        test.assertEqual(tell("udp", address, "5300", "names").strip(), "NAMES", address)

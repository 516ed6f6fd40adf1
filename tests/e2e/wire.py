"""Two hosts and a wire with faults, and how fast it carries."""

import harness

SERVE = "import socket; s=socket.create_server(('', 7)); print('ready', flush=True); c,_=s.accept(); c.sendall(bytes({size}))"
FETCH = """
import socket, sys, time
c = socket.create_connection((sys.argv[1], 7))
first = c.recv(65536)
began, got = time.monotonic(), 0
while data := c.recv(65536):
    got += len(data)
print(got * 8 / (time.monotonic() - began))
"""



class WireTest(harness.LabTest):
    def wire(self, impairments):
        self.up("{lab: wire, nodes: {near: {addresses: {eth0: 10.0.0.1/24}}, far: {addresses: {eth0: 10.0.0.2/24}}}, "
                f"links: [near -- far: {impairments}]}}")
        return self

    def rate(self, size):
        """Bits per second of a transfer from near to far."""
        server = self.start("exec", "near", "--", "/usr/bin/python3", "-c", SERVE.format(size=size))
        self.assertEqual(server.stdout.readline(), "ready\n")
        out = self.run_in("far", "/usr/bin/python3", "-c", FETCH, "10.0.0.1", seconds=120)
        server.communicate(timeout=20 * harness.PATIENCE)
        return float(out)

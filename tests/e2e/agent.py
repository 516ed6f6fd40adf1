"""A machine in the world outside that does what it is asked to: by TCP on port 7000, a line a connection.

  who                     says whose address the question came from
  tcp ADDRESS PORT TEXT   connects, says TEXT, and tells what came back
  udp ADDRESS PORT TEXT   the same by UDP
"""

import contextlib
import socket
import socketserver
import sys


class Agent(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode().rstrip("\n").split(" ", 3)
        try:
            answer = self.client_address[0].removeprefix("::ffff:") if words[0] == "who" else talk(*words)
        except OSError as error:
            answer = f"error: {error}"
        self.wfile.write(answer.encode())


def talk(protocol, address, port, text):
    if protocol == "tcp":
        with socket.create_connection((address, int(port)), timeout=20) as connection:
            connection.sendall(text.encode() + b"\n")
            return connection.recv(4096).decode()
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.settimeout(1)
        for _ in range(20):  # a datagram may be lost
            plain.sendto(text.encode(), (address, int(port)))
            with contextlib.suppress(TimeoutError):
                return plain.recv(4096).decode()
    raise TimeoutError(f"no answer from {address} by UDP")


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
    daemon_threads = True

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


if __name__ == "__main__":
    with Server(("::", 7000), Agent) as server:
        print("ready", flush=True)
        sys.exit(server.serve_forever())

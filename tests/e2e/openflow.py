"""A controller of OpenFlow 1.0 (ONF TS-001), reached by TLS alone, that lets switches forward as bridges do.

usage: openflow.py PORT KEY CERTIFICATE CA
"""

import socket
import ssl
import struct
import sys

HELLO, ECHO_REQUEST, ECHO_REPLY, FLOW_MOD = 0, 2, 3, 14
EVERYTHING, NORMAL = (1 << 22) - 1, 0xFFFA


def message(kind, number, body=b""):
    return struct.pack("!BBHI", 1, kind, 8 + len(body), number) + body


def flow():
    match = struct.pack("!I36x", EVERYTHING)
    rest = struct.pack("!QHHHHIHH", 0, 0, 0, 0, 1, 0xFFFFFFFF, 0xFFFF, 0)
    return match + rest + struct.pack("!HHHH", 0, 8, NORMAL, 0)


def read(connection, size):
    whole = b""
    while len(whole) < size:
        piece = connection.recv(size - len(whole))
        if not piece:
            raise ConnectionError("the switch has gone")
        whole += piece
    return whole


def serve(connection):
    connection.sendall(message(HELLO, 1) + message(FLOW_MOD, 2, flow()))
    while True:
        _, kind, size, number = struct.unpack("!BBHI", read(connection, 8))
        body = read(connection, size - 8)
        if kind == ECHO_REQUEST:
            connection.sendall(message(ECHO_REPLY, number, body))


def main():
    port, key, certificate, ca = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    server = socket.create_server(("", int(port)))
    while True:
        try:
            serve(context.wrap_socket(server.accept()[0], server_side=True))
        except OSError as error:
            print(error, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

"""A client of a keeper's control socket that says whatever a test wants it to. docs/keeper.md, "The protocol"."""

import json
import os
import socket
import struct

import harness


def path(lab):
    return os.path.join(os.environ.get("HOPYARD_RUNTIME_DIR") or harness.runtime(), lab, "control")


def frame(body):
    return struct.pack(">I", len(body)) + body


class Client:
    def __init__(self, lab, seconds=30):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path(lab))  # blocking: where many wait to be let in, one with a timeout is sent away at once
        self.socket.settimeout(seconds * harness.PATIENCE)

    def close(self):
        self.socket.close()

    def send(self, request):
        try:
            self.socket.sendall(frame(json.dumps(request).encode()))
        except BrokenPipeError:
            pass  # turned away: why is there to be read

    def receive(self):
        """The next answer; nothing once the keeper has closed."""
        head = self.exactly(4)
        if head is None:
            return None
        body = self.exactly(struct.unpack(">I", head)[0])
        return None if body is None else json.loads(body)

    def exactly(self, size):
        bytes_ = b""
        while len(bytes_) < size:
            some, descriptors, _, _ = socket.recv_fds(self.socket, size - len(bytes_), 253)
            for one in descriptors:
                os.close(one)
            if not some:
                return None
            bytes_ += some
        return bytes_

    def ask(self, request):
        try:
            self.send(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # turned away before it was asked, and told why
        return self.receive()

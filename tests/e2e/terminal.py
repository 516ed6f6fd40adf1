"""A command on a terminal of its own, as a person has it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import harness


class Terminal:
    """Runs a command on a pseudo-terminal; what it shows is in `screen`, escapes and all."""

    def __init__(self, command, columns=100, rows=30, **options):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen([str(word) for word in command], stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                                        **options)
        os.close(slave)
        self.screen = ""
        self.searched = 0

    def type(self, text):
        os.write(self.master, text.encode())

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """More of what is shown; False when there was none in time, or the terminal has been left."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False  # EIO: nobody has the other side open
        self.screen += data.decode(errors="replace")
        return bool(data)

    def expect(self, pattern, seconds=20):
        """Waits until what is shown, after what was expected last, matches; returns the match."""
        end = time.monotonic() + seconds * harness.PATIENCE
        while True:
            found = re.compile(pattern).search(self.screen, self.searched)
            if found:
                self.searched = found.end()
                return found
            left = end - time.monotonic()
            if left <= 0 or not self.read(left):
                raise AssertionError(f"no {pattern!r} on the terminal, only: {self.screen[self.searched:]!r}")

    def finish(self, seconds=30):
        """Reads to the end; returns the exit status."""
        end = time.monotonic() + seconds * harness.PATIENCE
        while self.read(max(0, end - time.monotonic())):
            pass
        status = self.process.wait(timeout=max(0.1, end - time.monotonic()))
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)

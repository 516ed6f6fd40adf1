"""The console of a virtual machine whose guest does not read: its socket stands in a node, and a program that the test tells what to do
listens there in the place of the machine."""

import hashlib
import os
import select
import signal
import termios

import harness
import terminal

# Takes one connection; reads nothing of it before a line comes on standard input, then all, and says what it was. At the line "end" it
# reads nothing, but speaks and ends.
GUEST = """
import array, fcntl, hashlib, os, socket, sys, termios, time
os.makedirs("/run/qemu")
listening = socket.socket(socket.AF_UNIX)
listening.bind("/run/qemu/console")
listening.listen()
print("ready", flush=True)
line, _ = listening.accept()
unread = array.array("i", [0])
while unread[0] < 65536:
    fcntl.ioctl(line, termios.FIONREAD, unread)
    time.sleep(0.01)
print("enough", flush=True)
if sys.stdin.readline() == "end\\n":
    line.sendall(b"last words " * 5000)
    sys.exit()
whole = hashlib.sha256()
while piece := line.recv(65536):
    whole.update(piece)
print(whole.hexdigest(), flush=True)
"""
LEAVE = b"\x1d"


class Silent(harness.LabTest):
    """What the guest does not take, and the ways out."""

    def setUp(self):
        super().setUp()
        self.up("{lab: silent, nodes: {pc: {}}, links: [pc -- other]}")
        self.guest = self.start("exec", "pc", "--", "python3", "-c", GUEST)
        self.assertEqual(self.guest.stdout.readline(), "ready\n")

    def typed_from(self, contents):
        """The console with a file as standard input, once the guest has got more than it reads."""
        path = self.folder / "typed"
        path.write_bytes(contents)
        with open(path, "rb") as file:
            talk = self.start("console", "pc", stdin=file)
        self.assertEqual(self.guest.stdout.readline(), "enough\n")
        return talk

    def test_a_signal_ends_it(self):
        talk = self.typed_from(b"x" * 4_000_000)
        talk.send_signal(signal.SIGTERM)
        self.assertEqual(talk.wait(10 * harness.PATIENCE), 128 + signal.SIGTERM)

    def test_a_file_waits_and_arrives_whole(self):
        contents = b"".join(b"line %d\n" % number for number in range(200_000))
        talk = self.typed_from(contents + LEAVE + b"and what is behind it does not count")
        self.assertIsNone(talk.poll())
        self.guest.stdin.write("\n")
        self.guest.stdin.flush()
        self.assertEqual(talk.wait(30 * harness.PATIENCE), 0)
        self.assertEqual(self.guest.stdout.readline(), hashlib.sha256(contents).hexdigest() + "\n")

    def test_last_words_of_a_machine_that_has_not_read_all(self):
        talk = self.typed_from(b"x" * 4_000_000)
        talk.send_signal(signal.SIGSTOP)
        self.guest.stdin.write("end\n")
        self.guest.stdin.flush()
        self.assertEqual(self.guest.wait(30 * harness.PATIENCE), 0, self.guest.stderr.read())
        talk.send_signal(signal.SIGCONT)
        out, err = talk.communicate(timeout=30 * harness.PATIENCE)
        self.assertEqual((talk.returncode, out.count("last words"), err), (0, 5000, ""))

    def paste(self, shell, contents):
        """Types all of it, unless nobody takes it for ten seconds. What the command shows is read along."""
        os.set_blocking(shell.master, False)
        while contents:
            self.assertTrue(select.select([], [shell.master], [], 10 * harness.PATIENCE)[1], f"{len(contents)} bytes are not taken")
            contents = contents[os.write(shell.master, contents[:4096]):]
            shell.read(0)

    def test_the_key_leaves_whatever_was_pasted(self):
        shell = terminal.Terminal(self.command("console", "pc"))
        self.addCleanup(shell.close)
        shell.expect("Ctrl-] leaves it")
        self.assertTrue(harness.wait_until(lambda: not termios.tcgetattr(shell.master)[3] & termios.ICANON))
        self.paste(shell, b"y" * 900_000)
        self.assertNotIn("\a", shell.screen)
        self.paste(shell, b"y" * 1_000_000)
        shell.expect("\a")
        self.paste(shell, LEAVE)
        self.assertEqual(shell.finish(), 0)


if __name__ == "__main__":
    harness.main()

"""Clients of a lab that come in numbers, go without a word, or do not speak as they should: the lab goes on and nothing is left.

HOPYARD_TEST_LONG=1 lets clients talk garbage for an hour instead of some seconds; HOPYARD_TEST_SEED repeats what they said.
"""

import json
import os
import random
import re
import select
import signal
import socket
import struct
import sys
import time

import control
import harness

SMALL = "{lab: x, nodes: {a: {run: ['exec tail -f /dev/null']}, b: {}}, links: [a -- b]}"
LARGE = "lab: x\nnodes: {'r[1..60]': {run: ['exec tail -f /dev/null']}}\nlinks: [{chain: 'r[1..60]'}]\n"
GARBAGE_SECONDS = 3600 if os.environ.get("HOPYARD_TEST_LONG") else 4
VERBS = ("summary", "describe", "nodes", "configuration", "enter", "processes", "services", "order", "namespace", "descriptors",
         "shape", "fail", "heal")


def memory(pid):
    """Bytes of a process's own memory."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"RssAnon:\s+(\d+)", file.read())[1]) * 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Clients(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(SMALL)
        self.keeper = self.client().ask({"do": "summary"})["keeper"]

    def client(self, **options):
        one = control.Client("x", **options)
        self.addCleanup(one.close)
        return one

    def assert_serves(self):
        one = self.client()
        self.assertEqual(one.ask({"do": "nodes"})["nodes"], ["a", "b"])
        one.close()
        self.assertEqual(self.run_in("b", "hostname"), "b\n")

    def assert_as_before(self, count):
        """All descriptors of clients that have gone are closed again."""
        self.assertTrue(harness.wait_until(lambda: descriptors(self.keeper) <= count),
                        f"{descriptors(self.keeper)} descriptors, {count} before")


class Crowds(Clients):
    def test_two_hundred_at_once(self):
        self.run_in("b", "true")
        count = descriptors(self.keeper)
        clients = [self.client() for _ in range(200)]
        for number, one in enumerate(clients):
            one.send({"do": "describe"} if number % 2 else {"do": "enter", "nodes": ["a", "b"]})
        answers = [one.receive() for one in clients]
        self.assertTrue(all(answer and answer["ok"] for answer in answers))
        for one in clients:
            one.close()
        self.assert_serves()
        self.assert_as_before(count)

    def test_two_hundred_commands_at_once(self):
        running = [self.start("exec", "ab"[i % 2], "--", "sh", "-c", "hostname; cat") for i in range(200)]
        for i, one in enumerate(running):
            self.assertEqual(one.stdout.readline(), "ab"[i % 2] + "\n")
        for one in running:
            one.stdin.close()
        for one in running:
            self.assertEqual(one.wait(60 * harness.PATIENCE), 0)
        self.assert_serves()

    def test_more_than_it_takes(self):
        """A thousand clients that only sit there; the next one hears that they are too many, and comes in once one goes."""
        self.run_in("b", "true")
        sitting = [self.client() for _ in range(1000)]
        for one in sitting:
            try:
                one.socket.sendall(b"\0\0")
            except BrokenPipeError:
                pass  # the last ones are too many already
        self.assertTrue(harness.wait_until(lambda: self.turned_away()))
        done = self.hopyard("show", status=None)
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("1000 clients", done.err)
        for one in sitting:
            one.close()
        self.assertTrue(harness.wait_until(lambda: not self.turned_away()))
        self.assert_serves()

    def turned_away(self):
        one = self.client()
        answer = one.ask({"do": "nodes"})
        one.close()
        return not answer["ok"] and "clients" in answer["error"]["detail"]

    def test_one_that_never_reads(self):
        """Of however many questions it asks, one answer waits; others are served meanwhile."""
        before = memory(self.keeper)
        deaf = [self.client() for _ in range(20)]
        question = control.frame(b'{"do":"describe"}')
        for one in deaf:
            one.socket.setblocking(False)
            try:
                while True:
                    one.socket.send(question * 1000)
            except BlockingIOError:
                pass
        self.assert_serves()
        # Each has at most what it may send unread, 64 KiB, and an answer.
        self.assertLess(memory(self.keeper) - before, 20 * (256 << 10) + (4 << 20))
        for one in deaf:
            one.close()
        self.assert_serves()


class Nonsense(Clients):
    def garbage(self):
        kind = random.randrange(8)
        verb = random.choice(VERBS)
        if kind == 0:
            return random.randbytes(random.randrange(1, 5000))
        if kind == 1:
            return control.frame(random.randbytes(random.randrange(200)))
        if kind == 2:
            return struct.pack(">I", random.choice([0, 1, 65536, 65537, 1 << 31, 0xFFFFFFFF])) + random.randbytes(10)
        if kind == 3:
            return control.frame(json.dumps(random.choice([None, [], 1, "do", {}, {"do": None}, {"do": []}])).encode())
        if kind == 4:
            return control.frame(b"[" * random.choice([100, 30000]))
        whole = control.frame(json.dumps({"do": verb, **self.members()}).encode())
        if kind == 5:
            return whole[:random.randrange(len(whole))]
        if kind == 6:
            at = random.randrange(4, len(whole))
            return whole[:at] + random.randbytes(1) + whole[at + 1:]
        return whole

    def members(self):
        values = [None, 0, -1, 1e300, "", "a", "b", "a:eth0", "a -- b", "a:eth0 -- b:eth0", "x" * 5000, "\0", "../..", [], ["a"],
                  [1, None, {}], ["a"] * 300, {}, {"delay_ns": -1}, {"rate": 1 << 70}, True]
        keys = ["node", "nodes", "target", "impairment", "direction", "how", "order", "services"]
        return {key: random.choice(values) for key in random.sample(keys, random.randrange(len(keys)))}

    def test_garbage_and_half_messages(self):
        self.run_in("b", "true")
        count = descriptors(self.keeper)
        end = time.monotonic() + GARBAGE_SECONDS
        said = 0
        while time.monotonic() < end:
            one = control.Client("x")
            for _ in range(random.randrange(1, 6)):
                try:
                    one.socket.sendall(self.garbage())
                except (BrokenPipeError, ConnectionResetError):
                    break  # what it said before has been answered, and the connection closed
                said += 1
            how = random.randrange(3)
            if how == 0:
                one.socket.shutdown(socket.SHUT_WR)
            elif how == 1:
                select.select([one.socket], [], [], random.uniform(0, 0.01))
            one.close()
        print(f"{said} messages in {GARBAGE_SECONDS} s", file=sys.stderr)
        self.assertGreater(said, 100)
        self.hopyard("heal", "a", status=None)
        self.hopyard("heal", "b", status=None)
        self.assert_serves()
        self.assert_as_before(count + 2)
        self.assertLess(memory(self.keeper), 100 << 20)

    def test_what_is_too_long_or_no_request_is_answered(self):
        one = self.client()
        one.socket.sendall(struct.pack(">I", 1 << 20) + b"x")
        self.assertIn("1048576", one.receive()["error"]["detail"])
        self.assertIsNone(one.receive())
        for body in (b"", b"{", b"[]", b"{}", b'"do"', b"\xff", b'{"do":"\xff"}'):
            with self.subTest(body=body):
                self.assertFalse(self.client_says(body)["ok"])

    def client_says(self, body):
        one = self.client()
        one.socket.sendall(control.frame(body))
        return one.receive()

    def test_half_a_message_keeps_nobody_waiting(self):
        halves = [self.client() for _ in range(50)]
        for one in halves:
            one.socket.sendall(control.frame(b'{"do":"nodes"}')[:9])
        self.assert_serves()
        for one in halves:  # the other half
            one.socket.sendall(control.frame(b'{"do":"nodes"}')[9:])
        for one in halves:
            self.assertEqual(one.receive()["nodes"], ["a", "b"])

    def test_descriptors_that_nobody_asked_for(self):
        """Are closed at once."""
        count = descriptors(self.keeper)
        one = self.client()
        ends = os.pipe()
        self.addCleanup(os.close, ends[0])
        socket.send_fds(one.socket, [control.frame(b'{"do":"nodes"}')], [ends[1]] * 100)
        os.close(ends[1])
        self.assertEqual(one.receive()["nodes"], ["a", "b"])
        self.assertEqual(os.read(ends[0], 1), b"")  # nobody has the other end any more
        one.close()
        self.assert_as_before(count)


class Vanishing(Clients):
    def test_after_half_an_answer(self):
        for _ in range(20):
            one = self.client()
            one.send({"do": "describe"})
            one.socket.recv(1)
            one.close()
        self.assert_serves()

    def test_half_closed(self):
        """It asks and then says that it will say no more: it still gets its answer, or its connection is closed."""
        one = self.client()
        one.send({"do": "nodes"})
        one.socket.shutdown(socket.SHUT_WR)
        self.assertIn(one.receive(), (None, {"ok": True, "nodes": ["a", "b"]}))
        self.assertIsNone(one.receive())
        self.assert_serves()

    def test_killed_during_exec(self):
        client = self.start("exec", "b", "--", "sh", "-c", "echo ready; exec tail -f /dev/null")
        self.assertEqual(client.stdout.readline(), "ready\n")
        client.kill()
        client.wait()
        self.assertTrue(harness.wait_until(lambda: "tail" not in self.commands("b")), "its command lives on")
        self.assert_serves()

    def commands(self, node):
        return [one["command"].split()[0] for one in self.hopyard("ps", "--json").json()["processes"] if one["node"] == node]

    def test_killed_while_it_watches(self):
        self.run_in("b", "true")
        count = descriptors(self.keeper)
        for words in (("routes", "--watch", "a"), ("logs", "-f", "a")):
            with self.subTest(words=words):
                client = self.start(*words)
                self.assertTrue(harness.wait_until(lambda: client.poll() is not None or self.has_begun(client)))
                self.assertIsNone(client.poll(), client.stderr.read() if client.poll() is not None else "")
                client.kill()
                client.wait()
                self.assert_serves()
        self.assert_as_before(count)

    @staticmethod
    def has_begun(client):
        """It waits for something: its questions are behind it."""
        try:
            with open(f"/proc/{client.pid}/wchan", encoding="ascii") as file:
                return re.search("poll|inotify", file.read()) is not None
        except OSError:
            return False


class Starts(harness.LabTest):
    """Several `up` and `down` of one lab at the same time."""

    def test_the_second_says_who_the_first_is(self):
        path = self.lab("{lab: x, nodes: {a: {ready: 'test -e /tmp/go'}, b: {}}, links: [a -- b]}")
        first = self.start("up", path)
        self.assertTrue(harness.wait_until(lambda: harness.processes_of_labs()))
        second = self.hopyard("up", path, status=1)
        self.assertIn(f"already being started, by process {first.pid}", second.err)
        self.assertIn(f"kill {first.pid}", second.err)
        down = self.hopyard("down", "x", status=1)
        self.assertIn("still being started", down.err)
        self.assertIsNone(first.poll())
        first.send_signal(signal.SIGTERM)
        self.assertNotEqual(first.wait(30 * harness.PATIENCE), 0)
        self.assertEqual(self.running(), [])
        self.check_residue()

    def test_many_at_once(self):
        path = self.lab(LARGE)
        for _ in range(3):
            several = [self.start("up", path) for _ in range(8)]
            errors = [one.communicate(timeout=60 * harness.PATIENCE)[1] for one in several]
            won = [one for one in several if one.returncode == 0]
            self.assertEqual(len(won), 1, errors)
            for one, error in zip(several, errors):
                if one not in won:
                    self.assertEqual(one.returncode, 1)
                    self.assertRegex(error, f"already being started, by process {won[0].pid}|already running")
            self.assertEqual(self.run_in("r60", "hostname"), "r60\n")
            self.hopyard("down")
            self.check_residue()

    def test_down_during_up(self):
        """It is refused, or takes the lab down: then nothing is left; `up` never hangs."""
        path = self.lab(LARGE)
        for _ in range(8):
            up = self.start("up", path)
            harness.wait_until(lambda: up.poll() is not None or random.random() < 0.1)
            down = self.hopyard("down", "x", status=None)
            said = up.communicate(timeout=60 * harness.PATIENCE)[1]
            self.assertEqual(up.returncode, 0, said)
            if down.status != 0:
                self.assertRegex(down.err, "still being started|no lab x is running")
                self.hopyard("down", "x")
            self.assertEqual(self.running(), [])
            self.check_residue()


if __name__ == "__main__":
    harness.main()

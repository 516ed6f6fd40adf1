"""A repair that takes many turns: others are served between them, and what they do then is what comes of it."""

import contextlib
import os
import select
import signal

import control
import harness


class Crowd(harness.LabTest):
    """So many nodes that a keeper cannot look at them in one turn."""

    def setUp(self):
        super().setUp()
        self.up("lab: crowd\nnodes:\n  r[1..250]:\n    kind: router\n    nat: {out: eth0}\n    sysctl: {net.ipv4.tcp_ecn: '0x2'}\n"
                "links:\n  - r[1..250] -- h[1..250]: {subnet: 10.0.0.0/16}\n")
        self.keeper = self.show()["keeper_pid"]
        self.addCleanup(self.go_on)
        self.break_something()

    def break_something(self):
        self.hopyard("exec", *[f"r{node}" for node in range(1, 251, 10)], "--", "sysctl", "-qw", "net.ipv4.ip_forward=0")
        self.hopyard("exec", *[f"h{node}" for node in range(1, 251, 10)], "--", "ip", "link", "set", "lo", "down")

    def stop(self):
        """The keeper stands still from now on: what it is asked meanwhile comes before all that it would do next."""
        os.kill(self.keeper, signal.SIGSTOP)
        self.assertTrue(harness.wait_until(lambda: self.state_of_keeper() == "T"))

    def state_of_keeper(self):
        with open(f"/proc/{self.keeper}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0]

    def go_on(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.keeper, signal.SIGCONT)

    def stop_while_it_repairs(self, one, other, break_it, begun=lambda: True, far_from_its_end=lambda: True):
        """The first client's repair has begun, as the second hears, and is not over: the keeper stands still then. If this test gets no
        processor until it is over, it is done anew."""
        for _ in range(5):
            one.send({"do": "repair"})
            self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
            self.assertTrue(harness.wait_until(begun))
            self.stop()
            if not select.select([one.socket], [], [], 0)[0] and far_from_its_end():
                return
            self.go_on()
            one.receive()
            break_it()
        self.fail("nobody is heard while it repairs")

    def stop_before_it_mends_links(self, one, other):
        """The same, and many turns are left: the link that comes first is not mended yet. Who sees that needs no keeper for it."""
        eyes = self.start("exec", "h1", "--", "sh", "-c", "while read line; do ls /sys/class/net; echo .; done")

        def is_cut():
            eyes.stdin.write("\n")
            eyes.stdin.flush()
            return "eth0\n" not in list(iter(eyes.stdout.readline, ".\n"))

        self.cut_links()
        self.stop_while_it_repairs(one, other, self.cut_links, far_from_its_end=is_cut)

    def cut_links(self):
        self.hopyard("exec", *[f"h{node}" for node in range(1, 200) if node != 100], "--", "ip", "link", "del", "eth0")

    def client(self):
        one = control.Client("crowd")
        self.addCleanup(one.close)
        return one

    def test_others_are_answered_while_it_repairs(self):
        one, other = self.client(), self.client()
        self.stop_while_it_repairs(one, other, self.break_something)
        self.go_on()
        told = one.receive()
        self.assertEqual((len(told["found"]), told["left"], told["words"]), (50, [], ""))
        self.assertEqual(len(told["steps"]), 50)
        self.assertEqual(self.show()["drift"], [])

    def test_two_at_a_time(self):
        one, other = self.client(), self.client()
        one.send({"do": "repair"})
        other.send({"do": "repair"})
        self.assertEqual(sorted([len(one.receive()["found"]), len(other.receive()["found"])]), [0, 50])

    def test_one_that_is_broken_off(self):
        one, other = self.client(), self.client()
        self.stop_before_it_mends_links(one, other)
        one.close()
        self.go_on()
        self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
        self.assertNotEqual(self.show()["drift"], [])
        self.assertEqual(self.hopyard("repair", "--json").json()["left"], [])
        self.assertEqual(self.show()["drift"], [])

    def test_others_change_the_lab_meanwhile(self):
        one, other = self.client(), self.client()
        requests = ({"do": "heal", "target": "r100:eth0"}, {"do": "fail", "target": "r200:eth0"},
                    {"do": "shape", "target": "r250:eth0", "direction": "out", "impairment": {"rate": 3_000_000}})
        others = [self.client() for _ in requests]
        drift_of_first = lambda: other.ask({"do": "drift", "node": "r1"})["drift"]
        for stepping in (False, True):
            self.break_what_is_changed_meanwhile(other)
            first = drift_of_first()
            self.assertNotEqual(first, [])
            # Stepping, it has begun with what comes first.
            self.stop_while_it_repairs(one, other, lambda: self.break_what_is_changed_meanwhile(other),
                                       lambda: not stepping or drift_of_first() != first)
            for client, request in zip(others, requests):
                client.send(request)
            self.go_on()
            for client, request in zip(others, requests):
                self.assertEqual(client.receive().get("ok"), True, request)
            told = one.receive()
            self.assertEqual((told["left"], told["words"]), ([], ""), stepping)
            # What was planned before is not done, so nothing of it has to be put right.
            self.assertEqual({"bring up r100:eth0", "take down r200:eth0"} & set(told["steps"]), set(), stepping)
            self.assertEqual(self.show()["drift"], [], stepping)
            self.assertIn("state UP", self.run_in("r100", "ip", "link", "show", "eth0"))
            self.assert_reaches("r100", self.address("h100"))
            self.assertIn("state DOWN", self.run_in("r200", "ip", "link", "show", "eth0"))
            self.assertIn("rate 3Mbit", self.run_in("r250", "tc", "qdisc", "show", "dev", "eth0"))
            self.assert_reaches("r1", self.address("h1"))
            self.assertEqual(other.ask({"do": "heal", "target": "r200:eth0"})["ok"], True)
            self.assert_reaches("r200", self.address("h200"))

    def break_what_is_changed_meanwhile(self, client):
        """r100 is failed, and somebody has brought it up; r200 is taken down; r250's impairment is another one. What comes before is much."""
        client.ask({"do": "fail", "target": "r100:eth0"})
        self.run_in("r100", "ip", "link", "set", "eth0", "up")
        self.run_in("r200", "ip", "link", "set", "eth0", "down")
        self.run_in("r250", "tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", "9mbit", "burst", "9k", "limit", "99k")
        self.cut_links()

    def address(self, node):
        return self.show(node)["interfaces"][0]["addresses"][0].split("/")[0]

    def test_the_lab_ends_meanwhile(self):
        one, other = self.client(), self.client()
        self.stop_before_it_mends_links(one, other)
        other.send({"do": "down"})
        self.go_on()
        self.assertIsNone(one.receive())
        self.hopyard("down", status=None)
        self.assertEqual(self.running(), [])


if __name__ == "__main__":
    harness.main()

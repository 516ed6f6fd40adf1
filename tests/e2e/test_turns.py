"""A repair that takes many turns: others are served between them, and what they do then is what comes of it."""

import select

import control
import harness


class Crowd(harness.LabTest):
    """So many nodes that a keeper cannot look at them in one turn."""

    def setUp(self):
        super().setUp()
        self.up("lab: crowd\nnodes:\n  r[1..250]:\n    kind: router\n    nat: {out: eth0}\n    sysctl: {net.ipv4.tcp_ecn: '0x2'}\n"
                "links:\n  - r[1..250] -- h[1..250]: {subnet: 10.0.0.0/16}\n")
        for node in range(1, 251, 10):
            self.run_in(f"r{node}", "sysctl", "-qw", "net.ipv4.ip_forward=0")
            self.run_in(f"h{node}", "ip", "link", "set", "lo", "down")

    def client(self):
        one = control.Client("crowd")
        self.addCleanup(one.close)
        return one

    def test_others_are_answered_while_it_repairs(self):
        one, other = self.client(), self.client()
        one.send({"do": "repair"})
        self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
        self.assertEqual(select.select([one.socket], [], [], 0), ([], [], []))
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
        one.send({"do": "repair"})
        self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
        one.close()
        self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
        self.assertNotEqual(self.show()["drift"], [])
        self.assertEqual(self.hopyard("repair", "--json").json()["left"], [])
        self.assertEqual(self.show()["drift"], [])

    def test_others_change_the_lab_meanwhile(self):
        one, other = self.client(), self.client()
        for stepping in (False, True):
            self.break_what_is_changed_meanwhile(other)
            first = other.ask({"do": "drift", "node": "r1"})["drift"]
            self.assertNotEqual(first, [])
            one.send({"do": "repair"})
            if stepping:  # what comes first is begun
                self.assertTrue(harness.wait_until(lambda: other.ask({"do": "drift", "node": "r1"})["drift"] != first))
            for request in ({"do": "heal", "target": "r100:eth0"}, {"do": "fail", "target": "r200:eth0"},
                            {"do": "shape", "target": "r250:eth0", "direction": "out", "impairment": {"rate": 3_000_000}}):
                self.assertEqual(other.ask(request).get("ok"), True, request)
            self.assertEqual(select.select([one.socket], [], [], 0), ([], [], []), "too late")
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
        self.hopyard("exec", *[f"h{node}" for node in range(1, 200) if node != 100], "--", "ip", "link", "del", "eth0")

    def address(self, node):
        return self.show(node)["interfaces"][0]["addresses"][0].split("/")[0]

    def test_the_lab_ends_meanwhile(self):
        one, other = self.client(), self.client()
        one.send({"do": "repair"})
        self.assertEqual(other.ask({"do": "summary"})["lab"], "crowd")
        self.assertEqual(select.select([one.socket], [], [], 0), ([], [], []))
        self.hopyard("down")
        self.assertIsNone(one.receive())
        self.assertEqual(self.running(), [])


if __name__ == "__main__":
    harness.main()

"""Nodes that are a long way off: answers that take their time to come back."""

import json
import pathlib

import harness

SLOW_ECHO = pathlib.Path(__file__).parent / "slow_echo.py"

FAR = """
lab: far
nodes:
  near: {addresses: {eth0: [10.1.0.2/30, "fd01::2/64"]}}
  mid: {kind: router, addresses: {eth0: [10.1.0.1/30, "fd01::1/64"], eth1: [10.2.0.1/30, "fd02::1/64"]}}
  far: {addresses: {eth0: [10.2.0.2/30, "fd02::2/64"]}}
links: [near -- mid, mid -- far]
"""


class Far(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(FAR)
        self.hopyard("wait", "--reach", "near", "far", "--timeout", "20s")

    def answer_after(self, seconds):
        """Every echo request to far is answered so much later from now on."""
        self.run_in("far", "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1", "net.ipv6.icmp.echo_ignore_all=1")
        silent = self.hopyard("wait", "--reach", "near", "far", "--timeout", "1s", "--json", status=1).json()
        self.assertEqual([asked["answered"] for asked in silent["reach"]], [False, False])
        responder = self.start("exec", "far", "--", "python3", SLOW_ECHO, seconds)
        self.assertEqual(responder.stdout.readline(), "ready\n")
        return responder

    def test_answers_that_take_longer_than_the_next_request(self):
        self.answer_after(0.35)
        waited = self.hopyard("wait", "--reach", "near", "far", "--timeout", "20s", "--json").json()
        self.assertEqual([asked["answered"] for asked in waited["reach"]], [True, True])
        self.assertGreaterEqual(waited["seconds"], 0.35)

    def test_an_answer_to_what_was_asked_before_a_change_does_not_count(self):
        responder = self.answer_after(1.5)
        waiting = self.start("wait", "--reach", "near", "far", "--timeout", "30s", "--json")
        self.assertEqual(responder.stdout.readline(), "asked\n")
        self.run_in("mid", "ip", "route", "add", "blackhole", "10.77.0.0/24")
        out, err = waiting.communicate(timeout=60 * harness.PATIENCE)
        self.assertEqual(waiting.returncode, 0, out + err)
        waited = json.loads(out)
        self.assertGreater(waited["last_change_seconds"], 0)
        self.assertGreaterEqual(waited["seconds"], waited["last_change_seconds"] + 1.5)


if __name__ == "__main__":
    harness.main()

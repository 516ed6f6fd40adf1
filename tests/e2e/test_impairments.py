"""Delay, jitter, loss and rate as packets feel them. Needs a kernel with netem, so the guest kernel of tests/vm.

What a wire must do at least (wait, lose, hold back) is asserted tightly. Upwards the bounds are wide, for an emulated processor on
a busy machine adds milliseconds of its own, but not so wide that a direction counted twice or bytes taken for bits would pass.
"""

import re
import statistics

import harness
import wire

class Impairments(wire.WireTest):
    def round_trips(self, count, interval="0.05", node="near", address="10.0.0.2"):
        """Milliseconds of each answered ping, after one that has found the neighbour."""
        self.assert_reaches(node, address)
        out = self.hopyard("exec", node, "--", "ping", "-n", "-c", count, "-i", interval, "-W", "5", address, status=None,
                           seconds=120).out
        return [float(time) for time in re.findall(r"time=(\S+) ms", out)]

    def test_delay_is_in_both_directions(self):
        times = self.wire("{delay: 50ms}").round_trips(20)
        self.assertEqual(len(times), 20)
        self.assertGreaterEqual(min(times), 100)
        self.assertLess(statistics.median(times), 140)

    def test_out_and_back_set_one_direction_each(self):
        self.wire("{out: {delay: 80ms}}")
        self.assertIn("delay 80ms", self.run_in("near", "tc", "qdisc", "show", "dev", "eth0"))
        self.assertNotIn("netem", self.run_in("far", "tc", "qdisc", "show", "dev", "eth0"))
        times = self.round_trips(10)
        self.assertGreaterEqual(min(times), 80)
        self.assertLess(statistics.median(times), 120)

    def test_jitter_spreads_the_delay(self):
        times = self.wire("{out: {delay: 60ms, jitter: 20ms}}").round_trips(40)
        self.assertGreater(min(times), 35)
        self.assertGreater(statistics.pstdev(times), 4)
        self.assertGreater(max(times) - min(times), 15)

    def test_loss(self):
        """30 % one way: of 200, all but 1 in 10^9 runs keep between 100 and 180."""
        times = self.wire("{out: {loss: 30%}}").round_trips(200, interval="0.02")
        self.assertTrue(100 <= len(times) <= 180, len(times))

    def test_everything_lost(self):
        self.wire("{out: {loss: 100%}}")
        self.assert_does_not_reach("near", "10.0.0.2")

    def test_duplicates(self):
        self.wire("{out: {duplicate: 100%}}")
        self.assert_reaches("near", "10.0.0.2")
        self.assertIn("DUP!", self.run_in("near", "ping", "-n", "-c", "2", "10.0.0.2"))

    def test_rate_with_delay(self):
        measured = self.wire("{rate: 4mbit, delay: 5ms}").rate(2_000_000)
        self.assertGreater(measured, 1.0e6)
        self.assertLess(measured, 4.2e6)

    def test_set_changes_the_running_wire(self):
        self.wire("{delay: 50ms}")
        self.assertGreaterEqual(min(self.round_trips(5)), 100)
        self.hopyard("set", "near -- far", "delay=10ms")
        times = self.round_trips(5)
        self.assertTrue(20 <= min(times) < 60, times)

    def test_set_on_a_wire_that_had_none(self):
        self.wire("{}")
        self.assertLess(min(self.round_trips(5)), 30)
        self.hopyard("set", "near:eth0", "delay=60ms")
        self.assertGreaterEqual(min(self.round_trips(5)), 60)


if __name__ == "__main__":
    harness.main()

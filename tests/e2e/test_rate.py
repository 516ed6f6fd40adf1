"""A rate by itself, which every kernel can hold (the token bucket filter), measured by a transfer."""

import harness
import wire


class Rate(wire.WireTest):
    def test_rate_alone(self):
        measured = self.wire("{rate: 4mbit}").rate(2_000_000)
        self.assertGreater(measured, 1.0e6)
        self.assertLess(measured, 4.6e6)

    def test_set_makes_the_running_wire_slower(self):
        self.wire("{rate: 50mbit}").hopyard("set", "near -- far", "rate=4mbit")
        self.assertLess(self.rate(2_000_000), 4.6e6)


if __name__ == "__main__":
    harness.main()

"""Links, interfaces and nodes that fail and heal."""

import harness

TRIANGLE = (harness.EXAMPLES / "triangle").resolve()


class FailHeal(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(TRIANGLE)
        self.assert_reaches("west", "east")

    def hops(self):
        return len(self.run_in("west", "traceroute", "-I", "-n", "-q", "1", "-w", "2", "east").splitlines()) - 1

    def state(self, *nodes):
        """What the kernel has in these nodes; the order in which it lists routes tells their age and nothing else."""
        look = "ip -o -br link; ip -o -br address; ip route; ip -6 route"
        return {node: sorted(self.run_in(node, "sh", "-c", look).splitlines()) for node in nodes}

    def test_a_link(self):
        before = self.state("r1", "r3")
        self.assertEqual(self.hops(), 3)
        self.hopyard("fail", "r1", "--", "r3")
        self.assert_reaches("west", "east")
        self.assertEqual(self.hops(), 4)
        self.hopyard("heal", "r1", "--", "r3")
        self.assert_reaches("west", "east")
        self.assertEqual(self.hops(), 3)
        harness.wait_until(lambda: self.state("r1", "r3") == before)
        self.assertEqual(self.state("r1", "r3"), before)

    def test_an_interface(self):
        self.hopyard("fail", "r1:to-r3")
        self.assert_reaches("west", "r2")
        self.assertIn("DOWN", self.run_in("r1", "ip", "link", "show", "to-r3"))
        self.hopyard("heal", "r1:to-r3")
        self.assert_reaches("west", "east")
        self.assertEqual(self.hops(), 3)

    def test_a_node(self):
        before = self.state("east")
        self.run_in("east", "true")
        inside = self.start("exec", "east", "--", "sh", "-c", "echo ready; exec cat")
        self.assertEqual(inside.stdout.readline(), "ready\n")
        self.hopyard("fail", "east")
        self.assert_does_not_reach("west", "east")
        self.hopyard("heal", "east")
        self.assert_reaches("west", "east")
        harness.wait_until(lambda: self.state("east") == before)
        self.assertEqual(self.state("east"), before)

    def test_a_router(self):
        self.hopyard("fail", "r3")
        self.assert_does_not_reach("west", "east")
        self.assert_reaches("west", "10.0.12.2")
        self.hopyard("heal", "r3")
        self.assert_reaches("west", "east")

    def test_two_failures_at_once_and_healed_in_the_other_order(self):
        self.hopyard("fail", "r1 -- r3")
        self.hopyard("fail", "r1 -- r2")
        self.assert_does_not_reach("west", "east")
        self.hopyard("heal", "r1 -- r3")
        self.assert_reaches("west", "east")
        self.hopyard("heal", "r1 -- r2")
        self.hopyard("fail", "r1 -- r3")
        self.assert_reaches("west", "east")

    def test_failing_twice_is_no_worse_and_healing_twice_no_better(self):
        for _ in range(2):
            self.hopyard("fail", "r1 -- r3", status=None)
        self.hopyard("heal", "r1 -- r3")
        self.assert_reaches("west", "east")
        self.assertEqual(self.hops(), 3)
        self.hopyard("heal", "r1 -- r3", status=None)
        self.assertEqual(self.hops(), 3)

    def test_show_tells_what_has_failed(self):
        self.hopyard("fail", "r1 -- r3")
        self.assertRegex(self.hopyard("show").out, r"r1:to-r3 .*r3:to-r1.*(failed|down)|(failed|down).*r1:to-r3")

    def test_json(self):
        self.assertIsInstance(self.hopyard("fail", "r1 -- r3", "--json").json(), dict)
        self.assertIsInstance(self.hopyard("heal", "r1 -- r3", "--json").json(), dict)


if __name__ == "__main__":
    harness.main()

"""Label switching (MPLS): a core that knows no customer's prefix carries their packets by labels, where the kernel can."""

import harness

LAB = """lab: labels
nodes:
  pe1:
    kind: router
    routing: none
    sysctl: {net.mpls.platform_labels: 1000, net.mpls.conf.core.input: 1}
    run:
      - ip route add 10.2.0.0/24 encap mpls 100 via inet 10.9.1.2
      - ip -6 route add 2001:db8:2::/64 encap mpls 101 via inet6 2001:db8:9:1::2
      - ip -f mpls route add 200 via inet 10.1.0.1
      - ip -f mpls route add 201 via inet6 2001:db8:1::1
  p:
    kind: router
    routing: none
    sysctl: {net.mpls.platform_labels: 1000, net.mpls.conf.left.input: 1, net.mpls.conf.right.input: 1}
    run:
      - ip -f mpls route add 100 as 110 via inet 10.9.2.2
      - ip -f mpls route add 101 as 111 via inet6 2001:db8:9:2::2
      - ip -f mpls route add 210 as 200 via inet 10.9.1.1
      - ip -f mpls route add 211 as 201 via inet6 2001:db8:9:1::1
  pe2:
    kind: router
    routing: none
    sysctl: {net.mpls.platform_labels: 1000, net.mpls.conf.core.input: 1}
    run:
      - ip route add 10.1.0.0/24 encap mpls 210 via inet 10.9.2.1
      - ip -6 route add 2001:db8:1::/64 encap mpls 211 via inet6 2001:db8:9:2::1
      - ip -f mpls route add 110 via inet 10.2.0.1
      - ip -f mpls route add 111 via inet6 2001:db8:2::1
links:
  - c1 -- pe1: {subnet: [10.1.0.0/24, '2001:db8:1::/64']}
  - pe1:core -- p:left: {subnet: [10.9.1.0/30, '2001:db8:9:1::/64']}
  - p:right -- pe2:core: {subnet: [10.9.2.0/30, '2001:db8:9:2::/64']}
  - c2 -- pe2: {subnet: [10.2.0.0/24, '2001:db8:2::/64']}
"""


class Mpls(harness.LabTest):
    def test_labels_carry_what_the_core_has_no_route_for(self):
        found = {one["name"]: one["health"] for one in self.hopyard("doctor", "--json", status=None).json()["findings"]}
        if found["label switching (MPLS)"] == "missing":
            refused = self.up(LAB, status=1)
            self.assertIn("this kernel lacks: label switching (MPLS)", refused.err)
            self.assertIn("CONFIG_MPLS_ROUTING", refused.err)
            self.assertEqual(self.running(), [])
            return
        self.up(LAB)
        self.assertNotIn("10.2.0.0", self.run_in("p", "ip", "route"))
        self.assert_reaches("c1", self.address("c2", 4))
        self.assert_reaches("c1", self.address("c2", 6))
        # Take one label away, and nothing comes through any more.
        self.run_in("p", "ip", "-f", "mpls", "route", "del", "100")
        self.assert_does_not_reach("c1", self.address("c2", 4))
        self.assert_reaches("c1", self.address("c2", 6))

    def address(self, node, family):
        # Modules of tunnels put devices of their own into every namespace (tunl0, sit0), before those of the lab.
        shown = next(one["addresses"] for one in self.show(node)["interfaces"] if one["interface"] == "eth0")
        return next(one.split("/")[0] for one in shown if (":" in one) == (family == 6))


if __name__ == "__main__":
    harness.main()

"""What tests of routing daemons ask: which destinations the daemons brought to which node."""

import json

import harness

PROTOCOLS = ("bird", "bgp", "ospf", "isis", "rip", "ripng", "zebra")


class TablesTest(harness.LabTest):
    def tables(self, nodes):
        """Destinations that daemons brought, by node, both families."""
        found = {node: set() for node in nodes}
        for family in ("-4", "-6"):
            done = self.hopyard("exec", "--json", *nodes, "--", "ip", "-j", family, "route", seconds=120)
            for one in done.json()["results"]:
                for route in json.loads(one["stdout"] or "[]"):
                    if route.get("protocol") in PROTOCOLS:
                        found[one["node"]].add((family, route["dst"]))
        return found

    def missing(self, wanted):
        """What is not there yet of the destinations that each node should have."""
        found = self.tables(list(wanted))
        return {node: sorted(routes - found[node]) for node, routes in wanted.items() if routes - found[node]}

    def assert_tables(self, wanted, seconds=60):
        left = None

        def full():
            nonlocal left
            left = self.missing(wanted)
            return not left

        self.assertTrue(harness.wait_until(full, seconds), f"missing: {left}")

"""Interior protocols beside OSPF, by real daemons, over IPv4 and IPv6."""

import json

import harness
import tables

# A ring of four with a tail; names that a daemon's symbol could not have, and a host at the far end.
RING = """
lab: ring
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r-[1..4]: {kind: router, routing: PROTOCOL, addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}}
  9tail: {kind: router, routing: PROTOCOL, daemon: TAIL, addresses: {lo: [192.0.2.5/32, '2001:db8::5/128']}}
links:
  - ring: r-[1..4]
  - r-1 -- 9tail
  - pc -- r-3
"""


class Protocols(tables.TablesTest):
    def wanted_in_ring(self):
        lo = {name: {("-4", f"192.0.2.{i}"), ("-6", f"2001:db8::{i}")}
              for i, name in enumerate(("r-1", "r-2", "r-3", "r-4", "9tail"), 1)}
        return {name: set().union(*(lo[other] for other in lo if other != name)) for name in lo}

    def goes_round(self, protocol, bird=()):
        """Every table becomes full, and when a link fails the other way round is taken. Nodes of the ring that have BIRD, and the tail."""
        lab = RING.replace("PROTOCOL", protocol).replace("TAIL", "bird" if bird else "frr")
        for number in bird:
            lab = lab.replace("links:", f"  r-{number}: {{daemon: bird}}\nlinks:")
        self.up(lab)
        wanted = self.wanted_in_ring()
        self.assert_tables(wanted, 120)
        for address in ("192.0.2.5", "2001:db8::5"):
            self.assert_reaches("pc", address)
        self.hopyard("fail", "r-1 -- r-2")
        for family, other in (("-4", "192.0.2.2"), ("-6", "2001:db8::2")):
            self.assertTrue(harness.wait_until(
                lambda: "eth1" in self.run_in("r-1", "ip", family, "route", "show", other), 120), other)
        self.assert_tables(wanted, 120)
        for address in ("192.0.2.2", "2001:db8::2"):
            self.assert_reaches("9tail", address)

    def test_rip_with_frr(self):
        self.goes_round("rip")
        status = self.run_in("r-3", "vtysh", "-c", "show ip rip status")
        self.assertIn("Sending updates every 5 seconds", status)
        self.assertEqual(sorted(self.service_names("r-3")), ["ripd", "ripngd", "zebra"])

    def test_rip_with_bird(self):
        self.goes_round("rip", (1, 2, 3, 4))
        self.assertIn("rip6", self.run_in("9tail", "birdc", "show", "protocols"))

    def test_rip_between_frr_and_bird(self):
        self.goes_round("rip", (2,))

    def service_names(self, node):
        return {one["service"] for one in self.hopyard("ps", "--json", node).json()["processes"]} - {None}


if __name__ == "__main__":
    harness.main()

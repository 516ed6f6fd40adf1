"""RIP, IS-IS, BFD and BGP without addresses, by real daemons, over IPv4 and IPv6."""

import json
import re

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
  - r-1 -- 9tail: {mtu: 1400}
  - pc -- r-3
"""

# Whoever does not hear of a neighbour would believe in it for ten minutes.
WATCHED = """
lab: watched
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..3]:
    kind: router
    routing: PROTOCOL
    as: 65000 + i
    addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}
    bgp: {bfd: true, timers: {keepalive: 200s, hold: 600s}}
    ospf: {bfd: true, timers: {hello: 2s, dead: 600s}}
  r2: {daemon: bird}
  sw[1..2]: {kind: switch}
links:
  - chain: [r1, sw1, sw2, r2]
  - chain: [r1, r3, r2]
"""

# An AS whose sessions are longer than a link, by FRR and by BIRD; OSPF, which leads there, believes in everything for ten minutes.
FAR = """
lab: far
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..3]:
    kind: router
    routing: [ospf, bgp]
    as: 65000
    addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}
    bgp: {mesh: true, bfd: true, announce: ['198.51.{i}.0/24', '2001:db8:{i}::/48'], timers: {keepalive: 200s, hold: 600s}}
    ospf: {timers: {hello: 2s, dead: 600s}}
  r3: {daemon: bird}
  sw[1..2]: {kind: switch}
links:
  - chain: [r1, r2, sw1, sw2, r3]
"""

FABRIC = """
lab: fabric
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  leaf-[1..2]: {kind: router, routing: bgp, as: 65000 + i, bgp: {unnumbered: true}, addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}}
  spine-[3..4]: {kind: router, routing: bgp, as: 65000 + i, bgp: {unnumbered: true}, addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}}
  leaf-2: {daemon: bird}
  spine-4: {daemon: bird}
links:
  - leaf-[1..2] -- spine-3
  - leaf-[1..2] -- spine-4
  - pc-a -- leaf-1
  - pc-b -- leaf-2
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
        self.assertEqual(self.service_names("r-3"), {"ripd", "ripngd", "zebra"})

    def test_rip_with_bird(self):
        self.goes_round("rip", (1, 2, 3, 4))
        self.assertIn("rip6", self.run_in("9tail", "birdc", "show", "protocols"))

    def test_rip_between_frr_and_bird(self):
        self.goes_round("rip", (2,))

    def test_isis_with_frr(self):
        self.goes_round("isis")
        self.assertEqual(self.service_names("r-3"), {"isisd", "zebra"})
        neighbours = self.run_in("r-3", "vtysh", "-c", "show isis neighbor")
        self.assertRegex(neighbours, r"(?m)^ *r-2 +eth0 +2 +Up")
        self.assertRegex(neighbours, r"(?m)^ *r-4 +eth1 +2 +Up")

    def test_isis_with_bird_says_what_to_do(self):
        done = self.hopyard("up", self.lab("{nodes: {a: {kind: router, routing: isis, daemon: bird}}, links: [a -- b]}"), status=2)
        self.assertIn("error: 'a' runs BIRD, which does not speak IS-IS", done.err)
        self.assertIn("= help: daemon: frr, or routing: ospf", done.err)

    def silence_is_noticed(self, protocol):
        """A path that carries nothing any more while its interfaces stay up is gone round, in both directions, by FRR and by BIRD."""
        self.up(WATCHED.replace("PROTOCOL", protocol))
        self.assert_tables({f"r{i}": {(family, text.format(k)) for k in (1, 2, 3) if k != i
                                      for family, text in (("-4", "192.0.2.{}"), ("-6", "2001:db8::{}"))} for i in (1, 2, 3)}, 120)

        def leaves_by(node, number):
            found = set()
            for text in ("192.0.2.{}", "2001:db8::{}"):
                # While a route is replaced there is none for a moment.
                asked = self.hopyard("exec", node, "--", "ip", "-j", "route", "get", text.format(number), status=None)
                found.add(json.loads(asked.out)[0]["dev"] if asked.status == 0 else None)
            return found

        self.assertTrue(harness.wait_until(lambda: leaves_by("r1", 2) == leaves_by("r2", 1) == {"eth0"}, 60))
        self.assertTrue(harness.wait_until(lambda: "Up" in self.run_in("r2", "birdc", "show", "bfd", "sessions"), 60))
        peers = lambda: json.loads(self.run_in("r1", "vtysh", "-c", "show bfd peers json"))
        self.assertTrue(harness.wait_until(lambda: len(peers()) == 4 and all(one["status"] == "up" for one in peers()), 60))
        self.hopyard("fail", "sw1 -- sw2")
        self.assertTrue(harness.wait_until(lambda: leaves_by("r1", 2) == leaves_by("r2", 1) == {"eth1"}, 120),
                        (leaves_by("r1", 2), leaves_by("r2", 1)))
        for node in ("r1", "r2"):
            self.assertIn("LOWER_UP", self.run_in(node, "ip", "-br", "link", "show", "eth0"))
        self.assert_reaches("r1", "192.0.2.2", "-I", "192.0.2.1")

    def test_bfd_notices_silence_for_bgp(self):
        self.silence_is_noticed("bgp")
        timers = json.loads(self.run_in("r1", "vtysh", "-c", "show bgp neighbors json"))
        self.assertEqual({one["bgpTimerConfiguredHoldTimeMsecs"] for one in timers.values()}, {600000})

    def test_bfd_notices_silence_for_ospf(self):
        self.silence_is_noticed("ospf")

    def test_bfd_notices_silence_for_isis(self):
        self.up("""
lab: quiet
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..3]: {kind: router, routing: isis, isis: {bfd: true}, addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}}
  sw[1..2]: {kind: switch}
links:
  - chain: [r1, sw1, sw2, r2]
  - chain: [r1, r3, r2]
""")
        self.assert_tables({f"r{i}": {(family, text.format(k)) for k in (1, 2, 3) if k != i
                                      for family, text in (("-4", "192.0.2.{}"), ("-6", "2001:db8::{}"))} for i in (1, 2, 3)}, 120)
        peers = lambda node: json.loads(self.run_in(node, "vtysh", "-c", "show bfd peers json"))
        for node in ("r1", "r2"):
            self.assertTrue(harness.wait_until(lambda: len(peers(node)) == 2 and all(one["status"] == "up" for one in peers(node)), 60))
            # Whoever does not hear of it believes in it for ten minutes.
            self.run_in(node, "vtysh", "-c", "configure terminal", "-c", "interface eth0", "-c", "isis hello-multiplier 100",
                        "-c", "isis hello-interval 6")
        for node in ("r1", "r2"):
            neighbours = lambda: self.run_in(node, "vtysh", "-c", "show isis neighbor")
            self.assertTrue(harness.wait_until(lambda: re.search(r"(?m)^ *r[12] +eth0 +2 +Up +5\d\d", neighbours()), 60), neighbours())
        leaves_by = lambda node, family, other: self.run_in(node, "ip", family, "route", "show", other)
        self.hopyard("fail", "sw1 -- sw2")
        for node, number in (("r1", 2), ("r2", 1)):
            for family, text in (("-4", "192.0.2.{}"), ("-6", "2001:db8::{}")):
                self.assertTrue(harness.wait_until(lambda: "dev eth1" in leaves_by(node, family, text.format(number)), 60), node)
            self.assertIn("LOWER_UP", self.run_in(node, "ip", "-br", "link", "show", "eth0"))
        self.assert_reaches("r1", "192.0.2.2", "-I", "192.0.2.1")

    def test_bfd_notices_silence_between_members_of_a_mesh(self):
        self.up(FAR)
        prefixes = {i: {("-4", f"198.51.{i}.0/24"), ("-6", f"2001:db8:{i}::/48")} for i in (1, 2, 3)}
        self.assert_tables({f"r{i}": set().union(*(prefixes[k] for k in prefixes if k != i)) for i in prefixes}, 120)
        for node in ("r1", "r2"):
            peers = lambda: json.loads(self.run_in(node, "vtysh", "-c", "show bfd peers json"))
            self.assertTrue(harness.wait_until(lambda: len(peers()) == 4 and all(one["status"] == "up" for one in peers()), 60))
        sessions = lambda: self.run_in("r3", "birdc", "show", "bfd", "sessions")
        self.assertTrue(harness.wait_until(lambda: len(re.findall(r" Up ", sessions())) == 4, 60), sessions())
        self.hopyard("wait", "--routes-stable", "5s")
        before = self.tables(["r1", "r2", "r3"])
        self.hopyard("fail", "sw1 -- sw2")
        cut = {"r1": prefixes[3], "r2": prefixes[3], "r3": prefixes[1] | prefixes[2]}
        self.assertTrue(harness.wait_until(lambda: not any(routes & cut[node] for node, routes in self.tables(list(cut)).items()), 60))
        # OSPF has noticed nothing, and the session that does not go that way is as it was.
        self.assertEqual(self.tables(list(cut)), {node: routes - cut[node] for node, routes in before.items()})
        self.hopyard("heal", "sw1 -- sw2")
        self.assert_tables(cut, 120)

    def test_bgp_without_addresses(self):
        self.up(FABRIC)
        names = {"leaf-1": 1, "leaf-2": 2, "spine-3": 3, "spine-4": 4}
        self.assert_tables({name: {(family, text.format(other)) for other in names.values() if other != own
                                   for family, text in (("-4", "192.0.2.{}"), ("-6", "2001:db8::{}"))}
                            for name, own in names.items()}, 120)
        for node in ("leaf-1", "spine-4"):
            self.assertNotIn("inet 10.", self.run_in(node, "ip", "addr", "show", "eth0"))
            self.assertIn("via inet6 fe80:", self.run_in(node, "ip", "route", "show", "192.0.2.2"))
        for address in ("192.0.2.2", "192.0.2.3", "192.0.2.4", "2001:db8::2", "2001:db8::4"):
            self.assert_reaches("pc-a", address)
        self.assert_reaches("pc-a", "pc-b")
        # The routes are there by one of the two spines.
        summary = lambda: json.loads(self.run_in("leaf-1", "vtysh", "-c", "show bgp ipv4 unicast summary json"))
        self.assert_becomes(lambda: summary().get("peers", {}).get("eth0", {}).get("state"), "Established", 60)
        self.assertIn("spine_4_ll", self.run_in("leaf-2", "birdc", "show", "protocols"))

    def test_a_mesh_over_ospf_with_areas(self):
        """Routes from outside are known in the whole AS, though most of it has no session along its links."""
        for border, inner in (("frr", "bird"), ("bird", "frr")):
            with self.subTest(border=border):
                self.up(f"""
lab: mesh-{border}
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..4]:
    kind: router
    routing: [ospf, bgp]
    daemon: {inner}
    as: 65000
    addresses: {{lo: ['192.0.2.{{i}}/32', '2001:db8::{{i}}/128']}}
    bgp: {{mesh: true}}
  r2: {{daemon: {border}, ospf: {{area: 0, interfaces: {{eth0: {{area: 1}}}}}}}}
  r1: {{ospf: {{area: 1}}}}
  r4: {{bgp: {{announce: [192.0.2.0/24, '2001:db8::/64']}}}}
  out: {{kind: router, routing: bgp, as: 65001, addresses: {{lo: [192.0.2.9/32, '2001:db8::9/128']}}}}
links:
  - chain: r[1..4]
  - r4 -- out
""")
                lo = {f"r{i}": {("-4", f"192.0.2.{i}"), ("-6", f"2001:db8::{i}")} for i in (1, 2, 3, 4)}
                lo["out"] = {("-4", "192.0.2.9"), ("-6", "2001:db8::9")}
                wanted = {node: set().union(*(lo[other] for other in lo if other != node)) for node in lo}
                wanted["out"] = {("-4", "192.0.2.0/24"), ("-6", "2001:db8::/64")}
                self.assert_tables(wanted, 120)
                for address, own in (("192.0.2.9", "192.0.2.1"), ("2001:db8::9", "2001:db8::1")):
                    self.assert_reaches("r1", address, "-I", own)
                self.down_all()

    def test_announcing_what_ospf_knows_takes_nothing_away(self):
        for daemon in ("bird", "frr"):
            with self.subTest(daemon=daemon):
                self.up(f"""
lab: known-{daemon}
networks: {{lan: [10.1.0.0/24, 'fd00:1::/64']}}
pool: [10.0.0.0/8, 'fd00:2::/48']
kinds:
  core: {{kind: router, routing: [ospf, bgp], as: 65000, daemon: {daemon}, bgp: {{mesh: true}}}}
nodes:
  r1: {{kind: core, addresses: {{lo: [192.0.2.1/32, '2001:db8::1/128']}}}}
  r2: {{kind: core, addresses: {{lo: [192.0.2.2/32, '2001:db8::2/128']}}, bgp: {{announce: [10.1.0.0/24, 'fd00:1::/64']}}}}
  out: {{kind: router, routing: bgp, as: 65001, addresses: {{lo: [192.0.2.9/32, '2001:db8::9/128']}}}}
links: [pc -- lan, r1 -- lan, r1 -- r2, r2 -- out]
""")
                known = {("-4", "10.1.0.0/24"), ("-6", "fd00:1::/64")}
                self.assert_tables({"r2": known, "out": known, "r1": {("-4", "192.0.2.9"), ("-6", "2001:db8::9")}}, 120)
                self.assert_reaches("out", "pc", "-4", "-I", "192.0.2.9")
                self.assert_reaches("out", "pc", "-6", "-I", "2001:db8::9")
                self.down_all()

    def service_names(self, node):
        return {one["service"] for one in self.hopyard("ps", "--json", node).json()["processes"]} - {None}


if __name__ == "__main__":
    harness.main()

"""Routing daemons in labs: BGP and OSPF by FRR and by BIRD spread every prefix, and heal."""

import json
import re

import harness
import tables
import vty

ROW = """
lab: row
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[0..9]:
    kind: router
    routing: bgp
    daemon: DAEMON
    as: 100 + i
    addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i+1}/128']}
  r0: {bgp: {announce: [0.0.0.0/0, '::/0']}}
links:
  - chain: r[0..9]
  - pc -- r9
"""

TRIANGLE = """
lab: triangle
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..3]: {kind: router, routing: ospf, addresses: {lo: ['192.0.2.{i}/32', '2001:db8::{i}/128']}}
  r2: {daemon: bird}
links:
  - ring: r[1..3]
    cost: 10
"""


class Daemons(tables.TablesTest):
    def wanted_in_row(self):
        everywhere = {("-4", "default"), ("-6", "default")}
        lo = {i: {("-4", f"192.0.2.{i}"), ("-6", f"2001:db8::{i + 1}")} for i in range(10)}
        return {f"r{i}": set().union(everywhere if i else set(), *(lo[k] for k in lo if k != i)) for i in range(10)}

    def row(self, daemon, process):
        self.up(ROW.replace("DAEMON", daemon))
        wanted = self.wanted_in_row()
        self.assert_tables(wanted)
        self.assert_reaches("pc", "192.0.2.0")
        self.assert_reaches("pc", "2001:db8::1")
        before = self.run_in("r5", "pgrep", "-x", process).split()
        self.run_in("r5", "kill", "-9", *before)

        def started_again():
            now = self.hopyard("exec", "r5", "--", "pgrep", "-x", process, status=None).out.split()
            return now and not set(now) & set(before)

        self.assertTrue(harness.wait_until(started_again, 30), "it was not started again")
        self.assert_tables(wanted)
        self.assert_reaches("pc", "192.0.2.0")

    def test_ten_routers_with_bird(self):
        self.row("bird", "bird")
        self.assertIn("Established", self.run_in("r5", "birdc", "show", "protocols"))

    def test_ten_routers_with_frr(self):
        self.row("frr", "bgpd")
        summary = self.run_in("r5", "vtysh", "-c", "show ip bgp summary")
        self.assertRegex(summary, r"(?m)^r?\S*\S+\s+4\s+104\s")
        self.assertRegex(summary, r"(?m)\s4\s+106\s")
        bgpd = vty.Vty(self, "r5", 2605)
        summary = bgpd.ask("show ip bgp summary")
        self.assertRegex(summary, r"local AS number 105\b")
        self.assertRegex(summary, r"(?m)^10\.\S+ +4 +104 .* r4 by eth0$")
        self.assertRegex(summary, r"(?m)^10\.\S+ +4 +106 .* r6 by eth1$")
        bgpd.enable()
        self.assertRegex(bgpd.ask("show running-config"), r"(?m)^router bgp 105$")
        bgpd.leave()
        zebra = vty.Vty(self, "r5", 2601)
        self.assertRegex(zebra.ask("show ip route 192.0.2.9"), r"Known via \"bgp\"")
        zebra.leave()
        self.assertNotIn("2605", self.run_in("r5", "ss", "-ltnH", "not", "src", "127.0.0.1"))
        running = self.run_in("r5", "ps", "-e", "-o", "comm=").split()
        self.assertEqual([one for one in running if one in ("zebra", "bgpd", "ospfd", "ospf6d", "staticd", "watchfrr")],
                         ["zebra", "bgpd"])

    def test_ospf_between_frr_and_bird_goes_round_a_broken_link(self):
        self.up(TRIANGLE)
        wanted = {f"r{i}": {(family, text.format(k)) for k in (1, 2, 3) if k != i
                            for family, text in (("-4", "192.0.2.{}"), ("-6", "2001:db8::{}"))} for i in (1, 2, 3)}
        self.assert_tables(wanted)
        self.hopyard("fail", "r1 -- r2")
        for node, other in (("r1", "192.0.2.2"), ("r2", "192.0.2.1")):
            self.assertTrue(harness.wait_until(lambda: "eth1" in self.run_in(node, "ip", "route", "show", other), 60), node)
        self.assert_reaches("r1", "192.0.2.2", "-I", "192.0.2.1")

    def test_vendors_timers_and_policies_work_too(self):
        self.up("{lab: real, nodes: {'r[1..2]': {kind: router, routing: bgp, as: 100 + i, realistic: true, "
                "addresses: {lo: '192.0.2.{i}/32'}}}, links: [r1 -- r2]}")
        self.assert_tables({"r1": {("-4", "192.0.2.2")}, "r2": {("-4", "192.0.2.1")}}, 180)
        timers = json.loads(self.run_in("r1", "vtysh", "-c", "show bgp neighbors json"))["10.0.0.2"]
        self.assertEqual((timers["bgpTimerConfiguredHoldTimeMsecs"], timers["bgpTimerConfiguredKeepAliveIntervalMsecs"]),
                         (180000, 60000))

    def test_an_as_with_a_reflector_in_the_middle(self):
        for daemon in ("frr", "bird"):
            with self.subTest(daemon=daemon):
                self.up(f"""
lab: inside-{daemon}
nodes:
  r[1..3]: {{kind: router, routing: bgp, daemon: {daemon}, as: 65000, addresses: {{lo: '192.0.2.{{i}}/32'}}}}
  r2: {{bgp: {{reflector: true}}}}
  out: {{kind: router, routing: bgp, daemon: {daemon}, as: 65001, addresses: {{lo: 192.0.2.9/32}}}}
links:
  - chain: r[1..3]
  - r1 -- out
""")
                self.assert_tables({"r3": {("-4", "192.0.2.1"), ("-4", "192.0.2.2"), ("-4", "192.0.2.9")},
                                    "out": {("-4", "192.0.2.3")}})
                self.assert_reaches("r3", "192.0.2.9", "-I", "192.0.2.3")
                self.down_all()

    def test_the_configuration_of_your_own_in_the_reference(self):
        text = (harness.ROOT / "docs/routing-daemons.md").read_text()
        block = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)[-1]
        self.up("lab: own\n" + block)

        def established():
            summary = json.loads(self.run_in("r1", "vtysh", "-c", "show bgp ipv4 unicast summary json"))
            return summary["peers"]["10.0.0.2"]["state"] == "Established"

        self.assertTrue(harness.wait_until(established, 60))

    def test_hundred_hops_with_bird(self):
        self.up(harness.EXAMPLES / "hundred-hops-bgp", "--set", "DAEMON=bird", seconds=300)
        def wires(*numbers):
            return {("-4", f"172.31.{i}.0/24") for i in numbers} | {("-6", f"fd00:31:{i}::/64") for i in numbers}

        far = {("-4", "8.8.8.8"), ("-4", "default"), ("-6", "2001:4860:4860::8888"), ("-6", "default")}
        prefixes = wires(*range(1, 101)) | far
        wanted = {"ROUTER_100": prefixes - wires(100), "ROUTER_50": prefixes - wires(50, 51), "ROUTER_0": prefixes - wires(1) - far}
        self.assert_tables(wanted, 120)
        sessions = self.run_in("ROUTER_50", "birdc", "show", "protocols", "all")
        self.assertRegex(sessions, r"Neighbor AS: +149\b")
        self.assertRegex(sessions, r"Neighbor AS: +151\b")
        for target, hop in (("8.8.8.8", "172.31.{}.1"), ("2001:4860:4860::8888", "fd00:31:{}::1")):
            self.assertEqual(self.trace("ROUTER_100", "-m", "120", target), [hop.format(i + 1) for i in range(99, 0, -1)] + [target])


if __name__ == "__main__":
    harness.main()

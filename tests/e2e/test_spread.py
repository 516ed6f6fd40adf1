"""One prefix as it spreads: spread, with routes made by hand and by a routing daemon."""

import json
import re
import xml.etree.ElementTree

import harness
from route_watch import TRIO, RoutesTest

BIRD = """
log "/var/log/bird.log" all;
router id 10.255.0.{number};
protocol device {{ scan time 1; }}
protocol kernel {{ ipv4 {{ export all; }}; }}
protocol kernel {{ ipv6 {{ export where source != RTS_DEVICE; }}; }}
protocol direct {{ ipv6; interface "lo"; }}
protocol ospf v2 {{
  ipv4 {{ import all; }};
  area 0 {{
    interface "lo" {{ stub; }};
    interface "eth*" {{ type ptp; hello 1; retransmit 2; dead count 10; }};
  }};
}}
protocol ospf v3 {{
  ipv6 {{ import all; export where source = RTS_DEVICE; }};
  area 0 {{
    interface "eth*" {{ type ptp; hello 1; retransmit 2; dead count 10; }};
  }};
}}
"""
ROUTERS = [f"r{number}" for number in range(1, 7)]


def chain():
    """Six routers in a row, each with an address of each family on lo, and a routing daemon's configuration."""
    nodes = {name: {"kind": "router", "routing": "none",
                    "addresses": {"lo": [f"10.255.0.{number}/32", f"fd00::{number}/128"]},
                    "files": {"/etc/chain.conf": BIRD.format(number=number)}}
             for number, name in enumerate(ROUTERS, start=1)}
    links = [f"{one} -- {other}" for one, other in zip(ROUTERS, ROUTERS[1:])]
    return json.dumps({"lab": "chain", "nodes": nodes, "links": links})


class Spread(RoutesTest):
    def setUp(self):
        super().setUp()
        self.up(TRIO)
        self.hopyard("wait", "--routes-stable", "100ms")

    def test_who_has_it_now(self):
        have = self.hopyard("spread", "10.255.9.9", "--json").json()
        self.assertEqual((have["origins"], have["have"], have["watched"]), (["dual"], 2, False))
        self.assertEqual([(row["node"], row["hops"], row["route"] is not None) for row in have["nodes"]],
                         [("dual", 0, True), ("r+1", 1, True), ("a", 2, False), ("b", 2, False)])
        self.assertRegex(self.hopyard("spread", "10.255.9.9").out,
                         r"(?s)^NODE  HOPS  ROUTE NOW\ndual +0  local 10\.255\.9\.9/32 .*2 of 4 nodes have 10\.255\.9\.9/32; it comes from "
                         r"dual\n$")

    def test_announced_before_it_is_known(self):
        """Watched from before there is anything of it; the one that announces it is the origin, in whatever order."""
        svg = self.folder / "a b.svg"
        watch = self.watch("fd99::/16", "--svg", svg, verb="spread")
        self.ip("b", "-6", "route", "add", "fd99::/16", "via", "fe80::1", "dev", "eth0")
        self.assertEqual(self.event(watch, event="got")["hops"], 0)  # as far as is known
        self.ip("dual", "-6", "route", "add", "blackhole", "fd99::/16")
        self.assertEqual(self.event(watch, event="got")["hops"], 0)
        self.ip("b", "-6", "route", "replace", "fd99::/16", "via", "fe80::2", "dev", "eth0")
        self.assertEqual(self.event(watch, event="changed")["hops"], 2)
        self.ip("b", "-6", "route", "del", "fd99::/16")
        self.assertEqual(self.event(watch, event="gone")["hops"], 2)
        [table] = self.interrupt(watch)
        self.assertEqual((table["origins"], table["have"]), (["dual"], 1))
        self.assertIn("lost after", svg.read_text())

    def test_mistakes(self):
        self.assertIn("did you mean 10.1.0.0/16?", self.hopyard("spread", "10.1.2.0/16", status=2).err)
        self.assertIn("add --watch", self.hopyard("spread", "10.1.0.0/16", "--svg", "x.svg", status=2).err)
        self.assertIn("No such file or directory", self.hopyard("spread", "10.1.0.0/16", "-w", "--svg", "no/x.svg", status=1).err)
        self.assertIn("PREFIX is missing", self.hopyard("spread", status=2).err)


class Converging(RoutesTest):
    """A real routing daemon."""

    def setUp(self):
        super().setUp()
        self.up(chain())

    def start_daemons(self):
        self.hopyard("exec", *ROUTERS, "--", "bird", "-c", "/etc/chain.conf", "-s", "/run/bird.ctl", "-P", "/run/bird.pid")

    def drawn(self, svg):
        """What the points of a picture say of themselves."""
        drawing = xml.etree.ElementTree.parse(svg).getroot()
        return [title.text for title in drawing.iter("{http://www.w3.org/2000/svg}title")]

    def test_spreads_from_one_end_to_the_other(self):
        svg = self.folder / "spread.svg"
        watches = {prefix: self.watch(prefix, "--routes-stable", "10s", "--timeout", f"{60 * harness.PATIENCE:.0f}s", *options, verb="spread")
                   for prefix, options in (("10.255.0.1", ("--svg", svg)), ("fd00::1/128", ()))}
        self.start_daemons()
        for prefix, watch in watches.items():
            out, err = watch.communicate(timeout=90 * harness.PATIENCE)
            self.assertEqual(watch.returncode, 0, err)
            *steps, table = [json.loads(line) for line in out.splitlines()]
            got = {step["node"]: step for step in steps if step["event"] == "got"}
            self.assertEqual({name: step["hops"] for name, step in got.items()},
                             {router: hops for hops, router in enumerate(ROUTERS) if hops > 0})
            self.assertEqual({step["route"]["protocol"] for step in steps}, {"bird"})
            self.assertEqual((table["event"], table["origins"], table["have"]), ("table", ["r1"], 6))
            self.assertEqual([(row["node"], row["hops"], row["at_start"]) for row in table["nodes"]],
                             [(router, hops, hops == 0) for hops, router in enumerate(ROUTERS)])
            self.assertEqual({row["node"]: row["seconds"] for row in table["nodes"] if row["seconds"]},
                             {name: step["seconds"] for name, step in got.items()})
        self.assertEqual(sorted(re.sub(r"\d+\.\d+ s", "T", text) for text in self.drawn(svg)),
                         ["r1: 0 hops, from the start"] + [f"r{hops + 1}: {hops} hops, T" for hops in range(1, 6)])

    def test_converges_fails_and_heals(self):
        self.start_daemons()
        waited = self.hopyard("wait", "--routes-stable", "10s", "--reach", "r1", "r6", "--timeout", f"{50 * harness.PATIENCE:.0f}s", "--json").json()
        self.assertEqual([one["to"] for one in waited["reach"]], ["10.255.0.6", "fd00::6"])
        svg = self.folder / "healed.svg"
        watch = self.watch("10.255.0.1/32", "--svg", svg, verb="spread")
        self.hopyard("fail", "r3", "--", "r4")
        lost = {self.event(watch, event="gone")["node"] for _ in range(3)}
        self.assertEqual(lost, {"r4", "r5", "r6"})
        self.assertEqual(self.hopyard("spread", "10.255.0.1", "--json").json()["have"], 3)
        self.hopyard("wait", "--reach", "r1", "r6", "--timeout", "500ms", status=1)
        self.hopyard("heal", "r3", "--", "r4")
        got = [self.event(watch, event="got") for _ in range(3)]
        self.assertEqual({(step["node"], step["hops"]) for step in got}, {("r4", 3), ("r5", 4), ("r6", 5)})
        *_, table = self.interrupt(watch)
        row = table["nodes"][5]
        self.assertEqual((row["node"], row["at_start"], row["changes"]), ("r6", True, 2))
        self.assertLess(row["lost_seconds"], row["again_seconds"])
        self.assertEqual(self.drawn(svg)[-3:], [f"{step['node']}: {step['hops']} hops, {step['seconds']:.6f} s" for step in got])
        self.hopyard("wait", "--reach", "r1", "r6")


if __name__ == "__main__":
    harness.main()

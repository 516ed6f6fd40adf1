"""Static routing: every pair reaches each other by a shortest way, IPv4 and IPv6, on several shapes."""

import collections
import itertools
import json

import harness

V6 = "pool: [10.0.0.0/8, 2001:db8::/32]"


class Routing(harness.LabTest):
    def addresses(self, nodes):
        """One global address a family of each node; the same answer serves all pairs."""
        found = {}
        for node in nodes:
            listed = json.loads(self.run_in(node, "ip", "-j", "address", "show", "scope", "global"))
            found[node] = {info["family"]: info["local"] for link in listed for info in link.get("addr_info", []) if info}
        return found

    def all_pairs(self, nodes, families=("inet", "inet6")):
        """One fping-like program a node: each pings all others."""
        self.wait_for_ipv6(nodes)
        addresses = self.addresses(nodes)
        for node in nodes:
            targets = [addresses[other][family] for other in nodes if other != node for family in families]
            script = "for a in " + " ".join(targets) + "; do ping -n -c 1 -W 3 $a >/dev/null || ping -n -c 1 -W 3 $a >/dev/null || echo $a; done"
            self.assertEqual(self.run_in(node, "sh", "-c", script, seconds=300), "", f"not reached from {node}")

    def wait_for_ipv6(self, nodes):
        """Duplicate address detection takes a second or two; until then an address cannot be used."""
        def ready():
            return not self.hopyard("exec", *nodes, "--", "ip", "-6", "address", "show", "tentative").out.strip()
        self.assertTrue(harness.wait_until(ready, 20))

    def links_of(self, lab):
        """Neighbours of each node, from what show says of the links."""
        graph = collections.defaultdict(set)
        for link in self.show(lab)["links"]:
            one, other = (end.split(":")[0] for end in link["link"].split(" -- "))
            graph[one].add(other)
            graph[other].add(one)
        return graph

    def distance(self, graph, start, goal):
        seen, edge = {start}, [start]
        for steps in itertools.count():
            if goal in edge:
                return steps
            edge = [next_ for node in edge for next_ in graph[node] if next_ not in seen and not seen.add(next_)]

    def test_shapes(self):
        shapes = {
            "chain": "{chain: 'r[1..6]'}",
            "ring": "{ring: 'r[1..7]'}",
            "mesh": "{mesh: 'r[1..5]'}",
            "tree": "{tree: 'r[1..7]'}",
            "grid": "{grid: 'r[1..9]', columns: 3}",
            "torus": "{torus: 'r[1..9]', columns: 3}",
        }
        for shape, link in shapes.items():
            with self.subTest(shape=shape):
                self.down_all()
                count = link.split("..")[1].split("]")[0]
                self.up(f"{{lab: {shape}, {V6}, nodes: {{'r[1..{count}]': {{kind: router, addresses: {{lo: '192.0.2.{{i}}/32'}}}}}}, "
                        f"links: [{link}]}}")
                nodes = [f"r{i}" for i in range(1, int(count) + 1)]
                self.all_pairs(nodes)
                graph = self.links_of(shape)
                for node in nodes[1:]:
                    self.assertEqual(self.hops("r1", node, f"192.0.2.{node[1:]}"), self.distance(graph, "r1", node), node)

    def hops(self, node, other, address):
        """A question of traceroute's, or its answer, may be lost or come late: then it asks anew."""
        out = None

        def complete():
            nonlocal out
            out = self.run_in(node, "traceroute", "-I", "-n", "-q", "1", "-w", "3", address)
            return "*" not in out

        self.assertTrue(harness.wait_until(complete, 60), out)
        return len(out.splitlines()) - 1

    def test_hosts_behind_routers(self):
        self.up(f"""
lab: office
{V6}
networks: {{lan1: {{}}, lan2: {{}}, lan3: {{}}}}
nodes: {{'r[1..3]': {{kind: router}}}}
links:
  - ring: r[1..3]
  - r1 -- lan1
  - r2 -- lan2
  - r3 -- lan3
  - a[1..2] -- lan1
  - b[1..2] -- lan2
  - c1 -- lan3
""")
        self.all_pairs(["a1", "a2", "b1", "b2", "c1", "r1", "r2", "r3"])

    def test_star_around_a_router(self):
        self.up(f"{{lab: star, {V6}, nodes: {{hub: {{kind: router}}}}, links: [{{star: {{center: hub, leaves: 'h[1..6]'}}}}]}}")
        self.all_pairs(["hub"] + [f"h{i}" for i in range(1, 7)])

    def test_cost_moves_traffic(self):
        self.up("{lab: cost, defaults: {nodes: {kind: router}}, links: [{r1 -- r3: {cost: 10}}, r1 -- r2, r2 -- r3], "
                "nodes: {r3: {addresses: {lo: 192.0.2.3/32}}}}")
        self.assertEqual(self.hops("r1", "r3", "192.0.2.3"), 2)

    def test_switches_and_hubs_are_no_hops(self):
        self.up("{lab: l2, nodes: {sw: {kind: switch}, hub: {kind: hub}, r: {kind: router}}, "
                "links: [a -- sw, b -- sw, r -- sw, r -- hub, c -- hub, d -- hub]}")
        self.all_pairs(["a", "b", "c", "d"], families=("inet",))
        addresses = self.addresses(["b", "c"])
        self.assertEqual(self.hops("a", "b", addresses["b"]["inet"]), 1)
        self.assertEqual(self.hops("a", "c", addresses["c"]["inet"]), 2)

    def test_a_long_chain_has_few_routes_each(self):
        self.up("{lab: long, defaults: {nodes: {kind: router}}, links: [{chain: 'r[1..250]'}], nodes: {'r[1..250]': {sysctl: {net.ipv4.ip_default_ttl: 255}}}}")
        last = self.addresses(["r250"])["r250"]["inet"]
        self.assert_reaches("r1", last)
        for node in ("r1", "r100", "r249"):
            routes = [line for line in self.run_in(node, "ip", "route").splitlines() if "proto kernel" not in line]
            self.assertLess(len(routes), 24, routes)

    def test_routes_and_rules_as_given(self):
        self.up("""
lab: given
nodes:
  r:
    kind: router
    routing: none
    addresses: {eth0: 10.0.0.1/24, eth1: 10.1.0.1/24}
    routes:
      - {to: default, via: 10.0.0.2}
      - {to: 192.0.2.0/24, type: blackhole}
      - {to: 198.51.100.0/24, via: [{via: 10.0.0.2, weight: 3}, {via: 10.1.0.2, weight: 1}], table: 100, metric: 7}
    rules:
      - {from: 10.1.0.0/24, table: 100, priority: 500}
  a: {addresses: {eth0: 10.0.0.2/24}}
  b: {addresses: {eth0: 10.1.0.2/24}}
links: [r -- a, r -- b]
""")
        routes = self.run_in("r", "ip", "route", "show", "table", "all")
        self.assertRegex(routes, r"default via 10\.0\.0\.2 dev eth0")
        self.assertIn("blackhole 192.0.2.0/24", routes)
        self.assertRegex(routes, r"198\.51\.100\.0/24 table 100 .*metric 7[\s\S]*nexthop via 10\.0\.0\.2 dev eth0 weight 3[\s\S]*nexthop via 10\.1\.0\.2 dev eth1 weight 1")
        self.assertRegex(self.run_in("r", "ip", "rule"), r"500:\s+from 10\.1\.0\.0/24 lookup 100")


if __name__ == "__main__":
    harness.main()

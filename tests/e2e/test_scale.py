"""Networks of the size that people draw maps of: a thousand BGP routers, an Internet service provider."""

import heapq
import ipaddress
import json
import math
import pathlib
import re

import harness

CITIES = 160


def place(number):
    """Latitude and longitude: a spiral, so that no two distances are the same."""
    return 35 + 0.15 * number, 15 + 12 * math.sin(number / 7) + 0.01 * number


def edges():
    """A backbone from city to city, and every third one joined to another further on."""
    return [(i, i + 1) for i in range(CITIES - 1)] + [(i, (i * 7 + 13) % CITIES) for i in range(0, CITIES, 3) if (i * 7 + 13) % CITIES != i]


def isp():
    text = 'graph [\n  Network "Spiral Net"\n'
    for i in range(CITIES):
        text += '  node [ id {0} label "City {0}" Latitude {1} Longitude {2} ]\n'.format(i, *place(i))
    return text + "".join(f"  edge [ source {a} target {b} ]\n" for a, b in edges()) + "]\n"


def distances(origin, costs):
    """The least cost from the origin to each node (Dijkstra)."""
    least, heap = {}, [(0, origin)]
    while heap:
        so_far, node = heapq.heappop(heap)
        if node not in least:
            least[node] = so_far
            for other, cost in costs[node]:
                heapq.heappush(heap, (so_far + cost, other))
    return least


class Scale(harness.LabTest):
    def assert_memory_falls_below(self, lab, limit, seconds):
        """What all services of a lab take together; the kernel takes its time to find what they have alike."""
        pids = [one["host_pid"] for one in self.hopyard("ps", "-l", lab, "--json").json()["processes"] if one["service"]]
        self.assertGreaterEqual(len(pids), 1000)

        def taken(pid):
            """One that has ended meanwhile takes nothing."""
            try:
                rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                return 0
            return sum(int(kib) * 1024 for kib in re.findall(r"(?m)^Pss: +(\d+) kB", rollup))

        total = 0

        def below():
            nonlocal total
            total = sum(map(taken, pids))
            return total < limit

        self.assertTrue(harness.wait_until(below, seconds), f"{total} bytes")

    def test_example_thousand_routers(self):
        # Older kernels cannot merge what processes have alike; then the lab takes more.
        merges = pathlib.Path("/sys/kernel/mm/ksm/smart_scan").exists()
        self.up(harness.EXAMPLES / "thousand-routers", "--set", f"MEMORY={'merge' if merges else 'own'}", seconds=300)
        self.hopyard("wait", "--routes-stable", "5s", "--timeout", "10m", seconds=700)
        listed = self.hopyard("exec", "--all", "--", "sh", "-c", "grep -c . /proc/net/route", seconds=300).out.splitlines()
        self.assertEqual(len(listed), 1000)
        for line in listed:
            node, routes = re.fullmatch(r"(\S+) +\| (\d+)", line).groups()
            # The head of the table; 999 subnets; 8.8.8.8 and the default route, which ROUTER_0 has by itself.
            self.assertEqual(int(routes), 1000 if node == "ROUTER_0" else 1002, line)
        farthest = self.run_in("ROUTER_999", "birdc", "show", "route", "where", "bgp_path.len", "=", "999")
        self.assertEqual(set(re.findall(r"(?m)^(\S+/\d+) ", farthest)), {"8.8.8.8/32", "0.0.0.0/0"})
        # 1.3 GiB of it are the paths: each router has 1,000, of 333 systems on average.
        self.assert_memory_falls_below("thousand-routers", (2 if merges else 3) << 30, seconds=300)
        said = self.hopyard("spread", "8.8.8.8/32", "--json").json()
        self.assertEqual((said["have"], said["origins"]), (1000, ["ROUTER_0"]))
        trace = self.run_in("ROUTER_254", "traceroute", "-n", "-q", "1", "-N", "32", "-w", "5", "-m", "255", "8.8.8.8", seconds=300)
        self.assertEqual(len(trace.splitlines()), 1 + 254)
        self.assertIn(" 8.8.8.8 ", trace.splitlines()[-1])

    def test_an_isp_speaks_ospf(self):
        """Costs from distances: what a kernel has is what the shortest way on Earth costs."""
        (self.folder / "isp.gml").write_text(isp())
        self.hopyard("import", "gml", "--routing", "ospf", "--daemon", "bird", "isp.gml", "-o", "isp.hop.yaml")
        self.up(self.folder / "isp.hop.yaml", seconds=300)
        self.hopyard("wait", "--routes-stable", "5s", "--timeout", "5m", seconds=400)
        subnets = self.subnets()
        self.assertEqual(len(subnets), len(edges()))
        costs = {f"City-{i}": [] for i in range(CITIES)}
        for (a, b), cost in zip(edges(), self.costs()):
            costs[f"City-{a}"].append((f"City-{b}", cost))
            costs[f"City-{b}"].append((f"City-{a}", cost))
        self.assertGreater(len({cost for one in costs.values() for _, cost in one}), 20)
        for node in ("City-0", "City-77", f"City-{CITIES - 1}"):
            self.assert_ways(node, costs, subnets)

    def costs(self):
        """Of the links, in their order, as the lab file that was made has them."""
        return [int(cost) for cost in re.findall(r"(?m)^  - .*cost: (\d+)", (self.folder / "isp.hop.yaml").read_text())]

    def assert_ways(self, node, costs, subnets):
        """Each subnet's cost by BIRD is that of the nearer end and the link; the kernel has a route to each that is not the node's own."""
        least = distances(node, costs)
        found = dict(re.findall(r"(?m)^(\S+/30) .*\(\d+/(\d+)\)", self.run_in(node, "birdc", "show", "route", "protocol", "ospf4")))
        kernel = {one["dst"] for one in json.loads(self.run_in(node, "ip", "-j", "route"))}
        self.assertEqual(set(found), {subnet for _, _, subnet in subnets})
        for ends, cost, subnet in subnets:
            self.assertEqual(int(found[subnet]), min(least[end] for end in ends) + cost, f"{node} to {subnet}")
            self.assertIn(subnet, kernel)

    def subnets(self):
        """Both ends, the cost and the prefix of each link."""
        shown = self.show("Spiral-Net")
        prefixes = {(node["node"], one["interface"]): str(ipaddress.ip_interface(one["address"]).network)
                    for node in shown["nodes"] for one in node["addresses"]}
        ends = [[(end["node"], end["interface"]) for end in link["ends"]] for link in shown["links"]]
        return [([node for node, _ in pair], cost, prefixes[pair[0]]) for pair, cost in zip(ends, self.costs())]


if __name__ == "__main__":
    harness.main()

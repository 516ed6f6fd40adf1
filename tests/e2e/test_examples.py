"""Every folder of examples/: brought up, reached as its comment promises, taken down."""

import re
import subprocess

import harness
import test_scale
import vty


class Examples(harness.LabTest):
    def test_every_example_is_tested(self):
        names = dir(self) + dir(test_scale.Scale)
        tested = {name.removeprefix("test_example_").replace("_", "-") for name in names if "test_example_" in name}
        self.assertEqual(tested, {path.parent.name for path in harness.EXAMPLES.glob("*/lab.hop.yaml")})

    def test_every_example_begins_with_a_comment_that_shows_how_it_is_used(self):
        for path in harness.EXAMPLES.glob("*/lab.hop.yaml"):
            comment = re.match(r"(#.*\n)+", path.read_text())
            self.assertIn(f"hopyard up examples/{path.parent.name}\n", comment.group(0), path)

    def bring_up(self, name):
        self.hopyard("check", harness.EXAMPLES / name)
        self.up(harness.EXAMPLES / name)
        self.assertEqual(self.running(), [name])

    def trace(self, node, *words):
        """Addresses of the hops, "*" where nobody answered."""
        out = self.run_in(node, "traceroute", "-n", "-q", "1", "-w", "2", *words)
        return [line.split()[1] for line in out.splitlines()[1:]]

    def test_example_pair(self):
        self.bring_up("pair")
        self.assert_reaches("a", "b")
        self.assert_reaches("b", "a")

    def test_example_office(self):
        self.bring_up("office")
        self.assert_reaches("pc1", "printer")
        self.assert_reaches("pc1", "pc20")
        self.assert_reaches("pc20", "8.8.8.8")
        self.assertEqual(self.trace("pc1", "-I", "8.8.8.8"), ["192.168.10.1", "8.8.8.8"])
        self.assertEqual(self.sources_seen_by_internet(), {"203.0.113.2"})

    def sources_seen_by_internet(self):
        """Who the internet gets packets from while pc7 pings it: nobody but the gateway's outer address."""
        capture = self.start("exec", "internet", "--", "tcpdump", "-n", "-l", "-i", "wan", "-c", "3", "icmp[icmptype]=icmp-echo")
        while "listening on" not in capture.stderr.readline():
            self.assertIsNone(capture.poll())
        self.run_in("pc7", "ping", "-n", "-c", "3", "-i", "0.1", "8.8.8.8")
        out, _ = capture.communicate(timeout=20 * harness.PATIENCE)
        return set(re.findall(r"IP (\S+) >", out))

    def test_example_hundred_hops_bgp(self):
        """With FRR; tests/e2e/test_bgp.py has it with BIRD."""
        self.bring_up("hundred-hops-bgp")
        for family in ("-4", "-6"):
            self.assertTrue(harness.wait_until(lambda: "default" in self.run_in("ROUTER_100", "ip", family, "route"), 120))
        summary = self.run_in("ROUTER_50", "vtysh", "-c", "show ip bgp summary")
        self.assertRegex(summary, r"(?m)^172\.31\.50\.1 +4 +149 ")
        self.assertRegex(summary, r"(?m)^172\.31\.51\.2 +4 +151 ")
        by_telnet = vty.Vty(self, "ROUTER_50", 2605)

        def prefixes():
            """By neighbour: its AS and what it has announced."""
            shown = by_telnet.ask("show ip bgp summary")
            return re.findall(r"(?m)^(172\.31\.\S+) +4 +(\d+) .*? \d\d:\d\d:\d\d +(\d+) ", shown)

        # The networks on its side, and on the left the address at the end and the default route.
        wanted = [("172.31.50.1", "149", "52"), ("172.31.51.2", "151", "50")]
        self.assertTrue(harness.wait_until(lambda: prefixes() == wanted, 60), prefixes())
        by_telnet.leave()
        self.assert_reaches("ROUTER_100", "8.8.8.8")
        self.assertEqual(self.trace("ROUTER_100", "-m", "120", "8.8.8.8"),
                         [f"172.31.{i + 1}.1" for i in range(99, 0, -1)] + ["8.8.8.8"])
        self.assertEqual(self.trace("ROUTER_100", "-m", "120", "2001:4860:4860::8888"),
                         [f"fd00:31:{i + 1}::1" for i in range(99, 0, -1)] + ["2001:4860:4860::8888"])

    def test_example_services(self):
        self.bring_up("services")
        for address in ("web", "192.168.20.80", "[fd00:20::80]"):
            code = f"import urllib.request as u; print(u.urlopen('http://{address}').read().decode())"
            self.assertEqual(self.run_in("pc1", "python3", "-c", code), "welcome to web\n\n")
        for node in ("pc1", "pc2"):
            self.assertTrue(harness.wait_until(lambda node=node: "web answers\n" in self.hopyard("logs", node, "asking").out))
        self.run_in("web", "pkill", "-9", "-f", "http.server 80 ")

        def services():
            return {one["service"]: (one["state"], one["restarts"]) for one in self.show("web")["services"]}

        wanted = {"page": ("ended", 0), "http": ("running", 1), "logs": ("running", 0)}
        harness.wait_until(lambda: services() == wanted)
        self.assertEqual(services(), wanted)
        self.hopyard("restart", "web")
        self.assertEqual({state for state, _ in services().values()}, {"running", "ended"})

    def test_example_hundred_hops(self):
        self.bring_up("hundred-hops")
        self.assert_reaches("ROUTER_100", "8.8.8.8")
        stopped = self.trace("ROUTER_100", "8.8.8.8")
        self.assertEqual(len(stopped), 30)
        self.assertNotIn("8.8.8.8", stopped)
        # The left end of link i has .1 of its subnet, and answers from there: ROUTER_99 first.
        self.assertEqual(self.trace("ROUTER_100", "-m", "120", "8.8.8.8"),
                         [f"172.31.{i + 1}.1" for i in range(99, 0, -1)] + ["8.8.8.8"])
        self.assertEqual(self.run_in("ROUTER_50", "sysctl", "-n", "net.ipv4.ip_default_ttl").strip(), "255")
        routes = self.run_in("ROUTER_50", "ip", "route", "show")
        self.assertLess(len(routes.splitlines()), 20, routes)

    def test_example_overlapping(self):
        self.bring_up("overlapping")
        self.assert_reaches("red-client", "10.0.0.1")
        self.assert_does_not_reach("blue-client", "10.0.0.1")
        self.assert_reaches("blue-server", "10.0.0.2")
        ttl = ["sysctl", "-n", "net.ipv4.ip_default_ttl"]
        self.assertEqual(self.run_in("blue-server", *ttl).strip(), "99")
        self.assertNotEqual(self.run_in("red-server", *ttl).strip(), "99")
        self.assertIn("table inet closed", self.run_in("blue-server", "nft", "list", "tables"))
        self.assertEqual(self.run_in("red-server", "nft", "list", "tables"), "")
        self.assertEqual(subprocess.run(["nft", "list", "tables"], capture_output=True, text=True).stdout, "")

    def test_example_fat_tree(self):
        self.bring_up("fat-tree")
        nodes = self.show("fat-tree")["nodes"]
        hosts = [node["node"] for node in nodes if node["kind"] == "host"]
        routers = [node["node"] for node in nodes if node["kind"] == "router"]
        self.assertEqual((len(hosts), len(routers)), (16, 20))
        for host in hosts[1:]:
            self.assert_reaches(hosts[0], host)
        routes = self.hopyard("exec", *routers, "--", "ip", "route").out
        self.assertRegex(routes, r"nexthop via \S+ dev \S+ weight 1")

    def test_example_triangle(self):
        self.bring_up("triangle")
        self.assert_reaches("west", "east")
        direct = self.trace("west", "-I", "east")
        self.assertEqual(direct[:2], ["10.1.0.1", "10.0.13.3"] if direct[0] == "10.1.0.1" else [direct[0], "10.0.13.3"])
        self.assertEqual(len(direct), 3)
        self.hopyard("fail", "r1 -- r3")
        self.assert_reaches("west", "east")
        around = self.trace("west", "-I", "east")
        self.assertEqual((len(around), around[1]), (4, "10.0.12.2"))
        self.hopyard("heal", "r1 -- r3")
        self.assert_reaches("west", "east")
        self.assertEqual(self.trace("west", "-I", "east"), direct)

    def test_example_three_routers(self):
        self.bring_up("three-routers")
        hosts = ["pc1", "pc2", "pc3", "pc4"]
        for one in hosts:
            for other in hosts:
                if one != other:
                    self.assert_reaches(one, other)
        for router in ("router1", "router2", "router3"):
            self.assertEqual(self.run_in(router, "sysctl", "-n", "net.ipv4.ip_forward").strip(), "1")
        self.assertEqual(self.run_in("pc1", "sysctl", "-n", "net.ipv4.ip_forward").strip(), "0")
        self.assertEqual(len(self.trace("pc1", "-I", "pc4")), 3)

    def test_example_dhcp_nat(self):
        self.bring_up("dhcp-nat")
        for node, network in (("guest1", "192.168.100"), ("guest3", "192.168.100"), ("student", "192.168.101")):
            address = self.run_in(node, "ip", "-4", "-o", "address", "show", "dev", "eth0")
            self.assertRegex(address, rf"inet {re.escape(network)}\.1\d\d/24")
            self.assertIn(f"default via {network}.1 dev eth0", self.run_in(node, "ip", "route"))
            self.assert_reaches(node, "8.8.8.8")
        self.assertIn("inet6 fd00:100::", self.run_in("guest1", "ip", "-6", "-o", "address"))
        self.assert_reaches("guest1", "2001:db8:8::8")
        self.assert_reaches("guest1", "guest2")
        # The internet hears of nobody but the router.
        capture = self.start("exec", "internet", "--", "tcpdump", "-n", "-l", "-i", "net", "-c", "2", "icmp[icmptype]=icmp-echo")
        while "listening on" not in capture.stderr.readline():
            self.assertIsNone(capture.poll())
        for node in ("guest2", "student"):
            self.assert_reaches(node, "203.0.113.1")
        self.assertEqual(set(re.findall(r"IP (\S+) >", capture.communicate(timeout=20 * harness.PATIENCE)[0])), {"203.0.113.2"})
        page = "import urllib.request as u; print(u.urlopen('http://203.0.113.2:8080').read().decode())"
        self.assertEqual(self.run_in("internet", "python3", "-c", page), "welcome\n")
        # dnsmasq's socket is in r1 alone; the process is seen from outside.
        self.assertRegex(self.run_in("r1", "ss", "-lunp"), r"0\.0\.0\.0:67 .*dnsmasq")
        self.assertNotIn(":67 ", self.run_in("guest1", "ss", "-luna"))
        self.assertNotIn(":67 ", self.call("ss", "-luna").out)
        self.assertIn("dnsmasq", self.call("ps", "-e", "-o", "comm=").out)

    def test_example_dns_slaac(self):
        self.bring_up("dns-slaac")
        for node in ("pc1", "pc3"):
            self.assertRegex(self.run_in(node, "ip", "-6", "-o", "address", "show", "dev", "eth0"), r"inet6 fd00:10::\S+ff:fe\S+/64 scope global")
            self.assertRegex(self.run_in(node, "ip", "-6", "route"), r"(?m)^default via fe80:\S+ dev eth0 proto ra")
            self.assertIn("nameserver fd00:10::53\n", self.run_in(node, "cat", "/etc/resolv.conf"))
            for name in ("www.office.example", "www.example.com"):
                self.assert_reaches(node, name, "-4")
                self.assert_reaches(node, name, "-6")

        def dig(*words):
            return sorted(self.run_in("pc2", "dig", "+short", *words).split())

        self.assertEqual(dig("www.office.example", "AAAA"), ["fd00:10::80", "web.office.example."])
        self.assertEqual(dig("ftp.example.com"), ["203.0.113.80", "www.example.com."])
        self.assertEqual(dig("-x", "192.168.10.9"), ["printer.office.example."])
        self.assertEqual(dig("-x", "2001:db8::80"), ["server.office.example."])
        self.assertEqual(dig("nobody.example.com"), [])
        self.assertEqual(self.run_in("server", "dig", "+short", "example.com", "AAAA"), "")
        self.assertIn("203.0.113.80", self.run_in("server", "getent", "ahostsv4", "example.com"))

    def test_example_lossy_wire(self):
        if self.kernel_has_netem():
            self.bring_up("lossy-wire")
            for node in ("near", "far"):
                shaped = self.run_in(node, "tc", "qdisc", "show", "dev", "eth0")
                self.assertRegex(shaped, r"netem.* delay 50ms +5ms.* loss 10%.* rate 10Mbit")
            self.assert_reaches("near", "far")
            self.hopyard("set", "near -- far", "delay=5ms", "loss=0%")
            self.assertRegex(self.run_in("near", "tc", "qdisc", "show", "dev", "eth0"), r"netem.* delay 5ms")
        else:
            done = self.up(harness.EXAMPLES / "lossy-wire", status=None)
            self.assertIn("CONFIG_NET_SCH_NETEM", done.err)
            self.assertNotEqual(done.status, 0)
            self.assertEqual(self.running(), [])
            self.bring_up("pair")
            before = self.run_in("a", "tc", "qdisc", "show")
            self.assertIn("CONFIG_NET_SCH_NETEM", self.hopyard("set", "a -- b", "loss=1%", status=1).err)
            self.assertEqual(self.run_in("a", "tc", "qdisc", "show"), before)

    def kernel_has_netem(self):
        """Asked of the kernel itself, in a namespace that is gone at once."""
        tried = self.call("unshare", "--net", "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms")
        return tried.status == 0

    def test_example_dual_stack(self):
        self.bring_up("dual-stack")
        self.assert_reaches("left1", "192.0.2.130")
        self.assert_reaches("left2", "2001:db8:2::130")
        self.assert_reaches("server", "left1")
        trace = self.run_in("left1", "traceroute", "-6", "-I", "-n", "-q", "1", "2001:db8:2::130")
        self.assertEqual(len(trace.splitlines()), 4, trace)


if __name__ == "__main__":
    harness.main()

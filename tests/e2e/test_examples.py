"""Every folder of examples/: brought up, reached as its comment promises, taken down; those that reach beyond their lab are in
test_host_examples.py."""

import re

import capture
import harness
import link_types
import test_host_examples
import test_scale
import vty


class Examples(capture.CaptureTest):
    def test_every_example_is_tested(self):
        names = dir(self) + dir(test_host_examples.HostExamples) + dir(test_scale.Scale)
        tested = {name.removeprefix("test_example_").replace("_", "-") for name in names if "test_example_" in name}
        self.assertEqual(tested, {path.parent.name for path in harness.EXAMPLES.glob("*/lab.hop.yaml")})

    def test_every_example_begins_with_a_comment_that_shows_how_it_is_used(self):
        for path in harness.EXAMPLES.glob("*/*.hop.yaml"):
            comment = re.match(r"(#.*\n)+", path.read_text()).group(0)
            name = path.parent.name if path.name == "lab.hop.yaml" else f"{path.parent.name}/{path.name}"
            self.assertRegex(comment, rf"hopyard up examples/{re.escape(name)}(?: --set .*)?\n", path)

    def bring_up(self, name):
        self.hopyard("check", harness.EXAMPLES / name, seconds=300)
        self.up(harness.EXAMPLES / name, seconds=300)
        self.assertEqual(self.running(), [name])

    def test_example_pair(self):
        self.bring_up("pair")
        self.assert_reaches("a", "b")
        self.assert_reaches("b", "a")

    def test_example_open_vswitch(self):
        self.bring_up("open-vswitch")
        for source, target in (("pc1", "pc3"), ("pc2", "pc4"), ("pc1", "pc4"), ("pc1", "server")):
            self.assert_reaches(source, target)
        self.hopyard("stop", "ctl", "controller")
        # The flows that the controller gave are gone after a minute of silence, or at once if somebody says so.
        self.run_in("core", "ovs-ofctl", "del-flows", "br0")
        self.assert_does_not_reach("pc1", "server")

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
        bgpd = [one for one in self.hopyard("ps", "--json").json()["processes"] if re.search(r"\bbgpd\b", one["command"])]
        self.assertEqual(len({one["node"] for one in bgpd}), 101)
        self.assertTrue(harness.wait_until(self.every_router_has_all, 60), "a router lacks a prefix")
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

    def every_router_has_all(self):
        """The networks of all wires, the default route, and the address at the end, but for who announces the latter two."""
        had = {f"ROUTER_{i}": set() for i in range(101)}
        for route in self.hopyard("routes", "--json").json()["routes"]:
            had[route["node"]].add(route["to"])
        wires = {f"172.31.{i}.0/24" for i in range(1, 101)} | {f"fd00:31:{i}::/64" for i in range(1, 101)}
        far = {"0.0.0.0/0", "::/0", "8.8.8.8/32", "2001:4860:4860::8888/128"}
        return all(to >= (wires if node == "ROUTER_0" else wires | far) for node, to in had.items())

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
        if link_types.KERNEL_HAS_NETEM:
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

    def test_example_dual_stack(self):
        self.bring_up("dual-stack")
        self.assert_reaches("left1", "192.0.2.130")
        self.assert_reaches("left2", "2001:db8:2::130")
        self.assert_reaches("server", "left1")
        trace = self.run_in("left1", "traceroute", "-6", "-I", "-n", "-q", "1", "2001:db8:2::130")
        self.assertEqual(len(trace.splitlines()), 4, trace)

    def test_example_inner_router(self):
        self.bring_up("inner-router")
        self.assert_guests_were_given_address_and_gateway()
        for other in ("10.0.1.1", "10.0.1.12", "10.0.2.1", "172.16.0.2"):
            self.assert_reaches("vm1", other)
        self.assert_reaches("machine", "172.16.0.1")
        self.assert_reaches("r1", "172.16.0.9")
        # The way out is whole, and the answer ends at the outer network's gateway, which knows of no inner one.
        request, reply = "10.0.1.11 > 172.16.0.9 request", "172.16.0.9 > 10.0.1.11 reply"
        self.assertEqual(self.seen_while_there_is_no_answer(), {
            ("vm1", "eth0"): {request}, ("r1", "eth0"): {request}, ("r1", "outside"): {request},
            ("machine", "eth0"): {request, reply}, ("gw", "eth0"): {reply}})
        # By hand, each inner network needs a rule of its own.
        rule = "add rule ip hide out ip saddr {} oifname outside snat to 172.16.0.2"
        self.run_in("r1", "nft", "add table ip hide; add chain ip hide out { type nat hook postrouting priority srcnat; }")
        self.run_in("r1", "nft", *rule.format("10.0.1.0/24").split())
        self.assert_reaches("vm1", "172.16.0.9")
        self.assert_does_not_reach("pc", "172.16.0.9")
        self.run_in("r1", "nft", *rule.format("10.0.2.0/24").split())
        self.assert_reaches("pc", "172.16.0.9")
        # The server of the guests is a process like any other, and its socket is nowhere but in r1.
        self.assertIn("dnsmasq", self.call("ps", "-e", "-o", "comm=").out)
        self.assertRegex(self.run_in("r1", "ss", "-lunp"), r"0\.0\.0\.0:67 .*dnsmasq")
        for sockets in (self.call("ss", "-luna").out, *(self.run_in(node, "ss", "-luna") for node in ("vm1", "machine", "gw"))):
            self.assertNotIn(":67 ", sockets)

    def test_inner_router_with_nat(self):
        self.up(harness.EXAMPLES / "inner-router/nat.hop.yaml")
        self.assert_guests_were_given_address_and_gateway()
        on_the_machine = self.capture("machine", "eth0")
        for node in ("vm1", "vm2", "pc"):
            self.assert_reaches(node, "172.16.0.9")
        seen = self.captured(on_the_machine, "machine", "172.16.0.1")
        self.assertEqual(seen, {"172.16.0.2 > 172.16.0.9 request", "172.16.0.9 > 172.16.0.2 reply"})

    def assert_guests_were_given_address_and_gateway(self):
        for node, address, gateway in (("vm1", "10.0.1.11", "10.0.1.1"), ("vm2", "10.0.1.12", "10.0.1.1"), ("pc", r"10\.0\.2\.1\d\d", "10.0.2.1")):
            self.assertRegex(self.run_in(node, "ip", "-4", "-o", "address", "show", "dev", "eth0"), f"inet {address}/24")
            self.assertIn(f"default via {gateway} dev eth0", self.run_in(node, "ip", "route"))

    def seen_while_there_is_no_answer(self):
        """What each interface on the way sees of vm1's ping to the machine outside."""
        neighbours = {("vm1", "eth0"): "10.0.1.12", ("r1", "eth0"): "10.0.1.12", ("r1", "outside"): "172.16.0.1",
                      ("machine", "eth0"): "172.16.0.1", ("gw", "eth0"): "172.16.0.2"}
        captures = {place: self.capture(*place) for place in neighbours}
        self.assert_does_not_reach("vm1", "172.16.0.9")
        return {place: self.captured(captures[place], place[0], neighbour) for place, neighbour in neighbours.items()}

    def test_example_link_types(self):
        """What a kernel lacks is named, with its option, and nothing is made; what it has passes the checks of the file."""
        for name in ("lab", "tunnels"):
            lab = harness.EXAMPLES / f"link-types/{name}.hop.yaml"
            kinds = set(re.findall(r"type: (\w+)", lab.read_text()))
            lacking = {kind for kind in kinds if not link_types.kernel_has(kind)}
            self.hopyard("check", lab)
            done = self.hopyard("test", lab, status=None, seconds=120)
            if lacking:
                self.assertEqual(done.status, 2, str(done))
                self.assertIn("this kernel lacks: ", done.err)
                self.assertTrue(any(link_types.TYPES[kind][1] in done.err for kind in lacking), str(done))
            else:
                self.assertEqual(done.status, 0, str(done))
                self.assertEqual(done.out.count("\nok "), lab.read_text().split("checks:")[1].count("\n  - "))
            self.assertEqual(self.running(), [])

    def test_link_types_are_all_there(self):
        """Every type that has a test of its own is in the example."""
        text = "".join(path.read_text() for path in harness.EXAMPLES.glob("link-types/*.hop.yaml"))
        self.assertEqual(set(re.findall(r"type: (\w+)", text)), set(link_types.TYPES))


if __name__ == "__main__":
    link_types.load_modules()
    harness.main()

"""A lab that somebody changes behind Hopyard's back: what differs is told, and put right, and nothing else is touched."""

import json
import os
import re
import signal
import subprocess

import harness
import outside
import residue

LAB = """lab: broken
networks:
  lan: [10.1.0.0/24, '2001:db8:1::/64']
nodes:
  gw:
    kind: router
    addresses: {lo: 8.8.8.8/32}
    sysctl: {net.ipv4.tcp_ecn: 2, net.ipv4.conf.core.rp_filter: 2}
    routes: [{to: 10.99.0.0/24, type: unreachable}]
    rules: [{from: 10.66.0.0/16, table: 66, priority: 500}]
    firewall: |
      table inet filter {
        set good { type ipv4_addr; elements = { 10.1.0.7, 10.1.0.8 } }
        chain forward {
          type filter hook forward priority 0; policy accept;
          iif core ip saddr @good counter accept
          tcp dport 9 counter drop
        }
      }
  far: {kind: router}
  odd.one-x: {}
  web:
    services: {web: {command: sleep infinity, restart: never}}
links:
  - gw:lan0 -- lan
  - h[1..2] -- lan
  - gw:core -- far:core: {subnet: [10.2.0.0/30, '2001:db8:2::/64'], rate: 5mbit, mtu: 1400}
  - far:to-odd -- odd.one-x: {subnet: 10.3.0.0/24, rate: 20mbit}
  - h1:side -- h2:side: {subnet: 10.4.0.0/24}
  - web -- lan
"""


class Repair(harness.LabTest):
    def outside(self, node, *command, status=0):
        """A command in the network namespace of a node, and in nothing else of it."""
        done = self.call("nsenter", f"--net=/run/netns/{self.lab_name}-{node}", "--", *command)
        self.assertEqual(done.status, status, str(done))
        return done.out

    def bring_up(self, lab=LAB, name="broken"):
        self.lab_name = name
        self.up(lab)
        self.hopyard("expose", name)
        shown = self.show()
        self.nodes = [one["node"] for one in shown["nodes"] if one["kind"] != "external"]
        self.assertEqual(shown["drift"], [])
        # The kernel looks for others with its link-local addresses, and they are in its tables when there are none.
        self.assertTrue(harness.wait_until(lambda: not any("tentative" in self.outside(node, "ip", "address") for node in self.nodes)))

    def state(self):
        """All that the kernel has in each node, but the order of things and what counts up."""
        commands = [["ip", "-j", "-d", "link"], ["ip", "-j", "address"], ["ip", "-j", "route", "show", "table", "all"],
                    ["ip", "-j", "-6", "route", "show", "table", "all"], ["ip", "-j", "rule"], ["tc", "-j", "qdisc"],
                    ["nft", "-s", "list", "ruleset"], ["sysctl", "-a", "--pattern", r"^net\.ipv[46]\.(conf|ip_forward|tcp_ecn)"]]
        found = {}
        for node in self.nodes:
            for command in commands:
                out = self.outside(node, *command)
                if "-j" in command:
                    out = sorted(json.dumps(self.stripped(one), sort_keys=True) for one in json.loads(out or "[]"))
                found[node, command[-1], len(command)] = out
        return found

    def stripped(self, value):
        """Without what tells the time, and without handles."""
        passing = {"valid_life_time", "preferred_life_time", "handle", "expires", "link_netnsid", "gc_timer", "hello_timer",
                   "tcn_timer", "topology_change_timer", "message_age_timer", "forward_delay_timer", "hold_timer", "created"}
        if isinstance(value, dict):
            return {key: self.stripped(one) for key, one in value.items() if key not in passing}
        return [self.stripped(one) for one in value] if isinstance(value, list) else value

    def indexes(self):
        return {(node, one["ifname"]): one["ifindex"] for node in self.nodes
                for one in json.loads(self.outside(node, "ip", "-j", "link"))}

    def drift(self):
        return {(one["node"], one["what"], one["object"]): one for one in self.show()["drift"]}

    def assert_same_state(self, before, but=()):
        """Nodes that are named may be otherwise."""
        def rest(state):
            return {key: found for key, found in state.items() if key[0] not in but}

        harness.wait_until(lambda: rest(self.state()) == rest(before))
        after = self.state()
        for key, wanted in rest(before).items():
            found = after[key].splitlines() if isinstance(wanted, str) else after[key]
            wanted = wanted.splitlines() if isinstance(wanted, str) else wanted
            self.assertEqual((key, [one for one in wanted if one not in found], [one for one in found if one not in wanted]),
                             (key, [], []))

    def repair(self, *words):
        done = self.hopyard("repair", "--json", *words).json()
        self.assertEqual((done["left"], done["error"]), ([], None), done)
        self.assertEqual(self.show()["drift"], [])
        return done

    def test_nothing_to_do(self):
        self.bring_up()
        before, indexes = self.state(), self.indexes()
        done = self.hopyard("repair", "broken", "--json").json()
        self.assertEqual(done, {"lab": "broken", "dry_run": False, "found": [], "steps": [], "left": [], "error": None})
        self.assertIn("lab broken is as its file says", self.hopyard("repair").out)
        self.assertNotIn("differs", self.hopyard("show").out)
        self.assert_same_state(before)
        self.assertEqual(self.indexes(), indexes)

    def test_a_deleted_pair_comes_back_whole_and_a_session_elsewhere_goes_on(self):
        self.bring_up()
        before, indexes = self.state(), self.indexes()
        listen = ("import socket\ns = socket.create_server(('10.4.0.2', 7))\nprint('ready', flush=True)\nc = s.accept()[0]\n"
                  "while more := c.recv(99): c.sendall(more)")
        talk = ("import socket, sys\ns = socket.create_connection(('10.4.0.2', 7))\nprint('ready', flush=True)\n"
                "for line in sys.stdin:\n  s.sendall(line.encode())\n  print(s.recv(99).decode(), end='', flush=True)")
        server = self.start("exec", "h2", "--", "python3", "-c", listen)
        self.assertEqual(server.stdout.readline(), "ready\n")
        client = self.start("exec", "h1", "--", "python3", "-c", talk)
        self.assertEqual(client.stdout.readline(), "ready\n")
        self.outside("gw", "ip", "link", "del", "core")
        self.outside("h1", "ip", "link", "del", "eth0")
        found = self.drift()
        self.assertEqual(found["gw", "interface", "core"]["found"], None)
        self.assertEqual(found["far", "interface", "core"]["wanted"], "veth")
        self.assertIn(("h1", "interface", "eth0"), found)
        self.assertIn("interface core", self.hopyard("show", "gw").out)
        planned = self.hopyard("repair", "--dry-run", "--json").json()
        self.assertEqual(set(map(str, self.show()["drift"])), set(map(str, planned["found"])))
        self.repair()
        self.assert_same_state(before)
        self.assertEqual(self.indexes(), indexes)
        client.stdin.write("still here\n")
        client.stdin.flush()
        self.assertEqual(client.stdout.readline(), "still here\n")
        self.assert_reaches("h1", self.address("odd.one-x"))

    def address(self, node):
        return next(one["addresses"][0].split("/")[0] for one in self.show(node)["interfaces"] if one["interface"] == "eth0")

    def test_everything_that_can_be_changed(self):
        self.bring_up()
        before, indexes = self.state(), self.indexes()
        changes = {
            ("gw", "address", "lan0"): ["ip", "addr", "del", "10.1.0.1/24", "dev", "lan0"],
            ("gw", "address", "lo"): ["ip", "addr", "del", "8.8.8.8/32", "dev", "lo"],
            ("far", "state", "to-odd"): ["ip", "link", "set", "to-odd", "down"],
            ("h2", "state", "lo"): ["ip", "link", "set", "lo", "down"],
            ("h2", "mtu", "side"): ["ip", "link", "set", "side", "mtu", "1280"],
            ("h1", "mac", "side"): ["ip", "link", "set", "side", "address", "02:00:00:00:00:99"],
            ("gw", "impairment", "core"): ["tc", "qdisc", "replace", "dev", "core", "root", "tbf", "rate", "3mbit",
                                              "burst", "9k", "limit", "99k"],
            ("odd.one-x", "impairment", "eth0"): ["tc", "qdisc", "del", "dev", "eth0", "root"],
            ("h1", "impairment", "eth0"): ["tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "1mbit", "burst", "9k",
                                           "limit", "99k"],
            ("gw", "rule", None): ["ip", "rule", "del", "priority", "500"],
            ("gw", "route", None): ["ip", "route", "del", "unreachable", "10.99.0.0/24"],
            ("far", "sysctl", "net.ipv4.ip_forward"): ["sysctl", "-qw", "net.ipv4.ip_forward=0"],
            ("gw", "sysctl", "net.ipv4.conf.core.rp_filter"): ["sysctl", "-qw", "net.ipv4.conf.core.rp_filter=1"],
            ("gw", "ruleset", "inet filter"): ["nft", "delete", "element", "inet", "filter", "good", "{ 10.1.0.7 }"],
        }
        for (node, what, name), command in changes.items():
            self.assertNotIn((node, what, name), self.drift())
            self.outside(node, *command)
            self.assertIn((node, what, name), self.drift(), command)
        self.outside("h1", "ip", "route", "flush", "table", "main")
        self.assertIn(("h1", "route", None), self.drift())
        found = self.drift()
        self.assertEqual(found["gw", "impairment", "core"]["found"], "tbf rate 3mbit")
        forward = found["far", "sysctl", "net.ipv4.ip_forward"]
        self.assertEqual((forward["wanted"], forward["found"]), ("1", "0"))
        spoiled = self.state()
        self.assertIn("restore table inet filter of gw", self.hopyard("repair", "--dry-run").out)
        self.assert_same_state(spoiled)
        self.repair()
        self.assert_same_state(before)
        self.assertEqual(self.indexes(), indexes)

    def test_names_bridges_and_other_devices_in_the_way(self):
        self.bring_up()
        before = self.state()
        self.outside("far", "ip", "link", "set", "core", "down")
        self.outside("far", "ip", "link", "set", "core", "name", "elsewhere")
        # Somebody's own device gets the index of the one that has gone, and another one its name.
        self.outside("h1", "ip", "link", "del", "side")
        self.outside("h1", "ip", "link", "add", "mine", "type", "bridge")
        self.outside("h2", "ip", "link", "add", "side", "type", "bridge")
        self.assertEqual(self.drift()["far", "interface", "core"]["found"], "elsewhere")
        self.assertEqual(self.drift()["h2", "interface", "side"]["found"], "bridge")
        self.repair()
        self.assertIn("mine", self.outside("h1", "ip", "link"))
        self.assert_reaches("h1", "10.4.0.2")
        self.outside("h1", "ip", "link", "del", "mine")
        self.assert_same_state(before, but=("h1", "h2"))

    def test_a_network_s_bridge(self):
        self.bring_up()
        self.hopyard("exec", "h1", "--", "true")
        network = self.show("lan")["interfaces"]
        lan, bridge = self.network_s_bridge()
        self.assertIn(bridge, [one["interface"] for one in network])
        self.assertEqual(self.call("nsenter", f"--net={lan}", "ip", "link", "del", bridge).status, 0)
        self.assert_does_not_reach("h1", self.address("h2"))
        self.assertIn(("lan", "interface", bridge), self.drift())
        self.repair()
        self.assert_reaches("h1", self.address("h2"))
        self.assertEqual(self.show("lan")["interfaces"], network)

    def network_s_bridge(self):
        """Its namespace and its name, for a lab of one network. The kernel may have devices of other kinds beside it, as modules make them."""
        keeper = self.show()["keeper_pid"]
        for path, target in residue.descriptors(keeper).items():
            if target.startswith("net:["):
                done = self.call("nsenter", f"--net={path}", "ip", "-j", "link", "show", "type", "bridge")
                if done.status == 0 and (bridges := json.loads(done.out or "[]")):
                    return path, bridges[0]["ifname"]
        return self.fail("no namespace has a bridge")

    def test_what_was_changed_through_hopyard_is_no_drift(self):
        self.bring_up()
        self.hopyard("set", "gw:core", "rate=3mbit")
        self.hopyard("fail", "far:to-odd")
        self.hopyard("fail", "h2")
        self.hopyard("stop", "web", "web")
        self.hopyard("exec", "h1", "--", "ip", "addr", "add", "10.1.0.77/24", "dev", "eth0")
        self.hopyard("exec", "h1", "--", "ip", "route", "add", "10.50.0.0/16", "via", "10.1.0.1")
        self.assertEqual(self.drift(), {})
        changed = self.state()
        self.assertEqual(self.repair()["steps"], [])
        self.assert_same_state(changed)
        # Who sets up by hand what has been failed has that undone as well.
        self.outside("far", "ip", "link", "set", "to-odd", "up")
        self.assertEqual(self.drift()["far", "state", "to-odd"]["wanted"], "down")
        self.repair()
        self.assert_same_state(changed)
        for place in ("far:to-odd", "h2"):
            self.hopyard("heal", place)
        self.assertEqual(self.drift(), {})
        self.assert_reaches("h1", self.address("odd.one-x"))

    def test_services_and_nodes(self):
        self.bring_up()
        self.run_in("web", "pkill", "-KILL", "sleep")
        self.assertTrue(harness.wait_until(lambda: ("web", "service", "web") in self.drift()))
        self.assertEqual(self.drift()["web", "service", "web"]["found"], "ended with status 137")
        self.repair()
        self.assertIn("sleep infinity", self.hopyard("ps", "web").out)
        os.kill(self.show("web")["pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: ("web", "processes", None) in self.drift()))
        self.assertIn("start the processes of web", self.hopyard("repair", "--dry-run").out)
        self.repair()
        self.assertTrue(harness.wait_until(lambda: "sleep infinity" in self.hopyard("ps", "web").out))

    def test_what_commands_of_the_lab_file_do_is_no_drift(self):
        self.bring_up("""lab: own
nodes:
  a: {run: [ip link set eth0 mtu 1300, ip route replace default via 10.0.0.2 metric 9, tc qdisc add dev eth0 root pfifo]}
links:
  - a -- b: {subnet: 10.0.0.0/24}
""", "own")
        self.outside("a", "ip", "link", "set", "eth0", "down")
        self.repair()
        self.assertIn("mtu 1300", self.outside("a", "ip", "link", "show", "eth0"))
        self.assert_reaches("a", "10.0.0.2")

    def test_what_somebody_changes_while_a_command_goes_on_is_drift(self):
        # An `up` that has ended leaves nothing of the lab's own to come, so the first change after it is somebody's.
        self.up("""lab: soon
nodes:
  a: {run: [ip link set eth0 mtu 1300, exec tail -f /dev/null]}
links:
  - a -- b: {subnet: 10.0.0.0/24}
""")
        self.run_in("a", "ip", "link", "set", "eth0", "down")
        self.assertIn(("a", "state", "eth0"), self.drift())
        self.repair()
        self.assert_reaches("a", "10.0.0.2")
        self.assertIn("mtu 1300", self.run_in("a", "ip", "link", "show", "eth0"))

    def test_what_cannot_be_put_right_is_said(self):
        process = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        process.stdin = process.stderr = None
        self.assertEqual(process.stdout.readline(), "ready\n")
        self.bring_up(f"lab: mixed\nnodes:\n  p: {{kind: container, container: 'pid:{process.pid}'}}\nlinks:\n  - p -- h\n", "mixed")
        self.outside("h", "ip", "link", "del", "eth0")
        done = self.hopyard("repair", "--json", status=1).json()
        self.assertEqual([(one["node"], one["object"], one["repairable"]) for one in done["left"] if one["what"] == "interface"],
                         [("h", "eth0", False)])
        self.assertIn("still differs", self.hopyard("repair", status=1).out)

    def test_daemons_of_bgp_recover(self):
        self.bring_up("""lab: peers
nodes:
  r1: {kind: router, routing: bgp, as: 65001, addresses: {lo: 10.255.0.1/32}}
  r2: {kind: router, routing: bgp, as: 65002, addresses: {lo: 10.255.0.2/32}}
links:
  - r1 -- r2
""", "peers")
        self.assertTrue(harness.wait_until(lambda: "10.255.0.2" in self.run_in("r1", "ip", "route"), 60))
        self.outside("r1", "ip", "link", "del", "eth0")
        self.assertTrue(harness.wait_until(lambda: "10.255.0.2" not in self.run_in("r1", "ip", "route"), 60))
        self.repair()
        self.assertTrue(harness.wait_until(lambda: "10.255.0.2" in self.run_in("r1", "ip", "route"), 180))
        bgpd = next(one["pid"] for one in self.show("r1")["services"] if re.fullmatch("bgpd|bird", one["service"]))
        self.run_in("r1", "kill", "-9", str(bgpd))
        self.assertTrue(harness.wait_until(lambda: "10.255.0.2" in self.run_in("r1", "ip", "route") and self.drift() == {}, 180))

    def test_the_network_emulator_and_a_vlan(self):
        lab = "lab: far\nnodes:\n  a: {interfaces: {sub: {type: vlan, on: eth0, id: 7, addresses: 10.7.0.1/24}}}\nlinks:\n  - a -- b: {subnet: 10.0.0.0/24, delay: 3ms, jitter: 1ms, loss: 0.1%, reorder: 2%, rate: 9mbit}\n"
        found = {one["name"]: one["health"] for one in self.hopyard("doctor", "--json", status=None).json()["findings"]}
        if found["network emulator (netem)"] == "missing":
            self.assertIn("network emulator (netem)", self.up(lab, status=1).err)
            return
        self.bring_up(lab, "far")
        before = self.state()
        self.outside("a", "tc", "qdisc", "del", "dev", "eth0", "root")
        self.outside("a", "tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "300ms")
        self.assertEqual(self.drift()["a", "impairment", "eth0"]["found"], "netem delay 300ms limit 1000")
        self.outside("b", "ip", "link", "del", "eth0")
        self.assertEqual(self.drift()["a", "interface", "sub"]["wanted"], "vlan")
        self.repair()
        self.assert_same_state(before)
        self.hopyard("set", "a -- b", "delay=50ms", "corrupt=3%", "limit=70")
        self.assertEqual(self.drift(), {})

    def test_what_stands_on_a_deleted_pair(self):
        self.bring_up("""lab: stacked
nodes:
  a: {interfaces: {m0: {type: macvlan, on: eth0, addresses: 10.0.0.11/24}, v0: {type: macvlan, on: m0, addresses: 10.0.0.12/24}}}
  b: {interfaces: {m0: {type: macvlan, on: eth0, addresses: 10.0.0.21/24}}}
links:
  - a -- b: {subnet: 10.0.0.0/24}
""", "stacked")
        before, indexes = self.state(), self.indexes()
        self.outside("b", "ip", "link", "del", "eth0")
        self.assertEqual({one[::2] for one in self.drift() if one[1] == "interface"},
                         {("a", "eth0"), ("a", "m0"), ("a", "v0"), ("b", "eth0"), ("b", "m0")})
        self.repair()
        self.assert_same_state(before)
        self.assertEqual(self.indexes(), indexes)
        self.assert_reaches("a", "10.0.0.21")

    def test_what_stands_on_a_device_of_another_namespace(self):
        world = outside.Outside("wan", "203.0.113.1", "2001:db8::1")
        self.addCleanup(world.end)
        self.bring_up("""lab: shared
nodes:
  lan: {kind: external, interface: wan}
  pc1: {addresses: {eth0: 203.0.113.21/24}, interfaces: {up0: {type: macvlan, on: eth0, addresses: 203.0.113.31/24}}}
  pc2: {addresses: {eth0: 203.0.113.22/24}}
links:
  - pc1 -- lan
  - lan -- pc2: {mtu: 1400}
""", "shared")
        before, indexes = self.state(), self.indexes()
        self.outside("pc1", "ip", "link", "del", "eth0")
        self.outside("pc2", "ip", "link", "set", "eth0", "mtu", "1300")
        # The kernel has put up0 on the host's interface too, beside eth0.
        self.assertEqual(set(self.drift()), {("pc1", "interface", "eth0"), ("pc2", "mtu", "eth0")})
        self.assertEqual([one for one in self.repair()["steps"] if "up0" in one], [])
        self.assert_same_state(before)
        self.assertEqual(self.indexes(), indexes)
        self.assert_reaches("pc1", "203.0.113.1")
        # With the interface of the host goes what stands on it, and it is not the lab's to make it once more.
        outside.run("ip", "link", "del", "wan")
        self.outside("pc2", "ip", "link", "set", "lo", "down")
        self.assertIn(("pc2", "interface", "eth0"), self.drift())
        done = self.hopyard("repair", "--json", status=1).json()
        self.assertEqual({(one["node"], one["what"], one["object"]) for one in done["left"]},
                         {("pc1", "interface", "eth0"), ("pc1", "interface", "up0"), ("pc2", "interface", "eth0")})
        self.assertIn("create macvlan pc1:eth0 on lan:wan", done["error"])
        self.assertIn("LOWER_UP", self.outside("pc2", "ip", "link", "show", "lo"))

    def test_mistakes(self):
        done = self.hopyard("repair", "nothing", status=1)
        self.assertIn("no lab nothing is running", done.err)
        self.assertEqual(self.hopyard("repair", "--all", status=2).out, "")


if __name__ == "__main__":
    harness.main()

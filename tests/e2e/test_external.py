"""Interfaces of the host in a lab: the host is this test's world, and what is behind its interfaces more namespaces."""

import json
import math
import os
import re
import signal

import harness
import outside

MACVLAN = """lab: shared
nodes:
  lan: {kind: external, interface: wan}
  pc1: {addresses: {eth0: [203.0.113.21/24, '2001:db8::21/64']}}
  pc2: {addresses: {eth0: [203.0.113.22/24, '2001:db8::22/64']}, routes: [{to: default, via: 203.0.113.1}]}
links:
  - pc1 -- lan
  - lan -- pc2: {mtu: 1400}
"""
BRIDGE = """lab: bridged
nodes:
  lan: {kind: external, interface: wan, by: bridge}
  sw: {kind: switch}
  pc1: {addresses: {eth0: [203.0.113.21/24, '2001:db8::21/64']}}
  pc2: {addresses: {eth0: 203.0.113.22/24}}
links:
  - pc1 -- lan: {out: {rate: 100mbit}}
  - lan -- sw
  - pc2 -- sw
"""


class ExternalTest(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.world = outside.Outside("wan", "203.0.113.1", "2001:db8::1")
        self.addCleanup(self.world.end)

    def give_the_host_routes(self):
        for words in ("address add 203.0.113.77/24 dev wan", "address add 198.18.0.2/32 dev wan label wan:7",
                      "-6 address add 2001:db8:7::2/64 dev wan nodad noprefixroute valid_lft 5000 preferred_lft 4000",
                      "route add default via 203.0.113.1 dev wan proto dhcp metric 50", "route add default via 203.0.113.9 metric 900",
                      "route add 192.0.2.0/24 via 203.0.113.1 table 77", "route add 198.18.5.0/24 dev wan src 198.18.0.2 mtu 1300",
                      "address add 198.18.20.2/24 dev wan noprefixroute", "route add 198.18.20.0/24 dev wan scope link metric 100",
                      "route add 198.18.30.0/24 via 198.18.20.1", "route add 198.18.6.0/24 nexthop via 203.0.113.1 weight 2 nexthop via 203.0.113.9",
                      "-6 route add default via 2001:db8::1 metric 70", "-6 route add 2001:db8:9::/48 via fe80::1 dev wan"):
            outside.run("ip", *words.split())

    def host(self):
        """The host's state without what only time changes."""
        return re.sub(r'"(valid|preferred)_life_time":(?!4294967295)\d+', "", outside.state_of_host())

    def addresses_and_routes(self):
        return [outside.run(*words.split()) for words in ("ip -j route", "ip -j -6 route", "ip -o -4 address")]

    def assert_put_back(self, before):
        harness.wait_until(lambda: self.host() == before)
        self.assertEqual(self.host(), before)

    def test_macvlan_leaves_the_host_its_connection(self):
        self.give_the_host_routes()
        before, configured = self.host(), self.addresses_and_routes()
        self.up(MACVLAN)
        for node in ("pc1", "pc2"):
            self.assert_reaches(node, "203.0.113.1")
        self.assert_reaches("pc1", "2001:db8::1")
        self.assert_reaches("pc1", "203.0.113.22")
        self.world.run("ping", "-c", "1", "-W", "5", "203.0.113.21")
        self.assertEqual(self.call("ping", "-c", "1", "-W", "5", "203.0.113.1").status, 0)
        self.assertEqual(self.run_in("pc2", "cat", "/sys/class/net/eth0/mtu").strip(), "1400")
        self.assertEqual(self.addresses_and_routes(), configured, "macvlans live in the nodes")
        self.hopyard("fail", "pc1 -- lan")
        self.assert_does_not_reach("pc1", "203.0.113.1")
        self.assertEqual(self.addresses_and_routes(), configured)
        self.hopyard("heal", "pc1 -- lan")
        self.assert_reaches("pc1", "203.0.113.1")
        self.hopyard("fail", "lan")
        self.assertEqual(self.addresses_and_routes(), configured)
        self.hopyard("heal", "lan")
        self.assertIn("it is an interface of this host", self.hopyard("exec", "lan", "--", "true", status=None).err)
        self.hopyard("down")
        self.assert_put_back(before)

    def test_an_interface_that_was_made_anew(self):
        self.up(MACVLAN)
        self.world.end()
        failed = self.hopyard("repair", "--json", status=1).json()
        self.assertEqual([one["node"] for one in failed["left"]], ["pc1", "pc2", "pc2"])
        self.assertIn("the host has no interface wan", failed["error"])
        self.world = outside.Outside("wan", "203.0.113.1", "2001:db8::1")
        self.addCleanup(self.world.end)
        before = self.host()
        self.hopyard("repair")
        self.assert_reaches("pc1", "203.0.113.1")
        self.assert_reaches("pc2", "203.0.113.1")
        self.assert_reaches("pc1", "2001:db8::1")
        self.assertIn("is as its file says", self.hopyard("repair").out)
        self.hopyard("down")
        self.assert_put_back(before)

    def test_only_hardware_may_move(self):
        before = self.host()
        refused = self.up("nodes: {lan: {kind: external, interface: wan, by: move}}\nlinks: [pc1 -- lan]\n", status=1)
        self.assertIn("it is no hardware but a veth, which would be lost if the lab were killed", refused.err)
        self.assertIn("by: macvlan", refused.err)
        self.assert_put_back(before)

    def test_a_bridge_takes_over_and_gives_back(self):
        self.give_the_host_routes()
        before = self.host()
        self.up(BRIDGE)
        for node in ("pc1", "pc2"):
            self.assert_reaches(node, "203.0.113.1")
            self.assert_reaches(node, "203.0.113.2")  # the host, which has its address on the bridge now
        self.assert_reaches("pc1", "2001:db8::1")
        self.world.run("ping", "-c", "1", "-W", "5", "203.0.113.21")
        self.assertEqual(self.call("ping", "-c", "1", "-W", "5", "203.0.113.1").status, 0)
        self.assertEqual(self.call("ping", "-c", "1", "-W", "5", "2001:db8::1").status, 0)
        routes = outside.run("ip", "route", "show", "default")
        bridge = json.loads(outside.run("ip", "-j", "link", "show", "type", "bridge"))[0]["ifname"]
        self.assertIn(f"default via 203.0.113.1 dev {bridge} proto dhcp metric 50", routes)
        self.assertNotIn("inet ", outside.run("ip", "address", "show", "dev", "wan"))
        self.assertEqual(outside.run("cat", f"/sys/class/net/{bridge}/address"), outside.run("cat", "/sys/class/net/wan/address"))
        self.hopyard("down")
        self.assert_put_back(before)

    def test_put_back_after_the_lab_was_killed_at_any_moment(self):
        self.give_the_host_routes()
        before = self.host()
        self.up(BRIDGE)
        os.kill(self.show()["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.running() == []))
        self.assert_put_back(before)
        # Whoever looks which labs there are may do so from another network namespace.
        self.up(BRIDGE)
        os.kill(self.show()["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: "bridged" not in self.call(
            "unshare", "--net", harness.BINARY, "ls").out))
        self.assert_put_back(before)
        lab = self.lab(BRIDGE)
        for _ in range(20):
            started = self.start("up", lab)
            harness.time.sleep(harness.random.uniform(0, 0.15))
            for pid in harness.processes_of_labs():
                harness.kill(pid)
            started.kill()
            started.wait()
            self.assertTrue(harness.wait_until(lambda: self.running() == []))
            self.assert_put_back(before)

    def test_put_back_when_the_gateway_no_longer_answers(self):
        self.give_the_host_routes()
        # The port of the world's own switch, say, lets one MAC through, and the bridge has another way of speaking.
        before = self.host()
        done = self.up(BRIDGE.replace("by: bridge", "by: bridge, gateway: 203.0.113.99, within: 700ms"), status=1)
        self.assertIn("gateway 203.0.113.99 has not answered through the bridge in 700 ms; all will be put back", done.err)
        self.assert_put_back(before)
        self.assertEqual(self.running(), [])

    def test_put_back_unless_confirmed(self):
        before = self.host()
        # The time begins before `up` has answered.
        short, long = math.ceil(5 * harness.PATIENCE), math.ceil(8 * harness.PATIENCE)
        done = self.up(BRIDGE.replace("by: bridge", f"by: bridge, confirm: {short}s"))
        self.assertIn("hopyard confirm bridged", done.err)
        self.assertTrue(harness.wait_until(lambda: self.running() == [], 60))
        self.assert_put_back(before)
        self.up(BRIDGE.replace("by: bridge", f"by: bridge, confirm: {long}s"))
        self.hopyard("confirm", "bridged")
        harness.time.sleep(long + 0.5)
        self.assertEqual(self.running(), ["bridged"])
        self.assertIn("nothing to confirm", self.hopyard("confirm", status=1).err)
        self.hopyard("down")
        self.assert_put_back(before)

    def test_the_time_to_confirm_begins_when_the_lab_is_ready(self):
        time = 5 * harness.PATIENCE
        slow = f"services: {{slow: {{command: 'sleep {time + 1}; touch /run/slow; sleep 1000', ready: {{file: /run/slow}}}}}}, "
        self.up(BRIDGE.replace("by: bridge", f"by: bridge, confirm: {time}s").replace("  pc1: {", "  pc1: {" + slow))
        self.hopyard("confirm", "bridged")

    def test_what_cannot_be(self):
        done = self.up(BRIDGE.replace("interface: wan", "interface: eth7"), status=1)
        self.assertIn("the host has no interface eth7", done.err)
        self.up(BRIDGE)
        done = self.up(BRIDGE, "--name", "second", status=1)
        self.assertIn("it is a port already", done.err)
        self.assertEqual(self.running(), ["bridged"])
        self.assert_reaches("pc1", "203.0.113.1")
        for wrong, words in (("lan: {kind: external}", "does not say which interface of the host it is"),
                             ("lan: {kind: external, interface: wan, addresses: {eth0: 10.0.0.1/24}}", "external 'lan' cannot have 'addresses'"),
                             ("lan: {kind: external, interface: wan, confirm: 3s}", "is for by: bridge")):
            done = self.up(f"lab: wrong\nnodes:\n  {wrong}\nlinks:\n  - pc -- lan\n", status=2)
            self.assertIn(words, done.err)
        done = self.up("lab: wrong\nnodes:\n  lan: {kind: external, interface: wan}\n  sw: {kind: switch}\nlinks:\n  - sw -- lan\n", status=2)
        self.assertIn("ends at a switch or a network, and external 'lan' is by macvlan", done.err)


if __name__ == "__main__":
    harness.main()

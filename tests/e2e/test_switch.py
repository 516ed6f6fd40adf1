"""Switches: the spanning tree, what they remember, and VLANs (where the kernel has them; elsewhere, the error)."""

import subprocess

import harness
import vlans
from harness import LabTest, wait_until

RING = """
lab: ring
kinds:
  bridge: {kind: switch, stp: true}
nodes:
  sw1: {kind: bridge, stp: {priority: 4096}}
  sw[2..3]: {kind: bridge}
links:
  - ring: sw[1..3]
  - pc1 -- sw2
  - pc2 -- sw3
"""


def kernel_has_vlans():
    """What iproute2 finds out."""
    script = "ip link add probe type bridge || exit 9; bridge vlan add dev probe vid 2 self"
    asked = subprocess.run([*harness.IN_A_NETWORK, "sh", "-c", script], capture_output=True, check=False)
    assert asked.returncode != 9, asked.stderr
    return asked.returncode == 0


class Switch(LabTest):
    def ports(self, switch):
        """The state of each port of a switch, by its name."""
        links = self.hopyard("exec", switch, "--", "bridge", "-j", "link").json()
        return {link["ifname"]: link["state"] for link in links}

    def states(self):
        return sorted(state for switch in ("sw1", "sw2", "sw3") for state in self.ports(switch).values())

    def bridge(self, switch):
        return self.hopyard("exec", switch, "--", "ip", "-d", "-j", "link", "show", "br0").json()[0]["linkinfo"]["info_data"]

    def frames(self, switch):
        links = self.hopyard("exec", switch, "--", "ip", "-s", "-j", "link").json()
        return sum(link["stats64"]["rx"]["packets"] for link in links if link["ifname"].startswith("eth"))

    def test_a_ring_does_not_storm_and_heals(self):
        self.up(RING)
        settled = ["blocking"] + 7 * ["forwarding"]
        self.assertTrue(wait_until(lambda: self.states() == settled, 40), self.states())
        self.assertTrue(self.bridge("sw1")["root_port"] == 0, "sw1 has the lowest priority and is the root")
        self.assert_reaches("pc1", self.address("pc2"))
        # A broadcast goes to each port once: a storm would be thousands.
        before = self.frames("sw2")
        self.hopyard("exec", "pc1", "--", "ping", "-n", "-c", "20", "-i", "0.01", "-b", "10.255.255.255", status=None)
        self.assertLess(self.frames("sw2") - before, 1000)
        # The link that carries what goes between the two is one of the root's; without it the third one opens.
        self.hopyard("fail", "sw1:eth0 -- sw2:eth0")
        self.assert_learns_anew("pc1", "pc2")
        self.assertNotIn("blocking", self.ports("sw3").values())
        self.hopyard("heal", "sw1:eth0 -- sw2:eth0")
        self.assertTrue(wait_until(lambda: self.states() == settled, 60), self.states())
        self.assert_learns_anew("pc1", "pc2")

    def assert_learns_anew(self, node, other):
        """Stations that are somewhere else now are forgotten twice the forward delay after the tree has changed."""
        address = self.address(other)
        self.assertTrue(wait_until(lambda: self.ping(node, address, status=None, patience=1).status == 0, 60), self.states())

    def address(self, node, interface="eth0"):
        addresses = self.hopyard("exec", node, "--", "ip", "-j", "-4", "addr", "show", interface).json()
        return addresses[0]["addr_info"][0]["local"]

    def test_timers_and_ageing_are_as_written(self):
        self.up("""
            lab: timers
            nodes:
              sw: {kind: switch, ageing: 12.5s, stp: {priority: 8192, hello: 2s, forward-delay: 5s, max-age: 8s}}
              plain: {kind: switch}
            links: [a -- sw, b -- plain, sw -- plain]
        """)
        data = self.bridge("sw")
        self.assertEqual(
            [data[key] for key in ("stp_state", "priority", "hello_time", "forward_delay", "max_age", "ageing_time")],
            [1, 8192, 200, 500, 800, 1250])
        plain = self.bridge("plain")
        self.assertEqual([plain["stp_state"], plain["forward_delay"], plain["ageing_time"]], [0, 0, 30000])

    def test_a_static_station_stays_where_it_is(self):
        self.up("""
            lab: stations
            nodes:
              sw:
                kind: switch
                fdb: {02:aa:00:00:00:02: eth1, '02:aa:00:00:00:09': eth2}
              b: {interfaces: {eth0: {mac: 02:aa:00:00:00:02}}}
            links: [a -- sw, b -- sw, c -- sw]
        """)
        def stations():
            table = self.hopyard("exec", "sw", "--", "bridge", "-j", "fdb", "show", "br", "br0").json()
            return {entry["mac"]: (entry["ifname"], entry["state"]) for entry in table if entry["mac"].startswith("02:aa")}

        written = {"02:aa:00:00:00:02": ("eth1", "static"), "02:aa:00:00:00:09": ("eth2", "static")}
        self.assertEqual(stations(), written)
        self.assert_reaches("a", self.address("b"))
        # c takes b's MAC and speaks: the switch believes the table, not the frame.
        self.run_in("c", "ip", "link", "set", "eth0", "address", "02:aa:00:00:00:02")
        self.ping("c", self.address("a"), status=None, patience=1)
        self.assertEqual(stations(), written)
        self.assert_reaches("a", self.address("b"))

    def test_vlans_are_apart_and_trunks_join_them(self):
        if not kernel_has_vlans():
            return self.refused()
        self.up(vlans.lab("linux"))
        # Each VLAN has a subnet of its own.
        self.assertNotEqual(self.subnet("a10"), self.subnet("a20"))
        self.assertEqual(self.subnet("a20"), self.subnet("plain"))
        vlans.assert_are_apart(self)
        # A link that was down is in its VLANs again.
        self.hopyard("fail", "sw1:eth2 -- sw2:eth0")
        self.assert_does_not_reach("a10", self.address("b10"))
        self.hopyard("heal", "sw1:eth2 -- sw2:eth0")
        self.assert_reaches("a10", self.address("b10"))
        self.assertEqual(self.vlans("sw1"), {
            "eth0": [(10, True)], "eth1": [(20, True)], "eth2": [(10, False), (20, False)],
            "eth3": [(20, True), (30, False), (31, False), (32, False)], "eth4": [(1, True)], "eth5": [(1, True)]})

    def refused(self):
        """Nothing is made, and the words say what is missing."""
        done = self.up(vlans.lab("linux"), status=1)
        self.assertIn("this kernel lacks: VLANs in bridges (vlan_filtering) (no vlan and vlans on the ports of a switch)",
                      done.err)
        self.assertIn("use a kernel with CONFIG_BRIDGE_VLAN_FILTERING", done.err)
        self.assertEqual(self.running(), [])

    def subnet(self, node):
        addresses = self.hopyard("exec", node, "--", "ip", "-j", "-4", "addr", "show", "eth0").json()[0]["addr_info"][0]
        return addresses["local"].rpartition(".")[0], addresses["prefixlen"]

    def vlans(self, switch):
        found = {}
        for port in self.hopyard("exec", switch, "--", "bridge", "-j", "vlan").json():
            if port["ifname"].startswith("eth"):
                found[port["ifname"]] = [(vlan, "PVID" in entry.get("flags", [])) for entry in port["vlans"]
                                         for vlan in range(entry["vlan"], entry.get("vlanEnd", entry["vlan"]) + 1)]
        return found


if __name__ == "__main__":
    harness.main()

"""Every type of link between nodes: up, addressed, pinged across, shaped, taken down; those of a node's own are in
test_interface_types.py."""

import re

import harness
import link_types

# Bytes that a tunnel takes of each packet.
TAKES = {"vxlan": 50, "geneve": 50, "gre": 24, "gretap": 38, "ip6gre": 44, "ip6gretap": 58, "ipip": 20, "sit": 20, "ip6tnl": 40,
         "wireguard": 60, "macsec": 32}


class Tunnels(link_types.LinkTypes):
    def assert_shaped(self, wire, node, name, address):
        """What the wire is told while the lab runs holds for its packets, and no longer than it is told."""
        qdisc = lambda: self.run_in(node, "tc", "qdisc", "show", "dev", name)
        if link_types.KERNEL_HAS_NETEM:
            self.hopyard("set", wire, "loss=100%")
            self.assertIn("netem", qdisc())
            self.assert_does_not_reach(node, address)
        else:
            self.hopyard("set", wire, "rate=1mbit")
            self.assertIn("tbf", qdisc())
            self.assert_reaches(node, address)
        self.hopyard("set", wire, "none")
        self.assertNotRegex(qdisc(), "netem|tbf")
        self.assert_reaches(node, address)

    def tunnel(self, kind, values=""):
        """Two sites whose routers are three wires apart, and a tunnel between the routers."""
        lab = f"""
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..2]: {{kind: router}}
  core: {{kind: router}}
links:
  - pc1 -- r1
  - r1:wan -- core
  - core -- r2:wan
  - pc2 -- r2
  - r1:t0 -- r2:t0: {{type: {kind}{values}}}
"""
        if not self.stands(lab, kind):
            return
        mtu = 1500 - TAKES[kind]
        self.assertEqual(self.link("r1", "t0")["mtu"], mtu)
        self.assertEqual(self.link("r1", "t0")["linkinfo"]["info_kind"], kind)
        for address in ("10.0.0.13", "fd00:0:0:3::1"):
            before = self.sent("r1", "t0")
            self.assert_reaches("pc1", address)
            self.assertGreater(self.sent("r1", "t0"), before, f"{address} is not reached by the tunnel")
        # The largest packet that fits goes through, and one byte more does not.
        self.ping("r1", "10.0.0.18", "-M", "do", "-s", mtu - 28)
        self.assertNotEqual(self.ping("r1", "10.0.0.18", "-M", "do", "-s", mtu - 27, status=None).status, 0)
        self.assert_shaped("r1:t0--r2:t0", "r1", "t0", "10.0.0.18")
        self.hopyard("fail", "r1:t0")
        self.assert_does_not_reach("r1", "10.0.0.18")
        self.hopyard("heal", "r1:t0")
        self.assert_reaches("pc1", "10.0.0.13")


class Page(link_types.LinkTypes):
    def test_every_example_stands(self):
        blocks = re.findall(r"^```yaml\n(.*?)^```", (harness.ROOT / "docs/links.md").read_text(), re.M | re.S)
        self.assertGreater(len(blocks), 9)
        for block in blocks:
            with self.subTest(block):
                if self.stands(block, *sorted(set(re.findall(r"type: (\w+)", block)))):
                    self.hopyard("down", "--all")


class Wires(Tunnels):
    def test_vxlan(self):
        self.tunnel("vxlan", ", id: 42")

    def test_geneve(self):
        self.tunnel("geneve")

    def test_gre(self):
        self.tunnel("gre")

    def test_gretap(self):
        self.tunnel("gretap")

    def test_ip6gre(self):
        self.tunnel("ip6gre")

    def test_ip6gretap(self):
        self.tunnel("ip6gretap")

    def test_ipip(self):
        lab = """
nodes: {r1: {kind: router}, r2: {kind: router}, core: {kind: router}}
links: [r1:wan -- core, core -- r2:wan, r1:t0 -- r2:t0: {type: ipip}, pc -- r2]
"""
        if self.stands(lab, "ipip"):
            self.assertEqual(self.link("r1", "t0")["mtu"], 1480)
            self.assert_reaches("r1", "10.0.0.10")
            self.assert_reaches("r1", "10.0.0.14")
            self.assert_shaped("r1:t0--r2:t0", "r1", "t0", "10.0.0.10")

    def test_sit(self):
        self.tunnel("sit")

    def test_ip6tnl(self):
        self.tunnel("ip6tnl")

    def test_wireguard(self):
        self.tunnel("wireguard")

    def test_macsec(self):
        lab = """
links: [a -- b: {subnet: 10.9.0.0/30}, a:mac0 -- b:mac0: {type: macsec, over: eth0}]
"""
        if self.stands(lab, "macsec"):
            self.assertEqual(self.link("a", "mac0")["mtu"], 1468)
            self.assert_reaches("a", "10.0.0.2")
            self.assert_shaped("a:mac0--b:mac0", "a", "mac0", "10.0.0.2")

    def test_over_names_the_way(self):
        lab = """
nodes: {a: {addresses: {lo: 192.0.2.1/32}, routes: [{to: 192.0.2.2/32, via: b}]}, b: {addresses: {lo: 192.0.2.2/32}, routes: [{to: 192.0.2.1/32, via: a}]}}
links: [a -- b: {mtu: 2000}, a:vx0 -- b:vx0: {type: vxlan, over: lo, id: 7}]
"""
        if self.stands(lab, "vxlan"):
            data = self.link("a", "vx0")["linkinfo"]["info_data"]
            self.assertEqual((data["local"], data["remote"], data["id"]), ("192.0.2.1", "192.0.2.2", 7))
            self.assertEqual(self.link("a", "vx0")["mtu"], 1950)
            self.assert_reaches("a", "10.0.0.6")

    def test_a_rate_shapes_a_tunnel(self):
        if self.stands("links: [a -- b, a:vx0 -- b:vx0: {type: vxlan, rate: 1mbit}]", "vxlan"):
            self.assertIn("tbf", self.run_in("a", "tc", "qdisc", "show", "dev", "vx0"))
            self.assert_reaches("a", "10.0.0.6")


if __name__ == "__main__":
    link_types.load_modules()
    harness.main()

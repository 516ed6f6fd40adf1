"""Every type of interface of a node's own: up, addressed, shaped, used for what it is for, taken down; links are in test_link_types.py."""

import base64
import pathlib
import subprocess

import harness
import link_types

# A program at the other end of a tun or a tap, which answers echo requests.
ANSWERS = pathlib.Path(__file__).with_name("answers.py").read_text()
# What IKE would agree on: both directions, and that everything marked as the interface's goes by them.
IPSEC = """
own=$(ip -o -4 addr show dev eth0 | grep -o '10[.]9[.]0[.][12]' | head -n 1)
[ "$own" = 10.9.0.1 ] && other=10.9.0.2 || other=10.9.0.1
for way in "10.9.0.1 10.9.0.2 1" "10.9.0.2 10.9.0.1 2"; do
  set -- $way
  ip xfrm state add src $1 dst $2 proto esp spi $3 mode tunnel enc 'cbc(aes)' 0x00112233445566778899aabbccddeeff \
    auth-trunc 'hmac(sha256)' 0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 128
done
ip xfrm policy add dir out mark 7 tmpl src $own dst $other proto esp mode tunnel
ip xfrm policy add dir in mark 7 tmpl src $other dst $own proto esp mode tunnel
"""


class Interfaces(link_types.LinkTypes):
    def own(self, kind, left, right):
        """An interface of the node's own on each end of a wire, which has addresses unless it shares its network."""
        shares = kind in ("macvlan", "macvtap", "ipvlan")
        wire = "eth0: {addresses: []}" if shares else "eth0: {mtu: 1500}"
        lab = f"""
nodes:
  a: {{interfaces: {{{wire}, x0: {{type: {kind}, rate: 50mbit, {left}}}}}}}
  b: {{interfaces: {{{wire}, x0: {{type: {kind}, {right}}}}}}}
links:
  - a -- b{"" if shares else ": {subnet: 10.9.0.0/30}"}
"""
        if not self.stands(lab, kind):
            return False
        self.assertEqual(self.link("a", "x0")["linkinfo"]["info_kind"], kind)
        self.assertRegex(self.run_in("a", "tc", "qdisc", "show", "dev", "x0"), "tbf .* rate 50Mbit")
        return True

    def test_dummy(self):
        lab = """
nodes: {r1: {kind: router, interfaces: {d0: {type: dummy, addresses: 192.0.2.1/32}}}, r2: {kind: router}}
links: [r1 -- r2, r2 -- pc]
"""
        if self.stands(lab, "dummy"):
            self.assert_reaches("pc", "192.0.2.1")

    def test_vlan(self):
        lab = """
nodes:
  sw: {kind: switch}
  a: {interfaces: {eth0.10: {type: vlan, on: eth0, id: 10, addresses: 10.0.10.1/24}, eth0.20: {type: vlan, on: eth0, id: 20}}}
  b: {interfaces: {eth0.10: {type: vlan, on: eth0, id: 10, addresses: 10.0.10.2/24}}}
  c: {interfaces: {eth0.20: {type: vlan, on: eth0, id: 20}}}
links: [a -- sw, b -- sw, c -- sw]
"""
        if self.stands(lab, "vlan"):
            self.assertEqual(self.link("a", "eth0.10")["linkinfo"]["info_data"]["id"], 10)
            self.assert_reaches("a", "10.0.10.2")
            self.assert_reaches("a", "10.0.1.2")
            self.assert_does_not_reach("c", "10.0.10.2")

    def test_macvlan(self):
        if self.own("macvlan", "on: eth0, mode: bridge, addresses: 10.8.0.1/24", "on: eth0, addresses: 10.8.0.2/24"):
            self.assertNotEqual(self.link("a", "x0")["address"], self.link("a", "eth0")["address"])
            self.assert_reaches("a", "10.8.0.2")

    def test_macvtap(self):
        self.own("macvtap", "on: eth0, addresses: 10.8.0.1/24", "on: eth0, addresses: 10.8.0.2/24")

    def test_ipvlan(self):
        if self.own("ipvlan", "on: eth0, mode: l2, addresses: 10.8.0.1/24", "on: eth0, addresses: 10.8.0.2/24"):
            self.assertEqual(self.link("a", "x0")["address"], self.link("a", "eth0")["address"])
            self.assert_reaches("a", "10.8.0.2")

    def test_a_bond_fails_over(self):
        lab = """
nodes:
  a: {interfaces: {bond0: {type: bond, of: [eth0, eth1], mode: active-backup, miimon: 100ms}}}
  b: {interfaces: {bond0: {type: bond, of: [eth0, eth1], mode: active-backup, miimon: 100ms}}}
links: [a -- b, a -- b]
"""
        if not self.stands(lab, "bond"):
            return
        self.assert_reaches("a", "10.0.0.2")
        for leg in ("eth0", "eth1"):
            self.hopyard("fail", f"a:{leg}")
            self.assert_reaches("a", "10.0.0.2")
            self.hopyard("heal", f"a:{leg}")
            self.assertTrue(harness.wait_until(lambda leg=leg: "master bond0" in self.run_in("a", "ip", "link", "show", "dev", leg)))
            self.assert_reaches("a", "10.0.0.2")

    def test_a_vlan_on_a_bond(self):
        lab = """
nodes:
  a: {interfaces: {v: {type: vlan, on: bond0, id: 7, addresses: 10.7.0.1/24}, bond0: {type: bond, of: [eth0, eth1]}}}
  b: {interfaces: {v: {type: vlan, on: bond0, id: 7, addresses: 10.7.0.2/24}, bond0: {type: bond, of: [eth0, eth1]}}}
links: [a -- b: {mtu: 9000}, a -- b: {mtu: 9000}]
"""
        if self.stands(lab, "bond", "vlan"):
            self.assertEqual(self.link("a", "v")["mtu"], 9000)
            self.assert_reaches("a", "10.7.0.2")

    def test_team(self):
        lab = """
nodes:
  a: {interfaces: {team0: {type: team, of: [eth0, eth1]}}}
  b: {interfaces: {team0: {type: team, of: [eth0, eth1], mode: roundrobin}}}
links: [a -- b, a -- b]
"""
        if self.stands(lab, "team"):
            self.assert_reaches("a", "10.0.0.2")

    def team(self, mode):
        return (f"links: [a -- b, a -- b]\nnodes:\n"
                f"  a: {{interfaces: {{team0: {{type: team, of: [eth0, eth1], mode: {mode}}}}}}}\n"
                f"  b: {{interfaces: {{team0: {{type: team, of: [eth0, eth1], mode: {mode}}}}}}}\n")

    def test_a_team_sends_by_random_ports(self):
        if not self.stands(self.team("random"), "team"):
            return
        self.assert_reaches("a", "10.0.0.2")
        before = {leg: self.sent("a", leg) for leg in ("eth0", "eth1")}
        self.run_in("a", "ping", "-q", "-c", "64", "-i", "0.01", "10.0.0.2")
        for leg, sent in before.items():
            self.assertGreater(self.sent("a", leg), sent, leg)

    def test_a_team_with_an_active_port_uses_it_alone(self):
        if not self.stands(self.team("activebackup"), "team"):
            return
        self.assert_reaches("a", "10.0.0.2")
        before = {leg: self.sent("a", leg) for leg in ("eth0", "eth1")}
        self.run_in("a", "ping", "-q", "-c", "20", "-i", "0.01", "10.0.0.2")
        self.assertGreaterEqual(self.sent("a", "eth0") - before["eth0"], 20)
        self.assertLess(self.sent("a", "eth1") - before["eth1"], 20)
        self.assertEqual(self.show()["drift"], [])
        self.hopyard("fail", "a:eth0")
        self.assert_does_not_reach("a", "10.0.0.2")
        self.hopyard("heal", "a:eth0")
        self.assert_reaches("a", "10.0.0.2")

    def test_vrf_keeps_customers_with_the_same_addresses_apart(self):
        lab = """
nodes:
  pe:
    kind: router
    interfaces:
      red: {type: vrf, table: 10, of: [eth0, eth1]}
      blue: {type: vrf, table: 20, of: [eth2, eth3]}
links:
  - pe -- red1: {subnet: 10.1.0.0/30}
  - pe -- red2: {subnet: 10.2.0.0/30}
  - pe -- blue1: {subnet: 10.1.0.0/30}
  - pe -- blue2: {subnet: 10.2.0.0/30}
"""
        if not self.stands(lab, "vrf"):
            return
        for colour in ("red", "blue"):
            before = {other: self.received(f"{other}2") for other in ("red", "blue")}
            self.assert_reaches(f"{colour}1", "10.2.0.2")
            other = "blue" if colour == "red" else "red"
            self.assertGreater(self.received(f"{colour}2"), before[colour])
            self.assertEqual(self.received(f"{other}2"), before[other])

    def received(self, node):
        return int(self.run_in(node, "sh", "-c", "awk '/^Icmp:/ && $2 ~ /[0-9]/ {print $2}' /proc/net/snmp"))

    def test_wireguard_as_an_interface(self):
        """One end knows where the other one is, which learns it from what comes."""
        lab = """
nodes:
  a:
    interfaces:
      wg0:
        type: wireguard
        addresses: [10.8.0.1/24, 'fd08::1/64']
        peers: [{public-key: 'b:wg0', endpoint: 10.9.0.2, allowed: [10.8.0.2/32, 'fd08::2/128'], keepalive: 1s}]
  b:
    interfaces:
      wg0:
        type: wireguard
        port: 7777
        addresses: [10.8.0.2/24, 'fd08::2/64']
        peers: [{public-key: 'a:wg0', allowed: [10.8.0.1/32, 'fd08::1/128']}]
links: [a -- b: {subnet: 10.9.0.0/30}]
"""
        if not self.stands(lab, "wireguard"):
            return
        self.assertEqual([self.link(node, "wg0")["mtu"] for node in ("a", "b")], [1440, 1420])
        for node, address in (("a", "10.8.0.2"), ("b", "fd08::1"), ("b", "10.8.0.1")):
            before = self.sent(node, "wg0")
            self.assert_reaches(node, address)
            self.assertGreater(self.sent(node, "wg0"), before)
        # What is not among the allowed addresses is not sent.
        self.run_in("b", "ip", "address", "add", "10.8.0.3/24", "dev", "wg0")
        self.assert_does_not_reach("a", "10.8.0.3")

    def x25519(self):
        """A private key and its public one, in base64, by openssl: the keys are the last 32 bytes of what it writes."""
        private = subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-outform", "DER"], capture_output=True, check=True).stdout
        public = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], input=private, capture_output=True,
                                check=True).stdout
        return [base64.b64encode(key[-32:]).decode() for key in (private, public)]

    def test_wireguard_with_given_keys_over_ipv6(self):
        (private, public), (others, theirs), (shared, _) = self.x25519(), self.x25519(), self.x25519()
        end = "{{type: wireguard, private-key: {}, port: {}, addresses: 10.8.0.{}/24, peers: [{{public-key: {}, preshared-key: {}, endpoint: '{}'}}]}}"
        lab = f"""
nodes:
  a: {{interfaces: {{wg0: {end.format(private, 7000, 1, theirs, shared, "[fd09::2]:7001")}}}}}
  b: {{interfaces: {{wg0: {end.format(others, 7001, 2, public, shared, "[fd09::1]:7000")}}}}}
links: [a -- b: {{subnet: 'fd09::/64'}}]
"""
        if not self.stands(lab, "wireguard"):
            return
        self.assertEqual(self.link("a", "wg0")["mtu"], 1420)
        self.assert_reaches("a", "10.8.0.2")
        # Without the shared secret nothing is understood.
        self.hopyard("down", "--all")
        self.up(lab.replace(f"preshared-key: {shared}", f"preshared-key: {public}", 1))
        self.assert_does_not_reach("a", "10.8.0.2")

    def test_macsec_as_an_interface(self):
        keys = ["00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"]
        mac = "mac: 02:00:00:00:00:0{}, peer: 02:00:00:00:00:0{}, send-key: '{}', receive-key: '{}'"
        for left, right in (("peer: 'b:x0'", "peer: 'a:x0'"), (mac.format(1, 2, *keys), mac.format(2, 1, *reversed(keys)))):
            with self.subTest(left):
                if self.own("macsec", f"on: eth0, {left}, addresses: 10.8.0.1/24", f"on: eth0, {right}, addresses: 10.8.0.2/24"):
                    self.assertEqual(self.link("a", "x0")["mtu"], 1468)
                    self.assert_reaches("a", "10.8.0.2")
                    self.hopyard("down", "--all")

    def test_tunnels_as_interfaces(self):
        """Each type, with outer addresses that are given."""
        for kind, values in (("gre", "key: 7, ttl: 64"), ("gretap", "key: 7"), ("ipip", "ttl: 9"), ("sit", "ttl: 9"),
                             ("vxlan", "id: 42, port: 4788"), ("geneve", "id: 42")):
            with self.subTest(kind):
                local = "" if kind == "geneve" else "local: 10.9.0.{}, "
                if self.own(kind, local.format(1) + f"remote: 10.9.0.2, {values}, addresses: 10.8.0.1/24",
                            local.format(2) + f"remote: 10.9.0.1, {values}, addresses: 10.8.0.2/24"):
                    self.assert_reaches("a", "10.8.0.2")
                    self.hopyard("down", "--all")

    def test_vxlan_in_a_multicast_group(self):
        values = "id: 42, on: eth0, local: 10.9.0.{}, remote: 239.1.1.1, addresses: 10.8.0.{}/24"
        if self.own("vxlan", values.format(1, 1), values.format(2, 2)):
            self.assert_reaches("a", "10.8.0.2")

    def test_vti(self):
        if self.own("vti", "local: 10.9.0.1, remote: 10.9.0.2, key: 7, addresses: 10.8.0.1/24",
                    "local: 10.9.0.2, remote: 10.9.0.1, key: 7, addresses: 10.8.0.2/24"):
            self.assertEqual(self.link("a", "x0")["linkinfo"]["info_data"]["ikey"], "0.0.0.7")
            for node in ("a", "b"):
                self.run_in(node, "sh", "-ec", IPSEC)
            self.assert_reaches("a", "10.8.0.2")

    def test_ifb(self):
        lab = "nodes: {a: {interfaces: {ifb0: {type: ifb}}}}\nlinks: [a -- b]\n"
        if self.stands(lab, "ifb"):
            self.run_in("a", "sh", "-ec", "tc qdisc add dev eth0 ingress; tc filter add dev eth0 parent ffff: protocol all u32 "
                        "match u32 0 0 action mirred egress redirect dev ifb0")
            self.assert_reaches("a", "10.0.0.2")
            self.assertGreater(self.sent("a", "ifb0"), 0)

    def answering(self, name, *words):
        """A program in node a that has opened the device, and answers for the addresses that end in 9."""
        program = self.start("exec", "a", "--", *words, "python3", "-c", ANSWERS, name)
        self.assertEqual(program.stdout.readline(), "open\n", name)
        return program

    def test_a_tun_and_a_tap_are_for_a_program(self):
        lab = """
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  a:
    kind: router
    interfaces:
      tun0: {type: tun, addresses: [10.8.0.1/24, 'fd00:8::1/64']}
      tap0: {type: tap, addresses: [10.9.0.1/24, 'fd00:9::1/64'], mtu: 1400, mac: '02:00:00:00:00:0a'}
links: [a -- b]
"""
        if not self.stands(lab, "tun", "tap"):
            return
        for name, kind in (("tun0", "tun"), ("tap0", "tap")):
            data = self.link("a", name)["linkinfo"]
            self.assertEqual((data["info_kind"], data["info_data"]["type"], data["info_data"]["persist"]), ("tun", kind, True))
        self.assertEqual((self.link("a", "tap0")["mtu"], self.link("a", "tap0")["address"]), (1400, "02:00:00:00:00:0a"))
        self.assertFalse(self.link("a", "tap0")["linkinfo"]["info_data"]["vnet_hdr"])
        self.assertIn("NO-CARRIER", self.link("a", "tun0")["flags"])
        self.assert_does_not_reach("a", "10.8.0.9")
        for name, four, six in (("tun0", "10.8.0.9", "fd00:8::9"), ("tap0", "10.9.0.9", "fd00:9::9")):
            program = self.answering(name)
            self.assertTrue(harness.wait_until(lambda name=name: "NO-CARRIER" not in self.link("a", name)["flags"]), name)
            self.assert_reaches("b", four)
            self.assert_reaches("a", six)
            self.end(program)
        # It stays, and the next program finds it.
        self.assertTrue(harness.wait_until(lambda: "NO-CARRIER" in self.link("a", "tun0")["flags"]))
        self.answering("tun0")
        self.assert_reaches("a", "10.8.0.9")

    def test_a_tun_belongs_to_its_owner(self):
        lab = """
nodes:
  a:
    interfaces:
      tun0: {type: tun, owner: 65534, addresses: 10.8.0.1/24}
      tap0: {type: tap, group: 12, multi-queue: true, addresses: 10.9.0.1/24}
links: [a -- b]
"""
        if not self.stands(lab, "tun", "tap"):
            return
        nobody, games = (["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] for user, group in ((65534, 65534), (5, 12)))
        for name, who, other in (("tun0", nobody, games), ("tap0", games, nobody)):
            refused = self.hopyard("exec", "a", "--", *other, "python3", "-c", ANSWERS, name, status=1)
            self.assertIn("Operation not permitted", refused.err)
            self.answering(name, *who)
        self.assert_reaches("a", "10.8.0.9")
        # A second queue of the tap, and none of the tun.
        self.answering("tap0", *games)
        self.assertTrue(self.link("a", "tap0")["linkinfo"]["info_data"]["multi_queue"])
        self.assertIn("busy", self.hopyard("exec", "a", "--", *nobody, "python3", "-c", ANSWERS, "tun0", status=1).err)

    def test_nlmon_sees_netlink(self):
        if self.stands("nodes: {a: {interfaces: {nlmon0: {type: nlmon}}}}\nlinks: [a -- b]\n", "nlmon"):
            self.run_in("a", "ip", "link")
            self.assertGreater(self.link("a", "nlmon0")["stats64"]["rx"]["packets"], 0)

    def test_vcan_carries_a_frame(self):
        if self.stands("nodes: {a: {interfaces: {vcan0: {type: vcan}}}}\nlinks: [a -- b]\n", "vcan"):
            script = ("import socket, struct; one, two = (socket.socket(socket.PF_CAN, socket.SOCK_RAW, socket.CAN_RAW) for i in '12')\n"
                      "one.bind(('vcan0',)); two.bind(('vcan0',)); two.settimeout(30)\n"
                      "one.send(struct.pack('=IB3x8s', 0x123, 2, b'hi')); print(two.recv(16)[8:10].decode())")
            self.assertEqual(self.run_in("a", "/usr/bin/python3", "-c", script).strip(), "hi")


if __name__ == "__main__":
    link_types.load_modules()
    harness.main()

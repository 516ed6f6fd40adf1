"""Every type of interface and link: which of them the kernel has, and what their tests have in common.

They run twice: on Debian's own kernel in the guest of tests/vm, which has them all, and here, where the kernel may lack some.
What it lacks has to be named, with the option of its configuration, before anything is made.
"""

import json
import os
import subprocess

import harness

# By type: what ip(8) is asked, to know of the kernel without Hopyard, and the option that an error has to name.
TYPES = {
    "vlan": ("link below type vlan id 9", "CONFIG_VLAN_8021Q"),
    "macvlan": ("link below type macvlan", "CONFIG_MACVLAN"),
    "macvtap": ("link below type macvtap", "CONFIG_MACVTAP"),
    "ipvlan": ("link below type ipvlan", "CONFIG_IPVLAN"),
    "dummy": ("type dummy", "CONFIG_DUMMY"),
    "ifb": ("type ifb", "CONFIG_IFB"),
    "bond": ("type bond", "CONFIG_BONDING"),
    "team": ("type team", "CONFIG_NET_TEAM"),
    "vrf": ("type vrf table 9", "CONFIG_NET_VRF"),
    "vxlan": ("type vxlan id 9 dstport 9", "CONFIG_VXLAN"),
    "geneve": ("type geneve id 9 remote 192.0.2.1", "CONFIG_GENEVE"),
    "gre": ("type gre local 192.0.2.1 remote 192.0.2.2", "CONFIG_NET_IPGRE"),
    "gretap": ("type gretap local 192.0.2.1 remote 192.0.2.2", "CONFIG_NET_IPGRE"),
    "ip6gre": ("type ip6gre local fd00::1 remote fd00::2", "CONFIG_IPV6_GRE"),
    "ip6gretap": ("type ip6gretap local fd00::1 remote fd00::2", "CONFIG_IPV6_GRE"),
    "ipip": ("type ipip local 192.0.2.1 remote 192.0.2.2", "CONFIG_NET_IPIP"),
    "sit": ("type sit local 192.0.2.1 remote 192.0.2.2", "CONFIG_IPV6_SIT"),
    "ip6tnl": ("type ip6tnl local fd00::1 remote fd00::2", "CONFIG_IPV6_TUNNEL"),
    "vti": ("type vti local 192.0.2.1 remote 192.0.2.2 key 9", "CONFIG_NET_IPVTI"),
    "macsec": ("link below type macsec", "CONFIG_MACSEC"),
    "wireguard": ("type wireguard", "CONFIG_WIREGUARD"),
    "nlmon": ("type nlmon", "CONFIG_NLMON"),
    "vcan": ("type vcan", "CONFIG_CAN_VCAN"),
    "tun": ("tuntap add asked mode tun", "CONFIG_TUN"),
    "tap": ("tuntap add asked mode tap", "CONFIG_TUN"),
}
SCRIPT = "ip link add below type veth peer name other; ip {words} && ip link show dev asked >/dev/null"


def kernel_has(kind):
    """Asked in a namespace of its own."""
    words = TYPES[kind][0]
    words = [*harness.IN_A_NETWORK, "sh", "-c", SCRIPT.format(words=words if words.startswith("tuntap") else f"link add asked {words}")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


KERNEL_HAS_NETEM = subprocess.run([*harness.IN_A_NETWORK, "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"],
                                  capture_output=True, check=False).returncode == 0


def load_modules():
    """Asks the kernel for all types, which loads its modules: some put a device of their own into every namespace (gre0, sit0), which
    has to be there before the first look at what is there, of the program that asks and of those beside it."""
    if harness.WORLD not in os.environ:
        for kind in TYPES:
            kernel_has(kind)


class LinkTypes(harness.LabTest):
    def stands(self, text, *kinds):
        """Brings the lab up; where the kernel lacks one of the types, that has to be said, and False is returned."""
        lacking = [kind for kind in kinds if not kernel_has(kind)]
        if not lacking:
            self.up(text)
            return True
        done = self.hopyard("up", self.lab(text), status=None)
        self.assertNotEqual(done.status, 0, str(done))
        self.assertIn("this kernel lacks: ", done.err)
        self.assertTrue(any(TYPES[kind][1] in done.err for kind in lacking), str(done))
        self.assertEqual(self.running(), [])
        return False

    def link(self, node, name):
        return json.loads(self.run_in(node, "ip", "-j", "-d", "-s", "link", "show", "dev", name))[0]

    def sent(self, node, name):
        return self.link(node, name)["stats64"]["tx"]["packets"]


if __name__ == "__main__":
    load_modules()

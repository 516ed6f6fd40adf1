"""The same file gives the same names, addresses, MACs and interface order, every time: this module's lab, and every example.

HOPYARD_TEST_LONG=1 looks at the hundred hops with FRR as well, and not with BIRD alone."""

import os

import harness
import outside

LONG = bool(os.environ.get("HOPYARD_TEST_LONG"))

LAB = """
lab: same
networks: {lan: {}, dmz: {}}
nodes: {gw: {kind: router}}
links:
  - gw -- lan
  - gw -- dmz
  - pc[1..8] -- lan
  - srv[1..3] -- dmz
  - mesh: core[1..4]
  - core1 -- gw
"""
INSIDE = "ip -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/link-netnsid [0-9]*//'; ip -br address | sed 's/@if[0-9]*//'; ip route; cat /etc/hosts"


def without_time(value):
    """What show says, without what is different by its nature: ages and process ids."""
    if isinstance(value, dict):
        return {key: without_time(one) for key, one in value.items() if key not in ("uptime_seconds", "started", "keeper_pid", "pid", "processes",
                                                                                      "since", "for_seconds")}
    if isinstance(value, list):
        return [without_time(one) for one in value]
    return value


class Determinism(harness.LabTest):
    def seen(self):
        self.up(LAB)
        shown = without_time(self.show("same"))
        inside = [self.run_in(node, "sh", "-c", INSIDE) for node in ("gw", "pc5", "core3")]
        self.hopyard("down")
        return shown, inside

    def test_twice_the_same(self):
        first, second = self.seen(), self.seen()
        self.assertEqual(first[0], second[0])
        self.assertEqual(first[1], second[1])

    def test_plans_are_the_same_byte_for_byte(self):
        path = self.lab(LAB)
        plans = {self.hopyard("up", path, "--dry-run", "--json").out for _ in range(5)}
        self.assertEqual(len(plans), 1)

    def shown(self, *words, lab, settled=False):
        """What show says of a lab and of each of its nodes, once it is up, or once no route changes any more."""
        self.hopyard("up", *words, seconds=120)
        if settled:
            self.hopyard("wait", "--timeout", f"{240 * harness.PATIENCE:.0f}s", seconds=250)
        nodes = [node["node"] for node in self.show(lab)["nodes"]]
        said = [without_time(self.show(lab))] + [without_time(self.show(f"{lab}/{node}")) for node in nodes[:8]]
        self.hopyard("down", lab)
        return said

    def test_examples_that_need_nothing_else(self):
        for name, *words in (("dhcp-nat",), ("dns-slaac",), ("dual-stack",), ("fat-tree",), ("hundred-hops",), ("office",), ("pair",),
                             ("services",), ("three-routers",), ("triangle",), ("inner-router",), ("open-vswitch",)):
            with self.subTest(name):
                first, second = [self.shown(harness.EXAMPLES / name, *words, lab=name) for _ in range(2)]
                self.assertEqual(first, second)

    def test_an_example_with_daemons(self):
        for daemon in ("bird", "frr") if LONG else ("bird",):
            with self.subTest(daemon):
                words = [harness.EXAMPLES / "hundred-hops-bgp", "--set", f"DAEMON={daemon}"]
                first, second = [self.shown(*words, lab="hundred-hops-bgp", settled=True) for _ in range(2)]
                self.assertEqual(first, second)

    @harness.needs_root
    def test_an_example_with_an_interface_of_the_host(self):
        self.addCleanup(outside.Outside("lan0", "192.168.10.1", "fd00:10::1").end)
        words = [harness.EXAMPLES / "physical-bridge", "--set", "INTERFACE=lan0"]
        first, second = [self.shown(*words, lab="physical-bridge") for _ in range(2)]
        self.assertEqual(first, second)

    def test_plans_of_all_examples_are_the_same(self):
        paths = [path for path in sorted(harness.EXAMPLES.glob("*/*.hop.yaml")) if path.parent.name != "thousand-routers"]
        self.assertGreater(len(paths), 20)
        for path in paths:
            machine = ["--set", "A=192.0.2.1", "--set", "B=198.51.100.2", "--machine", "a"] if path.parent.name == "two-hosts" else []
            with self.subTest(path.relative_to(harness.EXAMPLES)):
                first, second = [self.hopyard("up", path, *machine, "--dry-run", "--json") for _ in range(2)]
                self.assertEqual(first.out, second.out)

    def test_another_lab_name_gives_other_macs_and_the_same_addresses(self):
        self.up(LAB)
        self.up(LAB, "--name", "other")

        def both(*command):
            return [self.run_in("pc5", *command, lab=lab) for lab in ("same", "other")]

        macs = both("cat", "/sys/class/net/eth0/address")
        self.assertNotEqual(macs[0], macs[1])
        addresses = both("sh", "-c", "ip -br -4 address show dev eth0 | sed 's/@if[0-9]*//'")
        self.assertEqual(addresses[0], addresses[1])


if __name__ == "__main__":
    harness.main()

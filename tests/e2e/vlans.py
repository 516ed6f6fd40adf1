"""A lab of two switches with VLANs on their ports and a trunk between them, and what has to pass in it and what must not."""

LAB = """
lab: vlans
pool: [10.0.0.0/8, 'fd00::/48']
kinds:
  bridge: {kind: switch, engine: ENGINE}
nodes:
  sw1:
    kind: bridge
    interfaces: {eth0: {vlan: 10}, eth1: {vlan: 20}, eth2: {vlans: [10, 20]}, eth3: {vlan: 20, vlans: 30-32}}
  sw2:
    kind: bridge
    interfaces: {eth0: {vlans: [10, 20]}, eth1: {vlan: 10}, eth2: {vlan: 20}}
links:
  - a10 -- sw1:eth0
  - a20 -- sw1:eth1
  - sw1:eth2 -- sw2:eth0
  - b10 -- sw2:eth1
  - b20 -- sw2:eth2
  - plain -- sw1:eth3
  - first -- sw1
  - second -- sw1
"""


def lab(engine):
    return LAB.replace("ENGINE", engine)


def address(test, node, family):
    entry = test.hopyard("exec", node, "--", "ip", "-j", f"-{family}", "addr", "show", "eth0").json()[0]
    return next(one["local"] for one in entry["addr_info"] if one["scope"] == "global")


def assert_are_apart(test):
    """Who is in one VLAN reaches the others in it, and with an address of their subnet nobody of another one."""
    for one, other in (("a10", "b10"), ("a20", "b20"), ("plain", "b20"), ("first", "second")):
        for family in (4, 6):
            test.assert_reaches(one, address(test, other, family))
    test.run_in("a20", "ip", "addr", "add", "10.200.0.1/24", "dev", "eth0")
    for other in ("b10", "first"):
        test.run_in(other, "ip", "addr", "replace", "10.200.0.2/24", "dev", "eth0")
        test.assert_does_not_reach("a20", "10.200.0.2")
        test.run_in(other, "ip", "addr", "del", "10.200.0.2/24", "dev", "eth0")
    test.run_in("b20", "ip", "addr", "add", "10.200.0.2/24", "dev", "eth0")
    test.assert_reaches("a20", "10.200.0.2")

"""The lives of labs that test_faults.py makes system calls fail in, and has the program killed in.

A new feature of the lab file or a new verb goes into the life that has its like, or into one of its own, so that each stays short: one is
lived for every site that no life before it has. What touches no kernel (`help`, `version`, `completion`) is in none.
"""

import dataclasses
import os
import signal

import boot_sector
import harness
from surroundings import Around, Containers, Merging, Names, SIGNS, Taken, root_folder


@dataclasses.dataclass
class Step:
    """A command of a life. In its words, FOLDER is that of the life and LAB the lab file."""

    words: list
    status: tuple = (0,)
    input: str = ""
    typed: str = ""  # on a terminal of its own, where this is typed until the command ends
    behind: bool = False  # it goes on beside the following ones; a signal, or else the end of the lab, ends it
    signal: int = 0
    makes: bool = False  # as `up`: when it says that it failed, nothing is left to clear


TIMEOUT = f"{25 * harness.PATIENCE:.0f}s"
UP = Step(["up", "--timeout", TIMEOUT, "LAB"], makes=True)
DOWN = Step(["down"])


@dataclasses.dataclass
class Life:
    name: str
    text: str
    steps: list
    files: dict = dataclasses.field(default_factory=dict)  # beside the lab file: text, or who writes it
    around: type = Around  # what is there of the host meanwhile
    user: bool = False  # an ordinary user's
    by_name: bool = False  # only where it is asked for

    def __post_init__(self):
        self.steps = [step if isinstance(step, Step) else Step(step) for step in self.steps]


def between(*steps):
    """From `up` to `down`."""
    return [UP, *steps, DOWN]


# What a lab can have without a daemon that takes its time; of the types of interfaces those that every kernel has.
NETWORK = """
lab: network
networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}
nodes:
  gw: {kind: router, addresses: {lan: [.1, '::1']}, nat: {out: up}, sysctl: {net.ipv4.ip_default_ttl: 99}, uplink: true}
  isp: {kind: router, addresses: {lo: [192.0.2.8/32, '2001:db8:8::8/128']}, routes: [{to: 198.51.100.0/24, type: blackhole}]}
  web:
    addresses: {lan: [.80, '::80']}
    env: {WHO: me}
    files: {'/etc/odd name': "hello\\n"}
    cpu: 1
    memory: 200MiB
    run: ["echo run > /tmp/run"]
    services:
      page: {command: mkdir -p /srv/www, restart: on-failure}
      http: {command: "exec tail -f /dev/null", after: page, ready: {command: test -d /srv/www}}
  types:
    interfaces:
      m0: {type: macvlan, on: v, addresses: 10.9.1.1/24}
      tun0: {type: tun, addresses: 192.0.2.129/32}
      tap1: {type: tap}
    routes: [{to: 192.0.2.0/24, type: blackhole, table: 100}]
    rules: [{from: 10.9.1.1/32, table: 100, priority: 100}]
    firewall: |
      table inet closed {
        chain input { type filter hook input priority 0; policy accept; }
      }
  sw: {kind: switch}
  mac: {kind: external, interface: wan}
  lan0: {kind: external, interface: lan0, by: bridge}
links:
  - isp -- gw:up
  - gw -- lan
  - web -- lan
  - web:sw0 -- sw: {rate: 10mbit}
  - types:v -- sw
  - types:vx -- web:vx: {type: vxlan, id: 4, subnet: 10.1.4.0/30}
  - mac -- web
  - lan0 -- types
  - pc[1..10] -- lan
"""

# The daemons that Hopyard writes configurations for.
DAEMONS = """
lab: daemons
networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}
nodes:
  r1: {kind: router, routing: bgp, daemon: frr, as: 100, bgp: {announce: [0.0.0.0/0]}}
  r2: {kind: router, routing: bgp, daemon: bird, as: 101, addresses: {lan: [.1, '::1']}, dhcp: {range: .100-.199}, radvd: {serve: lan}}
  ns: {addresses: {lan: [.53, '::53']}, dns: {domain: lab.example, records: {www: 10.1.0.80}}}
  guest: {dhcp: true}
  ovs: {kind: switch, engine: ovs, interfaces: {eth0: {vlan: 10}, eth1: {vlan: 10}}}
links:
  - r1 -- r2
  - r2 -- lan
  - ns -- lan
  - guest -- lan
  - a -- ovs:eth0
  - b -- ovs:eth1
"""

# What the two above have not: what a node may and sees, switches that know more, ports that lead in, a bridge that is to be confirmed.
RIGHTS = """
lab: rights
neighbours: static
networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}
nodes:
  r: {kind: router, addresses: {lan: [.1, '::1']}, uplink: {forward: [{port: 8080, to: 'web:80'}]}}
  web:
    addresses: {lan: [.80, '::80']}
    capabilities: [-sys_admin]
    seccomp: true
    files: {/srv/page: {file: page, mode: '0600'}}
    services:
      talk: {command: [sh, -c, 'echo one; echo two; exec tail -f /dev/null'], ready: {file: /srv/page}, stop: SIGINT}
      done: {command: 'true', ready: {ended: true}}
  box: {root: root, run: /bin/busybox true}
  sw: {kind: switch, ageing: 60s, stp: {priority: 4096}, fdb: {02:00:00:00:00:01: eth0}}
  hub: {kind: hub}
  lan0: {kind: external, interface: lan0, by: bridge, gateway: 198.18.7.1, within: 5s, confirm: 1m}
links:
  - r -- lan
  - web -- lan
  - box -- sw
  - web:sw1 -- sw
  - r:h -- hub
  - pc -- hub
  - web:out -- lan0
"""

# For the verbs that look, wait, mend and talk.
TOOLS = """
lab: tools
networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}
nodes:
  r: {kind: router, addresses: {lan: [.1, '::1']}}
  web: {addresses: {lan: [.80, '::80']}, services: {talk: {command: 'echo one; exec tail -f /dev/null', ready: {command: 'true'}}}}
links:
  - r -- lan
  - web -- lan
  - r:h -- pc
"""

# Comes up, holds two checks of each kind, and goes down.
CHECKS = """
lab: checks
nodes:
  r: {kind: router}
links:
  - chain: [a, r, b]
  - a:x -- c
checks:
  - reach: a -> b
  - {reach: b -> 192.0.2.1, not: true, within: 100ms}
  - {route: {node: a, to: default, via: r}}
  - {command: {node: b, run: ip route, matches: '^default via'}}
"""

# One part of a lab on two machines, whose pages are merged.
SPREAD = """
lab: spread
memory: merge
machines: {here: {address: 203.0.113.2}, there: {address: 203.0.113.1}}
between: {by: vxlan, port: 4790}
networks: {lan: 10.1.0.0/24}
nodes:
  pc[1..2]: {machine: here}
  pc3: {machine: there}
links:
  - pc[1..3] -- lan
"""

# A guest that says a line and hears its power button. What it does not do for itself, pc says in its name: that it answers and has a lease.
MACHINE = """
lab: machine
nodes:
  vm1:
    kind: vm
    addresses: {eth0: 10.9.0.20/24}
    interfaces: {eth1: {dhcp: true, mac: 02:00:00:00:00:0b}}
    vm: {image: disk, memory: 16MiB, cpus: 2, accel: tcg, grace: 5s, cloud-init: {user-data: {hostname: small}},
         ready: {console: guest is up, ping: true, lease: true}}
  vm2: {kind: vm, vm: {kernel: disk, initrd: disk, accel: probe, grace: 0s}}
  pc: {addresses: {eth0: 10.9.0.1/24}, run: 'exec python3 /signs', files: {/signs: {file: signs.py}}}
links:
  - pc -- vm1
  - pc -- vm1
  - pc -- vm2
"""

# Two that run already: one by its name, one by a process.
CONTAINERS = """
lab: adopted
nodes:
  m1: {kind: container, routing: static, nat: {out: eth0}, addresses: {eth0: [10.0.0.1/24, 'fd00::1/64'], lo: 192.0.2.7/32},
       rules: [{from: 10.0.0.1/32, table: 100, priority: 500}], routes: [{to: 198.51.100.0/24, type: blackhole}],
       sysctl: {net.ipv4.conf.eth0.rp_filter: 2}}
  p: {kind: container, container: 'pid:PROCESS', uplink: true}
links:
  - m1 -- h
  - p -- h
"""

# What the container has already: one line each.
TAKEN = """
lab: LAB-NAME
nodes:
  m1: {kind: container, %s}
"""
TAKEN_LINES = {"address": "addresses: {lo: 192.0.2.7/32}", "address6": "addresses: {lo: '2001:db8:7::7/128'}",
               "route": "routes: [{to: 198.51.100.0/24, type: blackhole}]", "route6": "routes: [{to: '2001:db8:8::/48', type: blackhole}]",
               "rule": "rules: [{from: 10.0.0.1/32, table: 100, priority: 500}]",
               "rule6": "rules: [{from: 'fd00::1/128', table: 100, priority: 500}]"}

# An ordinary user's, whose way out is a program's.
USER = """
lab: user
networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}
nodes:
  gw: {kind: router, addresses: {lan: [.1, '::1']}, uplink: {forward: [{port: 8080, to: 'web:80'}]}}
  web: {addresses: {lan: [.80, '::80']}, files: {/etc/motd: hello}, services: {http: {command: exec tail -f /dev/null}}}
  tun: {interfaces: {tun0: {type: tun, addresses: 192.0.2.129/32}}, firewall: 'table inet one {}'}
links:
  - gw -- lan
  - web -- lan
  - tun -- lan: {rate: 10mbit}
"""

# What only a whole kernel has: for the guest of tests/vm/run.
KERNEL = """
lab: kernel
nodes:
  a:
    interfaces:
      trunk.10: {type: vlan, on: trunk, id: 10, addresses: 10.2.1.1/24}
      bond0: {type: bond, of: [leg1, leg2], mode: active-backup, addresses: 10.2.2.1/24}
      team0: {type: team, of: [leg3, leg4], mode: activebackup, addresses: 10.2.3.1/24}
      ipv0: {type: ipvlan, on: wire1, addresses: 10.2.5.1/24}
      wire1: {addresses: []}
      tap0: {type: macvtap, on: wire2}
      red: {type: vrf, table: 10, of: trunk}
      vti1: {type: vti, local: 192.0.2.1, remote: 192.0.2.2, key: 7}
      d0: {type: dummy, addresses: 192.0.2.65/32}
      ifb1: {type: ifb}
      nlmon0: {type: nlmon}
      vcan0: {type: vcan}
  b: {interfaces: {bond0: {type: bond, of: [leg1, leg2]}, team0: {type: team, of: [leg3, leg4]}}}
  sw: {kind: switch, interfaces: {eth0: {vlan: 10}, eth1: {vlans: [10, 20-29]}}}
  r1: {kind: router, sysctl: {net.mpls.platform_labels: 1000, net.mpls.conf.eth0.input: 1}}
  r2: {kind: router}
links:
  - a:trunk -- b:trunk: {subnet: 192.0.2.0/30, delay: 5ms, jitter: 1ms, loss: 1%, out: {rate: 10mbit, limit: 100}, back: {corrupt: 1%}}
  - a:leg[1..4] -- b:leg[1..4]
  - a:wire[1..2] -- b:wire[1..2]
  - one -- sw
  - r1:sw -- sw
  - r1 -- r2: {subnet: [192.0.2.8/30, 'fd00:1::/64']}
  - r1:ipip0 -- r2:ipip0: {type: ipip}
  - r1:gre1 -- r2:gre1: {type: gre, key: 1}
  - r1:gretap1 -- r2:gretap1: {type: gretap, key: 2}
  - r1:geneve0 -- r2:geneve0: {type: geneve, id: 5}
  - r1:wg0 -- r2:wg0: {type: wireguard}
  - r1:macsec0 -- r2:macsec0: {type: macsec}
  - r1:gre6 -- r2:gre6: {type: ip6gre, key: 3}
  - r1:tnl6 -- r2:tnl6: {type: ip6tnl}
  - r1:sit1 -- r2:sit1: {type: sit, subnet: 'fd00:2::/64'}
"""


LIVES = [
    Life("network", NETWORK, between(
        ["exec", "web", "--", "true"], ["exec", "gw", "web", "--", "true"], ["set", "web -- sw", "rate=5mbit"],
        ["fail", "web -- sw"], ["heal", "web -- sw"], ["fail", "gw"], ["heal", "gw"], ["fail", "web", "--kill"], ["heal", "web"],
        ["show"], ["show", "web"], ["ps"], ["routes"], ["logs", "web"], ["restart", "web", "http"], ["expose"], ["netns", "list"])),
    Life("daemons", DAEMONS, between(["show", "r1", "--config"], ["restart", "r1", "bgpd"])),
    Life("rights", RIGHTS, between(
        ["confirm"], ["why", "--host"], Step(["exec", "web", "--", "cat"], typed="\x04"), ["fail", "web:sw1"], ["heal", "web:sw1"],
        ["logs", "web", "talk", "--lines", "1"]), files={"page": "hello\n", "root": root_folder}),
    Life("tools", TOOLS, between(
        Step(["routes", "--watch"], behind=True), Step(["logs", "web", "--follow"], behind=True),
        Step(["spread", "10.1.0.0/24", "--watch", "--svg", "FOLDER/spread.svg"], behind=True),
        ["ls"], ["why"], ["wait", "--routes-stable", "50ms", "--reach", "web", "r", "--timeout", "10s"],
        ["spread", "10.1.0.0/24"], ["routes", "--table", "all", "r"], ["__complete", "--shell", "bash", "--", "hopyard exec w"],
        Step(["exec", "web", "--", "cat"], input="something\n"), Step(["shell", "web"], typed="exit\r"),
        ["exec", "r", "--", "systemctl", "list-units"], ["stop", "web"], ["start", "web"], ["restart", "web"],
        ["exec", "r", "--", "sh", "-c", "ip link delete h; ip route flush 10.1.0.0/24; sysctl -qw net.ipv4.ip_forward=0"],
        ["repair", "--dry-run"], ["repair"], ["expose", "--lab", "LAB-NAME", "web", "--as", "{node}"], ["expose", "--undo"], ["ps", "web"])),
    Life("foreground", TOOLS, [Step(["up", "--foreground", "LAB"], behind=True, makes=True), DOWN]),
    Life("checks", CHECKS, [["check", "LAB"], ["up", "--dry-run", "LAB"], Step(["test", "LAB", "--junit", "FOLDER/junit.xml"], makes=True)]),
    Life("spread", SPREAD, [Step(["up", "--timeout", TIMEOUT, "--machine", "here", "LAB"], makes=True), ["exec", "--all", "--", "true"], DOWN],
         around=Merging),
    Life("no lab", "", [
        Step(["netns", "monitor"], behind=True, signal=signal.SIGINT, status=(-signal.SIGINT,)),
        ["netns", "add", "blue"], ["netns", "set", "blue", "7"], ["netns", "attach", "self", str(os.getpid())], ["netns", "list", "--table"],
        ["netns", "exec", "blue", "ip", "link", "set", "lo", "up"], ["netns", "exec", "--all", "true"],
        ["netns", "pids", "blue"], ["netns", "identify", str(os.getpid())], ["netns", "list-id"], ["netns", "list-id", "target-nsid", "7"],
        ["why", "--netns", "blue"], ["netns", "delete", "--kill", "blue"], ["netns", "delete", "--all"],
        ["doctor"], ["import", "gml", "FOLDER/map.gml", "-o", "FOLDER/out.hop.yaml"]],
        files={"map.gml": "graph [\n node [ id 0 label \"a\" ]\n node [ id 1 label \"b\" ]\n edge [ source 0 target 1 ]\n]\n"}, around=Names),
    Life("machine", MACHINE, between(
        Step(["console", "vm1"], input="x\x1d"), Step(["console", "vm1"], typed="\x1d"), ["stop", "vm1", "qemu"], ["start", "vm1", "qemu"],
        ["logs", "vm1", "qemu"], ["repair"]), files={"disk": boot_sector.disk, "signs.py": SIGNS}),
    Life("containers", CONTAINERS, between(
        ["exec", "m1", "--", "sh", "-c", ":"], ["exec", "p", "--", "true"], ["ps", "m1"], ["show", "m1"], ["fail", "m1"], ["heal", "m1"], ["expose"],
        ["why"], ["exec", "p", "--", "ip", "route", "flush", "dev", "eth0"], ["repair"]), around=Containers),
    Life("taken", "", [Step(["up", "FOLDER/" + file], status=(1,)) for file in (name + ".hop.yaml" for name in TAKEN_LINES)],
         files={name + ".hop.yaml": TAKEN % line for name, line in TAKEN_LINES.items()}, around=Taken),
    Life("user", USER, between(
        ["exec", "web", "--", "true"], Step(["shell", "web"], typed="exit\r"), ["fail", "web", "--kill"], ["heal", "web"], ["show"], ["ps"],
        ["restart", "web"], ["logs", "web"], ["why"]), user=True),
    Life("kernel", KERNEL, between(
        ["set", "a:trunk", "delay=10ms", "loss=2%"], ["set", "a:trunk", "none"], ["fail", "a:leg1"], ["heal", "a:leg1"], ["fail", "r1"],
        ["heal", "r1"], ["exec", "a", "--", "sh", "-c", "ip link delete trunk.10; tc qdisc add dev wire1 root netem delay 1ms"],
        ["repair"], ["show"]),
         by_name=True),
]

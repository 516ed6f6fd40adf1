"""Switches of Open vSwitch: frames, VLANs, the spanning tree, stations, controllers, and the daemons of each switch."""

import hashlib
import os
import pathlib
import re
import subprocess

import harness
import vlans
from harness import LabTest, wait_until

CONTROLLED = """
lab: controlled
nodes:
  sw: {kind: switch, engine: ovs, fail-mode: secure, controller: 'CONTROLLER', addresses: {br0: 192.0.2.9/24}}
  ctl: {addresses: {eth0: 192.0.2.1/24}}
  pc1: {addresses: {eth0: [192.0.2.2/24, '2001:db8::2/64']}}
  pc2: {addresses: {eth0: [192.0.2.3/24, '2001:db8::3/64']}}
links: [ctl -- sw, pc1 -- sw, pc2 -- sw]
"""

CONTROLLER = ("ovs-testcontroller", "--unixctl=/run/controller")
# That of Open vSwitch 3.1 falls over its own feet with TLS.
BY_TLS = pathlib.Path(__file__).with_name("openflow.py").read_text()
CONNECTED = ("ovs-vsctl", "--bare", "--columns=is_connected", "list", "Controller")

RECEIVER = """
import hashlib, socket, sys
server = socket.create_server(("::", 7000), family=socket.AF_INET6, dualstack_ipv6=True)
print("listening", flush=True)
for _ in range(2):
    sum = hashlib.sha256()
    connection = server.accept()[0]
    while piece := connection.recv(1 << 16):
        sum.update(piece)
    print(sum.hexdigest(), flush=True)
"""

SENDER = """
import socket, sys
with socket.create_connection((sys.argv[1], 7000), timeout=60) as to:
    to.sendall(sys.stdin.buffer.read())
"""


class OpenVswitch(LabTest):
    def ovs(self, node, *command, **options):
        """One of the tools in a switch, as a person uses it there: without a word of where anything is."""
        return self.run_in(node, *command, **options)

    def address(self, node, family=4, interface="eth0"):
        entry = self.hopyard("exec", node, "--", "ip", "-j", f"-{family}", "addr", "show", interface).json()[0]
        return next(one["local"] for one in entry["addr_info"] if one["scope"] == "global")

    def assert_carries_tcp(self, source, target):
        """Three megabytes by either family arrive as they were sent."""
        content = os.urandom(3 << 20)
        receiver = self.start("exec", target, "--", "/usr/bin/python3", "-c", RECEIVER)
        self.assertEqual(receiver.stdout.readline(), "listening\n")
        for family in (4, 6):
            sender = subprocess.run(self.command("exec", source, "--", "/usr/bin/python3", "-c", SENDER,
                                                 self.address(target, family)),
                                    input=content, capture_output=True, timeout=60 * harness.PATIENCE, check=False)
            self.assertEqual(sender.returncode, 0, sender.stderr)
            self.assertEqual(receiver.stdout.readline().strip(), hashlib.sha256(content).hexdigest(), f"IPv{family}")

    def test_vlans_carry_whole_files_and_stay_apart(self):
        self.up(vlans.lab("ovs"))
        vlans.assert_are_apart(self)
        self.assert_carries_tcp("a10", "b10")
        self.assert_carries_tcp("a20", "plain")
        ports = {name: (tag, trunks, mode) for name, tag, trunks, mode in
                 (line.split(",", 3) for line in self.port_lines("sw1")) if name != "br0"}
        self.assertEqual(ports, {
            "eth0": ("10", "", "access"), "eth1": ("20", "", "access"), "eth2": ("", "10 20", "trunk"),
            "eth3": ("20", "30 31 32", "native-untagged"), "eth4": ("1", "", "access"), "eth5": ("1", "", "access")})

    def port_lines(self, switch):
        return self.ovs(switch, "ovs-vsctl", "--format=csv", "--data=bare", "--no-headings",
                        "--columns=name,tag,trunks,vlan_mode", "list", "Port").replace('"', "").splitlines()

    def test_each_switch_is_alone_and_its_tools_need_no_options(self):
        self.up("{lab: two, nodes: {sw1: {kind: switch, engine: ovs}, sw2: {kind: switch, engine: ovs}}, "
                "links: [a -- sw1, sw1 -- sw2, 'b:we.ird -- sw2:od,d$']}")
        self.assertEqual(self.ovs("sw1", "ovs-vsctl", "list-ports", "br0").split(), ["eth0", "eth1"])
        self.assertEqual(sorted(self.ovs("sw2", "ovs-vsctl", "list-ports", "br0").split()), ["eth0", "od,d$"])
        self.assertEqual(len(self.ovs("sw1", "ovs-vsctl", "list-br").split()), 1)
        numbers = re.findall(r"^ (\d+)\((.*)\): addr", self.ovs("sw2", "ovs-ofctl", "show", "br0"), re.MULTILINE)
        self.assertEqual(sorted(numbers), [("1", "eth0"), ("2", "od,d$")])
        self.assertIn("eth1", self.ovs("sw1", "ovs-appctl", "dpif/show"))
        # The kernel's datapath where it has one; the tool asks it here as it does in the node.
        kernel = subprocess.run(["ovs-dpctl", "dump-dps"], capture_output=True, check=False).returncode == 0
        self.assertEqual(self.ovs("sw1", "ovs-vsctl", "get", "Bridge", "br0", "datapath_type"),
                         "system\n" if kernel else "netdev\n")
        self.assertEqual("eth1" in self.ovs("sw1", "ovs-dpctl", "show", status=0 if kernel else 1), kernel)
        self.assertEqual(sorted((one["node"], one["service"]) for one in self.hopyard("ps", "--json").json()["processes"]
                                if one["command"].startswith("ovs")),
                         [(node, service) for node in ("sw1", "sw2") for service in ("ovs-vswitchd", "ovsdb-server")])
        self.assertIn("added interface eth0", self.hopyard("logs", "sw1", "ovs-vswitchd").out)
        self.assert_reaches("a", self.address("b", interface="we.ird"))
        # Nothing of the host's own Open vSwitch is touched.
        self.assertFalse(os.path.exists("/run/openvswitch") or os.path.exists("/etc/openvswitch/switch.transactions"))
        # One switch fails alone.
        self.hopyard("fail", "--kill", "sw2")
        self.assertEqual(self.ovs("sw1", "ovs-vsctl", "list-br"), "br0\n")
        self.hopyard("heal", "sw2")
        self.assert_reaches("a", self.address("b", interface="we.ird"))

    def pid(self, node, service):
        return next((one["host_pid"] for one in self.hopyard("ps", "--json").json()["processes"]
                     if one["node"] == node and one["service"] == service), None)

    def test_daemons_that_end_come_back_with_what_was_changed(self):
        self.up("""
            lab: back
            nodes:
              sw:
                kind: switch
                engine: ovs
                ageing: 40s
                fdb: {'02:00:00:00:00:09': eth1}
                addresses: {br0: [10.0.9.9/24, 'fd09::9/64']}
              a: {addresses: {eth0: [10.0.9.1/24, 'fd09::1/64']}}
              b: {addresses: {eth0: [10.0.9.2/24, 'fd09::2/64']}}
            links: [a -- sw, b -- sw]
        """)
        self.ovs("sw", "ovs-vsctl", "set", "Bridge", "br0", "other_config:mac-table-size=99")
        for service in ("ovs-vswitchd", "ovsdb-server"):
            before = self.pid("sw", service)
            os.kill(before, 9)
            self.assertTrue(wait_until(lambda: self.running_anew("sw", service, before)), service)
            self.assert_reaches("a", "10.0.9.2")
            self.assert_reaches("b", "fd09::9")
            self.assert_reaches("sw", "10.0.9.1")
        self.hopyard("restart", "sw")
        for address in ("10.0.9.9", "fd09::9", "10.0.9.1", "fd09::1"):
            self.assert_reaches("b", address)
        self.assertEqual(self.ovs("sw", "ovs-vsctl", "get", "Bridge", "br0", "other_config:mac-table-size"), '"99"\n')
        self.assertEqual(self.ovs("sw", "ovs-vsctl", "get", "Bridge", "br0", "other_config:mac-aging-time"), '"40"\n')
        stations = self.ovs("sw", "ovs-appctl", "fdb/show", "br0")
        self.assertRegex(stations, r"(?m)^ +2 +0 +02:00:00:00:00:09 +static$")

    def running_anew(self, node, service, before):
        state = next(one for one in self.hopyard("show", node, "--json").json()["services"] if one["service"] == service)
        return state["state"] == "running" and self.pid(node, service) not in (None, before)

    def test_a_controller_decides_what_passes(self):
        for controller, where, listens in (("tcp:192.0.2.1:6633", "ctl", "ptcp:6633"), ("tcp:ctl:6633", "ctl", "ptcp:6633"),
                                           ("tcp:127.0.0.1:6633", "sw", "ptcp:6633"), ("tcp:[::1]:6633", "sw", "ptcp:6633:[::1]"),
                                           ("unix:/run/openvswitch/of", "sw", "punix:/run/openvswitch/of")):
            with self.subTest(controller):
                self.up(CONTROLLED.replace("CONTROLLER", controller))
                self.be_controlled(where, "192.0.2.3" if controller != "tcp:ctl:6633" else "2001:db8::3", *CONTROLLER, listens)
                self.hopyard("down")

    def test_a_controller_is_reached_by_ipv6_alone(self):
        lab = CONTROLLED.replace("192.0.2.1/24", "2001:db8::1/64").replace("192.0.2.9/24", "2001:db8::9/64")
        for controller in ("tcp:[2001:db8::1]:6633", "tcp:ctl:6633"):
            with self.subTest(controller):
                self.up(lab.replace("CONTROLLER", controller))
                self.be_controlled("ctl", "2001:db8::3", *CONTROLLER, "ptcp:6633:[::]")
                # A daemon that starts again finds it again.
                self.start("exec", "ctl", "--", "ovs-testcontroller", "--unixctl=/run/again", "ptcp:6633:[::]")
                before = self.pid("sw", "ovs-vswitchd")
                os.kill(before, 9)
                self.assertTrue(wait_until(lambda: self.running_anew("sw", "ovs-vswitchd", before)))
                # What the database says may still be what the one before has written.
                self.assertTrue(wait_until(lambda: self.ping("pc1", "192.0.2.3", status=None, patience=2).status == 0
                                           and self.ovs("sw", *CONNECTED) == "true\n", 30), "it never connected again")
                self.hopyard("down")

    def test_a_controller_is_reached_by_tls(self):
        self.certificates("sw", "ctl")
        self.up(f"""
            lab: encrypted
            nodes:
              sw: {{kind: switch, engine: ovs, fail-mode: secure, controller: 'ssl:ctl:6633', addresses: {{br0: 192.0.2.9/24}}, {self.tls("sw")}}}
              ctl: {{addresses: {{eth0: 192.0.2.1/24}}, {self.files("ctl")}}}
              pc1: {{addresses: {{eth0: 192.0.2.2/24}}}}
              pc2: {{addresses: {{eth0: 192.0.2.3/24}}}}
            links: [ctl -- sw, pc1 -- sw, pc2 -- sw]
        """)
        self.be_controlled("ctl", "192.0.2.3", "/usr/bin/python3", "-c", BY_TLS, "6633", "/etc/key.pem", "/etc/cert.pem", "/etc/ca.pem")

    def test_a_switch_listens_by_tls_for_whom_its_authority_vouches(self):
        self.certificates("sw", "pc1")
        self.certificates("stranger", authority="other")
        self.up(f"""
            lab: listening
            nodes:
              sw: {{kind: switch, engine: ovs, controller: ['pssl:6633', 'pssl::[::]'], addresses: {{br0: [192.0.2.9/24, '2001:db8::9/64']}}, {self.tls("sw")}}}
              pc1: {{addresses: {{eth0: [192.0.2.2/24, '2001:db8::2/64']}}, {self.files("pc1")}}}
              pc2: {{addresses: {{eth0: 192.0.2.3/24}}, {self.files("stranger")}}}
            links: [pc1 -- sw, pc2 -- sw]
        """)
        show = lambda node, target, status=0: self.hopyard("exec", node, "--", "ovs-ofctl", "-p", "/etc/key.pem", "-c", "/etc/cert.pem", "-C",
                                                           "/etc/ca.pem", "--timeout=20", "show", target, status=status)
        for target in ("ssl:192.0.2.9:6633", "ssl:192.0.2.9:6653", "ssl:[2001:db8::9]:6653"):
            self.assertIn("1(eth0): addr", show("pc1", target).out, target)
        # Somebody's key that another authority vouches for is refused, and so is who speaks without TLS.
        self.assert_reaches("pc2", "192.0.2.9")
        self.assertIn("192.0.2.9:6633", show("pc2", "ssl:192.0.2.9:6633", status=1).err)
        plain = self.hopyard("exec", "pc1", "--", "ovs-ofctl", "--timeout=20", "show", "tcp:192.0.2.9:6633", status=1)
        self.assertIn("192.0.2.9:6633", plain.err)
        self.assertRegex(self.hopyard("logs", "sw", "ovs-vswitchd").out, "certificate verify failed")

    @staticmethod
    def files(name):
        """The key and the certificate of a node, and that of who vouches for the others, as its lab file has them."""
        return (f"files: {{/etc/key.pem: {{file: {name}-key.pem, mode: '0600'}}, /etc/cert.pem: {{file: {name}.pem}}, /etc/ca.pem: {{file: ca.pem}}}}")

    def tls(self, name):
        """The same of a switch, which has to be told of them."""
        return self.files(name) + (", services: {tls: {command: ovs-vsctl --no-wait set-ssl /etc/key.pem /etc/cert.pem /etc/ca.pem, "
                                   "after: ovsdb-server, restart: on-failure}}")

    def certificates(self, *names, authority="ca"):
        """A key and a certificate for each name, and that of the authority, which vouches for all of them."""
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        steps = [("req", "-x509", *new, "-keyout", f"{authority}-key.pem", "-out", f"{authority}.pem", "-subj", f"/CN={authority}", "-days", "2")]
        for name in names:
            steps += [("req", *new, "-keyout", f"{name}-key.pem", "-out", f"{name}.req", "-subj", f"/CN={name}"),
                      ("x509", "-req", "-in", f"{name}.req", "-CA", f"{authority}.pem", "-CAkey", f"{authority}-key.pem", "-CAcreateserial", "-out", f"{name}.pem",
                       "-days", "2")]
        for step in steps:
            self.assertEqual(self.call("openssl", *step).status, 0)

    def test_a_switch_listens_for_who_wants_to_see_its_flows(self):
        self.up("""
            lab: open
            nodes:
              sw: {kind: switch, engine: ovs, controller: ['ptcp:6633', 'ptcp::[::1]', 'ptcp:6634:[::]', 'punix:/run/openvswitch/br0.of'], addresses: {br0: 192.0.2.9/24}}
              pc1: {addresses: {eth0: 192.0.2.2/24}}
              pc2: {addresses: {eth0: 192.0.2.3/24}}
            links: [pc1 -- sw, pc2 -- sw]
        """)
        self.assert_reaches("pc1", "192.0.2.3")  # it learns: nobody is there to decide
        for node, target in (("pc1", "tcp:192.0.2.9:6633"), ("sw", "tcp:[::1]:6653"), ("pc1", "tcp:192.0.2.9:6634"),
                             ("sw", "tcp:[::1]:6634"), ("sw", "unix:/run/openvswitch/br0.of")):
            self.assertIn("1(eth0): addr", self.run_in(node, "ovs-ofctl", "show", target), target)

    def be_controlled(self, where, second, *command):
        self.assert_does_not_reach("pc1", second)
        self.assertEqual(self.ovs("sw", *CONNECTED), "false\n")
        controller = self.start("exec", where, "--", *command)
        self.assertTrue(wait_until(lambda: self.ovs("sw", *CONNECTED) == "true\n", 20), "it never connected")
        self.assert_reaches("pc1", second)
        self.run_in(where, "pkill", "-f", f"^{command[0]}")
        controller.wait()
        self.assertTrue(wait_until(lambda: self.ovs("sw", *CONNECTED) == "false\n", 20), "it stays connected")

    def test_the_spanning_tree_blocks_a_ring(self):
        self.up("""
            lab: ring
            kinds: {bridge: {kind: switch, engine: ovs, stp: true}}
            nodes:
              sw1: {kind: bridge, stp: {priority: 4096}}
              sw[2..3]: {kind: bridge}
            links: [ring: 'sw[1..3]', pc1 -- sw2, pc2 -- sw3]
        """)
        settled = ["blocking"] + 7 * ["forwarding"]

        def states():
            found = []
            for switch in ("sw1", "sw2", "sw3"):
                out = self.ovs(switch, "ovs-vsctl", "--bare", "--columns=status", "list", "Port")
                found += re.findall(r"stp_state=(\w+)", out)
            return sorted(found)

        self.assertTrue(wait_until(lambda: states() == settled, 60), states())
        self.assertIn("This bridge is the root", self.ovs("sw1", "ovs-appctl", "stp/show", "br0"))
        self.assert_reaches("pc1", self.address("pc2"))
        self.hopyard("fail", "sw2 -- sw3")
        self.assertTrue(wait_until(lambda: self.ping("pc1", self.address("pc2"), status=None, patience=1).status == 0, 60),
                        states())

    def test_impairments_failures_and_captures(self):
        self.up("{lab: wires, nodes: {sw: {kind: switch, engine: ovs}}, "
                "links: [a -- sw: {out: {rate: 20mbit}, back: {rate: 20mbit}, mtu: 9000}, b -- sw: {mtu: 9000}]}")
        self.assertIn("rate 20Mbit", self.run_in("sw", "tc", "qdisc", "show", "dev", "eth0"))
        self.ping("a", self.address("b"), "-s", "8000", "-M", "do")
        self.hopyard("set", "b -- sw", "rate=10mbit")
        self.hopyard("restart", "sw", "ovs-vswitchd")
        self.assertIn("rate 10Mbit", self.run_in("sw", "tc", "qdisc", "show", "dev", "eth1"))
        self.assertIn("rate 20Mbit", self.run_in("sw", "tc", "qdisc", "show", "dev", "eth0"))
        self.assert_reaches("a", self.address("b"))
        self.hopyard("fail", "b -- sw")
        self.assert_does_not_reach("a", self.address("b"))
        self.hopyard("heal", "b -- sw")
        self.assert_reaches("a", self.address("b"))

    def test_between_a_bridge_a_network_and_a_router(self):
        self.up("""
            lab: mixed
            pool: [10.0.0.0/8, 'fd00::/48']
            nodes: {old: {kind: switch}, new: {kind: switch, engine: ovs}, r: {kind: router}}
            networks: {lan: }
            links: [a -- old, old -- new, new -- lan, b -- lan, r -- lan, c -- lan, r -- far]
        """)
        self.assert_carries_tcp("a", "b")
        self.assert_carries_tcp("far", "a")

    @harness.needs_root
    def test_without_its_programs_nothing_is_made(self):
        empty = self.folder / "empty"
        empty.mkdir()
        subprocess.run(["mount", "--bind", empty, "/usr/lib/openvswitch-switch"], check=True)
        self.addCleanup(subprocess.run, ["umount", "/usr/lib/openvswitch-switch"], check=True)
        done = self.up("{lab: none, nodes: {sw: {kind: switch, engine: ovs}}, links: [a -- sw]}", status=1)
        self.assertIn("openvswitch-switch", done.err)
        self.assertEqual(self.running(), [])


if __name__ == "__main__":
    harness.main()

"""A lab that is spread over machines: namespaces with an internet between them, each with a hopyard of its own."""

import hashlib
import subprocess

import guest
import harness
from hosts import Host, Space, put_behind_nat

FOUR = {"a": "192.0.2.1", "b": "198.51.100.2", "c": "203.0.113.3"}
SIX = {"a": "2001:db8:a::1", "b": "2001:db8:b::2", "c": "2001:db8:c::3"}

PAIR = """lab: spread
pool: [10.0.0.0/8, 'fd00:1::/48']
machines:
  a: {address: 'ADDRESS-A'}
  b: {address: 'ADDRESS-B'}
BETWEEN
networks:
  lan: [10.1.0.0/24, 'fd00:5::/64']
nodes:
  pc1: {machine: a, addresses: {lan: [.1, '::1']}}
  pc2: {machine: b, addresses: {lan: [.2, '::2']}}
  pc3: {machine: b, addresses: {lan: [.3, '::3']}}
  left: {machine: a, addresses: {eth0: [10.2.0.1/30, 'fd00:6::1/64']}}
  right: {machine: b, addresses: {eth0: [10.2.0.2/30, 'fd00:6::2/64']}}
links:
  - pc[1..3] -- lan
  - left -- right
checks:
  - reach: pc1 -> pc2
  - reach: pc2 -> pc1
"""

# Sends and receives frames of a type of our own (IEEE 802, local experimental).
SEND = """
import socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0x88B5))
for word in sys.argv[1:]:
    wire.send(b"\\xff" * 6 + wire.getsockname()[4] + b"\\x88\\xb5" + word.encode().ljust(46, b"."))
"""
HEAR = """
import socket
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x88B5))
wire.bind(("eth0", 0x88B5))
print("ready", flush=True)
word = ""
while word != "end":
    word = wire.recv(2000)[14:].decode().rstrip(".")
    print(word, flush=True)
"""
SERVE = """
import hashlib, socket
server = socket.create_server(("::", 5000), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
peer, _ = server.accept()
digest, size = hashlib.sha256(), 0
while more := peer.recv(65536):
    digest.update(more)
    size += len(more)
print(size, digest.hexdigest(), flush=True)
"""
PUSH = """
import socket, sys
with socket.create_connection((sys.argv[1], 5000), timeout=30) as to:
    to.sendall(bytes(range(256)) * 8192)
"""


class World(harness.LabTest):
    """An internet, hosts at it, and what is looked at on all of them."""

    def setUp(self):
        super().setUp()
        self.hosts = {}
        self.spaces = []
        self.addCleanup(self.end_hosts)

    def end_hosts(self):
        for one in [*self.hosts.values(), *self.spaces]:
            one.end()

    def space(self):
        self.spaces.append(Space())
        return self.spaces[-1]

    def internet(self, names="ab", nat=False):
        """Hosts with a router between them, each behind a NAT of its own if so wished."""
        router = self.space()
        router.forward()
        for name in names:
            host = self.hosts[name] = Host(name)
            four, six = FOUR[name], SIX[name]
            gateway = f"{four.rsplit('.', 1)[0]}.254", f"{six.rsplit(':', 1)[0]}:fe"
            outer = host
            if nat:
                outer = self.space()
                host.join("eth0", ["192.168.1.2/24", "fd77::2/64"], outer, "lan", ["192.168.1.1/24", "fd77::1/64"])
                self.gate(host, "192.168.1.1", "fd77::1")
            outer.join("wan" if nat else "eth0", [f"{four}/24", f"{six}/64"], router, f"to-{name}",
                       [f"{gateway[0]}/24", f"{gateway[1]}/64"])
            self.gate(outer, *gateway)
            if nat:
                put_behind_nat(outer, "lan", "wan")
        for one in [*self.hosts.values(), *self.spaces]:
            one.settle()

    @staticmethod
    def gate(space, four, six):
        space.run("ip", "route", "add", "default", "via", four)
        space.run("ip", "-6", "route", "add", "default", "via", six)

    def on(self, name, *words, status=0, **options):
        """hopyard on one of the hosts."""
        done = self.call(*self.hosts[name].hopyard(*words), **options)
        if status is not None:
            self.assertEqual(done.status, status, str(done))
        return done

    def up_everywhere(self, text, **options):
        path = self.lab(text)
        return {name: self.on(name, "up", "--machine", name, path, **options) for name in self.hosts}

    def reaches(self, name, node, address):
        got = None

        def answered():
            nonlocal got
            got = self.on(name, "exec", node, "--", "ping", "-n", "-c", "1", "-W", "2", address, status=None)
            return got.status == 0

        self.assertTrue(harness.wait_until(answered, 20), f"{node} on {name} does not reach {address}: {got}")

    def begin(self, name, node, program):
        """A Python program in a node, once it has said that it is ready."""
        process = subprocess.Popen(self.hosts[name].hopyard("exec", node, "--", "python3", "-c", program),
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def transfer(self, sender, source, receiver, sink, address):
        """Two megabytes in segments as large as the wire takes them, and nobody on the way has to cut a packet."""
        cut = [host.fragments() for host in self.hosts.values()]
        serving = self.begin(receiver, sink, SERVE)
        self.on(sender, "exec", source, "--", "python3", "-c", PUSH, address)
        wanted = bytes(range(256)) * 8192
        self.assertEqual(serving.stdout.readline(), f"{len(wanted)} {hashlib.sha256(wanted).hexdigest()}\n")
        self.assertEqual([host.fragments() for host in self.hosts.values()], cut)

    def spread(self, between="", six=False, text=PAIR):
        addresses = SIX if six else FOUR
        text = text.replace("BETWEEN", f"between: {between}" if between else "")
        for name, address in addresses.items():
            text = text.replace(f"ADDRESS-{name.upper()}", address)
        return text

    def assert_joined(self):
        for name, node, addresses in (("a", "pc1", ("10.1.0.2", "fd00:5::2", "10.1.0.3")), ("b", "pc3", ("10.1.0.1", "fd00:5::1")),
                                      ("a", "left", ("10.2.0.2", "fd00:6::2")), ("b", "right", ("10.2.0.1", "fd00:6::1"))):
            for address in addresses:
                self.reaches(name, node, address)

    def whole_life(self, between, six=False, nat=False):
        """Up on both, all reach each other with full packets, and down leaves the hosts as they were."""
        self.internet(nat=nat)
        before = {name: host.state() for name, host in self.hosts.items()}
        links = {name: host.links() for name, host in self.hosts.items()}
        said = self.up_everywhere(self.spread(between, six))
        for name, host in self.hosts.items():
            self.assertIn(f"this is machine {name}: the others must reach it at {(SIX if six else FOUR)[name]}, ", said[name].out)
            self.assertEqual(host.links(), links[name], "the host sees a device of the lab")
        self.assert_joined()
        self.transfer("a", "pc1", "b", "pc2", "10.1.0.2")
        self.transfer("b", "right", "a", "left", "fd00:6::1")
        for name, host in self.hosts.items():
            self.on(name, "down", "spread")
            harness.wait_until(lambda: host.state() == before[name])
            self.assertEqual(host.state(), before[name])

    def three(self, between):
        self.internet("abc")
        self.up_everywhere(self.spread(between, text="""lab: three
machines:
  a: {address: ADDRESS-A}
  b: {address: ADDRESS-B}
  c: {address: ADDRESS-C}
BETWEEN
networks: {lan: 10.1.0.0/24}
nodes:
  a[1..2]: {machine: a}
  b1: {machine: b}
  c1: {machine: c}
links: ['a[1..2] -- lan', b1 -- lan, c1 -- lan]
"""))
        for name, node in (("a", "a1"), ("b", "b1"), ("c", "c1")):
            for last in (1, 2, 3, 4):
                self.reaches(name, node, f"10.1.0.{last}")
        hearing = [self.begin(name, node, HEAR) for name, node in (("a", "a2"), ("b", "b1"), ("c", "c1"))]
        words = [f"frame {number}" for number in range(20)]
        self.on("a", "exec", "a1", "--", "python3", "-c", SEND, *words)
        for last in (3, 4):  # what goes round comes by before the answer does
            self.reaches("a", "a1", f"10.1.0.{last}")
        self.on("a", "exec", "a1", "--", "python3", "-c", SEND, "end")
        for process in hearing:
            self.assertEqual(process.communicate(timeout=20 * harness.PATIENCE)[0].split("\n"), [*words, "end", ""])


class Machines(World):
    def test_vxlan(self):
        self.whole_life("")

    def test_vxlan_over_ipv6(self):
        self.whole_life("{by: vxlan, port: 4799, vni: 700}", six=True)

    def test_vxlan_with_each_machine_behind_a_nat(self):
        self.whole_life("vxlan", nat=True)

    def test_vxlan_over_ipv6_with_each_machine_behind_a_nat(self):
        self.whole_life("vxlan", six=True, nat=True)

    def test_a_machine_that_is_gone_or_not_there_yet_is_no_obstacle(self):
        self.internet()
        path = self.lab(self.spread())
        self.on("b", "up", "--machine", "b", path)
        self.reaches("b", "pc2", "10.1.0.3")
        self.on("a", "up", "--machine", "a", path)
        self.assert_joined()
        keeper = self.on("b", "show", "--json").json()["keeper_pid"]
        subprocess.run(["kill", "-KILL", str(keeper)], check=True)
        self.assertTrue(harness.wait_until(lambda: self.on("b", "ls", "--json").json()["labs"] == []))
        self.on("b", "up", "--machine", "b", path)
        self.assert_joined()

    def test_the_two_know_who_is_where(self):
        self.internet()
        self.up_everywhere(self.spread())
        refused = self.on("a", "exec", "pc2", "--", "true", status=None)
        self.assertNotEqual(refused.status, 0)
        self.assertIn("node pc2 is on machine b", refused.err)
        self.assertIn("this is machine a of lab spread: do it there", refused.err)
        shown = self.on("a", "show", "--json").json()
        self.assertEqual(shown["machine"], "a")
        self.assertEqual([node["node"] for node in shown["nodes"]], ["pc1", "left"])
        ends = {link["link"]: link["ends"] for link in shown["links"]}
        self.assertEqual(ends["left:eth0 -- right:eth0"][1], {"node": "right", "interface": "eth0", "machine": "b"})
        self.assertIn("right:eth0 on b", self.on("a", "show", "left").out)
        self.assertEqual([lab["machine"] for lab in self.on("b", "ls", "--json").json()["labs"]], ["b"])
        self.assertIn("MACHINE", self.on("b", "ls").out)

    def test_failing_healing_and_shaping_one_end(self):
        self.internet()
        self.up_everywhere(self.spread())
        self.assert_joined()
        self.on("a", "fail", "left -- right")
        lost = self.on("b", "exec", "right", "--", "ping", "-c", "1", "-W", "1", "10.2.0.1", status=None)
        self.assertNotEqual(lost.status, 0)
        self.on("a", "heal", "left -- right")
        self.reaches("b", "right", "10.2.0.1")
        self.on("a", "set", "left -- right", "rate=1mbit", "out")
        link = next(one for one in self.on("a", "show", "--json").json()["links"] if one["link"].startswith("left"))
        self.assertEqual(link["out"], {"rate": "1mbit"})
        refused = self.on("a", "set", "left -- right", "rate=1mbit", "back", status=None)
        self.assertNotEqual(refused.status, 0)
        self.assertIn("what right sends leaves machine b", refused.err)

    def test_checks_of_nodes_elsewhere_are_skipped_and_say_so(self):
        self.internet()
        path = self.lab(self.spread())
        self.on("b", "up", "--machine", "b", path)
        done = self.on("a", "test", "--machine", "a", path)
        self.assertEqual(done.out, "TAP version 14\n1..2\nok 1 - pc1 -> pc2\nok 2 - pc2 -> pc1 # SKIP pc2 is on machine b\n")
        told = self.on("a", "test", "--json", "--machine", "a", path).json()
        self.assertEqual((told["passed"], told["skipped"], told["failed"]), (1, 1, 0))
        self.assertEqual([one["held"] for one in told["checks"]], [True, None])

    def test_which_machine_this_is_has_to_be_said(self):
        path = self.lab(self.spread())
        done = self.hopyard("up", path, status=2)
        self.assertIn("lab spread is spread over several machines: which of them is this?", done.err)
        self.assertIn("--machine a, or --machine b", done.err)
        self.assertIn("its machines: a, b", self.hopyard("up", "--machine", "x", path, status=2).err)
        self.assertIn("5 nodes", self.hopyard("check", path).out)
        self.assertIn("2 nodes", self.hopyard("check", "--machine", "a", path).out)
        plan = self.hopyard("up", "--dry-run", "--machine", "a", path).out
        self.assertIn("create vxlan lan:to-b", plan)
        self.assertNotIn("pc3", plan)

    def test_both_machines_number_the_lab_alike(self):
        path = self.lab(self.spread().replace("addresses: {lan: [.1, '::1']}", "routing: none"))
        seen = {}
        for name in ("a", "b"):
            plan = self.hopyard("up", "--dry-run", "--json", "--machine", name, path).json()
            seen[name] = {step["does"].split("(id ")[1].split(",")[0] for step in plan["steps"] if "create vxlan" in step["does"]}
        self.assertEqual(len(seen["a"]), 2)
        self.assertEqual(seen["a"], seen["b"])

    def plans(self, text, names="ab"):
        """What each machine would do, in words."""
        path = self.lab(self.spread(text=text))
        return {name: [step["does"] for step in self.hopyard("up", "--dry-run", "--json", "--machine", name, path).json()["steps"]]
                for name in names}

    def test_an_uplink_is_of_its_nodes_machine(self):
        plans = self.plans("""lab: out
machines:
  a: {address: ADDRESS-A}
  b: {address: ADDRESS-B}
nodes:
  gw1: {machine: a, kind: router, uplink: true}
  gw2: {machine: b, kind: router, uplink: true}
  alone: {machine: b}
links: [gw1 -- gw2, gw2 -- alone]
""")
        for name, own, other in (("a", "gw1", "gw2"), ("b", "gw2", "gw1")):
            self.assertTrue(any(f"create veth {own}:uplink -- uplink:" in step for step in plans[name]), plans[name])
            self.assertFalse(any(f"{other}:uplink" in step for step in plans[name]), plans[name])

    def test_three_machines_hear_each_frame_once(self):
        self.three("vxlan")

    def test_addresses_and_routes_come_from_another_machine(self):
        self.internet()
        self.up_everywhere(self.spread(text="""lab: served
machines:
  a: {address: ADDRESS-A}
  b: {address: ADDRESS-B}
BETWEEN
networks: {lan: 192.168.7.0/24, far: 192.168.8.0/24}
nodes:
  r1: {machine: a, kind: router, routing: ospf, dhcp: {serve: lan, range: .100-.199}, addresses: {lan: .1}}
  r2: {machine: b, kind: router, routing: ospf, addresses: {far: .1}}
  pc: {machine: b, dhcp: true}
  server: {machine: b, addresses: {far: .9}}
links: [r1 -- lan, pc -- lan, r1 -- r2, r2 -- far, server -- far]
"""))
        self.reaches("b", "pc", "192.168.7.1")
        self.reaches("b", "pc", "192.168.8.9")  # by r1 there, and r2 here again

    def test_virtual_machines_on_either_side_reach_each_other(self):
        self.internet()
        guest.initrd(self.folder / "initrd")
        vm = (f"{{kernel: {guest.kernel()}, initrd: initrd, append: {guest.LINE}, memory: 128MiB, accel: tcg, "
              "ready: {console: guest is up}}")
        self.up_everywhere(self.spread(text=f"""lab: guests
machines:
  a: {{address: ADDRESS-A}}
  b: {{address: ADDRESS-B}}
BETWEEN
networks: {{lan: 192.168.10.0/24}}
nodes:
  r1: {{machine: a, kind: router, dhcp: {{serve: lan, hosts: {{vm1: .50, vm2: .51}}}}, addresses: {{lan: .1}}}}
  vm1: {{machine: a, kind: vm, dhcp: true, vm: {vm}}}
  vm2: {{machine: b, kind: vm, dhcp: true, vm: {vm}}}
links: [r1 -- lan, 'vm[1..2] -- lan']
"""), seconds=240)
        self.reaches("a", "r1", "192.168.10.50")
        self.reaches("a", "r1", "192.168.10.51")
        talk = subprocess.Popen(self.hosts["a"].hopyard("console", "vm1"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, talk)
        talk.stdin.write("ping -c 1 -W 10 192.168.10.51\nwget -q -O - http://192.168.10.51/\n")
        talk.stdin.flush()
        heard = ""
        while "page of a guest" not in heard:
            line = talk.stdout.readline()
            self.assertTrue(line, f"the console ended: {heard}")
            heard += line
        self.assertIn("1 packets received", heard)


if __name__ == "__main__":
    harness.main()

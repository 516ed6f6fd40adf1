"""Virtual machines: QEMU on the wires of a lab, emulating the processor."""

import hashlib
import os
import pty
import select
import subprocess
import sys
import termios

import guest
import harness
from guest import LEAVE
from harness import PATIENCE, wait_until


class Vm(guest.GuestTest):
    def test_two_guests_get_addresses_and_reach_each_other_and_the_router(self):
        self.up(f"""
            lab: guests
            networks: {{br-in: 192.168.10.0/24}}
            nodes:
              r1: {{kind: router, dhcp: {{serve: br-in, hosts: {{vm1: .50, vm2: .51}}}}, addresses: {{br-in: .1}}}}
              vm[1..2]: {{kind: vm, dhcp: true, vm: {self.vm()}}}
            links: [r1 -- br-in, 'vm[1..2] -- br-in']
        """)
        for number in (50, 51):
            self.assert_reaches("r1", f"192.168.10.{number}")
        # It got its address by its MAC, which is the lab's own.
        neighbours = {one["dst"]: one["lladdr"] for one in self.hopyard("exec", "r1", "--", "ip", "-j", "neigh").json()}
        self.assertNotEqual(neighbours["192.168.10.50"], neighbours["192.168.10.51"])
        talk = self.console("vm1")
        self.type(talk, "echo; cat /sys/class/net/eth0/address", neighbours["192.168.10.50"])
        self.type(talk, "ping -c 1 -W 10 192.168.10.51", "1 packets received")
        self.type(talk, "ping -c 1 -W 10 192.168.10.1", "1 packets received")
        self.assertIn("page of a guest", self.type(talk, "wget -q -O - http://192.168.10.51/", "page of a guest"))
        self.leave(talk)
        self.assertIn("lease eth0 192.168.10.50", self.hopyard("logs", "vm1", "qemu").out)
        # QEMU is in the node; its window to the wire is a bridge of a tap.
        self.assertIn("qemu-system-x86", self.run_in("vm1", "ps", "-e"))
        ports = {link["ifname"]: link.get("master") for link in self.hopyard("exec", "vm1", "--", "ip", "-j", "link").json()}
        self.assertEqual((ports["eth0"], ports["tap-eth0"]), ("br-eth0", "br-eth0"))

    def test_console_on_a_terminal(self):
        self.up(f"lab: one\nnodes: {{vm1: {{kind: vm, addresses: {{eth0: 10.9.0.1/24}}, vm: "
                f"{self.vm(append=guest.LINE + ' address.eth0=10.9.0.1/24')}}}}}\nlinks: [vm1 -- pc1:eth0]\n")
        self.assert_reaches("pc1", "10.9.0.1")
        leader, terminal = pty.openpty()
        self.addCleanup(os.close, leader)
        before = termios.tcgetattr(terminal)
        talk = subprocess.Popen(self.command("console", "one/vm1"), stdin=terminal, stdout=terminal, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, talk)
        self.assertEqual(talk.stderr.readline(), "This is the console of vm1. Ctrl-] leaves it.\n")
        self.assertTrue(wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ICANON))
        os.write(leader, b"echo $((6 * 7)) is it\r")
        self.read_until(leader, "42 is it")
        # Ctrl-C is for the guest.
        os.write(leader, b"echo be''gun; sleep 1000\r")
        self.read_until(leader, "begun")
        # One that comes while the guest's shell has the job begun and not yet given it the terminal is lost.
        self.assertTrue(wait_until(lambda: os.write(leader, b"\x03") and select.select([leader], [], [], 1)[0]
                                   and b"# " in os.read(leader, 4096), 60))
        os.write(leader, b"echo go$((1 + 1)) on\r")
        self.read_until(leader, "go2 on")
        os.write(leader, LEAVE.encode())
        self.assertEqual(talk.wait(20 * PATIENCE), 0)
        self.assertEqual(termios.tcgetattr(terminal), before)
        os.close(terminal)
        self.assertEqual(self.state("vm1")["state"], "running")
        refused = self.hopyard("console", "pc1", status=1)
        self.assertIn("open the console of pc1: it is not a vm", refused.err)
        self.hopyard("console", "vm1", "--json", status=2)

    def test_it_powers_down_when_it_is_stopped(self):
        self.up(f"""
            lab: power
            nodes:
              polite: {{kind: vm, vm: {self.vm(append=guest.LINE + " address.eth0=10.9.0.1/24", grace="120s")}}}
              deaf: {{kind: vm, vm: {self.vm(append=guest.LINE + " nobutton address.eth0=10.9.0.2/24", grace="1s")}}}
            links: [polite -- deaf]
        """)
        self.hopyard("stop", "polite", "qemu", seconds=200)
        self.assertIn("power button was pressed", self.hopyard("logs", "polite", "qemu").out)
        self.assertEqual((self.state("polite")["state"], self.state("polite")["last_exit"]), ("stopped", 0))
        refused = self.hopyard("console", "polite", status=1)
        self.assertIn("open the console of polite: its machine does not run", refused.err)
        self.hopyard("stop", "deaf", "qemu")
        self.assertIn("qemu does not end as it was asked to", self.hopyard("logs", "deaf", "qemu").out)
        self.assertEqual(self.state("deaf")["state"], "stopped")
        self.hopyard("start", "polite", "qemu", seconds=200)
        self.hopyard("down", seconds=200)

    def test_a_disk_stays_as_it_was(self):
        disk = self.folder / "disk, of mine.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"], check=True)
        before = hashlib.sha256(disk.read_bytes()).hexdigest()
        self.up(f"""
            lab: disks
            nodes:
              vm1: {{kind: vm, vm: {self.vm(image="'disk, of mine.qcow2'", cpus=2, grace="0s",
                                            append=guest.LINE + " address.eth0=10.9.0.1/24 address.eth1=10.9.1.1/24")}}}
              a: {{addresses: {{eth0: 10.9.0.2/24}}}}
              b: {{addresses: {{eth0: 10.9.1.2/24}}}}
            links:
              - a -- vm1
              - b -- vm1: {{mtu: 1400}}
        """)
        # Two interfaces, two processors with a queue each, and the MTU of the link.
        self.assert_reaches("a", "10.9.0.1")
        self.assert_reaches("b", "10.9.1.1", "-s", "1372", "-M", "do")
        talk = self.console("vm1")
        self.type(talk, "echo; nproc; ls /sys/class/net/eth0/queues | tr '\\n' ' '", "rx-1 tx-0 tx-1")
        self.type(talk, "echo; cat /sys/class/net/eth1/mtu", "\n1400")
        self.type(talk, "echo written >/dev/vda; sync; head -c 7 /dev/vda; echo; echo ma''de", "made")
        self.leave(talk)
        self.hopyard("down")
        self.assertEqual(hashlib.sha256(disk.read_bytes()).hexdigest(), before)

    def test_it_is_ready_when_it_answers_its_neighbours(self):
        line = guest.LINE + " address.eth0=10.9.0.20/24 address.eth1=10.9.1.20/24"
        self.up(f"""
            lab: answers
            nodes:
              vm1:
                kind: vm
                addresses: {{eth0: 10.9.0.20/24, eth1: 10.9.1.20/24}}
                vm: {self.vm(append=line, ready="{ping: true}")}
              a: {{addresses: {{eth0: 10.9.0.1/24}}}}
              b: {{addresses: {{eth0: 10.9.1.1/24}}}}
            links: [a -- vm1, b -- vm1]
        """)
        # At once: `up` has waited for both of its interfaces.
        for node, address in (("a", "10.9.0.20"), ("b", "10.9.1.20")):
            self.ping(node, address)
        self.assertEqual(self.state("vm1")["state"], "running")
        # And does not go on to read every frame.
        self.assertEqual(len(self.run_in("vm1", "cat", "/proc/net/packet").splitlines()), 1)
        # Nobody was told an address that is another's.
        neighbours = self.hopyard("exec", "a", "--", "ip", "-j", "neigh").json()
        self.assertEqual({one["dst"] for one in neighbours}, {"10.9.0.20"})
        # What it has said before counts no more when it boots anew.
        self.hopyard("restart", "vm1", "qemu", seconds=200)
        self.ping("a", "10.9.0.20")

    def test_it_is_not_ready_as_long_as_it_does_not_answer(self):
        line = guest.LINE + " address.eth0=10.9.0.21/24"  # and not the one that the file says
        done = self.up(f"""
            lab: silent
            nodes:
              vm1: {{kind: vm, addresses: {{eth0: 10.9.0.20/24}}, vm: {self.vm(append=line, ready="{console: guest is up, ping: true}")}}}
              a: {{addresses: {{eth0: 10.9.0.1/24}}}}
            links: [a -- vm1]
        """, "--timeout", f"{8 * PATIENCE}s", status=1)
        self.assertIn("vm1 (qemu: 10.9.0.20 does not answer a ping)", done.err)
        self.assertEqual(self.running(), [])

    def test_it_is_not_ready_as_long_as_its_console_says_nothing(self):
        line = guest.LINE + " address.eth0=10.9.0.20/24"
        done = self.up(f"""
            lab: mute
            nodes:
              vm1: {{kind: vm, addresses: {{eth0: 10.9.0.20/24}}, vm: {self.vm(append=line, ready="{console: never said, ping: true}")}}}
              a: {{addresses: {{eth0: 10.9.0.1/24}}}}
            links: [a -- vm1]
        """, "--timeout", f"{60 * PATIENCE}s", status=1, seconds=120)  # the ping is answered when it has booted
        self.assertIn("vm1 (qemu: its console does not say what 'ready' waits for)", done.err)

    def test_it_is_ready_when_it_has_a_lease(self):
        self.up(f"""
            lab: leases
            networks: {{lan: 192.168.10.0/24}}
            nodes:
              r1: {{kind: router, dhcp: {{serve: lan, range: .100-.150}}, addresses: {{lan: .1}}}}
              vm1: {{kind: vm, dhcp: true, vm: {self.vm(ready="{lease: true}")}}}
            links: [r1 -- lan, vm1 -- lan]
        """)
        leases = self.run_in("r1", "cat", "/var/lib/misc/dnsmasq.leases").split()
        address = next(word for word in leases if word.startswith("192.168.10."))
        self.assertTrue(wait_until(lambda: self.ping("r1", address, status=None).status == 0, 60))

    def test_it_is_not_ready_as_long_as_nobody_gives_it_a_lease(self):
        done = self.up(f"""
            lab: waiting
            networks: {{lan: 192.168.10.0/24}}
            nodes:
              r1: {{kind: router, addresses: {{lan: .1}}}}
              vm1: {{kind: vm, dhcp: true, vm: {self.vm(ready="{lease: true}")}}}
            links: [r1 -- lan, vm1 -- lan]
        """, "--timeout", f"{8 * PATIENCE}s", status=1)
        self.assertIn("vm1 (qemu: eth0 has no lease)", done.err)

    def test_what_is_missing_is_named(self):
        done = self.up("lab: x\nnodes: {vm1: {kind: vm, vm: {image: nowhere.qcow2}}}\nlinks: [vm1 -- pc1]\n", status=1)
        self.assertRegex(done.err, r"give to node vm1 \S*nowhere\.qcow2: No such file or directory")
        done = self.up(f"""
            lab: x
            nodes:
              vm1: {{kind: vm, env: {{PATH: /bin/nothing}}, vm: {self.vm()}}}
            links: [vm1 -- pc1]
        """, status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("qemu-system-x86_64", done.err)
        self.assertIn("qemu-system-x86", done.err)
        self.assertEqual(self.running(), [])


if __name__ == "__main__":
    if harness.WORLD not in os.environ:
        guest.prepare()
    sys.dont_write_bytecode = True
    harness.main()

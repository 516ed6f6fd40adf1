"""Virtual machines: QEMU on the wires of a lab, emulating the processor."""

import base64
import hashlib
import json
import os
import pty
import select
import subprocess
import sys
import termios
import time

import yaml

import guest
import harness
from harness import PATIENCE, LabTest, wait_until

LEAVE = "\x1d"  # Ctrl-]


class Vm(LabTest):
    def setUp(self):
        super().setUp()
        guest.initrd(self.folder / "initrd")

    def vm(self, **more):
        """The value of a node's 'vm' key."""
        keys = {"kernel": guest.kernel(), "initrd": "initrd", "append": guest.LINE, "memory": "128MiB",
                "accel": "tcg", "ready": "{console: guest is up}"} | more
        return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"

    def console(self, node):
        """Standard files that talk with the console of a node, by pipes."""
        return self.start("console", node)

    def type(self, talk, line, wanted):
        """Types a line; returns all that came until the wanted text did."""
        talk.stdin.write(line + "\n")
        talk.stdin.flush()
        return self.read_until(talk.stdout.fileno(), wanted)

    def read_until(self, descriptor, wanted, seconds=60):
        seen, end = b"", time.monotonic() + seconds * PATIENCE
        while wanted.encode() not in seen:
            left = end - time.monotonic()
            self.assertTrue(left > 0 and select.select([descriptor], [], [], left)[0], f"no '{wanted}' in {seen}")
            more = os.read(descriptor, 4096)
            self.assertTrue(more, f"it ended; no '{wanted}' in {seen}")
            seen += more
        return seen.decode(errors="replace")

    def state(self, node):
        return next(one for one in self.show(node)["services"] if one["service"] == "qemu")

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
        talk.stdin.write(LEAVE)
        talk.stdin.flush()
        self.assertEqual(talk.wait(20 * PATIENCE), 0)
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
        talk.stdin.write(LEAVE)
        talk.stdin.flush()
        self.assertEqual(talk.wait(20 * PATIENCE), 0)
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

    def seed(self, node):
        """What the guest reads on the disk of cloud-init, by the names of the files."""
        talk = self.console(node)
        self.type(talk, "mkdir -p /seed; mount -o ro LABEL=cidata /seed && echo mount''ed", "mounted")
        files = {}
        for name in ("meta-data", "user-data", "network-config"):
            shown = self.type(talk, f"echo be''gin; base64 /seed/{name}; echo e''nd", "end\r\n")
            files[name] = base64.b64decode(shown.split("begin")[1].rsplit("end", 1)[0]).decode()
        self.type(talk, "echo x >/dev/vda || echo re''fused; ls /seed | wc -l", "refused\r\n3\r\n")
        talk.stdin.write(LEAVE)
        talk.stdin.flush()
        self.assertEqual(talk.wait(20 * PATIENCE), 0)
        return files

    def converted(self, network_config, renderer):
        """What cloud-init itself makes of a network-config, on a guest of Debian."""
        (self.folder / "network-config").write_text(network_config)
        cards = json.loads(network_config)["ethernets"]
        macs = [word for name, card in cards.items() for word in ("-m", f"{name},{card['match']['macaddress']}")]
        out = self.folder / renderer
        done = self.call("cloud-init", "devel", "net-convert", "-p", "network-config", "-k", "yaml", "-d", out, "-D", "debian",
                         "-O", renderer, *macs)
        self.assertEqual(done.status, 0, str(done))
        return "\n".join(file.read_text() for file in sorted(out.rglob("*")) if file.is_file())

    def networkd(self, files, mac):
        """The routes of a card with that MAC, once systemd-networkd has configured it by those files."""
        script = f"""
            mount -t tmpfs tmpfs /run && mount -t sysfs -o ro sysfs /sys
            ip link add eth0 type veth peer name wire && ip link set eth0 address {mac} && ip link set wire up && ip link set lo up
            mkdir -p /run/systemd/network && chown -R systemd-network /run/systemd && cp {files}/*.network /run/systemd/network/
            /lib/systemd/systemd-networkd 2>/run/said &
            for try in $(seq {int(200 * PATIENCE)}); do
              ip -6 route | grep -q ^default && ip -4 route | grep -q ^default && break
              sleep 0.1
            done
            ip -4 route; ip -6 route; cat /run/said >&2; kill $!; wait
        """
        return self.call("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script).out

    @harness.needs_root
    def test_cloud_init_is_told_what_the_lab_knows(self):
        line = guest.LINE + " address.eth0=10.9.0.20/24 address.eth1=10.9.1.20/24"
        self.up(f"""
            lab: seeded
            networks: {{lan: [10.9.0.0/24, 'fd00:9::/64']}}
            nodes:
              r1: {{kind: router, dns: {{domain: lab.example}}, addresses: {{lan: [10.9.0.1/24, 'fd00:9::1/64']}}}}
              vm1:
                kind: vm
                hostname: first
                addresses: {{lan: [10.9.0.20/24, 'fd00:9::20/64'], eth1: 10.9.1.20/24}}
                vm: {self.vm(append=line, **{"cloud-init": "{}"})}
            links:
              - r1 -- lan
              - vm1 -- lan
              - vm1 -- pc: {{mtu: 1400}}
        """)
        files = self.seed("vm1")
        self.assertEqual(json.loads(files["meta-data"]), {"instance-id": "seeded-vm1", "local-hostname": "first"})
        (self.folder / "user-data").write_text(files["user-data"])
        self.assertIn("Valid cloud-config", self.call("cloud-init", "schema", "--config-file", "user-data").out)
        cards = json.loads(files["network-config"])["ethernets"]
        self.assertEqual(list(cards), ["eth0", "eth1"])
        talk = self.console("vm1")
        self.type(talk, "echo; cat /sys/class/net/eth0/address", cards["eth0"]["match"]["macaddress"])
        talk.stdin.write(LEAVE)
        talk.stdin.flush()
        talk.wait(20 * PATIENCE)
        networkd = self.converted(files["network-config"], "networkd")
        for words in ("Address=10.9.0.20/24", "Address=fd00:9::20/64", "Gateway=10.9.0.1", "Gateway=fd00:9::1", "DNS=10.9.0.1 fd00:9::1",
                      "Domains=lab.example", "Address=10.9.1.20/24", "MTUBytes=1400", "Name=eth1"):
            self.assertIn(words, networkd)
        ifupdown = self.converted(files["network-config"], "eni")
        for words in ("address 10.9.0.20/24", "gateway 10.9.0.1", "gateway fd00:9::1", "mtu 1400"):
            self.assertIn(words, ifupdown)

    @harness.needs_root
    def test_cloud_init_finds_a_gateway_that_is_in_no_subnet_of_its_own(self):
        line = guest.LINE + " address.eth0=10.9.0.20/32"
        self.up(f"""
            lab: outside
            nodes:
              r1: {{kind: router, addresses: {{eth0: [172.31.1.1/32, 'fd00:31::1/128']}},
                    routes: [{{to: 10.9.0.20/32, dev: eth0}}, {{to: 'fd00:9::20/128', dev: eth0}}]}}
              vm1:
                kind: vm
                addresses: {{eth0: [10.9.0.20/32, 'fd00:9::20/128']}}
                routes:
                  - {{to: default, via: 172.31.1.1}}
                  - {{to: 198.51.100.0/24, via: 172.31.1.1, metric: 50}}
                  - {{to: 172.31.1.1/32, dev: eth0}}
                  - {{to: '::/0', via: 'fd00:31::1'}}
                  - {{to: 'fd00:31::1/128', dev: eth0}}
                vm: {self.vm(append=line, **{"cloud-init": "{}"})}
            links: [r1 -- vm1]
        """)
        config = self.seed("vm1")["network-config"]
        card = json.loads(config)["ethernets"]["eth0"]
        self.assertEqual((card["gateway4"], card["gateway6"]), ("172.31.1.1", "fd00:31::1"))
        self.assertEqual(card["routes"], [
            {"to": "172.31.1.1/32", "via": "0.0.0.0", "scope": "link"}, {"to": "fd00:31::1/128", "via": "::", "scope": "link"},
            {"to": "198.51.100.0/24", "via": "172.31.1.1", "on-link": True, "metric": 50}])
        # What systemd-networkd itself makes of it: on-link routes to the gateways, and all others by them.
        self.converted(config, "networkd")
        routes = self.networkd(self.folder / "networkd/etc/systemd/network", card["match"]["macaddress"])
        for wanted in (r"default via 172\.31\.1\.1 dev eth0", r"172\.31\.1\.1 dev eth0 proto static scope link",
                       r"198\.51\.100\.0/24 via 172\.31\.1\.1 dev eth0", r"default via fd00:31::1 dev eth0"):
            self.assertRegex(routes, f"(?m)^{wanted}")
        # ifupdown's own default routes are on-link, wherever the gateway is.
        ifupdown = self.converted(config, "eni")
        for words in ("address 10.9.0.20/32", "gateway 172.31.1.1", "address fd00:9::20/128", "gateway fd00:31::1"):
            self.assertIn(words, ifupdown)

    @harness.needs_root
    def test_cloud_init_is_told_what_the_file_says(self):
        (self.folder / "meta.yaml").write_text("instance-id: of mine\n")
        self.up(f"""
            lab: told
            variables: {{WHO: world}}
            networks: {{lan: 10.9.0.0/24}}
            nodes:
              r1: {{kind: router, dhcp: {{serve: lan}}, addresses: {{lan: 10.9.0.1/24}}}}
              vm1:
                kind: vm
                dhcp: true
                vm:
                  <<: {self.vm()}
                  cloud-init:
                    user-data:
                      hostname: "007"
                      timezone: Etc/UTC
                      package_update: no
                      runcmd: ['echo hello, ${{WHO}}: #1', [sh, -c, "true"]]
                      write_files: [{{path: /etc/motd, content: "one\\ntwo\\n", permissions: '0600'}}]
                    meta-data: meta.yaml
                    network-config: |
                      # nothing
                      {{"version": 2, "ethernets": {{}}}}
              vm2: {{kind: vm, dhcp: true, vm: {self.vm(**{"cloud-init": "{user-data: '#!/bin/sh'}"})}}}
            links: [r1 -- lan, vm1 -- lan, vm2 -- lan]
        """)
        files = self.seed("vm1")
        self.assertTrue(files["user-data"].startswith("#cloud-config\n"), files["user-data"])
        self.assertEqual(yaml.safe_load(files["user-data"]), {
            "hostname": "007", "timezone": "Etc/UTC", "package_update": False,
            "runcmd": ["echo hello, world: #1", ["sh", "-c", "true"]],
            "write_files": [{"path": "/etc/motd", "content": "one\ntwo\n", "permissions": "0600"}]})
        (self.folder / "user-data").write_text(files["user-data"])
        self.assertIn("Valid cloud-config", self.call("cloud-init", "schema", "--config-file", "user-data").out)
        self.assertEqual(files["meta-data"], "instance-id: of mine\n")
        self.assertEqual(files["network-config"], '# nothing\n{"version": 2, "ethernets": {}}\n')
        files = self.seed("vm2")
        self.assertEqual(files["user-data"], "#!/bin/sh")
        card = json.loads(files["network-config"])["ethernets"]["eth0"]
        self.assertEqual((card["dhcp4"], "addresses" in card), (True, False))
        self.assertIn("DHCP=ipv4", self.converted(files["network-config"], "networkd"))

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

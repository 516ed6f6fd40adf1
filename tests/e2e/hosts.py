"""Machines that a lab is spread over: each a network namespace with a runtime directory of its own, and an internet between."""

import os
import shutil
import subprocess

import harness
import outside


class Space:
    """A network namespace, kept by a process."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        here = os.readlink("/proc/self/ns/net")
        harness.wait_until(lambda: os.readlink(f"/proc/{self.process.pid}/ns/net") != here)
        self.run("ip", "link", "set", "lo", "up")

    def command(self, *words):
        return ["nsenter", "--target", str(self.process.pid), "--net", *map(str, words)]

    def run(self, *words, **options):
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False, **options)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def forward(self):
        self.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")

    def join(self, device, addresses, other, there, others):
        """A wire to another namespace, with addresses at both ends."""
        self.run("ip", "link", "add", device, "type", "veth", "peer", there, "netns", str(other.process.pid))
        for space, name, mine in ((self, device, addresses), (other, there, others)):
            for address in mine:
                space.run("ip", "address", "add", address, "dev", name, *(["nodad"] if ":" in address else []))
            space.run("ip", "link", "set", name, "up")

    def settle(self):
        """Waits until what the host is like does not change by itself any more."""
        outside.await_settled(lambda: self.run("ip", "-j", "address"))

    def state(self):
        """All that a lab could leave here."""
        tell = [self.run("ip", *words.split()) for words in
                ("-j address", "-j route show table all", "-j -6 route show table all", "-j rule", "-j -d link")]
        tell += [self.run("nft", "list", "ruleset"), self.run("sysctl", "-a", "--pattern", r"^net\.(ipv4|ipv6|bridge)"),
                 self.run("ss", "-Hanu")]
        return "\n".join(tell)

    def links(self):
        """The names of its devices."""
        return [line.split(":")[1].split("@")[0].strip() for line in self.run("ip", "-o", "link").splitlines()]

    def fragments(self):
        """How many packets this host had to cut, of either family."""
        four = [line.split() for line in self.run("cat", "/proc/net/snmp").splitlines() if line.startswith("Ip:")]
        six = dict(line.split() for line in self.run("cat", "/proc/net/snmp6").splitlines())
        return int(dict(zip(*four))["FragCreates"]) + int(six["Ip6FragCreates"])

    def end(self):
        self.process.kill()
        self.process.wait()


class Host(Space):
    """A machine with hopyard on it."""

    def __init__(self, name):
        super().__init__()
        self.name = name
        self.runtime = f"/run/hopyard-{name}"

    def hopyard(self, *words):
        return [*self.command("env", f"HOPYARD_RUNTIME_DIR={self.runtime}"), harness.BINARY, *map(str, words)]

    def end(self):
        subprocess.run(self.hopyard("down", "--all"), capture_output=True, check=False)
        super().end()
        shutil.rmtree(self.runtime, ignore_errors=True)


def put_behind_nat(router, lan, wan):
    """What a router at home does: its own address for what goes out, and nothing comes in that nobody asked for."""
    router.forward()
    router.run("nft", "-f", "-", input=f"""
table inet nat {{
  chain postrouting {{ type nat hook postrouting priority srcnat; oifname "{wan}" masquerade; }}
  chain input {{ type filter hook input priority filter; iifname "{wan}" ct state new meta l4proto {{ tcp, udp }} drop; }}
  chain forward {{ type filter hook forward priority filter; iifname "{wan}" oifname "{lan}" ct state new drop; }}
}}
""")

"""Every system call that hopyard makes, made to fail and killed at: nothing is left, and the error says what failed.

A library that is preloaded (tests/faults) tells the places of the program that make system calls, its sites, while labs with everything
come and go. Then one life of a lab for a site: the call fails there, with an errno that it may well fail with, or the process is
killed there. Afterwards the host is compared with before, byte for byte.

A random choice of sites, and with HOPYARD_TEST_LONG=1 all of them, failing and killed. HOPYARD_TEST_SEED repeats a choice,
HOPYARD_TEST_FAULTS=REGEX takes the sites whose words it is found in.
"""

import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

import control_groups
import faults
import harness
import outside
import residue

SAMPLE = 40
LONG = bool(os.environ.get("HOPYARD_TEST_LONG"))
CHOICE = os.environ.get("HOPYARD_TEST_FAULTS")
# Who cannot come back from a network namespace must not go on: it ends there and then, and with it the lab. libnftables ends the
# program itself without a socket; whether there is one is looked at before.
NO_WAY_BACK = re.compile("~InsideNetns|Nftables::ask")

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

# What is done in each before `hopyard down`.
LIVES = [
    (NETWORK, [["exec", "web", "--", "true"], ["exec", "gw", "web", "--", "true"], ["set", "web -- sw", "rate=5mbit"],
               ["fail", "web -- sw"], ["heal", "web -- sw"], ["fail", "gw"], ["heal", "gw"], ["fail", "web", "--kill"], ["heal", "web"],
               ["show"], ["show", "web"], ["ps"], ["routes"], ["logs", "web"], ["restart", "web", "http"], ["expose"], ["netns", "list"]]),
    (DAEMONS, [["show", "r1", "--config"], ["restart", "r1", "bgpd"]]),
]


class Life:
    """One lab's, with the orders that are in force."""

    def __init__(self, test, number):
        self.test = test
        self.text, self.verbs = LIVES[number]
        self.said = []

    def run(self, *words, ordered=True):
        environment = self.test.orders.environment() if ordered else None
        done = self.test.hopyard(*words, status=None, seconds=30, **({"env": environment} if ordered else {}))
        self.said.append(done)
        return done

    def live(self):
        """From `up` to `down`, and no further than until it was struck. @return whether `up` has cleaned up after itself."""
        up = self.run("up", "--timeout", "25s", self.test.lab(self.text))
        if up.status > 0:
            return False
        for verb in self.verbs if up.status == 0 else []:
            if self.test.orders.struck():
                break
            self.run(*verb)
        if up.status == 0 and self.run("down").status == 0 and not self.test.running_folders():
            return False
        return True


class Faults(harness.LabTest):
    @classmethod
    def setUpClass(cls):
        """The host that labs reach out to: two wires, and the control groups of the machine."""
        control_groups.mount()
        for interface, four, six in (("wan", "203.0.113.1", "2001:db8::1"), ("lan0", "198.18.7.1", "2001:db8:7::1")):
            cls.addClassCleanup(outside.Outside(interface, four, six).end)

    def setUp(self):
        super().setUp()
        self.orders = faults.Orders(self.folder)
        self.host = outside.state_of_host()

    def running_folders(self):
        return os.path.isdir("/run/hopyard")

    def left(self):
        host = outside.state_of_host()
        return residue.differences(self.before, residue.take()) + residue.differences(set(self.host.splitlines()), set(host.splitlines()))

    def sites(self):
        """Each with the number of the life that it comes up in first."""
        found = {}
        for number in range(len(LIVES)):
            self.orders = faults.Orders(self.folder)
            self.orders.give(faults.RECORD)
            life = Life(self, number)
            life.live()
            self.assertEqual([str(one) for one in life.said if one.status != 0], [])
            self.assertTrue(harness.wait_until(lambda: not self.left()), self.left())
            for site in self.orders.sites():
                found.setdefault(site.identity, (site, number))
        return list(found.values())

    def choice(self, sites):
        """What is to be tried: a site, its life, how, and at which passing."""
        work = []
        for site, number in sites:
            if CHOICE and not re.search(CHOICE, str(site)):
                continue
            work.append((site, number, faults.KILL, random.randint(1, site.passed)))
            if site.error != 0 and not NO_WAY_BACK.search(str(site)):
                work.append((site, number, faults.FAIL, 1))
                if site.passed > 1:
                    work.append((site, number, faults.FAIL, random.randint(2, site.passed)))
        random.shuffle(work)
        return work if LONG or CHOICE else work[:SAMPLE]

    def test_every_call_fails_and_is_killed_at(self):
        sites = self.sites()
        self.assertGreater(len(sites), 500)
        outcomes = collections.Counter()
        for site, number, mode, passing in self.choice(sites):
            how = f"passing {passing} of {site.passed}: " + (os.strerror(site.error) if mode == faults.FAIL else "killed")
            began = time.monotonic()
            with self.subTest(site=str(site), how=how):
                outcome = "wrong"
                try:
                    outcome = self.try_one(site, number, mode, passing)
                except AssertionError as error:
                    print(error, file=sys.stderr)
                    raise
                finally:
                    outcomes[outcome] += 1
                    print(f"{time.monotonic() - began:5.1f} s {outcome}: {how} at {site}", file=sys.stderr, flush=True)
        print(f"{len(sites)} sites; {dict(outcomes)}", file=sys.stderr)
        self.assertGreater(outcomes["error"] + outcomes["tolerated"] + outcomes["killed"], outcomes.total() / 2)

    def try_one(self, site, number, mode, passing):
        self.orders.give(mode, site.identity, passing)
        life = Life(self, number)
        try:
            needs_down = life.live()
            words = "\n".join(map(str, life.said))
            # What is only about to end, the command after this one clears.
            cleared = harness.wait_until(lambda: not self.left() or (needs_down and not life.run("down", "--all", ordered=False)), 5)
            self.assertTrue(cleared, "\n".join([words, *self.left()]))
            if not self.orders.struck():
                return "not reached"
            return self.judge(life, mode, site, words)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"hangs: {error}\n" + "\n".join(map(str, life.said))) from error
        finally:
            self.sweep()

    def judge(self, life, mode, site, words):
        """What the commands said and how they ended."""
        bad = [one for one in life.said if one.status != 0]
        self.assertFalse(re.search(r"terminate called|what\(\)|AddressSanitizer|abort", words, re.IGNORECASE), words)
        killed = (-signal.SIGKILL, 128 + signal.SIGKILL) if mode == faults.KILL else ()
        self.assertTrue(all(one.status >= 0 or one.status in killed for one in bad), words)
        if mode == faults.KILL:
            return "killed"
        if not bad:
            return "tolerated"
        self.assertTrue(all(re.search(r"(?m)^(\S+ +\| )?(hopyard|error): .", one.err) for one in bad), words)
        self.assertIn(os.strerror(site.error), "".join(one.err for one in bad), words)
        return "error"

    def sweep(self):
        """What a fault that is a defect has left is not the next one's."""
        if not self.left():
            return
        for pid in harness.processes_of_hopyard():
            harness.kill(pid)
        harness.wait_until(lambda: not harness.processes_of_hopyard())
        self.hopyard("down", "--all", status=None)
        for folder in ("/run/netns", "/run/hopyard"):
            shutil.rmtree(folder, ignore_errors=True)
        harness.wait_until(lambda: not self.left())


class Calls(unittest.TestCase):
    BY_OTHER_NAMES = {"waitpid", "posix_spawn", "posix_spawnp", "pthread_create", "opendir", "fdopendir", "readdir", "fopen64", "realpath"}
    # What tells or lets go of something, and cannot fail, or only if the program is wrong.
    HARMLESS = set("""brk clock_gettime close exit getegid geteuid getgid getpgid getpgrp getpid getrandom getrlimit getsid getuid lseek madvise mlock mmap mprotect
                   munlock munmap pause sched_yield time umask uname vfork""".split())

    def test_every_system_call_that_the_program_imports_can_fail(self):
        numbers = "".join(path.read_text() for path in pathlib.Path("/usr/include").glob("*/asm/unistd_64.h"))
        numbers += pathlib.Path("/usr/include/asm-generic/unistd.h").read_text()
        calls = set(re.findall(r"#define __NR(?:3264)?_(\w+) ", numbers)) | self.BY_OTHER_NAMES
        symbols = subprocess.run(["nm", "-D", "--undefined-only", harness.BINARY], capture_output=True, text=True, check=True).stdout
        imported = set(re.findall(r" U (\w+)", symbols)) & calls
        own = subprocess.run(["nm", "-D", "--defined-only", faults.LIBRARY], capture_output=True, text=True, check=True).stdout
        self.assertGreater(len(imported), 60)
        self.assertEqual(imported - set(re.findall(r" T (\w+)", own)) - self.HARMLESS, set())


if __name__ == "__main__":
    harness.main()

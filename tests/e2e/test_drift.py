"""What counts as a change of a running lab, and what does not: what packets, the kernel and the lab's own programs do."""

import os
import pathlib
import resource
import signal
import time

import harness
from scarce import descriptors_of, lowest_free


class Drift(harness.LabTest):
    def drift(self, *words):
        return {(one["node"], one["what"], one["object"]): one for one in self.show(*words)["drift"]}

    def repair(self):
        done = self.hopyard("repair", "--json").json()
        self.assertEqual((done["left"], done["error"], self.drift()), ([], None, {}), done)
        return done

    def process(self, words):
        """The number of the process whose command begins with these words; 0 for none."""
        for one in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{one}/cmdline", encoding="utf-8", errors="replace") as file:
                    if file.read().replace("\0", " ").startswith(words):
                        return int(one)
            except OSError:
                pass
        return 0

    def test_what_packets_put_into_rulesets(self):
        self.up("""lab: filled
nodes:
  gw:
    firewall: |
      table ip seen {
        counter total { }
        quota much { over 10 mbytes }
        set once { type ipv4_addr; flags dynamic; }
        set lately { type ipv4_addr; flags dynamic,timeout; timeout 1h; elements = { 10.9.9.9 timeout 2h } }
        map marks { type ipv4_addr : mark; size 10; flags dynamic; }
        set fixed { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7 } }
        chain out {
          type filter hook output priority 0;
          counter name total
          quota name much
          quota over 20 mbytes counter
          add @once { ip daddr counter }
          update @lately { ip daddr timeout 2h }
          update @marks { ip daddr : 7 }
          meter each { ip daddr limit rate over 90000/second } drop
          add @most { ip daddr ct count over 2000 } drop
        }
        set most { type ipv4_addr; size 99; flags dynamic; }
      }
links:
  - gw -- h: {subnet: 10.0.0.0/24}
""")
        self.assert_reaches("gw", "10.0.0.2")
        listed = self.run_in("gw", "nft", "-s", "list", "ruleset")
        self.assertEqual(listed.count("10.0.0.2"), 5, listed)
        self.assertEqual(self.drift(), {})
        self.assertEqual(self.repair()["steps"], [])
        # Somebody's change of the table is still seen, and what packets have put there stays when it is put right.
        self.run_in("gw", "nft", "delete", "element", "ip", "seen", "fixed", "{ 10.0.0.6 }")
        self.run_in("gw", "nft", "delete", "element", "ip", "seen", "lately", "{ 10.9.9.9 }")
        self.run_in("gw", "nft", "add", "rule", "ip", "seen", "out", "counter")
        self.assertEqual(list(self.drift()), [("gw", "ruleset", "ip seen")])
        self.repair()
        self.assertEqual(self.run_in("gw", "nft", "-s", "list", "ruleset"), listed.replace("10.9.9.9 timeout 2h, ", "").replace(
            ", 10.9.9.9 timeout 2h", ""))
        # One that has gone comes back with what the lab file puts into it.
        self.run_in("gw", "nft", "delete", "table", "ip", "seen")
        self.repair()
        self.assertIn("10.9.9.9", self.run_in("gw", "nft", "list", "set", "ip", "seen", "lately"))

    def test_what_a_command_of_many_short_ones_does(self):
        # Its shell is asleep nearly always, and so is the child that it waits for.
        self.up("""lab: short
nodes:
  'r[1..5]': {run: "end=$(($(date +%s%N) + 400000000)); while [ $(date +%s%N) -lt $end ]; do sleep 0.01; done; ip link set eth0 mtu 1300"}
links:
  - chain: 'r[1..5]'
""")
        for node in range(1, 6):
            self.assertIn("mtu 1300", self.run_in(f"r{node}", "ip", "link", "show", "eth0"))
        self.assertEqual(self.drift(), {})

    def test_what_commands_do_while_the_lab_still_starts(self):
        """Nobody can tell it from what others do, so nobody is told of it, and nothing is undone, before `up` is through."""
        self.lab("""lab: early
nodes:
  a: {run: ip link set eth0 mtu 1300, ready: sleep 47114711 || true}
links:
  - a -- b
""")
        up = self.start("up")
        self.assertTrue(harness.wait_until(lambda: self.process("sleep 47114711")))
        for verb in ("show", "repair"):
            self.assertIn("lab early is still being started", self.hopyard(verb, "early", status=1).err)
        os.kill(self.process("sleep 47114711"), signal.SIGTERM)
        self.assertEqual((up.communicate(timeout=30 * harness.PATIENCE)[1], up.returncode), ("", 0))
        self.assertIn("mtu 1300", self.run_in("a", "ip", "link", "show", "eth0"))
        self.assertEqual((self.drift(), self.repair()["steps"]), ({}, []))

    def test_show_without_what_cannot_be_read(self):
        self.up("lab: few\nnodes:\n  r: {kind: router}\nlinks:\n  - r -- h\n")
        shown = self.show()
        self.assertEqual((shown["drift"], shown["drift_error"]), ([], None))
        self.assertNotIn("is known", self.hopyard("show").out)
        keeper = shown["keeper_pid"]
        before = resource.prlimit(keeper, resource.RLIMIT_NOFILE)
        highest = max(descriptors_of(keeper))
        said = []
        try:
            # With so few descriptors left it still answers, but cannot enter a node to look.
            for left in range(1, 20):
                resource.prlimit(keeper, resource.RLIMIT_NOFILE, (highest + 1 + left, before[1]))
                done = self.hopyard("show", "--json", status=None)
                if done.status == 0 and done.json()["drift_error"]:
                    self.assertEqual({one: done.json()[one] for one in ("lab", "drift", "nodes", "links")},
                                     {one: shown[one] for one in ("lab", "drift", "nodes", "links")})
                    said.append(done.json()["drift_error"])
                    told = self.hopyard("show").out.splitlines()[-1]
                    self.assertEqual(told, "not all that differs from the lab file is known: " + said[-1])
        finally:
            resource.prlimit(keeper, resource.RLIMIT_NOFILE, before)
        self.assertTrue(said)
        self.assertRegex(said[-1], r"^r: .*: Too many open files$")
        self.assertIsNone(self.show()["drift_error"])

    def test_repair_of_all_but_what_cannot_be_read(self):
        self.up("lab: few\nnodes:\n  r: {kind: router}\nlinks:\n  - r -- h\n")
        keeper = self.show()["keeper_pid"]
        before = resource.prlimit(keeper, resource.RLIMIT_NOFILE)
        highest = max(descriptors_of(keeper))
        self.run_in("h", "ip", "link", "set", "lo", "down")
        told = []
        try:
            # A router has sysctls, and takes more descriptors to be looked at than a host.
            for left in range(1, 20):
                resource.prlimit(keeper, resource.RLIMIT_NOFILE, (highest + 1 + left, before[1]))
                done = self.hopyard("repair", "--json", status=None)
                if done.out and done.json()["error"] and done.json()["steps"]:
                    told.append((done.status, done.json()))
                    break
        finally:
            resource.prlimit(keeper, resource.RLIMIT_NOFILE, before)
        self.assertTrue(told)
        status, said = told[0]
        self.assertEqual((status, [one["node"] for one in said["found"]], said["left"]), (1, ["h"], []), said)
        self.assertRegex(said["error"], r"^r: .*: Too many open files$")
        self.assertEqual(self.drift(), {})
        self.assertEqual(self.repair()["steps"], [])

    def test_sysctls_in_other_words(self):
        self.up("""lab: words
nodes:
  r:
    kind: router
    sysctl:
      net.ipv4.tcp_ecn: '0x2'
      net.ipv4.tcp_rmem: '4096   0x20000 6291456 '
      net.ipv4.ip_local_port_range: '010000 020000'
      net.ipv4.conf.eth0.rp_filter: '1 '
      net.ipv4.conf.all.forwarding: 0
      net.ipv4.neigh.eth0.base_reachable_time_ms: 30001
links:
  - r -- h
""")
        self.assertEqual(self.drift(), {})
        read = ["sysctl", "-n", "net.ipv4.tcp_ecn", "net.ipv4.conf.all.forwarding", "net.ipv4.neigh.eth0.base_reachable_time_ms"]
        before = self.run_in("r", *read)
        self.run_in("r", "sysctl", "-qw", "net.ipv4.tcp_ecn=1", "net.ipv4.conf.all.forwarding=1",
                    "net.ipv4.neigh.eth0.base_reachable_time_ms=44000")
        found = self.drift()
        self.assertEqual((found["r", "sysctl", "net.ipv4.tcp_ecn"]["wanted"], found["r", "sysctl", "net.ipv4.tcp_ecn"]["found"]),
                         ("0x2", "1"))
        self.assertIn(("r", "sysctl", "net.ipv4.conf.all.forwarding"), found)
        self.assertIn(("r", "sysctl", "net.ipv4.neigh.eth0.base_reachable_time_ms"), found)
        self.assertNotIn(("r", "sysctl", "net.ipv4.tcp_rmem"), found)
        self.repair()
        self.assertEqual(self.run_in("r", *read), before)

    def test_an_mtu_of_ipv6_that_interfaces_overwrite_when_they_come_up(self):
        self.up("""lab: six
nodes:
  a:
    interfaces: {m0: {type: macvlan, on: eth0}}
    sysctl:
      net.ipv6.conf.eth0.mtu: 1400
      net.ipv6.conf.m0.mtu: 1290
      net.ipv6.conf.lo.mtu: 1500
      net.ipv6.conf.all.mtu: 1300
      net.ipv6.conf.default.mtu: 1350
  b: {sysctl: {net.ipv6.conf.eth0.mtu: 1380}}
links:
  - a -- b: {subnet: 'fd00::/64'}
""")
        def holds(words):
            self.assertTrue(harness.wait_until(lambda: "fd00::2" in self.run_in("b", "ip", "-6", "address", "show", "dev", "eth0", "-tentative")))
            self.assert_reaches("a", "fd00::2")
            self.assertEqual(self.run_in("a", "sysctl", "-n", *(f"net.ipv6.conf.{one}.mtu" for one in ("eth0", "m0", "lo", "all", "default"))).split(),
                             ["1400", "1290", "1500", "1300", "1350"], words)
            self.assertEqual(self.run_in("b", "sysctl", "-n", "net.ipv6.conf.eth0.mtu"), "1380\n", words)
            self.assertEqual(self.drift(), {}, words)

        holds("up")
        for order in (["a -- b"], ["a:eth0"], ["a:eth0", "b:eth0"], ["b", "a"], ["a:eth0", "b:eth0", "a -- b"]):
            for one in order:
                self.hopyard("fail", one)
            for one in order:
                self.hopyard("heal", one)
            holds(order)
        for node, command in (("a", ["set", "eth0", "down"]), ("b", ["set", "eth0", "down"]), ("a", ["set", "eth0", "mtu", "1450"]),
                              ("b", ["del", "eth0"]), ("a", ["set", "lo", "down"])):
            self.run_in(node, "ip", "link", *command)
            self.assertNotEqual(self.drift(), {}, command)
            self.repair()
            holds([node, *command])
        self.run_in("a", "sysctl", "-qw", "net.ipv6.conf.eth0.mtu=1333")
        self.assertEqual(set(self.drift()), {("a", "sysctl", "net.ipv6.conf.eth0.mtu")})
        self.repair()
        holds("written")

    def let_go(self, words):
        """Makes /run/go where that process is."""
        self.assertTrue(harness.wait_until(lambda: self.process(words)))
        pathlib.Path(f"/proc/{self.process(words)}/root/run/go").touch()

    def up_and_let_go(self, text, words):
        up = self.start("up", self.lab(text))
        self.let_go(words)
        self.assertEqual(up.wait(60 * harness.PATIENCE), 0)

    def test_what_commands_do_after_heal(self):
        """Nobody can tell what they do from what is changed meanwhile, so it is told when they are through."""
        command = "ip link set eth0 mtu 1300; while [ ! -e /run/go ]; do sleep 0.02; done"
        self.up_and_let_go(f"{{lab: healed, nodes: {{a: {{run: ['{command}']}}}}, links: [a -- b]}}", f"/bin/sh -c {command}")
        self.assertEqual(self.drift(), {})
        self.hopyard("fail", "a", "--kill")
        self.hopyard("heal", "a")
        shown = self.show()
        self.assertEqual(shown["drift"], [])
        self.assertRegex(shown["drift_error"], "^a: .*its `run` commands are still at work.*ask again")
        self.let_go(f"/bin/sh -c {command}")
        self.assertTrue(harness.wait_until(lambda: not self.show()["drift_error"]))
        self.assertEqual(self.drift(), {})
        self.run_in("a", "ip", "link", "set", "eth0", "down")
        self.assertNotEqual(self.drift(), {})
        self.repair()

    def test_what_is_not_ready_is_repaired(self):
        """What a node waits for after its commands may be what is to be repaired."""
        self.up_and_let_go("{lab: waits, nodes: {a: {run: [ip link set eth0 mtu 1300, sleep 1000], ready: test -e /run/go}}, links: [a -- b]}",
                           "sleep 1000")
        self.hopyard("fail", "a", "--kill")
        self.hopyard("heal", "a")
        self.assertTrue(harness.wait_until(lambda: not self.show()["drift_error"]))
        self.run_in("a", "ip", "link", "set", "eth0", "down")
        self.assertIn(("a", "state", "eth0"), self.drift())
        self.repair()
        self.assertIn("mtu 1300", self.run_in("a", "ip", "link", "show", "eth0"))

    def test_what_services_do_again_after_heal(self):
        """They do what they did when the lab came up, and somebody else does something while the node is not ready yet."""
        words = "sh -c sysctl -qw net.ipv4.ip_forward=1"
        self.up_and_let_go("""lab: again
nodes:
  a:
    sysctl: {net.ipv4.ip_forward: 0}
    run: ['true']
    services: {own: {command: [sh, -c, 'sysctl -qw net.ipv4.ip_forward=1; until [ -e /run/go ]; do sleep 0.1; done; touch /run/through; sleep 1000'],
                     ready: {file: /run/through}}}
links: [a -- b]
""", words)
        self.assertEqual(self.drift(), {})
        self.hopyard("fail", "a", "--kill")
        self.hopyard("heal", "a")
        self.assertTrue(harness.wait_until(lambda: self.run_in("a", "sysctl", "-n", "net.ipv4.ip_forward") == "1\n"))
        self.assertTrue(harness.wait_until(lambda: not self.show()["drift_error"]))
        self.assertEqual(self.drift(), {})
        self.run_in("a", "ip", "link", "set", "eth0", "down")
        told = self.drift()
        self.assertIn(("a", "state", "eth0"), told)
        self.let_go(words)
        self.assertTrue(harness.wait_until(lambda: self.process("sleep 1000")))
        time.sleep(0.5)  # until the keeper has heard of it
        self.assertEqual(self.drift(), told)
        self.repair()

    def test_what_services_do(self):
        self.up("""lab: served
networks: {lan: 10.0.0.0/24}
nodes:
  gw: {dhcp: {serve: lan, options: {mtu: 1400}}}
  pc: {dhcp: true}
  own:
    services: {link: {command: [sh, -c, 'ip link set eth0 mtu 1300; sysctl -qw net.ipv4.ip_forward=1; touch /run/through; sleep infinity'],
                      ready: {file: /run/through}}}
    sysctl: {net.ipv4.ip_forward: 0}
  ran: {run: [ip link set eth0 mtu 1300]}
links:
  - gw -- lan
  - ran -- lan
  - pc -- lan
  - own -- lan
""")
        self.assertIn("mtu 1400", self.run_in("pc", "ip", "link", "show", "eth0"))
        self.assertIn("mtu 1300", self.run_in("own", "ip", "link", "show", "eth0"))
        self.assertEqual(self.drift(), {})
        self.assertEqual(self.repair()["steps"], [])
        # A server may say another one at any time; what else becomes of the interface is a change.
        self.run_in("pc", "ip", "link", "set", "eth0", "mtu", "1350")
        self.assertEqual(self.drift(), {})
        self.run_in("pc", "ip", "link", "set", "eth0", "down")
        self.run_in("pc", "ip", "link", "set", "eth0", "address", "02:00:00:00:99:99")
        self.run_in("own", "ip", "link", "set", "eth0", "mtu", "1200")
        self.assertEqual(set(self.drift()), {("pc", "state", "eth0"), ("pc", "mac", "eth0"), ("own", "mtu", "eth0")})
        self.repair()
        self.assert_reaches("pc", "10.0.0.1")
        # What else is put right of an interface leaves the server's MTU as it is.
        self.run_in("pc", "ip", "link", "set", "eth0", "mtu", "1350", "address", "02:00:00:00:99:98")
        self.assertEqual(set(self.drift()), {("pc", "mac", "eth0")})
        self.repair()
        self.assertIn("mtu 1350", self.run_in("pc", "ip", "link", "show", "eth0"))
        # And an MTU that a service or a command of the node has set is as the person wants it.
        self.run_in("own", "ip", "link", "set", "eth0", "mtu", "1300", "address", "02:00:00:00:99:97")
        self.run_in("ran", "ip", "link", "set", "eth0", "down")
        self.run_in("ran", "ip", "link", "set", "eth0", "name", "other")
        found = self.drift()
        self.assertIn(("own", "mac", "eth0"), found)
        self.assertIn(("ran", "interface", "eth0"), found)
        self.assertEqual([one for one in found if one[1] == "mtu"], [])
        steps = self.repair()["steps"]
        self.assertEqual([one for one in steps if one.startswith("give ")],
                         ["give own:eth0 back its MAC", "give ran:eth0 back its name"])
        for node in ("own", "ran"):
            self.assertIn("mtu 1300", self.run_in(node, "ip", "link", "show", "eth0"))

    def test_what_services_do_unseen(self):
        lab = self.lab("""lab: unseen
nodes:
  own:
    services: {link: {command: [sh, -c, 'ip link set eth0 mtu 1300; until [ -e /run/go ]; do sleep 0.1; done; touch /run/through; sleep infinity'],
                      ready: {file: /run/through}}}
links:
  - own -- h
""")
        up = self.start("up", lab)
        self.assertTrue(harness.wait_until(lambda: self.process("sh -c ip link set eth0 mtu 1300")))
        keeper = self.process("hopyard: lab unseen")
        before = resource.prlimit(keeper, resource.RLIMIT_NOFILE)
        try:
            # One descriptor is not enough to look at the node when its service is ready.
            resource.prlimit(keeper, resource.RLIMIT_NOFILE, (lowest_free(keeper) + 1, before[1]))
            with open(f"/proc/{self.process('sh -c ip link set eth0 mtu 1300')}/root/run/go", "w", encoding="utf-8"):
                pass
            self.assertEqual(up.wait(60 * harness.PATIENCE), 0)
        finally:
            resource.prlimit(keeper, resource.RLIMIT_NOFILE, before)
        shown = self.show()
        self.assertEqual(shown["drift"], [])
        self.assertRegex(shown["drift_error"], "^own: .*Too many open files")
        self.run_in("h", "ip", "link", "set", "lo", "down")
        done = self.hopyard("repair", "--json", status=1).json()
        self.assertEqual(([one["node"] for one in done["found"]], done["left"], done["error"]), (["h"], [], shown["drift_error"]))
        self.assertIn("mtu 1300", self.run_in("own", "ip", "link", "show", "eth0"))


if __name__ == "__main__":
    harness.main()

"""hopyard test: brings a lab up, makes the checks of its file, and always takes it down."""

import signal
import xml.etree.ElementTree

import harness

GOOD = """
lab: good
pool: [10.0.0.0/8, 'fd00:1::/48']
nodes:
  r[1..2]: {kind: router}
  b: {addresses: {lo: [192.0.2.7/32, 'fd00:7::7/128']}, routes: [{to: default, via: r2}, {to: '::/0', via: r2}]}
  'käse#1': {}
links:
  - a -- r1: {subnet: [10.1.0.0/24, 'fd00:2::/64']}
  - r1 -- r2: {subnet: [10.2.0.0/24, 'fd00:3::/64']}
  - r2 -- b: {subnet: [10.3.0.0/24, 'fd00:4::/64']}
  - 'käse#1 -- lonely': {subnet: 10.9.0.0/24}
checks:
  - reach: a -> r2
  - reach: {from: a, to: 10.3.0.2}
  - reach: a -> fd00:4::2
  - {reach: a -> lonely, not: true, within: 300ms}
  - {reach: 'käse#1 -> 10.1.0.2', not: true, within: 300ms}
  - route: {node: r1, to: 10.3.0.0/24, via: r2}
  - route: {node: r1, to: 'fd00:4::/64', via: 'fd00:3::2'}
  - route: {node: a, to: default}
  - {route: {node: r1, to: 10.3.0.0/24, via: a}, not: true}
  - {route: {node: r1, to: 10.77.0.0/16}, not: true}
  - command: {node: a, run: 'echo one; echo two >&2; cat /etc/hostname', matches: '^a$'}
  - command: {node: a, run: 'ip -j link show lo', json: /0/ifname, equals: lo}
  - command: {node: a, run: 'ip -j link show lo', json: /0/ifindex, equals: 1}
  - {command: {node: b, run: 'false'}, not: true}
  - command: {node: b, run: 'test -e /tmp/ready || { touch /tmp/ready; false; }'}
"""

BAD = """
lab: bad
links: [a -- b, c -- d]
checks:
  - reach: a -> b
  - {reach: a -> c, within: 200ms}
  - {reach: a -> b, not: true, within: 100ms}
  - {route: {node: a, to: 10.77.0.0/16}, within: 100ms}
  - {command: {node: a, run: 'echo "<one>"; exit 3'}, within: 3s}
  - {command: {node: a, run: 'echo "it''s <one>"', matches: two}, within: 3s}
  - {command: {node: a, run: 'echo no json', json: /x, equals: 1}, within: 3s}
  - {command: {node: a, run: 'echo ''{"x": "y"}''', json: /x, equals: 1}, within: 3s}
  - {command: {node: a, run: sleep 1000}, within: 100ms}
"""

HARD_TO_DENY = """
lab: deny
pool: [10.0.0.0/8, 'fd00:1::/48']
nodes:
  b: {sysctl: {net.ipv4.icmp_echo_ignore_all: 1}}
links:
  - a -- b
  - c -- d
checks:
  - {reach: a -> b, not: true, within: 200ms}      # by IPv6 it answers
  - {command: {node: c, run: sleep 1000}, not: true, within: 100ms}
  - {command: {node: c, run: 'test -e /tmp/once && sleep 1000; touch /tmp/once'}, not: true, within: 300ms}
"""


class Checks(harness.LabTest):
    def test_all_hold(self):
        self.lab(GOOD)
        done = self.hopyard("test", "--junit", "report.xml")
        lines = done.out.splitlines()
        self.assertEqual(lines[:2], ["TAP version 14", "1..15"])
        self.assertEqual([line.split(" - ")[0] for line in lines[2:]], [f"ok {i}" for i in range(1, 16)])
        self.assertIn("ok 5 - not: käse\\#1 -> 10.1.0.2", lines)
        self.assertEqual(self.running(), [])
        suite = xml.etree.ElementTree.parse(self.folder / "report.xml").getroot()[0]
        self.assertEqual((suite.get("name"), suite.get("tests"), suite.get("failures")), ("good", "15", "0"))

    def test_what_does_not_hold_is_told(self):
        self.lab(BAD)
        done = self.hopyard("test", "lab.hop.yaml", "--junit", "report.xml", status=1)
        self.assertEqual([line.split(" - ")[0] for line in done.out.splitlines() if line.startswith(("ok", "not"))],
                         ["ok 1"] + [f"not ok {i}" for i in range(2, 10)])
        for words in ("message: '10.0.0.5: Network is unreachable'", "message: '10.0.0.2 answers'", "message: 'it has no such route'",
                      "message: 'it ended with status 3'", "message: '''two'' is not in what it wrote: ''it''s <one>'''",
                      "message: 'it wrote no JSON with /x: ''no json'''", "message: '/x is ''y'''", "message: 'it did not end in time'",
                      "at: 'lab.hop.yaml:6:5'"):
            self.assertIn(f"  {words}\n", done.out)
        self.assertEqual(self.running(), [])
        suite = xml.etree.ElementTree.parse(self.folder / "report.xml").getroot()[0]
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("9", "8"))
        self.assertEqual(suite[5].find("failure").get("message"), "'two' is not in what it wrote: 'it's <one>'")

    def test_what_had_no_time_denies_nothing(self):
        """The last attempt has little left of the time, and one address may use up that of the next."""
        self.lab(HARD_TO_DENY)
        done = self.hopyard("test", status=1)
        self.assertEqual([line.split(" - ")[0] for line in done.out.splitlines() if line.startswith(("ok", "not"))],
                         ["not ok 1", "not ok 2", "not ok 3"])
        self.assertRegex(done.out, r"message: 'fd00\S+ answers'")

    def test_json(self):
        self.lab(BAD.split("  - {route")[0])
        said = self.hopyard("test", "--json", status=1).json()
        self.assertEqual((said["lab"], said["passed"], said["failed"]), ("bad", 1, 2))
        self.assertEqual([one["held"] for one in said["checks"]], [True, False, False])
        self.assertEqual(said["checks"][0]["why"], None)
        self.assertEqual(said["checks"][0]["where"], "lab.hop.yaml:5:5")

    def test_what_could_not_be_run(self):
        self.lab("{links: [a -- b], checks: [{reach: a -> c}]}")
        done = self.hopyard("test", status=2)
        self.assertIn("lab.hop.yaml:1:41: error: there is no node 'c'", done.err)
        self.assertEqual(done.out, "")
        self.lab("{links: [a -- b]}")
        self.assertIn("the lab file has no checks", self.hopyard("test", status=2).err)
        self.assertIn("No such file", self.hopyard("test", "nosuch.yaml", status=2).err)
        self.lab("{lab: taken, links: [a -- b], checks: [{reach: a -> b}]}")
        self.hopyard("up")
        done = self.hopyard("test", status=2)
        self.assertIn("Bail out! ", done.out)
        self.assertIn("taken", done.err)
        self.assertEqual(self.running(), ["taken"], "a lab that was up already stays up")

    def test_a_signal_takes_the_lab_down(self):
        for name, check in (("reach", "{reach: a -> c, within: 1h}"), ("command", "{command: {node: a, run: sleep 1000}, within: 1h}"),
                            ("route", "{route: {node: a, to: default}, within: 1h}")):
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(name=name, signal=number):
                    self.lab(f"{{lab: long, links: [a -- b, c -- d], checks: [{{reach: a -> b}}, {check}]}}")
                    process = self.start("test", "lab.hop.yaml")
                    self.assertEqual([process.stdout.readline() for _ in range(3)], ["TAP version 14\n", "1..2\n", "ok 1 - a -> b\n"])
                    process.send_signal(number)
                    self.assertEqual(process.wait(60), 128 + number)
                    self.assertIn("Bail out! ", process.stdout.read())
                    self.assertEqual(self.running(), [])

    def test_a_lab_that_another_takes_down(self):
        self.lab("{lab: gone, links: [a -- b, c -- d], checks: [{reach: a -> b}, {reach: a -> c, within: 1h}]}")
        process = self.start("test", "lab.hop.yaml")
        for _ in range(3):
            process.stdout.readline()
        self.hopyard("down", "gone")
        self.assertEqual(process.wait(60), 2)
        self.assertIn("it was taken down by another", process.stderr.read())

    def test_a_check_waits_until_it_holds(self):
        """What a lab does a moment later counts; within is the time for it."""
        self.lab("{lab: later, links: [a -- b], nodes: {a: {run: 'while ! test -e /tmp/go; do :; done; ip route add 10.77.0.0/16 via 10.0.0.2'}}, "
                 "checks: [{command: {node: a, run: touch /tmp/go}}, {route: {node: a, to: 10.77.0.0/16, via: b}, within: 30s}]}")
        self.assertIn("ok 2", self.hopyard("test").out)


if __name__ == "__main__":
    harness.main()

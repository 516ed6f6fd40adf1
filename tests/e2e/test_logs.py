"""Logs that are followed before they begin: of services that a node gets while it runs."""

import json
import threading

import harness
import residue

PLAIN = "{lab: plain, nodes: {a: {run: [echo ran]}}, links: [a -- b]}"
SPEAKS = """
lab: speaks
nodes: {a: {services: {voice: {command: 'echo here I am; exec sleep 1000'}}}}
links: [a -- b]
"""


class Followed(harness.LabTest):
    def follow(self, *words):
        """logs -f that has opened what was there, and waits for more."""
        process = self.start("logs", *words, "-f")
        self.assertTrue(harness.wait_until(lambda: "anon_inode:inotify" in residue.descriptors(process.pid).values()))
        return process

    def line(self, process):
        """The next line; empty if none comes."""
        too_late = threading.Timer(10 * harness.PATIENCE, process.kill)
        too_late.start()
        try:
            return process.stdout.readline()
        finally:
            too_late.cancel()

    def test_of_a_daemon_that_is_started_later(self):
        self.up(PLAIN)
        self.hopyard("exec", "b", "--", "true")  # a node that nobody has entered has no logs yet
        following, as_json, silent = self.follow("a"), self.follow("a", "--json"), self.follow("b")
        lines = [self.line(following) for _ in range(2)]
        self.assertEqual(lines, ["+ echo ran\n", "ran\n"])
        self.hopyard("start", "a", "dnsmasq")
        self.assertRegex(self.line(following), r"^dnsmasq \| dnsmasq(\[\d+\])?: started, version ")
        told = [json.loads(self.line(as_json)) for _ in range(3)]
        self.assertEqual([one["service"] for one in told], ["run", "run", "dnsmasq"])
        self.assertRegex(told[2]["line"], r"^dnsmasq(\[\d+\])?: started, version ")
        # In a node without any logs the first one is the only one.
        self.run_in("b", "systemctl", "start", "dnsmasq")
        self.assertRegex(self.line(silent), r"^dnsmasq(\[\d+\])?: started, version ")
        self.hopyard("down")
        for process in (following, as_json, silent):
            self.assertEqual(process.wait(10 * harness.PATIENCE), 0)

    def test_of_one_service_whose_log_is_away(self):
        self.up(SPEAKS)
        self.run_in("a", "rm", "/var/log/hopyard/voice.log")
        following, all_of_it = self.follow("a", "voice"), self.follow("a", "-n", "0")
        self.hopyard("restart", "a", "voice")
        self.assertEqual(self.line(following), "here I am\n")
        self.assertEqual(self.line(all_of_it), "here I am\n")
        # Only of that service.
        self.hopyard("start", "a", "dnsmasq")
        self.assertRegex(self.line(all_of_it), r"^dnsmasq \| dnsmasq(\[\d+\])?: started, version ")
        self.hopyard("down")
        self.assertEqual(following.communicate(timeout=10 * harness.PATIENCE), ("", ""))


if __name__ == "__main__":
    harness.main()

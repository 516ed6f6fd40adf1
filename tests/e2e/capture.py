"""Captures of what an interface sees, whole up to a known packet."""

import re

import harness


class CaptureTest(harness.LabTest):
    def capture(self, node, interface):
        """Notes ICMP echo of an interface until captured() ends it."""
        noted = self.start("exec", node, "--", "tcpdump", "-n", "-l", "-i", interface,
                           "icmp[icmptype]=icmp-echo or icmp[icmptype]=icmp-echoreply")
        while "listening on" not in noted.stderr.readline():
            self.assertIsNone(noted.poll())
        return noted

    def captured(self, noted, node, neighbour):
        """What was noted before a ping of a length of its own, by which the end is known."""
        self.run_in(node, "ping", "-n", "-c", "1", "-W", "20", "-s", "77", neighbour)
        seen = set()
        while not (line := noted.stdout.readline()).endswith("length 85\n"):
            self.assertTrue(line, "the capture has ended")
            seen.update(f"{way} {kind}" for way, kind in re.findall(r"IP (\S+ > \S+): ICMP echo (\w+),", line))
        return seen

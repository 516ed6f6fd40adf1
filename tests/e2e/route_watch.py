"""What tests of routes as they come and go have in common: a small lab, and what is told while it is watched."""

import json
import signal

import harness

TRIO = """
lab: trio
nodes: {"r+1": {kind: router}, dual: {addresses: {lo: [10.255.9.9/32, "fd00:9::9/128"]}}}
links: [a -- r+1, b -- r+1, dual -- r+1, r+1:up0 -- a:up0]
"""


class RoutesTest(harness.LabTest):
    def ip(self, node, *words, **options):
        return self.run_in(node, "ip", *words, **options)

    def watch(self, *words, verb="routes"):
        """A watching command that has begun."""
        process = self.start(verb, *words, "--watch", "--json")
        self.began = json.loads(process.stdout.readline())
        self.assertEqual(self.began["event"], "watching")
        return process

    def event(self, process, **wanted):
        """The next event that has these members; those before it are passed over."""
        for line in process.stdout:
            event = json.loads(line)
            if all(event.get(key) == value for key, value in wanted.items()):
                return event
        self.fail(f"no {wanted} came; standard error: {process.stderr.read()}")

    def interrupt(self, process, status=130):
        """Ends it with Ctrl-C; returns what it still says, line by line."""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30 * harness.PATIENCE)
        self.assertEqual(process.returncode, status, err)
        return [json.loads(line) for line in out.splitlines()]

    def kernel_routes(self, node, *words):
        """What ip(8) lists, as destinations with their metrics."""
        return sorted((route["dst"].removesuffix("/32"), route.get("metric", 0)) for route in json.loads(self.ip(node, "-j", *words, "route")))

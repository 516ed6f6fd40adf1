"""Keeper and client killed at random moments of `up`: nothing is left, each time.

HOPYARD_TEST_KILLS is how many times (200; HOPYARD_TEST_LONG=1 makes it 2000); HOPYARD_TEST_SEED repeats a run.
"""

import os
import random
import select
import signal
import time

import harness

TIMES = int(os.environ.get("HOPYARD_TEST_KILLS") or (2000 if os.environ.get("HOPYARD_TEST_LONG") else 200))
LAB = """
lab: victim
networks: {lan: 10.1.0.0/24}
nodes:
  gw: {kind: router, nat: {out: wan}}
  pc1: {run: ["exec tail -f /dev/null"]}
  pc2: {files: {/etc/motd: "hello"}, run: ["tail -f /dev/null & exec tail -f /dev/null"]}
links:
  - gw -- lan
  - pc[1..6] -- lan
  - gw:wan -- isp
  - chain: r[1..30]
"""


class Kill(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.path = self.lab(LAB)
        for _ in "cold", "warm":  # as those are that will be killed
            began = time.monotonic()
            self.up(self.path)
            self.whole = time.monotonic() - began
            self.hopyard("down")
        self.check_residue()

    def test_at_random_moments(self):
        moments = {"client": 0, "keeper": 0, "both": 0}
        for turn in range(TIMES):
            whom = random.choice(list(moments))
            after = random.uniform(0, self.whole * 1.2)
            with self.subTest(turn=turn, whom=whom, after=f"{after * 1000:.1f} ms of {self.whole * 1000:.0f}"):
                moments[whom] += self.one_life(whom, after)
        self.assertTrue(all(moments.values()), f"never killed while it lived: {moments}")

    def one_life(self, whom, after):
        """Starts `up`, kills, and looks. Returns whether there was something to kill."""
        client = self.start("up", self.path)
        self.let_pass(client, after)
        alive = client.poll() is None
        keepers = harness.processes_of_labs()
        if whom != "keeper":
            harness.kill(client.pid)
        if whom != "client":
            for pid in keepers:
                harness.kill(pid)
        client.communicate(timeout=60 * harness.PATIENCE)
        # What was killed was perhaps not all yet: the lab stands whole, or it is not there; it does not hang between.
        self.assertTrue(harness.wait_until(self.settled), "neither up nor gone")
        if keepers and whom != "client":
            self.assertTrue(harness.wait_until(lambda: not [pid for pid in keepers if os.path.exists(f"/proc/{pid}")]))
        self.hopyard("down", "--all")
        self.assertEqual(self.running(), [])
        self.check_residue()
        return alive and (whom == "client" or bool(keepers))

    def settled(self):
        """True when the lab stands, and its nodes work, or nothing runs."""
        if self.running() == ["victim"]:
            return self.hopyard("exec", "r15", "--", "hostname", status=None).out == "r15\n"
        return not harness.processes_of_hopyard()

    def let_pass(self, client, seconds):
        """That time, or less if the client ends before."""
        descriptor = os.pidfd_open(client.pid)
        try:
            select.select([descriptor], [], [], seconds)
        finally:
            os.close(descriptor)

    def test_the_keeper_of_a_lab_that_runs(self):
        self.up(self.path)
        inside = self.start("exec", "pc3", "--", "sh", "-c", "echo ready; exec cat")
        self.assertEqual(inside.stdout.readline(), "ready\n")
        for pid in harness.processes_of_hopyard():
            if pid != inside.pid:
                harness.kill(pid)
        inside.communicate(timeout=20 * harness.PATIENCE)
        self.assertNotEqual(inside.returncode, 0)
        self.assertTrue(harness.wait_until(lambda: not harness.processes_of_hopyard()))
        self.assertEqual(self.running(), [])
        self.check_residue()
        self.up(self.path)

    def test_a_client_that_is_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for part in (0.2, 0.5, 0.8):
                client = self.start("up", self.path)
                self.let_pass(client, self.whole * part)
                client.send_signal(number)
                client.communicate(timeout=60 * harness.PATIENCE)
                self.assertTrue(harness.wait_until(self.settled), "neither up nor gone")
                self.hopyard("down", "--all")
                self.check_residue()


if __name__ == "__main__":
    harness.main()

"""What tests of limits have in common."""

import os
import time

import harness
import residue

SMALL = "{lab: x, nodes: {a: {run: ['exec tail -f /dev/null']}, b: {}}, links: [a -- b]}"


def descriptors_of(process):
    """The numbers that a process holds, once it opens and closes none for a moment."""
    held = set()

    def settled():
        nonlocal held
        before, held = held, set(map(int, os.listdir(f"/proc/{process}/fd")))
        time.sleep(0 if held == before else 0.2)
        return held == before

    if not harness.wait_until(settled):
        raise AssertionError(f"process {process} goes on opening and closing files: {held}")
    return held


def lowest_free(process):
    """The number that it would get for what it opens next."""
    held = descriptors_of(process)
    return min(set(range(len(held) + 1)) - held)


class Scarce(harness.LabTest):
    own = frozenset()

    def keep_own(self):
        """What is there now is the test's own."""
        self.own = frozenset(residue.take() - self.before)

    def assert_says_what_to_do(self, done, *words):
        """An error of a line that names what is wrong, and one, set off, with what to do about it."""
        self.assertNotIn(done.status, (0, 2), str(done))
        self.assertGreaterEqual(done.status, 0, str(done))
        self.assertNotIn("terminate called", done.err, str(done))
        lines = done.err.strip().splitlines()
        self.assertTrue(lines, str(done))
        self.assertTrue(any(line.startswith("  ") for line in lines), f"it does not say what to do: {done}")
        for word in words:
            self.assertIn(word, done.err)

    def nothing_runs(self):
        """Nor is anything left beside what the test itself has made."""
        self.assertEqual(self.running(), [])
        self.assertTrue(harness.wait_until(lambda: not residue.differences(self.before | self.own, residue.take())),
                        "left behind:\n" + "\n".join(residue.differences(self.before | self.own, residue.take())))

    def lives(self):
        """A lab comes up as ever, works and goes."""
        self.up(SMALL)
        self.assert_reaches("a", "b")
        self.hopyard("down")
        self.nothing_runs()

"""The scripts of examples/ that go by hand, step by step, and prove each step."""

import os
import pathlib
import re
import signal
import subprocess

import harness


class StepsTest(harness.LabTest):
    def follow(self, script, seconds=60, **settings):
        """Goes the steps of a script, named without "steps-" and ".sh"; returns what they tell."""
        path = script_of(script)
        done = self.call("sh", path, env=os.environ | {"HOPYARD": harness.BINARY} | settings, seconds=seconds)
        self.assertEqual(done.status, 0, str(done))
        self.assertNotIn("NOT", done.out + done.err)
        # No step can be lost without a trace.
        for words in re.findall(r'^ *(?:for .*; do )?(?:\[.*\] \|\| )?(?:proved|refuted) "([^"$]*)', path.read_text(), re.MULTILINE):
            self.assertIn(f"  ok  {words}", done.out)
        self.assertGreater(done.out.count("  ok  "), 3)
        self.assertFalse(pathlib.Path("/run/netns").exists())
        return done.out

    def break_off(self, script, words, sent, **settings):
        """Sends a signal when a script has told that; SIGKILL to the script alone, others to all that it runs, as Ctrl-C does."""
        process = subprocess.Popen(["sh", script_of(script)], stdout=subprocess.PIPE, text=True, start_new_session=True,
                                   env=os.environ | {"HOPYARD": harness.BINARY} | settings)
        try:
            while words not in (line := process.stdout.readline()):
                self.assertTrue(line, f"{script} has ended without '{words}'")
            if sent == signal.SIGKILL:
                process.kill()
                self.assertEqual(process.wait(60 * harness.PATIENCE), -sent)
            else:
                os.killpg(process.pid, sent)
                self.assertEqual(process.wait(60 * harness.PATIENCE), 130)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def script_of(name):
    """hundred-hops-bgp/chain is the file steps-chain.sh of that folder."""
    folder, _, script = name.partition("/")
    return harness.EXAMPLES / folder / f"steps-{script}.sh"


def all_scripts():
    """The names of all there are."""
    return {f"{path.parent.name}/{path.stem.removeprefix('steps-')}" for path in harness.EXAMPLES.glob("*/steps-*.sh")}

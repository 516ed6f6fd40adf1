"""Control groups of version 2 (cgroups(7)), which most machines have alone: the limits of nodes, of root's labs and of those of who
was given a group, and what is said where there can be none. In the guest of tests/vm/run, whose groups are all ours.
"""

import os
import pathlib
import re
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import control_groups
import harness
import ordinary

TOP = pathlib.Path("/sys/fs/cgroup")
LAB = """lab: limited
nodes:
  a: {memory: 40MiB, cpu: 0.2, run: ['exec tail -f /dev/null']}
  b: {}
links: [a -- b]
"""
# The part of a processor that a program gets that wants one whole, over ten seconds: what it gets before it is held back for the
# first time, and in a slice that has begun, is little of that.
SHARE = ("import time\nbegan, used = time.monotonic(), time.process_time()\nwhile time.monotonic() - began < 10: pass\n"
         "print((time.process_time() - used) / (time.monotonic() - began))")
GREEDY = "x = bytearray(1 << 28); print('had it')"


def prepare():
    control_groups.mount()
    ordinary.make(with_ids=True)


class Groups(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.lab(LAB)
        self.groups_before = self.groups()

    @staticmethod
    def groups():
        return sorted(where for where, _, _ in os.walk(TOP))

    def assert_nothing_is_left(self):
        self.assertTrue(harness.wait_until(lambda: self.groups() == self.groups_before), self.groups())
        self.assertEqual(self.hopyard("ls", "--json").json()["labs"], [])

    def group(self, name, above=TOP, owner=None):
        """A group of the test's own, which is given to the owner as systemd does it (Delegate=yes)."""
        path = above / name
        path.mkdir()
        self.addCleanup(self.remove, path)
        if owner is not None:
            for one in (path, *(path / f"cgroup.{file}" for file in ("procs", "threads", "subtree_control"))):
                os.chown(one, owner, owner)
        return path

    def remove(self, path):
        self.assertTrue(harness.wait_until(lambda: not (path / "cgroup.procs").read_text()))
        path.rmdir()

    def assert_limits_hold(self, run=None):
        """Of node a, and of that alone."""
        run = run or self.hopyard
        share = {node: float(run("exec", node, "--", "python3", "-c", SHARE).out) for node in "ab"}
        self.assertLess(share["a"], 0.27)
        self.assertGreater(share["b"], 0.4)
        self.assertNotIn("had it", run("exec", "a", "--", "python3", "-c", GREEDY, status=-signal.SIGKILL).out)
        self.assertEqual(run("exec", "b", "--", "python3", "-c", GREEDY).out, "had it\n")
        # What the lab has started by itself is limited as well, and lives.
        tail, = run("exec", "a", "--", "pgrep", "-x", "tail").out.split()
        self.assertIn("/hopyard-limited-", run("exec", "a", "--", "cat", f"/proc/{tail}/cgroup").out)


class OfRoot(Groups):
    def test_limits_hold_and_go(self):
        for controller in ("cpu", "memory"):  # as a machine that has booted without systemd
            (TOP / "cgroup.subtree_control").write_text(f"-{controller}")
        self.up(self.folder / "lab.hop.yaml")
        self.assert_limits_hold()
        self.hopyard("down")
        self.assert_nothing_is_left()

    def test_none_is_left_when_the_keeper_is_killed(self):
        self.up(self.folder / "lab.hop.yaml")
        self.assertNotEqual(self.groups(), self.groups_before)
        os.kill(self.show()["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.running() == [] and self.groups() == self.groups_before), self.groups())

    def test_a_top_with_processes_in_it(self):
        """As in a container with control groups of its own: the top that it sees is a group as others are."""
        group = self.group("container")
        script = f'umount {TOP} && mount -t cgroup2 cgroup {TOP} && exec "$@"'
        world = ["unshare", "--cgroup", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]

        def within(*words):
            return self.call(*world, *words, preexec_fn=lambda: (group / "cgroup.procs").write_text("0"))

        done = within(*self.command("up"))
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("there are processes in that control group itself", done.err)
        self.assert_nothing_is_left_but(group)
        # What the error says to do, and then again.
        remedy = re.search(r"put them into one below it: (.*)", done.err)[1]
        both = within("bash", "-c", f'{remedy} 2>/dev/null; {" ".join(self.command("up"))} && {" ".join(self.command("down"))}')
        self.assertEqual(both.status, 0, str(both))
        self.remove(group / "own")
        self.assert_nothing_is_left_but(group)

    def assert_nothing_is_left_but(self, group):
        self.assertTrue(harness.wait_until(lambda: self.groups() == sorted([*self.groups_before, str(group)])), self.groups())
        self.assertEqual(self.running(), [])

    def test_groups_that_cannot_be_written(self):
        done = self.call("unshare", "--mount", "--propagation", "private", "sh", "-c", f'mount -o remount,bind,ro {TOP} && exec "$@"', "sh",
                         *self.command("up"))
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("Read-only file system", done.err)
        self.assertIn(f"in a container: give it {TOP} to write", done.err)
        self.assert_nothing_is_left()


class OfOthers(Groups):
    def as_user(self, group, *words, status=0):
        """hopyard, by who is not root, started in a group."""
        session = {"HOME": ordinary.HOME, "USER": ordinary.NAME, "LOGNAME": ordinary.NAME, "XDG_RUNTIME_DIR": ordinary.RUNTIME}
        done = self.call("setpriv", "--reuid", ordinary.NUMBER, "--regid", ordinary.NUMBER, "--clear-groups", *self.command(*words),
                         env=os.environ | session, preexec_fn=lambda: (group / "cgroup.procs").write_text("0"))
        if status is not None:
            self.assertEqual(done.status, status, str(done))
        return done

    def session(self, owner=ordinary.NUMBER):
        """What systemd gives who logs in: a group that is theirs, and one in it where the processes are."""
        for controller in ("cpu", "memory"):
            (TOP / "cgroup.subtree_control").write_text(f"+{controller}")
        own = self.group("user.slice", owner=owner)
        terminal = self.group("terminal.scope", above=own, owner=owner)
        self.addCleanup(self.as_user, TOP, "down", "--all")
        return own, terminal

    def test_in_a_group_of_ones_own_limits_hold_and_go(self):
        own, terminal = self.session()
        self.as_user(terminal, "up", self.folder)
        self.assertTrue([one for one in os.listdir(own) if one.startswith("hopyard-limited-")])
        self.assert_limits_hold(lambda *words, **options: self.as_user(terminal, *words, **options))
        # Who comes from elsewhere may not cross what is not theirs.
        outside = self.as_user(TOP, "exec", "a", "--", "true", status=126)
        self.assertIn("come under the limits of the node: Permission denied", outside.err)
        self.assertIn("\n  run it from where the lab was started, or by: systemd-run --user --scope", outside.err)
        self.as_user(TOP, "exec", "b", "--", "true")
        self.as_user(TOP, "down")
        self.assertEqual([one for one in os.listdir(own) if one.startswith("hopyard")], [])

    def test_none_is_left_when_the_keeper_is_killed(self):
        own, terminal = self.session()
        self.as_user(terminal, "up", self.folder)
        keeper = self.as_user(TOP, "show", "--json").json()["keeper_pid"]
        os.kill(keeper, signal.SIGKILL)
        # A command that comes while processes of the lab are still ending leaves the groups to the next.
        self.assertTrue(harness.wait_until(lambda: self.as_user(TOP, "ls", "--json").json()["labs"] == [] and
                                           not [one for one in os.listdir(own) if one.startswith("hopyard")]), os.listdir(own))

    def assert_refused(self, done, why):
        self.assertEqual(done.err, f"hopyard: limit the cpus and memory of nodes: {why}\n"
                                   "  run as root, or where systemd gives you one: systemd-run --user --scope --property=Delegate=yes "
                                   "hopyard up; or leave 'cpu' and 'memory' out\n")
        self.assertEqual(os.listdir(ordinary.RUNTIME), [])
        self.assertEqual([one for one in self.groups() if "hopyard" in one], [])

    def test_without_one(self):
        _, terminal = self.session(owner=0)
        for group in (TOP, terminal):
            self.assert_refused(self.as_user(group, "up", self.folder, status=1),
                                "no control group of version 2 that has these controllers is yours")

    def test_with_one_that_processes_are_in(self):
        own, _ = self.session()
        self.assert_refused(self.as_user(own, "up", self.folder, status=1),
                            "there are processes in the one control group that is yours")


if __name__ == "__main__":
    harness.main()

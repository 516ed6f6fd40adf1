"""What one does with services by hand, restart them and read what they say; and how long that is kept."""

import ctypes
import errno
import json
import platform
import signal
import struct

import harness
from services import ServicesTest


def without_inotify():
    """To be called before an exec: the kernel refuses inotify_init1(2), as it does when a user has too many instances (seccomp(2))."""
    number = {"x86_64": 294, "aarch64": 26}[platform.machine()]
    instructions = ((0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | errno.EMFILE), (0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in instructions))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(instructions), ctypes.addressof(code)))
    set_seccomp, filter_mode, no_new_privileges = 22, 2, 38
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_seccomp, filter_mode, program):
        raise OSError(ctypes.get_errno(), "prctl")


class ServiceVerbs(ServicesTest):
    def test_restart(self):
        self.node("""
db: {command: "echo db >> /run/order; exec sleep 1000", ready: {command: tail -n 1 /run/order | grep -qx db}}
web: {command: "echo web >> /run/order; exec python3 /opt/listen 80", after: db, ready: {port: 80}}
""")
        before = self.services()
        done = self.hopyard("restart", "s", "web", "--json").json()
        self.assertEqual([one["service"] for one in done["services"]], ["web"])
        self.assertEqual((done["lab"], done["node"], done["services"][0]["state"]), ("lab", "s", "running"))
        now = self.services()
        self.assertNotEqual(now["web"]["pid"], before["web"]["pid"])
        self.assertEqual(now["db"]["pid"], before["db"]["pid"])
        self.assertEqual(now["web"]["last_exit"], 128 + signal.SIGTERM)
        self.hopyard("restart", "lab/s")
        self.assertEqual(self.run_in("s", "cat", "/run/order").split(), ["db", "web", "web", "db", "web"])
        self.assertEqual({one["state"] for one in self.services().values()}, {"running"})

    def test_restart_says_what_is_wrong(self):
        self.node("web: {command: 'test ! -e /run/broken && exec python3 /opt/listen 80', ready: {port: 80}}")
        self.assertIn("node s has no service 'wbe'\n  did you mean 'web'?", self.hopyard("restart", "s", "wbe", status=1).err)
        self.assertIn("node m has no services", self.hopyard("restart", "m", status=1).err)
        self.assertIn("NODE is missing", self.hopyard("restart", status=2).err)
        self.run_in("s", "touch", "/run/broken")
        self.assertIn("start service web: it ended with status 1 before it was ready", self.hopyard("restart", "s", status=1).err)
        self.run_in("s", "rm", "/run/broken")
        self.await_service("web", state="running")

    def test_stop_signal_and_the_end_of_patience(self):
        self.node("""
int: {command: python3 /opt/deaf, stop: SIGINT, ready: {command: grep -q deaf /var/log/hopyard/int.log}}
term: {command: python3 /opt/deaf, ready: {command: grep -q deaf /var/log/hopyard/term.log}}
""")
        self.hopyard("restart", "s")
        self.assertIn("hopyard: int does not end by SIGINT, and is killed", self.lines("int"))
        self.assertIn("got 2", self.lines("int"))
        self.assertIn("got 15", self.lines("term"))
        self.assertEqual({one["last_exit"] for one in self.services().values()}, {137})

    def test_logs_are_read_without_being_watched(self):
        self.node("a: {command: echo said, restart: never}")
        self.await_service("a", state="ended")
        self.assertEqual(self.hopyard("logs", "s", "a", preexec_fn=without_inotify).out, "said\n")
        refused = self.hopyard("logs", "s", "a", "-f", preexec_fn=without_inotify, status=1)
        self.assertIn("Too many open files", refused.err)

    def test_logs(self):
        self.node("""
a: {command: "for i in 1 2 3; do echo line $i; done; echo wrong >&2; printf end; exec sleep 1000", ready: {command: grep -q end /var/log/hopyard/a.log}}
b: {command: "echo büro; exec sleep 1000", after: a, ready: {command: test -s /var/log/hopyard/b.log}}
""", more="    run: [echo ran]\n")
        self.assertEqual(self.hopyard("logs", "s", "a").out, "line 1\nline 2\nline 3\nwrong\nend\n")
        self.assertEqual(self.hopyard("logs", "s", "a", "-n", "2").out, "wrong\nend\n")
        self.assertEqual(self.hopyard("logs", "s", "a", "-n", "0").out, "")
        self.assertEqual(self.hopyard("logs", "lab/s", "b").out, "büro\n")
        self.assertEqual(self.hopyard("logs", "s", "run").out, "+ echo ran\nran\n")
        self.assertEqual(self.hopyard("logs", "s", "-n", "1").out, "a   | end\nb   | büro\nrun | ran\n")
        self.assertIn("node s has no service 'other'\n  it has: a, b", self.hopyard("logs", "s", "other", status=1).err)
        self.assertIn("'x' is not a number of lines", self.hopyard("logs", "s", "-n", "x", status=2).err)
        self.assertEqual(self.hopyard("logs", "m", "--json").json(), {"lab": "lab", "node": "m", "lines": []})

    def test_logs_follow_until_the_node_ends(self):
        self.node("a: {command: 'echo first; while ! test -e /run/go; do sleep 0.01; done; echo second; exec sleep 1000'}")
        following = self.start("logs", "s", "a", "-f")
        self.assertEqual(following.stdout.readline(), "first\n")
        as_json = self.start("logs", "s", "-f", "--json")
        self.assertEqual(json.loads(as_json.stdout.readline()), {"service": "a", "line": "first"})
        self.run_in("s", "touch", "/run/go")
        self.assertEqual(following.stdout.readline(), "second\n")
        self.assertEqual(json.loads(as_json.stdout.readline()), {"service": "a", "line": "second"})
        interrupted = self.start("logs", "s", "a", "-f")
        self.assertEqual(interrupted.stdout.readline(), "first\n")
        interrupted.send_signal(signal.SIGINT)
        self.assertNotEqual(interrupted.wait(10 * harness.PATIENCE), 0)
        self.hopyard("down")
        self.assertEqual(following.wait(10 * harness.PATIENCE), 0)
        self.assertEqual(as_json.wait(10 * harness.PATIENCE), 0)

    def test_ps_names_the_service(self):
        self.node("both: {command: 'sleep 1000 & exec sleep 1001'}")
        self.start("exec", "s", "--", "sleep", "1002")

        def told():
            return {one["command"]: one["service"] for one in self.hopyard("ps", "s", "--json").json()["processes"]}

        wanted = {"sleep 1000": "both", "sleep 1001": "both", "sleep 1002": None}
        harness.wait_until(lambda: told() == wanted)
        self.assertEqual(told(), wanted)
        self.assertRegex(self.hopyard("ps").out, r"(?m)^NODE +SERVICE +PID .*\n(s +both .*sleep 100[01]\n)+")

    def test_completion_of_services(self):
        self.node("web: sleep 1000\nwiki: sleep 1000")
        for verb in ("logs", "restart"):
            self.assertEqual(self.hopyard("__complete", "--shell", "bash", "--", f"hopyard {verb} s w").out.split(), ["web", "wiki"])

    TALK = """
import os, sys, time
while not os.path.exists("/run/go"): time.sleep(0.01)
for i in range(int(sys.argv[1])): print(f"{i:07}" + "x" * 992)
print("end", flush=True)
time.sleep(1000)
"""

    def test_a_log_does_not_grow_without_end(self):
        self.node("talk: python3 /opt/talk 8000", more=f"      /opt/talk: {json.dumps(self.TALK)}\n")
        self.run_in("s", "touch", "/run/go")
        self.assertTrue(harness.wait_until(lambda: self.lines("talk", "-n", "1") == ["end"]))
        sizes = self.run_in("s", "sh", "-c", "stat -c '%n %s' /var/log/hopyard/talk*").split()
        self.assertEqual(sizes[::2], ["/var/log/hopyard/talk.log", "/var/log/hopyard/talk.log.1"])
        self.assertLess(int(sizes[1]), 2.2 * 1024 * 1024)
        self.assertLess(int(sizes[3]), 2.2 * 1024 * 1024)
        numbers = [int(line[:7]) for line in self.lines("talk")[:-1]]
        self.assertEqual(numbers, list(range(8000 - len(numbers), 8000)))
        self.assertGreater(len(numbers), 2000)

    def test_a_log_is_followed_into_the_next_file(self):
        self.node("talk: python3 /opt/talk 3000", more=f"      /opt/talk: {json.dumps(self.TALK)}\n")
        follow = self.start("logs", "s", "talk", "-f", stdin=None)
        self.run_in("s", "touch", "/run/go")
        for i in range(3000):
            self.assertEqual(follow.stdout.readline()[:7], f"{i:07}")
        self.assertEqual(follow.stdout.readline(), "end\n")
        self.assertEqual(self.run_in("s", "ls", "/var/log/hopyard"), "talk.log\ntalk.log.1\n")


if __name__ == "__main__":
    harness.main()

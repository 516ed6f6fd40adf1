"""Services: programs that a node keeps running, in their order, by their policy, and no longer than the lab."""

import ctypes
import errno
import json
import os
import platform
import signal
import struct

import harness
import residue

LISTEN = """
import signal, socket, sys
s = socket.create_server(("::" if len(sys.argv) > 2 else "", int(sys.argv[1])),
                         family=socket.AF_INET6 if len(sys.argv) > 2 else socket.AF_INET)
print("listening", flush=True)
signal.pause()
"""
# Says the signals that it gets, and goes on.
DEAF = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, _: os.write(1, b"got %d\\n" % number))  # print may be at it already
print("deaf", flush=True)
while True: time.sleep(1000)
"""


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


class Services(harness.LabTest):
    def node(self, services, name="lab", more="", **options):
        """A lab of node s with these services, as lines of YAML."""
        lines = "\n".join("      " + line for line in services.strip("\n").splitlines())
        files = f"""
    files:
      /opt/listen: {json.dumps(LISTEN)}
      /opt/deaf: {json.dumps(DEAF)}
"""
        return self.up(f"lab: {name}\nnodes:\n  s:{files}{more}    services:\n{lines}\nlinks: [s -- m]\n", *options.pop("words", ()),
                       **options)

    def services(self, node="s"):
        return {one["service"]: one for one in self.show(node)["services"]}

    def await_service(self, name, **wanted):
        """Waits until the service is as wanted."""
        now = None

        def there():
            nonlocal now
            now = self.services()[name]
            return all(now[key] == value for key, value in wanted.items())

        self.assertTrue(harness.wait_until(there), f"{name} should be {wanted}, and is {now}")
        return now

    def lines(self, *words):
        return [one["line"] for one in self.hopyard("logs", "s", *words, "--json").json()["lines"]]

    def kill(self, name, number=signal.SIGKILL):
        self.run_in("s", "kill", f"-{int(number)}", self.services()[name]["pid"])

    # Order and readiness

    def test_order_and_each_kind_of_readiness(self):
        """Each writes its name when it starts and is ready later than that; the one after it starts later still."""
        self.node("""
last: {command: "echo last >> /run/order; exec sleep 1000", after: [port, file]}
file: {command: "echo file >> /run/order; sleep 0.2; echo file-ready >> /run/order; touch /run/f; exec sleep 1000", after: cmd, ready: {file: /run/f}}
port: {command: "echo port >> /run/order; sleep 0.2; echo port-ready >> /run/order; exec python3 /opt/listen 80", after: [file], ready: {port: 80}}
cmd: {command: "echo cmd >> /run/order; sleep 0.2; echo cmd-ready >> /run/order; exec sleep 1000", ready: {command: grep -q cmd-ready /run/order}}
""")
        self.assertEqual(self.run_in("s", "cat", "/run/order").split(),
                         ["cmd", "cmd-ready", "file", "file-ready", "port", "port-ready", "last"])
        for one in self.services().values():
            self.assertEqual((one["state"], one["restarts"], one["last_exit"]), ("running", 0, None))
            self.assertGreater(one["pid"], 0)
            self.assertGreaterEqual(one["for_seconds"], 0)

    def test_a_port_of_ipv6_counts(self):
        self.node("web: {command: python3 /opt/listen 8080 v6, ready: {port: 8080}}")
        # It listens before it says so.
        self.assert_becomes(lambda: self.lines("web"), ["listening"])

    def test_what_ends_well_lets_the_next_one_start(self):
        self.node("""
prepare: {command: "sleep 0.3; echo made > /run/made", ready: {ended: true}}
web: {command: "cat /run/made && exec sleep 1000", after: prepare, ready: {command: grep -q made /var/log/hopyard/web.log}}
""")
        self.assertEqual((self.services()["prepare"]["state"], self.services()["prepare"]["last_exit"]), ("ended", 0))
        self.assertEqual(self.lines("web"), ["made"])

    def test_what_prepares_and_fails_begins_again(self):
        self.node("""
prepare: {command: "echo once >> /run/tries; test $(wc -l < /run/tries) = 3", ready: {ended: true}}
web: {command: "wc -l < /run/tries; exec sleep 1000", after: prepare, ready: {command: grep -q . /var/log/hopyard/web.log}}
""")
        self.assertEqual(self.services()["prepare"]["restarts"], 2)
        self.assertEqual(self.lines("web"), ["3"])
        self.hopyard("down")
        done = self.node("""
prepare: {command: exit 7, ready: {ended: true}, restart: never}
web: {command: sleep 1000, after: prepare}
""")
        self.assertIn("service prepare ended with status 7", done.err)
        self.assertIn("service web has not started", done.err)

    def test_up_waits_and_names_what_is_not_ready(self):
        done = self.node("""
good: sleep 1000
bad: {command: sleep 1000, ready: {file: /run/never}}
later: {command: sleep 1000, after: bad}
""", words=["--timeout", f"{10 * harness.PATIENCE:.0f}s"], status=1)
        self.assertIn("not ready are: s (bad, later)", done.err)
        self.assertEqual(self.running(), [])

    def test_run_comes_before_and_ready_after(self):
        self.node("web: {command: 'test -e /run/ran && touch /run/served && exec sleep 1000', restart: never}",
                  more="    run: [touch /run/ran]\n    ready: test -e /run/served\n")
        self.assertEqual(self.services()["web"]["state"], "running")

    def test_several_nodes_each_have_their_own(self):
        self.up("""
kinds: {server: {services: {web: {command: 'python3 -m http.server {8000+i} --directory /srv', ready: {port: 8000+i}}}}}
nodes: {'s[1..3]': {kind: server, files: {/srv/index.html: 'number {i}'}}}
networks: {lan: [10.0.0.0/24, 'fd00::/64']}
links: ['s[1..3] -- lan']
""")
        for i in (1, 2, 3):
            code = f"import urllib.request as u; print(u.urlopen('http://s{i}:{8000 + i}').read().decode())"
            self.assertEqual(self.run_in("s1", "python3", "-c", code), f"number {i}\n")

    # Policy

    def test_restart_after_kill(self):
        self.node("web: {command: python3 /opt/listen 80, ready: {port: 80}}")
        before = self.services()["web"]["pid"]
        self.kill("web")
        after = self.await_service("web", state="running", restarts=1)
        self.assertNotEqual(after["pid"], before)
        self.assertEqual(after["last_exit"], 128 + signal.SIGKILL)
        self.assertIn("hopyard: web was ended by SIGKILL, and starts again", self.lines("web"))

    def test_nginx_and_its_workers(self):
        """A master that is killed leaves its workers behind, who hold the port."""
        self.node("""
web:
  command: nginx -c /etc/web.conf
  ready: {port: 80}
  stop: SIGQUIT
""", more='''      /etc/web.conf: "daemon off; worker_processes 2; pid /run/web.pid; error_log stderr; events {} http { access_log off; server { listen 80; listen [::]:80; root /srv; } }"
      /srv/index.html: welcome
''')
        self.assert_becomes(self.processes_of_web, 3)  # it listens before it has them
        self.kill("web")
        self.await_service("web", state="running", restarts=1)
        page = "import urllib.request as u; print(u.urlopen('http://s').read().decode())"
        self.assertEqual(self.run_in("m", "python3", "-c", page), "welcome\n")
        self.assert_becomes(self.processes_of_web, 3)

    def processes_of_web(self):
        return len([one for one in self.hopyard("ps", "s", "--json").json()["processes"] if one["service"] == "web"])

    def test_on_failure_and_never(self):
        self.node("""
well: {command: "test -e /run/well && exit 0; touch /run/well; exit 3", restart: on-failure}
never: {command: exit 4, restart: never}
signal: {command: sleep 1000, restart: never}
""")
        self.await_service("well", state="ended", last_exit=0, restarts=1)
        self.await_service("never", state="ended", last_exit=4, restarts=0)
        self.kill("signal")
        self.await_service("signal", state="ended", last_exit=137, restarts=0)

    def test_a_service_that_ends_before_it_is_ready_is_told(self):
        done = self.node("""
first: {command: exit 7, restart: never, ready: {file: /run/first}}
second: {command: sleep 1000, after: first}
""")
        self.assertIn("warning: s: service first ended with status 7; see /var/log/hopyard/first.log there", done.err)
        self.assertIn("warning: s: service second has not started: one that it comes after has ended", done.err)
        self.assertEqual(self.services()["second"]["state"], "waiting")

    def test_it_pauses_between_restarts(self):
        """One that always fails is started again and again, and says so."""
        self.node("bad: exit 1")
        self.assertTrue(harness.wait_until(lambda: self.services()["bad"]["restarts"] >= 4))
        lines = self.lines("bad")
        self.assertEqual(lines[:4], ["hopyard: bad ended with status 1, and starts again",
                                     "hopyard: bad ended with status 1, and starts again in 100 ms",
                                     "hopyard: bad ended with status 1, and starts again in 200 ms",
                                     "hopyard: bad ended with status 1, and starts again in 400 ms"])

    def test_a_port_that_is_taken_is_not_its_own(self):
        done = self.node("""
one: {command: python3 /opt/listen 80, ready: {port: 80}}
two: {command: python3 /opt/listen 80, after: one, ready: {port: 80}}
""", words=["--timeout", f"{10 * harness.PATIENCE:.0f}s"], status=1)
        self.assertIn("not ready are: s (two: port 80 is taken by service one)", done.err)

    def test_a_full_run(self):
        """What cannot write its file is not ready, is started again, and is when there is room."""
        self.node("""
fill: {command: "mount -t tmpfs -o size=64k tmpfs /run; dd if=/dev/zero of=/run/fill bs=4k 2>/dev/null; touch /tmp/full; exec sleep 1000", ready: {file: /tmp/full}}
web: {command: "echo $$ | dd status=none of=/run/web.pid && exec sleep 1000", after: fill}
""")
        self.assertTrue(harness.wait_until(lambda: self.services()["web"]["restarts"] >= 2))
        self.assertTrue(any("No space left on device" in line for line in self.lines("web")))
        self.assertIn("hopyard: /run is full", self.lines("web"))
        self.run_in("s", "rm", "/run/fill")
        self.assertTrue(harness.wait_until(lambda: self.services()["web"]["state"] == "running" and
                                           self.run_in("s", "cat", "/run/web.pid").strip() == str(self.services()["web"]["pid"])))

    def test_after_a_routing_daemon(self):
        for daemon, word, test in (("frr", "bgpd", "-S /run/frr/bgpd.vty"), ("bird", "bird", "-S /run/bird/bird.ctl")):
            with self.subTest(daemon=daemon):
                self.up(f"""
lab: {daemon}
nodes:
  'r[1..2]':
    kind: router
    routing: bgp
    as: 100 + i
    daemon: {daemon}
    services: {{watch: {{command: "test {test} && exec sleep 1000", after: {word}, restart: never}}}}
links: [r1 -- r2]
""")
                self.assertEqual(self.show(f"{daemon}/r1")["services"][0]["service"], "watch")
                self.assertEqual(self.show(f"{daemon}/r1")["services"][0]["state"], "running")
                self.hopyard("down", daemon)

    # Its log

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

    # What a service finds

    def test_environment_input_and_session(self):
        self.node("""
web: {command: "echo $COLOUR $HOPYARD_NODE; cat; echo end; grep -E '^Sig(Blk|Ign)' /proc/self/status; ls -l /proc/self/fd; echo over; exec sleep 1000", ready: {command: grep -qx over /var/log/hopyard/web.log}}
""", more="    env: {COLOUR: green}\n")
        lines = self.lines("web")
        self.assertEqual(lines[:2], ["green s", "end"])
        self.assertEqual([int(line.split()[1], 16) & 0x7FFFFFFF for line in lines if line.startswith("Sig")], [0, 0], lines)
        self.assertNotRegex("\n".join(lines), r"socket:|signalfd|net:\[")
        pid = self.services()["web"]["pid"]
        self.assertEqual(self.run_in("s", "ps", "-o", "sid=", "-p", pid).strip(), str(pid))

    def test_a_program_of_the_nodes_own_files(self):
        self.node("own: {command: own a 'b c', ready: {file: /run/own}}", more='''      /usr/local/bin/own: {text: "printf '%s\\\\n' \\"$@\\"; touch /run/own; exec sleep 1000", mode: '0755'}
''')
        self.assertEqual(self.lines("own"), ["a", "b c"])

    # Verbs

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

    # The end

    def test_down_stops_in_the_other_order(self):
        """Both say their end into one log, which is followed until the node has ended."""
        self.node("""
db: {command: 'trap "echo db ends; exit 0" TERM; while :; do sleep 0.01; done', ready: {command: "true"}}
web: {command: 'trap "sleep 0.2; echo web ends >> /var/log/hopyard/db.log; exit 0" TERM; while :; do sleep 0.01; done', after: db, ready: {command: "true"}}
""")
        following = self.start("logs", "s", "db", "-f")
        self.assertTrue(harness.wait_until(lambda: "anon_inode:inotify" in residue.descriptors(following.pid).values()))
        self.hopyard("down")
        out, _ = following.communicate(timeout=10 * harness.PATIENCE)
        # The signal goes to the whole group, and the shell says that its sleep was terminated.
        self.assertEqual([line for line in out.splitlines() if line.endswith(" ends")], ["web ends", "db ends"])
        self.assertEqual(harness.processes_of_hopyard(), [])

    def test_down_kills_what_does_not_listen(self):
        self.node("deaf: {command: python3 /opt/deaf, ready: {command: grep -q deaf /var/log/hopyard/deaf.log}}")
        self.hopyard("down")
        self.assertEqual(self.running(), [])

    def test_the_death_of_the_keeper_leaves_nothing(self):
        self.node("deaf: {command: python3 /opt/deaf, ready: {command: grep -q deaf /var/log/hopyard/deaf.log}}\nweb: {command: python3 /opt/listen 80, ready: {port: 80}}")
        os.kill(self.hopyard("ls", "--json").json()["labs"][0]["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: not harness.processes_of_hopyard()))
        self.assertEqual(self.running(), [])

    def test_a_failed_node(self):
        self.node("web: {command: 'echo started; exec python3 /opt/listen 80', ready: {port: 80}}")
        # It listens before it says so.
        self.assert_becomes(lambda: self.lines("web"), ["started", "listening"])
        before = self.services()["web"]["pid"]
        self.hopyard("fail", "s")
        self.assertIn("node s is failed", self.hopyard("restart", "s", status=1).err)
        self.hopyard("heal", "s")
        self.assertEqual(self.services()["web"]["pid"], before)
        self.hopyard("fail", "s", "--kill")
        self.assertEqual((self.services()["web"]["state"], self.services()["web"]["pid"]), ("stopped", None))
        self.hopyard("heal", "s")
        self.await_service("web", state="running", restarts=0)
        self.assert_becomes(lambda: self.lines("web"), ["started", "listening"] * 2)

    def test_a_frozen_node_starts_nothing(self):
        """A service whose process is killed from outside while its node is frozen has to wait for the node."""
        self.node("web: {command: python3 /opt/listen 80, ready: {port: 80}}")
        self.hopyard("fail", "s")

        def processes():
            return self.hopyard("ps", "s", "--json").json()["processes"]

        # A process that waits for a processor stops when it gets one.
        self.assertTrue(harness.wait_until(lambda: [(one["service"], one["state"]) for one in processes()] == [("web", "T")]))
        os.kill(processes()[0]["host_pid"], signal.SIGKILL)
        self.await_service("web", last_exit=137)
        self.hopyard("exec", "m", "--", "true")
        self.assertEqual((self.services()["web"]["state"], self.services()["web"]["pid"]), ("pausing", None))
        self.hopyard("heal", "s")
        self.await_service("web", state="running", restarts=1)

    def test_a_frozen_node_goes_down_with_the_lab(self):
        self.node("web: {command: python3 /opt/listen 80, ready: {port: 80}}")
        self.hopyard("fail", "s")
        self.hopyard("down")
        self.assertEqual(harness.processes_of_hopyard(), [])

    # Before the start

    def test_a_missing_program(self):
        (self.folder / "empty").mkdir()
        done = self.up("""lab: missing
nodes:
  'r[1..5]': {services: {daemon: no-such-daemon -f}}
  a: {services: {one: /opt/no/such, list: {command: [radvd-of-nowhere]}}}
  b: {root: empty, services: {web: nginx -g 'daemon off;'}}
  c: {files: {/usr/local/bin/mine: {text: x, mode: '0755'}}, services: {mine: mine, tmp: {command: /tmp/made-later, restart: never}, sh: 'unheard-of | cat'}}
links: ['r[1..5] -- a', b -- a, c -- a]
""", status=1)
        self.assertEqual(done.err, """\
lab.hop.yaml:3:26: error: nodes r1, r2, r3 and 2 more need 'no-such-daemon', which is not installed
    3 |   'r[1..5]': {services: {daemon: no-such-daemon -f}}
      |                          ^~~~~~
      = help: install it on this machine: nodes see its file system
lab.hop.yaml:4:18: error: node a needs '/opt/no/such', which is not installed
    4 |   a: {services: {one: /opt/no/such, list: {command: [radvd-of-nowhere]}}}
      |                  ^~~
      = help: install it on this machine: nodes see its file system
lab.hop.yaml:4:37: error: node a needs 'radvd-of-nowhere', which is not installed
    4 |   a: {services: {one: /opt/no/such, list: {command: [radvd-of-nowhere]}}}
      |                                     ^~~~
      = help: install it on this machine: nodes see its file system
lab.hop.yaml:5:31: error: node b needs 'nginx', which is not in FOLDER/empty
    5 |   b: {root: empty, services: {web: nginx -g 'daemon off;'}}
      |                               ^~~
      = help: chroot FOLDER/empty apt-get install nginx-light
4 mistakes; nothing was made
""".replace("FOLDER", str(self.folder)).replace("lab.hop", f"{self.folder}/lab.hop"))
        self.assertEqual(self.running(), [])

    def test_the_package_is_named(self):
        (self.folder / "root").mkdir()
        for program, package in (("bird", "bird2"), ("bgpd", "frr"), ("named", "bind9"), ("sshd", "openssh-server"), ("iperf3", "iperf3")):
            done = self.up("{nodes: {a: {root: root, services: {x: %s -x}}}}" % program, status=1)
            self.assertRegex(done.err, f"chroot .*root apt-get install {package}\n")


if __name__ == "__main__":
    harness.main()

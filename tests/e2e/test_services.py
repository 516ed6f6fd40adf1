"""Services: programs that a node keeps running, in their order, by their policy, and no longer than the lab."""

import os
import signal

import harness
import residue
from services import ServicesTest


class Services(ServicesTest):
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

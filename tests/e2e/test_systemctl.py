"""systemctl, service and /etc/init.d inside a node: they act on that node's services and on daemons that it starts by them."""

import json
import signal

import harness

FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode(), end='')"
PLAIN = "{nodes: {a: {}, b: {}}, links: [a -- b]}"


class Systemctl(harness.LabTest):
    def ctl(self, node, *words, status=0, program="systemctl"):
        return self.hopyard("exec", node, "--", program, *words, status=status)

    def services(self, node):
        return {one["service"]: one for one in self.show(node)["services"]}

    def state(self, node, unit):
        return self.ctl(node, "is-active", unit, status=None).out.strip()

    def processes(self, node, service):
        return [one for one in self.hopyard("ps", node, "--json").json()["processes"] if one["service"] == service]

    def life_of(self, unit, check, lab=PLAIN):
        """What every daemon does: it starts once, is there, is told to read anew, is restarted, and ends."""
        self.up(lab)
        self.assertEqual([node["state"] for node in self.show()["nodes"]], ["idle", "idle"])
        self.assertEqual(self.state("a", unit), "inactive")
        self.assertIn("Active: inactive (dead)", self.ctl("a", "status", unit, status=3).out)
        self.ctl("a", "start", unit)
        self.assertEqual(self.state("a", unit), "active")
        check()
        first = self.services("a")[unit]
        self.assertEqual((first["state"], first["restarts"]), ("running", 0))
        shown = self.ctl("a", "status", unit).out
        self.assertIn(f"{unit}.service - ", shown)
        self.assertIn("Active: active (running) since ", shown)
        self.assertIn(f"Main PID: {first['pid']} ({unit})", shown)
        self.assertTrue(self.processes("a", unit))
        self.ctl("a", "start", unit)  # again is no error, and starts nothing
        self.assertEqual(self.services("a")[unit]["pid"], first["pid"])
        self.ctl("a", "reload", unit)
        self.assertTrue(harness.wait_until(lambda: self.holds(check)))  # a daemon may listen anew
        self.assertEqual(self.services("a")[unit]["pid"], first["pid"])
        self.ctl("a", unit, "restart", program="service")
        check()
        self.assertNotEqual(self.services("a")[unit]["pid"], first["pid"])
        self.ctl("a", "stop", program=f"/etc/init.d/{unit}")
        self.assertEqual(self.state("a", unit), "inactive")
        self.assertEqual(self.processes("a", unit), [])
        self.assertEqual(self.ctl("a", "status", program=f"/etc/init.d/{unit}", status=3).err, "")
        # Nothing of it is in the other node, which nobody has entered.
        self.assertEqual([node["state"] for node in self.show()["nodes"]], ["warm", "idle"])

    @staticmethod
    def holds(check):
        try:
            check()
        except AssertionError:
            return False
        return True

    def reads(self, url, text):
        return lambda: self.assertIn(text, self.run_in("a", "python3", "-c", FETCH, url))

    def test_nginx(self):
        self.life_of("nginx", self.reads("http://[::1]/", "from a"),
                     "{nodes: {a: {files: {/var/www/html/index.html: from a}}, b: {}}, links: [a -- b]}")

    def test_apache2(self):
        self.life_of("apache2", self.reads("http://127.0.0.1/", "from a"),
                     "{nodes: {a: {files: {/var/www/html/index.html: from a}}, b: {}}, links: [a -- b]}")

    @harness.needs_root
    def test_bird(self):
        self.life_of("bird", lambda: self.assertIn("Daemon is up and running", self.run_in("a", "birdc", "show", "status")))

    def test_dnsmasq(self):
        self.life_of("dnsmasq", lambda: self.assertRegex(self.run_in("a", "ss", "-lunp"), r':53 .*dnsmasq'))

    def test_named(self):
        self.life_of("named", lambda: self.assertRegex(self.run_in("a", "ss", "-lunp"), r':53 .*named'))

    def test_ssh(self):
        banner = "import socket; print(socket.create_connection(('::1', 22)).recv(100))"
        self.life_of("ssh", lambda: self.assertIn("SSH-2.0-OpenSSH", self.run_in("a", "python3", "-c", banner)))

    def test_radvd(self):
        self.life_of("radvd", lambda: self.run_in("a", "test", "-e", "/run/radvd/radvd.pid"), """
nodes:
  a: {files: {/etc/radvd.conf: "interface eth0 { AdvSendAdvert on; prefix fd00:1::/64 { }; };\\n"}, sysctl: {net.ipv6.conf.all.forwarding: 1}}
  b: {}
links: [a -- b]
""")

    # FRR is a group

    def test_frr_of_a_router(self):
        self.up("""
nodes: {'r[1..2]': {kind: router, routing: bgp, as: 100 + i}}
links: [r1 -- r2]
""")
        before = self.services("r1")
        self.assertEqual(sorted(before), ["bgpd", "zebra"])
        shown = self.ctl("r1", "status", "frr").out
        self.assertIn("frr.service - FRRouting", shown)
        for one in before.values():
            self.assertIn(f"PID: {one['pid']} ({one['service']})", shown)
        self.ctl("r1", "stop", "frr.service")
        self.assertEqual([one["state"] for one in self.services("r1").values()], ["stopped", "stopped"])
        self.assertEqual(self.state("r1", "frr"), "inactive")
        self.ctl("r1", "frr", "start", program="service")
        self.ctl("r1", "restart", program="/etc/init.d/frr")
        after = self.services("r1")
        self.assertEqual(sorted(after), ["bgpd", "zebra"])
        self.assertFalse({one["pid"] for one in before.values()} & {one["pid"] for one in after.values()})
        self.assertTrue(harness.wait_until(lambda: "Established" in self.run_in(
            "r1", "vtysh", "-c", "show bgp neighbors", status=None)))
        pid = after["zebra"]["pid"]
        self.ctl("r1", "restart", "bgpd")
        self.assertEqual(self.services("r1")["zebra"]["pid"], pid)

    def test_frr_that_the_file_of_the_node_asks_for(self):
        """As the labs of other tools have it: a daemons file, a frr.conf, and `systemctl start frr`."""
        self.up("""
nodes:
  a:
    files:
      /etc/frr/daemons: {text: "bgpd=no\\nospfd=yes\\nzebra_options=\\" -d -A 127.0.0.1\\"\\n"}
      /etc/frr/frr.conf: {text: "ip route 10.77.0.0/16 Null0\\nrouter ospf\\n network 0.0.0.0/0 area 0\\n"}
    run: [systemctl start frr]
  b: {}
links: [a -- b]
""")
        self.assertTrue(harness.wait_until(lambda: self.state("a", "frr") == "active"))
        self.assertEqual(sorted(self.services("a")), ["ospfd", "staticd", "zebra"])
        self.assertTrue(harness.wait_until(lambda: "10.77.0.0/16" in self.run_in("a", "ip", "route")))
        self.assertIn("router ospf", self.run_in("a", "vtysh", "-c", "show running-config"))
        # Daemons that were killed leave their sockets; those that come after them are told the configuration all the same.
        self.run_in("a", "sh", "-c", "pkill -9 -x ospfd; pkill -9 -x staticd; true")
        self.ctl("a", "restart", "frr")
        self.assertIn("router ospf", self.run_in("a", "vtysh", "-c", "show running-config"))
        # What the file no longer asks for ends with the restart.
        self.run_in("a", "sh", "-c", "echo ripd=yes > /etc/frr/daemons")
        self.ctl("a", "restart", "frr")
        states = {name: one["state"] for name, one in self.services("a").items()}
        self.assertEqual(states, {"ospfd": "stopped", "staticd": "running", "zebra": "running", "ripd": "running"})

    # Services of the lab

    LAB = """
nodes:
  s:
    services:
      web: {command: python3 -m http.server 80, ready: {port: 80}}
      front: {command: nginx -c /etc/front.conf, after: web, ready: {port: 8080}}
    files:
      /etc/front.conf: "daemon off; pid /run/front.pid; events {} http { server { listen 8080; } }"
  m: {}
links: [s -- m]
"""

    def test_services_of_the_lab(self):
        self.up(self.LAB)
        self.assertEqual(self.ctl("s", "is-active", "web", "nope", status=0).out, "active\ninactive\n")
        self.ctl("s", "stop", "web", "front")
        self.assertEqual({one["state"] for one in self.services("s").values()}, {"stopped"})
        self.ctl("s", "start", program="/etc/init.d/web")
        self.assertEqual(self.state("s", "web.service"), "active")
        self.hopyard("exec", "m", "--", "test", "-e", "/etc/init.d/web", status=1)
        # The unit of a daemon is the service that runs its program, under whatever name.
        self.ctl("s", "start", "nginx")
        self.assertEqual(self.services("s")["front"]["state"], "running")
        self.assertEqual(sorted(self.services("s")), ["front", "web"])
        listed = self.ctl("s", "list-units", "--no-pager", "--type=service").out
        self.assertRegex(listed, r"web\.service +loaded active +running +python3 -m http.server 80")
        self.assertIn("3 loaded units listed.", listed)
        self.assertEqual(self.ctl("s", "--status-all", program="service").out,
                         " [ + ]  front\n [ + ]  networking\n [ + ]  web\n")
        self.assertEqual(self.ctl("s", "reload", "web", status=1).err,
                         "Failed to reload web.service: Job type reload is not applicable for unit web.service.\n")

    def test_what_is_not_there(self):
        self.up(PLAIN)
        for words, status, err in (
                (("start", "nope"), 5, "Failed to start nope.service: Unit nope.service not found.\n"),
                (("restart", "nope.service"), 5, "Failed to restart nope.service: Unit nope.service not found.\n"),
                (("stop", "nope"), 5, "Failed to stop nope.service: Unit nope.service not loaded.\n"),
                (("status", "nope"), 4, "Unit nope.service could not be found.\n"),
                (("is-active", "nope"), 4, ""),
                (("is-active", "-q", "nginx"), 3, ""),
                (("enable", "nope"), 1, "Failed to enable unit: Unit file nope.service does not exist.\n"),
                (("start",), 1, "Too few arguments.\n"),
                (("--frob",), 1, "systemctl: unrecognized option '--frob'\n"),
                (("start", "two\nlines"), 1, "systemctl: a line break in the arguments\n")):
            with self.subTest(words=words):
                self.assertEqual(self.ctl("a", *words, status=status).err, err)
        self.assertIn("Unknown command verb frob.", self.ctl("a", "frob", status=1).err)
        self.assertEqual(self.ctl("a", "nope", "start", program="service", status=5).err, "nope: unrecognized service\n")
        self.assertEqual(self.ctl("a", "nope", "status", program="service", status=4).err, "nope: unrecognized service\n")
        usage = "Usage: nginx {start|stop|restart|reload|force-reload|status|try-restart|condrestart}\n"
        self.assertEqual(self.ctl("a", "nginx", "frob", program="service", status=2).err, usage)
        self.assertEqual(self.ctl("a", "frob", program="/etc/init.d/nginx", status=2).err, usage)
        self.assertEqual(self.show("a").get("services", []), [])

    def test_what_says_nothing_and_what_is_not_kept(self):
        self.up(PLAIN)
        for words in (("daemon-reload",), ("reset-failed",), ("stop", "nginx"), ("try-restart", "nginx"), ("enable", "networking")):
            done = self.ctl("a", *words)
            self.assertEqual((done.out, done.err), ("", ""), words)
        stays = "networking.service: the node's interfaces are the lab's, and stay as they are\n"
        addresses = self.run_in("a", "ip", "-br", "address")
        self.assertEqual(self.ctl("a", "restart", program="/etc/init.d/networking").err, stays)
        self.assertEqual(self.ctl("a", "restart", "networking").err, stays)
        self.assertEqual(self.run_in("a", "ip", "-br", "address"), addresses)
        done = self.ctl("a", "enable", "--now", "nginx")
        self.assertEqual(done.err, "nginx.service: not kept; what a node starts with is in the lab file\n")
        self.assertEqual(self.state("a", "nginx"), "active")
        self.assertEqual(self.ctl("a", "is-enabled", "nginx", status=1).out, "disabled\n")

    def test_one_that_cannot_start(self):
        """Its own words are shown, and nobody tries for ever."""
        self.up("{nodes: {a: {files: {/etc/nginx/nginx.conf: 'frobnicate on;'}}, b: {}}, links: [a -- b]}")
        done = self.ctl("a", "start", "nginx", status=1)
        self.assertIn("Job for nginx.service failed: start service nginx: it ended with status 1 before it was ready\n", done.err)
        self.assertIn('unknown directive "frobnicate" in /etc/nginx/nginx.conf:1', done.err)
        self.assertTrue(harness.wait_until(lambda: self.state("a", "nginx") == "failed"))
        self.ctl("a", "is-failed", "nginx")
        self.assertIn("Active: failed (failed)", self.ctl("a", "status", "nginx", status=3).out)

    def test_a_port_that_is_taken(self):
        self.up(PLAIN)
        self.ctl("a", "start", "nginx")
        done = self.ctl("a", "start", "apache2", status=1)
        self.assertIn("Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80", done.err)
        self.assertEqual(self.state("a", "nginx"), "active")

    def test_a_full_run(self):
        """The tmpfs of /run has no room for a file: the daemon says so, and starts when there is."""
        self.up("{nodes: {a: {files: {/etc/dnsmasq.conf: 'port=0'}}, b: {}}, links: [a -- b]}")
        self.run_in("a", "sh", "-c", "mount -o remount,size=64k run /run && dd if=/dev/zero of=/run/fill bs=4k 2>/dev/null; df /run")
        done = self.ctl("a", "start", "dnsmasq", status=1)
        self.assertIn("No space left on device", done.err)
        self.assertIn("dnsmasq: hopyard: /run is full\n", done.err)
        self.run_in("a", "rm", "/run/fill")
        self.ctl("a", "start", "dnsmasq")
        self.assertEqual(self.state("a", "dnsmasq"), "active")

    # As any service

    @harness.needs_root
    def test_it_is_kept_running_and_has_a_log(self):
        self.up(PLAIN)
        self.ctl("a", "start", "bird")
        first = self.services("a")["bird"]["pid"]
        self.run_in("a", "kill", f"-{int(signal.SIGKILL)}", first)
        self.assertTrue(harness.wait_until(lambda: self.services("a")["bird"]["restarts"] == 1 and self.state("a", "bird") == "active"))
        lines = [one["line"] for one in self.hopyard("logs", "a", "bird", "--json").json()["lines"]]
        self.assertIn("hopyard: bird was ended by SIGKILL, and starts again", lines)
        self.assertIn("hopyard: bird was ended by SIGKILL, and starts again", self.ctl("a", "status", "bird").out)

    def test_it_ends_with_the_lab_and_the_node(self):
        self.up(PLAIN)
        self.ctl("a", "start", "nginx")
        self.hopyard("fail", "--kill", "a")
        self.hopyard("heal", "a")
        self.assertEqual(self.state("a", "nginx"), "inactive")
        self.ctl("a", "start", "nginx")
        self.hopyard("down")

    def test_in_a_root_of_its_own(self):
        """A folder with nothing but busybox, whose /usr/sbin is a link: the program is in the real place."""
        root = self.folder / "root"
        for name in ("bin", "etc", "usr/bin", "proc", "sys", "dev", "run", "tmp", "var"):
            (root / name).mkdir(parents=True)
        (root / "usr/sbin").symlink_to("bin")
        self.call("cp", "/bin/busybox", root / "bin/busybox")
        for name in ("sh", "id", "mkfifo", "rm", "sleep", "cat", "test", "ls"):
            (root / "bin" / name).symlink_to("busybox")
        self.up(json.dumps({"nodes": {"a": {"root": str(root), "services": {"nap": "sleep 1000"}}, "b": {}}, "links": ["a -- b"]}))
        self.assertEqual(self.ctl("a", "is-active", "nap").out, "active\n")
        self.ctl("a", "nap", "stop", program="service")
        self.assertEqual(self.ctl("a", "status", program="/etc/init.d/nap", status=3).err, "")
        self.assertIn("service", self.run_in("a", "ls", "/usr/sbin/"))
        self.assertEqual(self.ctl("a", "start", "nginx", status=5).err,
                         "Failed to start nginx.service: nginx is not installed here\n  apt-get install nginx-light\n")

    @harness.needs_root
    def test_only_for_root_and_many_at_once(self):
        self.up(PLAIN)
        done = self.hopyard("exec", "a", "--", "setpriv", "--reuid=65534", "--clear-groups", "systemctl", "start", "bird", status=1)
        self.assertEqual(done.err, "systemctl: only root of the node can ask for this\n")
        many = "for i in 1 2 3 4 5 6 7 8; do systemctl restart bird & done; wait; systemctl is-active bird; ls /dev/hopyard"
        self.assertEqual(self.run_in("a", "sh", "-c", many), "active\ncontrol\n")

    # From outside

    def test_start_and_stop(self):
        self.up(self.LAB)
        self.hopyard("stop", "s", "web")
        self.assertEqual(self.services("s")["web"]["state"], "stopped")
        stopped = self.hopyard("stop", "s", "--json").json()
        self.assertEqual([(one["service"], one["state"]) for one in stopped["services"]], [("web", "stopped"), ("front", "stopped")])
        started = self.hopyard("start", "s", "--json").json()
        self.assertEqual([(one["service"], one["state"]) for one in started["services"]], [("web", "running"), ("front", "running")])
        started = self.hopyard("start", "m", "nginx", "--json").json()
        self.assertEqual([(one["service"], one["state"]) for one in started["services"]], [("nginx", "running")])
        self.assertIn("node m has no service 'web'", self.hopyard("start", "m", "web", status=1).err)
        self.assertIn("node s has no service 'wbe'", self.hopyard("stop", "s", "wbe", status=1).err)
        self.hopyard("fail", "s")
        self.assertIn("node s is failed", self.hopyard("start", "s", status=1).err)

    def test_an_order_that_another_overtakes_is_answered(self):
        self.up("""
nodes:
  a: {services: {slow: {command: sleep 1000, ready: {file: /run/there}}}, run: [touch /run/there]}
links: [a -- b]
""")
        self.hopyard("stop", "a", "slow")
        self.run_in("a", "rm", "/run/there")
        starting = self.start("start", "a", "slow")
        self.assertTrue(harness.wait_until(lambda: self.services("a")["slow"]["state"] == "starting"))
        self.hopyard("stop", "a", "slow")
        _, said = starting.communicate(timeout=20 * harness.PATIENCE)
        self.assertEqual(starting.returncode, 1)
        self.assertIn("it was stopped meanwhile", said)
        # Without waiting nobody is told, and it goes on.
        self.ctl("a", "--no-block", "start", "slow")
        self.run_in("a", "touch", "/run/there")
        self.assertTrue(harness.wait_until(lambda: self.services("a")["slow"]["state"] == "running"))

    def test_stop_of_an_idle_node(self):
        self.up(PLAIN)
        self.assertIn("node a has no services", self.hopyard("stop", "a", status=1).err)
        self.assertEqual([node["state"] for node in self.show()["nodes"]], ["idle", "idle"])


if __name__ == "__main__":
    harness.main()

"""Containers that run already become nodes, and are left as they were."""

import os
import signal
import subprocess

import harness
import lxc
import nspawn

PAIR = """lab: adopted
nodes:
  c1: {kind: container, container: 'lxc:c1', addresses: {eth0: [10.0.0.1/24, 'fd00::1/64'], lo: 192.0.2.7/32},
       rules: [{from: 10.0.0.1/32, table: 100, priority: 500}], routes: [{to: 198.51.100.0/24, type: blackhole}],
       sysctl: {net.ipv4.ip_forward: 1, net.ipv4.conf.eth0.rp_filter: 2}}
  c2: {kind: container, addresses: {eth0: [10.0.0.2/24, 'fd00::2/64']}}
links:
  - c1 -- c2
"""


class ContainerTest(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.containers = lxc.Containers(self.folder)
        self.addCleanup(self.containers.end)

    def state(self, pid):
        """A container's network as the host's tools tell it."""
        inside = ["nsenter", "--target", str(pid), "--net"]
        words = ("ip -j address", "ip -j route show table all", "ip -j -6 route show table all", "ip -j rule", "ip -j -6 rule",
                 "nft list ruleset", "sysctl -a --pattern ^net[.]ipv[46]")
        return "\n".join(self.call(*inside, *word.split()).out for word in words)

    def test_two_containers_and_a_wire(self):
        first, second = self.containers.start("c1"), self.containers.start("c2")
        before = [self.state(pid) for pid in (first, second)]
        self.up(PAIR)
        self.containers.attach("c1", "ping", "-c", "1", "-W", "5", "10.0.0.2")
        self.assert_reaches("c1", "fd00::2")
        self.assertIn("192.0.2.7", self.containers.attach("c1", "ip", "address"))
        self.assertEqual(self.call("nsenter", "-t", first, "-n", "sysctl", "-n", "net.ipv4.ip_forward").out.strip(), "1")
        self.assertIn("blackhole 198.51.100.0/24", self.containers.attach("c1", "ip", "route"))
        self.assertIn("500:", self.call("nsenter", "-t", first, "-n", "ip", "rule").out)
        shown = {node["node"]: node for node in self.show()["nodes"]}
        self.assertEqual((shown["c1"]["kind"], shown["c1"]["pid"]), ("container", first))
        # Inside, it is the container: its file system, its name, its processes.
        self.assertEqual(self.run_in("c1", "hostname").strip(), "c1")
        self.assertEqual(self.run_in("c1", "readlink", "/proc/self/ns/pid"),
                         self.containers.attach("c1", "readlink", "/proc/self/ns/pid"))
        self.assertEqual(self.hopyard("exec", "c1", "--", "sh", "-c", "exit 7", status=7).out, "")
        self.hopyard("fail", "c1 -- c2")
        self.assert_does_not_reach("c1", "10.0.0.2")
        self.hopyard("heal", "c1 -- c2")
        self.assert_reaches("c1", "10.0.0.2")
        self.hopyard("down")
        for pid, state in zip((first, second), before):
            harness.wait_until(lambda: self.state(pid) == state)
            self.assertEqual(self.state(pid), state)

    def test_what_runs_in_it_and_its_interfaces_are_seen(self):
        first, second = self.containers.start("c1"), self.containers.start("c2")
        self.call("nsenter", "-t", first, "-n", "ip", "link", "add", "own0", "type", "bridge")
        self.up(PAIR)
        sleeper = self.start("exec", "c1", "--", "sleep", "4711")
        listed = lambda *words: self.hopyard("ps", *words, "--json").json()["processes"]
        self.assertTrue(harness.wait_until(lambda: any(one["command"] == "sleep 4711" for one in listed("c1"))), listed())
        of_c1 = {one["host_pid"]: one for one in listed("c1")}
        self.assertEqual({one["node"] for one in of_c1.values()}, {"c1"})
        # Its first process is its own number one; and nobody of the host or of the other container is among them.
        self.assertEqual((of_c1[first]["pid"], of_c1[first]["service"]), (1, None))
        inside = os.readlink(f"/proc/{first}/ns/pid")
        self.assertEqual({os.readlink(f"/proc/{pid}/ns/pid") for pid in of_c1}, {inside})
        self.assertIn(second, {one["host_pid"] for one in listed() if one["node"] == "c2"})
        shown = self.show("c1")
        self.assertEqual({one["host_pid"] for one in shown["processes"]}, set(of_c1))
        interfaces = {one["interface"]: one for one in shown["interfaces"]}
        self.assertEqual((interfaces["eth0"]["state"], interfaces["eth0"]["peer"]), ("up", "c2"))
        self.assertIn("fd00::1/64", interfaces["eth0"]["addresses"])
        # What it has without the lab is its own, and is seen as well.
        self.assertEqual((interfaces["own0"]["state"], interfaces["own0"]["peer"]), ("down", None))
        self.assertEqual(shown["loopback"], ["192.0.2.7/32"])
        self.assertIn("sleep 4711", self.hopyard("show", "c1").out)
        sleeper.kill()
        sleeper.wait()
        self.assertTrue(harness.wait_until(lambda: not any(one["command"] == "sleep 4711" for one in listed())))
        self.containers.stop("c1")
        self.assertEqual({one["node"] for one in listed()}, {"c2"})

    def test_left_as_it_was_after_the_lab_was_killed(self):
        first, second = self.containers.start("c1"), self.containers.start("c2")
        before = [self.state(pid) for pid in (first, second)]
        self.up(PAIR)
        os.kill(self.show()["keeper_pid"], signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.running() == []))  # and so tidies up
        for pid, state in zip((first, second), before):
            harness.wait_until(lambda: self.state(pid) == state)
            self.assertEqual(self.state(pid), state)

    def test_what_a_container_has_already_is_not_taken_from_it(self):
        pid = self.containers.start("c1")
        self.call("nsenter", "-t", pid, "-n", "ip", "address", "add", "192.0.2.7/32", "dev", "lo")
        before = self.state(pid)
        done = self.up("lab: twice\nnodes:\n  c1: {kind: container, addresses: {lo: 192.0.2.7/32}}\nlinks:\n  - c1 -- h\n", status=1)
        self.assertIn("add address 192.0.2.7/32 to c1:lo", done.err)
        harness.wait_until(lambda: self.state(pid) == before)
        self.assertEqual(self.state(pid), before)

    def test_a_container_that_ends_first(self):
        self.containers.start("c1"), self.containers.start("c2")
        self.up(PAIR)
        self.containers.stop("c1")
        done = self.hopyard("exec", "c1", "--", "true", status=None)
        self.assertNotEqual(done.status, 0, str(done))
        self.hopyard("down")
        self.assertEqual(self.running(), [])

    def test_a_process_in_a_user_namespace_of_its_own(self):
        process = subprocess.Popen(["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child",
                                    "--mount-proc", "sh", "-c", "echo ready; exec sleep infinity"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_process, process)
        self.assertEqual(process.stdout.readline(), "ready\n")
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="utf-8") as file:
            inner = int(file.read())
        self.up(f"lab: by-number\nnodes:\n  p: {{kind: container, container: 'pid:{inner}'}}\nlinks:\n  - p -- h\n")
        self.assert_reaches("h", self.show("p")["interfaces"][0]["addresses"][0].split("/")[0])
        self.assertEqual(self.run_in("p", "id", "-u").strip(), "0")
        self.assertEqual(self.run_in("p", "readlink", "/proc/self/ns/user"), os.readlink(f"/proc/{inner}/ns/user") + "\n")

    def end_process(self, process):
        process.kill()
        process.wait()
        process.stdout.close()

    def test_what_cannot_be(self):
        self.containers.start("c1")
        done = self.up("lab: none\nnodes:\n  c9: {kind: container}\nlinks:\n  - c9 -- h\n", status=1)
        self.assertIn("none of that name runs", done.err)
        self.assertIn("running: lxc:c1", done.err)
        done = self.up("lab: twice\nnodes:\n  a: {kind: container, container: 'lxc:c1'}\n  b: {kind: container, container: c1}\n"
                       "links:\n  - a -- b\n", status=1)
        self.assertIn("it has the network namespace of lxc:c1", done.err)
        done = self.up("lab: no\nnodes:\n  c1: {kind: container, services: {web: {command: httpd}}}\nlinks:\n  - c1 -- h\n", status=2)
        self.assertIn("container 'c1' cannot have 'services'", done.err)
        self.assertEqual(self.running(), [])

    def test_rules_without_a_priority_beside_the_owner_s(self):
        pid = self.containers.start("c1")
        self.up("""lab: rules
nodes:
  c1: {kind: container, container: 'lxc:c1', rules: [{from: 10.0.0.1/32, table: 100}, {from: 'fd00::1/128', table: 100}]}
links:
  - c1 -- h
""")
        for words in (["ip", "rule", "add", "from", "10.0.0.1"], ["ip", "-6", "rule", "add", "from", "fd00::1"]):
            self.assertEqual(self.call("nsenter", "--target", str(pid), "--net", *words, "table", "100", "pref", "300").status, 0)
        self.hopyard("down")
        for words, source in ((["ip"], "10.0.0.1"), (["ip", "-6"], "fd00::1")):
            rules = self.call("nsenter", "--target", str(pid), "--net", *words, "rule").out.splitlines()
            self.assertEqual([one for one in rules if source in one], [f"300:\tfrom {source} lookup 100"])


class NspawnTest(harness.LabTest):
    def test_a_container_of_systemd_nspawn(self):
        container = nspawn.Container(self.folder, "odd-name.1")
        self.addCleanup(container.end)
        self.up("""lab: of-systemd
nodes:
  m1: {kind: container, container: odd-name.1, addresses: {eth0: [10.0.0.1/24, 'fd00::1/64']}}
  again: {addresses: {eth0: [10.0.0.2/24, 'fd00::2/64']}}
links:
  - m1 -- again
""")
        for address in ("10.0.0.1", "fd00::1"):
            self.assert_reaches("again", address)
        self.assertEqual(self.run_in("m1", "hostname").strip(), "odd-name.1")
        self.assertIn("10.0.0.1/24", self.run_in("m1", "ip", "address"))
        # Its first process, and not the one that watches over it.
        self.assertEqual(self.run_in("m1", "readlink", "/bin/ping").strip(), "busybox")
        pid = self.show("m1")["pid"]
        self.assertNotEqual(pid, container.process.pid)
        self.assertEqual(self.call("nsenter", "-t", pid, "-n", "ip", "-br", "link", "show", "dev", "eth0").status, 0)
        self.hopyard("down")
        self.assertNotEqual(self.call("nsenter", "-t", pid, "-n", "ip", "link", "show", "dev", "eth0").status, 0)
        self.hopyard("netns", "attach", "by-name", "nspawn:odd-name.1")
        self.assertEqual(self.hopyard("netns", "identify", str(pid)).out, "by-name\n")
        self.hopyard("netns", "delete", "by-name")
        self.call("umount", "-l", "/run/netns")
        os.rmdir("/run/netns")
        refused = self.up("lab: none\nnodes:\n  m9: {kind: container, container: 'nspawn:m9'}\nlinks:\n  - m9 -- h\n", status=1)
        self.assertIn("running: nspawn:odd-name.1", refused.err)


if __name__ == "__main__":
    harness.main()

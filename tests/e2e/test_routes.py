"""Routes as they come and go: routes and wait, with routes made by hand, in a few nodes and in a thousand."""

import json
import os
import resource
import signal
import time

import harness
import residue
from route_watch import TRIO, RoutesTest


def has_socket(pid):
    return any(target.startswith("socket:") for target in residue.descriptors(pid).values())


class Routes(RoutesTest):
    def setUp(self):
        super().setUp()
        self.up(TRIO)
        self.hopyard("wait", "--routes-stable", "100ms")

    def test_lists_what_the_kernels_have(self):
        listed = self.hopyard("routes", "--json").json()
        self.assertEqual(listed["lab"], "trio")
        self.assertEqual({route["node"] for route in listed["routes"]}, {"a", "b", "r+1", "dual"})
        for node in ("a", "r+1"):
            mine = sorted(("default" if route["to"] == "0.0.0.0/0" else route["to"].removesuffix("/32"), route["metric"])
                          for route in listed["routes"] if route["node"] == node)
            self.assertEqual(mine, self.kernel_routes(node))
        self.assertRegex(self.hopyard("routes", "a").out, r"^NODE +ROUTE +FROM\na +default via \S+ dev eth0 +static\n")

    def test_a_node_of_a_lab_and_tables(self):
        self.ip("a", "route", "add", "unreachable", "10.7.0.0/16", "table", "77")
        self.ip("a", "-6", "route", "add", "blackhole", "fd77::/32", "table", "77", "metric", "5")
        listed = self.hopyard("routes", "trio/a", "--table", "77", "--json").json()["routes"]
        self.assertEqual([(route["type"], route["to"], route["metric"], route["table"], route["protocol"]) for route in listed],
                         [("unreachable", "10.7.0.0/16", 0, 77, "boot"), ("blackhole", "fd77::/32", 5, 77, "boot")])
        every = self.hopyard("routes", "a", "--table", "all", "--json").json()["routes"]
        self.assertLess({77, 254, 255}, {route["table"] for route in every} | {-1})
        self.assertIn("fe80::/64", [route["to"] for route in every])
        self.assertEqual(self.hopyard("routes", "a", "--table", "4711").out, "no routes\n")

    def test_names_of_protocols(self):
        numbers = {"kernel": 2, "boot": 3, "static": 4, "zebra": 11, "bird": 12, "bgp": 186, "isis": 187, "ospf": 188, "rip": 189,
                   "ripng": 190}
        for name, number in numbers.items():
            self.ip("a", "route", "add", "blackhole", f"10.{number}.0.0/16", "proto", str(number))
        listed = {route["to"]: route["protocol"] for route in self.hopyard("routes", "a", "--json").json()["routes"]}
        for name, number in numbers.items():
            self.assertEqual(listed[f"10.{number}.0.0/16"], name)

    def test_several_next_hops_and_objects(self):
        """A kernel that does not repeat in a route what its nexthop object says has to be asked for the object."""
        gateway = self.hopyard("routes", "a", "--json").json()["routes"][0]["next_hops"][0]["via"]
        self.ip("a", "route", "add", "10.70.0.0/16", "nexthop", "via", gateway, "weight", "3", "nexthop", "dev", "up0")
        self.run_in("a", "sysctl", "-qw", "net.ipv4.nexthop_compat_mode=0")
        self.ip("a", "nexthop", "add", "id", "7", "via", gateway, "dev", "eth0")
        self.ip("a", "nexthop", "add", "id", "8", "dev", "up0")
        self.ip("a", "nexthop", "add", "id", "9", "group", "7,2/8")
        self.ip("a", "route", "add", "10.71.0.0/16", "nhid", "9")
        watch = self.watch("a")
        self.ip("a", "route", "add", "10.72.0.0/16", "nhid", "7")
        came = self.event(watch, event="added", to="10.72.0.0/16")
        self.assertEqual(came["next_hops"], [{"via": gateway, "interface": "eth0", "weight": 1}])
        self.interrupt(watch)
        listed = {route["to"]: route["next_hops"] for route in self.hopyard("routes", "a", "--json").json()["routes"]}
        one, other = {"via": gateway, "interface": "eth0"}, {"via": None, "interface": "up0", "weight": 1}
        self.assertEqual(listed["10.70.0.0/16"], [one | {"weight": 3}, other])
        self.assertEqual(listed["10.71.0.0/16"], [one | {"weight": 2}, other])
        self.assertEqual(listed["10.72.0.0/16"], [one | {"weight": 1}])

    def test_follows_additions_replacements_and_removals(self):
        watch = self.watch()
        self.assertEqual(self.began, {"event": "watching", "lab": "trio", "nodes": 4})
        for family, prefix in (("-4", "10.90.0.0/16"), ("-6", "fd90::/16")):
            self.ip("r+1", family, "route", "add", prefix, "dev", "eth0")
            came = self.event(watch, to=prefix)
            self.assertEqual((came["event"], came["node"], came["replaced"]), ("added", "r+1", False))
            self.ip("r+1", family, "route", "replace", prefix, "dev", "eth1")
            gone, instead = self.event(watch, to=prefix), self.event(watch, to=prefix)
            self.assertEqual((gone["event"], gone["replaced"], gone["next_hops"][0]["interface"]), ("removed", True, "eth0"))
            self.assertEqual((instead["event"], instead["replaced"], instead["next_hops"][0]["interface"]), ("added", True, "eth1"))
            self.ip("r+1", family, "route", "del", prefix)
            gone = self.event(watch, to=prefix)
            self.assertEqual((gone["event"], gone["replaced"]), ("removed", False))
            self.assertLessEqual(came["seconds"], instead["seconds"])
            self.assertLessEqual(instead["seconds"], gone["seconds"])
        self.assertEqual(self.interrupt(watch), [])

    def test_routes_that_go_without_a_word(self):
        """IPv4 routes that go with their device, or with the address they send from, are not told by the kernel."""
        self.ip("a", "addr", "add", "10.91.0.1/32", "dev", "lo")
        self.ip("a", "route", "add", "10.92.0.0/16", "dev", "up0")
        self.ip("a", "route", "add", "10.93.0.0/16", "dev", "eth0", "src", "10.91.0.1")
        self.ip("a", "nexthop", "add", "id", "7", "dev", "eth0")
        self.ip("a", "route", "add", "10.94.0.0/16", "nhid", "7")
        watch = self.watch("a")
        self.ip("a", "link", "set", "up0", "down")
        self.event(watch, event="removed", to="10.92.0.0/16")
        self.ip("a", "addr", "del", "10.91.0.1/32", "dev", "lo")
        self.event(watch, event="removed", to="10.93.0.0/16")
        self.ip("a", "nexthop", "del", "id", "7")
        self.event(watch, event="removed", to="10.94.0.0/16")
        self.interrupt(watch)

    def test_next_hops_of_ipv6_one_by_one(self):
        watch = self.watch("r+1")
        for via, device in (("fe80::aa", "eth0"), ("fe80::bb", "eth1")):
            self.ip("r+1", "-6", "route", "append", "fd95::/16", "via", via, "dev", device)
        self.assertEqual(len(self.event(watch, event="added", to="fd95::/16")["next_hops"]), 1)
        self.assertEqual(len(self.event(watch, event="added", to="fd95::/16")["next_hops"]), 2)
        self.ip("r+1", "-6", "route", "del", "fd95::/16", "via", "fe80::aa", "dev", "eth0")
        self.assertEqual([hop["via"] for hop in self.event(watch, event="added", to="fd95::/16")["next_hops"]], ["fe80::bb"])
        self.interrupt(watch)

    def test_words_for_people(self):
        watch = self.start("routes", "-w", "r+1")
        self.assertEqual(watch.stderr.readline(), "watching 1 node of lab trio; Ctrl-C ends it\n")
        self.ip("r+1", "route", "add", "10.96.0.0/16", "dev", "eth0", "proto", "ospf")
        self.assertRegex(watch.stdout.readline(), r"^\+ +\d+\.\d{3} s  r\+1  10\.96\.0\.0/16 dev eth0  \(ospf\)\n$")
        watch.send_signal(signal.SIGTERM)
        self.assertEqual(watch.wait(30 * harness.PATIENCE), 128 + signal.SIGTERM)

    def test_ends_with_the_lab(self):
        watch = self.watch()
        self.hopyard("down")
        self.assertEqual(self.event(watch, event="ended")["event"], "ended")
        self.assertEqual(watch.wait(30 * harness.PATIENCE), 0)

    def test_more_than_can_be_told_is_read_anew(self):
        """The watcher stands still while the kernel has more to tell than it may keep."""
        watch = self.watch("b")
        watch.send_signal(signal.SIGSTOP)
        count = 30000
        routes = "".join(f"route add blackhole 10.{100 + number // 65536}.{number // 256 % 256}.{number % 256}/32\n"
                         for number in range(count))
        self.hopyard("exec", "b", "--", "ip", "-batch", "-", input=routes + "route del blackhole 10.100.0.0/32\n")
        watch.send_signal(signal.SIGCONT)
        have, lost = set(), 0
        while len(have) < count - 1 or "10.100.0.0/32" in have or not lost:
            event = json.loads(watch.stdout.readline())
            lost += event["event"] == "lost"
            if event["event"] == "added":
                have.add(event["to"])
            if event["event"] == "removed":
                have.discard(event["to"])
        self.interrupt(watch)

    def test_too_few_open_files(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (18, 18))

        refused = self.hopyard("routes", "--watch", status=1, preexec_fn=few)
        self.assertEqual(refused.err, "hopyard: watch the routes of 4 nodes: that takes an open file for each, and this process may "
                         "have 18\n  allow more: ulimit -Hn 20, or name fewer nodes\n")

    def test_mistakes(self):
        unknown = self.hopyard("routes", "duel", "--watch", status=1)
        self.assertIn("did you mean 'dual'?", unknown.err)
        self.assertIn("'mian' is no routing table", self.hopyard("routes", "--table", "mian", status=2).err)


class Wait(RoutesTest):
    def setUp(self):
        super().setUp()
        self.up(TRIO)

    def test_settled_and_reached(self):
        waited = self.hopyard("wait", "--routes-stable", "300ms", "--reach", "a", "dual", "--json").json()
        self.assertTrue(waited["reached"])
        self.assertTrue(waited["settled"])
        self.assertGreaterEqual(waited["seconds"], 0.3)
        self.assertIn({"from": "a", "to": "10.255.9.9", "answered": True}, waited["reach"])
        self.assertRegex(self.hopyard("wait", "--reach", "trio/a", "dual").out, r"^lab trio: a reaches 10\.255\.9\.9; waited ")

    def test_times_count_from_the_call(self):
        """Also the time in which the keeper does not answer yet."""
        keeper = self.hopyard("ls", "--json").json()["labs"][0]["keeper_pid"]
        os.kill(keeper, signal.SIGSTOP)
        try:
            waiting = self.start("wait", "--routes-stable", "10ms", "--json")
            self.assertTrue(harness.wait_until(lambda: has_socket(waiting.pid)))
            asked = time.monotonic()
            harness.wait_until(lambda: time.monotonic() > asked + 0.3)
            silent = time.monotonic() - asked
        finally:
            os.kill(keeper, signal.SIGCONT)
        out, err = waiting.communicate(timeout=60 * harness.PATIENCE)
        self.assertEqual(waiting.returncode, 0, err)
        self.assertGreaterEqual(json.loads(out)["seconds"], silent)

    def test_what_moves_keeps_it_waiting(self):
        watch = self.watch("b")
        mover = self.start("exec", "b", "--", "sh", "-c", "while ip route add blackhole 10.9.9.9 && ip route del blackhole 10.9.9.9; "
                           "do :; done")
        self.event(watch, event="added", to="10.9.9.9/32")
        watch.kill()
        waiting = self.start("wait", "--routes-stable", "5s", "--json")
        late = self.hopyard("wait", "--routes-stable", "5s", "--timeout", "7s", "--json", status=1).json()
        self.assertFalse(late["reached"])
        self.assertEqual([one["node"] for one in late["moving"]], ["b"])
        self.assertIn(late["moving"][0]["last"], ("+ 10.9.9.9/32", "- 10.9.9.9/32"))
        told = self.hopyard("wait", "--routes-stable", "5s", "--timeout", "7s", status=1).err
        self.assertRegex(told, r"^hopyard: lab trio is not there after \S+ s\n  \d+ route changes so far, and within the last 5s in "
                         r"1 node\n  b: [+-] 10\.9\.9\.9/32\n$")
        self.assertIsNone(waiting.poll())
        mover.send_signal(signal.SIGTERM)
        mover.wait()
        out, err = waiting.communicate(timeout=60 * harness.PATIENCE)
        self.assertEqual(waiting.returncode, 0, err)
        self.assertGreater(json.loads(out)["changes"], 1)

    def test_reach_is_waited_for(self):
        """A way that is made while it is waited for."""
        self.ip("b", "route", "add", "unreachable", "10.255.9.9/32")
        self.assertRegex(self.hopyard("wait", "--reach", "b", "dual", "--timeout", "500ms", status=1).err,
                         r"^hopyard: lab trio is not there after \S+ s\n  b gets no answer from 10\.255\.9\.9\n")
        waiting = self.start("wait", "--reach", "b", "10.255.9.9", "--json")
        self.ip("b", "route", "del", "unreachable", "10.255.9.9/32")
        out, err = waiting.communicate(timeout=60 * harness.PATIENCE)
        self.assertEqual(waiting.returncode, 0, err)
        self.assertEqual(json.loads(out)["reach"], [{"from": "b", "to": "10.255.9.9", "answered": True}])

    def test_ctrl_c_and_the_end_of_the_lab(self):
        self.ip("b", "route", "add", "unreachable", "10.255.9.9/32")
        waiting = self.start("wait", "--reach", "b", "10.255.9.9")
        self.assertTrue(harness.wait_until(self.listens_for_answers))
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(waiting.wait(30 * harness.PATIENCE), 130)
        waiting = self.start("wait", "--reach", "b", "10.255.9.9")
        self.assertTrue(harness.wait_until(self.listens_for_answers))
        self.hopyard("down")
        self.assertEqual(waiting.wait(30 * harness.PATIENCE), 1)
        self.assertIn("wait for lab trio: it has ended", waiting.stderr.read())

    def listens_for_answers(self):
        """Whether `wait` in b has asked the keeper all that it has to, and waits: its socket is there."""
        return len(self.run_in("b", "cat", "/proc/net/raw").splitlines()) > 1

    def test_mistakes(self):
        self.assertIn("--reach needs two ends", self.hopyard("wait", "--reach", "a", status=2).err)
        self.assertIn("TO is for --reach", self.hopyard("wait", "a", status=2).err)
        self.assertIn("'soon' is not a time", self.hopyard("wait", "--timeout", "soon", status=2).err)
        self.assertIn("did you mean 'dual'?", self.hopyard("wait", "--reach", "a", "duel", status=1).err)


class Thousand(RoutesTest):
    """A socket in each of a thousand nodes, as many of them changing at once as the machine manages."""

    def test_a_thousand_nodes(self):
        count = 1000
        nodes = {f"n{number}": {"kind": "router", "routing": "none"} for number in range(count)}
        links = [f"n{number} -- n{number + 1}" for number in range(count - 1)]
        self.up(json.dumps({"lab": "long", "nodes": nodes, "links": links}), seconds=200)
        listed = self.hopyard("routes", "--json", seconds=200).json()["routes"]
        self.assertEqual(len(listed), 2 * (count - 1))
        watch, spread = self.watch(), self.watch("10.200.0.0/16", verb="spread")
        changed = [f"n{number}" for number in range(0, count, 50)]
        self.hopyard("exec", changed[0], "--", "ip", "route", "add", "blackhole", "10.200.0.0/16")
        self.hopyard("exec", *changed[1:], "--", "ip", "route", "add", "10.200.0.0/16", "dev", "eth0", seconds=200)
        self.assertEqual({self.event(watch, to="10.200.0.0/16")["node"] for _ in changed}, set(changed))
        for _ in changed:
            self.event(spread, event="got")
        self.interrupt(watch)
        [table] = self.interrupt(spread)
        self.assertEqual(table["have"], len(changed))
        self.assertEqual(self.hopyard("wait", "--routes-stable", "200ms", "--json", seconds=200).json()["changes"], 0)


if __name__ == "__main__":
    harness.main()

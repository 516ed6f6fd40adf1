"""Each verb as a person and as a program uses it."""

import json
import os
import re
import resource
import signal
import subprocess

import harness

TRIO = "{lab: trio, nodes: {r: {kind: router}}, links: [a -- r, b -- r]}"
VERBS = ("up", "down", "ls", "show", "exec", "shell", "ps", "routes", "wait", "spread", "set", "fail", "heal", "check", "doctor", "version", "netns", "expose")


CATCHES = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, lambda *_: os.write(1, b"caught\\n") and os._exit(3))
print("ready", flush=True)
while True:
    time.sleep(0.01)  # no pause(): the signal may come before it
"""


class Help(harness.LabTest):
    def test_every_verb_has_help_with_an_example(self):
        for verb in VERBS:
            out = self.hopyard(verb, "--help").out
            self.assertIn(f"hopyard {verb}", out)
            self.assertRegex(out, rf"(?s)examples.*hopyard {verb}")

    def test_the_overview_names_every_verb_and_fits_a_screen(self):
        out = self.hopyard("--help").out
        for verb in VERBS:
            self.assertRegex(out, rf"  {verb}[ \n]")
        self.assertLessEqual(len(out.splitlines()), 24)
        self.assertLessEqual(max(map(len, out.splitlines())), 80)

    def test_version(self):
        self.assertRegex(self.hopyard("version").out, r"\d+\.\d+\.\d+")
        self.assertEqual(self.hopyard("--version").out, self.hopyard("version").out)
        self.assertIn("version", self.hopyard("version", "--json").json())

    def test_a_mistaken_verb_gets_a_suggestion(self):
        done = self.hopyard("exce", status=2)
        self.assertIn("exec", done.err)
        self.assertEqual(done.out, "")

    def test_a_mistaken_option_gets_a_suggestion(self):
        done = self.hopyard("up", "--forground", status=2)
        self.assertIn("--foreground", done.err)


class UpAndDown(harness.LabTest):
    def test_up_by_file_by_folder_and_by_the_folder_one_is_in(self):
        path = self.lab(TRIO)
        for words in (["up", path], ["up", self.folder], ["up"]):
            self.hopyard(*words)
            self.assertEqual(self.running(), ["trio"])
            self.hopyard("down")
            self.assertEqual(self.running(), [])

    def test_another_name(self):
        self.up(TRIO, "--name", "other")
        self.assertEqual(self.running(), ["other"])

    def test_a_variable(self):
        text = "{lab: v, variables: {N: '2'}, links: [{chain: 'r[1..${N}]'}]}"
        self.up(text)
        self.assertEqual(len(self.show("v")["nodes"]), 2)
        self.hopyard("down")
        self.up(text, "--set", "N=5")
        self.assertEqual(len(self.show("v")["nodes"]), 5)

    def test_json_of_up_and_down(self):
        up = self.hopyard("up", self.lab(TRIO), "--json").json()
        self.assertEqual((up["lab"], up["nodes"], up["links"]), ("trio", 3, 2))
        self.assertIsInstance(self.hopyard("down", "--json").json(), dict)

    def test_a_dry_run_tells_the_plan_and_makes_nothing(self):
        out = self.up(TRIO, "--dry-run").out
        for words in ("create namespace r", "a:eth0", "net.ipv4.ip_forward"):
            self.assertIn(words, out)
        self.check_residue()
        plan = self.hopyard("up", self.lab(TRIO), "--dry-run", "--json").json()
        self.assertGreater(len(plan["steps"]), 10)

    def test_down_by_name_and_all(self):
        for name in ("x", "y", "z"):
            self.up(TRIO, "--name", name)
        self.hopyard("down", "y")
        self.assertEqual(self.running(), ["x", "z"])
        self.hopyard("down", "--all")
        self.assertEqual(self.running(), [])

    def test_down_ends_what_runs_inside(self):
        self.up(TRIO)
        inside = self.start("exec", "a", "--", "cat")
        self.assertTrue(harness.wait_until(lambda: "cat" in self.hopyard("ps").out))
        self.hopyard("down")
        inside.communicate(timeout=20 * harness.PATIENCE)
        self.assertNotEqual(inside.returncode, 0)

    def test_ready_and_run_are_waited_for(self):
        self.up("""
lab: service
nodes:
  a:
    run: ["while ! test -e /tmp/go; do :; done; touch /tmp/done; exec tail -f /dev/null"]
    ready: "touch /tmp/go; test -e /tmp/done"
links: [a -- b]
""")
        self.run_in("a", "test", "-e", "/tmp/done")

    def test_commands_that_fail_are_told(self):
        done = self.up("{lab: x, nodes: {a: {run: [exit 3, 'true', exit 4]}, b: {run: exit 5}, c: {run: exec tail -f /dev/null}}, links: [a -- b, b -- c]}")
        said = [f"warning: {node}: 'exit {status}' ended with status {status}; see /var/log/hopyard/run.log there"
                for node, status in (("a", 3), ("a", 4), ("b", 5))]
        self.assertEqual(sorted(re.findall("warning: .*", done.err)), said)

    def test_a_last_command_that_fails_while_a_daemon_starts_is_told(self):
        done = self.up("{lab: x, nodes: {a: {run: [systemctl start --no-block dnsmasq, exit 4]}}, links: [a -- b]}")
        self.assertIn("warning: a: 'exit 4' ended with status 4; see /var/log/hopyard/run.log there", done.err)

    def test_a_node_that_is_never_ready_fails_within_its_time_and_leaves_nothing(self):
        done = self.up("{lab: x, nodes: {a: {ready: 'false'}}, links: [a -- b]}", "--timeout", "2s", status=None)
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("a", done.err)
        self.check_residue()


class Show(harness.LabTest):
    def test_a_lab(self):
        self.up(TRIO)
        lab = self.show("trio")
        self.assertEqual([node["node"] for node in lab["nodes"]], ["r", "a", "b"])
        self.assertEqual([node["kind"] for node in lab["nodes"]], ["router", "host", "host"])
        text = self.hopyard("show").out
        for words in ("trio", "router", "eth0"):
            self.assertIn(words, text)

    def test_a_node(self):
        self.up(TRIO)
        shown = self.show("r")
        self.assertIn('"eth1"', json.dumps(shown))
        for how in (["show", "trio/r"], ["show", "-l", "trio", "r"]):
            self.assertIn("eth1", self.hopyard(*how).out)

    def test_addresses_are_those_of_the_kernel(self):
        self.up(TRIO)
        kernel = json.loads(self.run_in("r", "ip", "-j", "address", "show", "dev", "eth1"))[0]
        shown = json.dumps(self.show("r"))
        self.assertIn(kernel["address"], shown)
        for one in kernel["addr_info"]:
            if one["scope"] == "global":
                self.assertIn(f'{one["local"]}/{one["prefixlen"]}', shown)

    def test_ls_with_no_lab(self):
        self.assertEqual(self.hopyard("ls", "--json").json(), {"labs": []})
        self.assertNotEqual(self.hopyard("ls").out, "")

    def test_ps(self):
        self.up(TRIO)
        inside = self.start("exec", "b", "--", "cat")
        self.assertTrue(harness.wait_until(lambda: "cat" in self.hopyard("ps").out))
        listed = json.dumps(self.hopyard("ps", "--json").json())
        self.assertIn('"cat"', listed)
        self.assertIn('"b"', listed)
        inside.communicate("")
        self.assertEqual(inside.returncode, 0)

    def test_doctor(self):
        text = self.hopyard("doctor", status=None).out
        self.assertIn("veth", text)
        found = self.hopyard("doctor", "--nodes", "5000", "--json", status=None).json()
        health = {one["name"]: one["health"] for one in found["findings"]}
        self.assertEqual(health["virtual Ethernet pairs (veth)"], "good")
        self.assertIn("IPv4 neighbours", health)

    def test_doctor_knows_which_limits_will_bite(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000))

        for nodes, health in ((100, "good"), (5000, "tight")):
            found = self.hopyard("doctor", "--nodes", nodes, "--json", status=None, preexec_fn=few).json()
            files = next(one for one in found["findings"] if one["name"] == "open files")
            self.assertEqual((files["value"], files["health"]), ("1000", health))

    def test_check_reads_and_makes_nothing(self):
        checked = self.hopyard("check", self.lab(TRIO), "--json").json()
        self.assertEqual((checked["lab"], checked["sound"], checked["nodes"], checked["links"]), ("trio", True, 3, 2))
        self.assertEqual(checked["diagnostics"], [])


class Exec(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(TRIO)

    def test_exit_status(self):
        for status in (0, 1, 42, 255):
            self.hopyard("exec", "a", "--", "sh", "-c", f"exit {status}", status=status)

    def test_a_command_that_is_not_there(self):
        done = self.hopyard("exec", "a", "--", "no-such-command-anywhere", status=127)
        self.assertIn("no-such-command-anywhere", done.err)

    def test_a_command_that_may_not_be_run(self):
        self.hopyard("exec", "a", "--", "/etc/passwd", status=126)

    def test_death_by_signal(self):
        done = self.hopyard("exec", "a", "--", "sh", "-c", "kill -TERM $$", status=None)
        self.assertIn(done.status, (-signal.SIGTERM, 128 + signal.SIGTERM))

    def test_standard_streams(self):
        done = self.hopyard("exec", "a", "--", "sh", "-c", "cat; echo problem >&2", input="one\ntwo")
        self.assertEqual((done.out, done.err), ("one\ntwo", "problem\n"))

    def test_a_megabyte_through(self):
        data = os.urandom(1 << 20)
        done = subprocess.run(self.command("exec", "a", "--", "cat"), input=data, capture_output=True, timeout=60 * harness.PATIENCE)
        self.assertEqual(done.stdout, data)

    def test_signals_are_passed_on(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            inside = self.start("exec", "a", "--", "/usr/bin/python3", "-c", CATCHES)
            self.assertEqual(inside.stdout.readline(), "ready\n")
            inside.send_signal(number)
            self.assertEqual(inside.communicate(timeout=20 * harness.PATIENCE)[0], "caught\n")
            self.assertEqual(inside.returncode, 3)

    def test_arguments_are_not_looked_into(self):
        words = ["two  words", "$HOME", "*", "'", '"', "", "--help", "-l", "\n", "ä→"]
        out = self.run_in("a", "printf", "%s|", *words)
        self.assertEqual(out, "|".join(words) + "|")

    def test_several_nodes_run_at_once_with_a_prefix_each(self):
        done = self.hopyard("exec", "a", "b", "--", "sh", "-c", "echo $(hostname) one; echo two >&2")
        self.assertEqual(sorted(done.out.splitlines()), ["a | a one", "b | b one"])
        self.assertEqual(sorted(done.err.splitlines()), ["a | two", "b | two"])

    def test_several_nodes_are_in_parallel(self):
        """Each waits for the other: one after the other, they would wait for ever."""
        addresses = {node: self.address(node) for node in "ab"}
        meet = ("if [ $(hostname) = a ]; then python3 -c \"import socket; socket.create_server(('',9)).accept()\"; else "
                f"python3 -c \"import socket\nwhile 1:\n  try: socket.create_connection(('{addresses['a']}',9)); break\n"
                "  except OSError: pass\"; fi")
        self.hopyard("exec", "a", "b", "--", "sh", "-c", meet)

    def address(self, node):
        found = json.loads(self.run_in(node, "ip", "-j", "-4", "address", "show", "dev", "eth0"))
        return found[0]["addr_info"][0]["local"]

    def test_all_nodes(self):
        out = self.hopyard("exec", "--all", "--", "hostname").out
        self.assertEqual(sorted(out.splitlines()), ["a | a", "b | b", "r | r"])

    def test_status_of_several_is_that_of_one_that_failed(self):
        done = self.hopyard("exec", "a", "b", "--", "sh", "-c", "[ $(hostname) = a ] || exit 9", status=None)
        self.assertNotEqual(done.status, 0)

    def test_json(self):
        done = self.hopyard("exec", "--json", "a", "b", "--", "sh", "-c", "echo $(hostname); [ $(hostname) = a ]", status=None)
        text = json.dumps(done.json())
        self.assertIn('"a\\n"', text)
        self.assertIn('"b\\n"', text)

    def test_lab_and_node(self):
        self.up("{lab: second, links: [a -- c]}")
        self.assertEqual(self.run_in("second/c", "hostname"), "c\n")
        self.assertEqual(self.run_in("a", "hostname", lab="trio"), "a\n")
        done = self.hopyard("exec", "a", "--", "true", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("second", done.err)
        self.assertIn("trio", done.err)

    def test_an_unknown_node_gets_a_suggestion(self):
        self.up("{lab: names, links: [gateway -- printer]}")
        done = self.hopyard("exec", "-l", "names", "pinter", "--", "true", status=None)
        self.assertNotIn(done.status, (0, 126, 127))
        self.assertIn("printer", done.err)

    def test_an_unknown_lab_gets_a_suggestion(self):
        done = self.hopyard("exec", "-l", "tiro", "a", "--", "true", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("trio", done.err)

    def test_working_folder_and_file_mask_go_along(self):
        done = self.hopyard("exec", "a", "--", "sh", "-c", "pwd; umask", cwd="/usr/share", preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(done.out, "/usr/share\n0027\n")

    def test_a_reader_that_goes_away(self):
        inside = self.start("exec", "a", "--", "sh", "-c", "while echo line; do :; done")
        inside.stdout.readline()
        inside.stdout.close()
        self.assertNotEqual(inside.wait(timeout=20 * harness.PATIENCE), 0)

    def test_names_with_odd_characters(self):
        self.up("{lab: odd-1.x_2, nodes: {n_1-a.b: {}, N_1-A.B: {}}, links: [n_1-a.b -- N_1-A.B]}")
        self.assertEqual(self.run_in("odd-1.x_2/n_1-a.b", "hostname"), "n_1-a.b\n")
        self.assertEqual(self.run_in("odd-1.x_2/N_1-A.B", "hostname"), "N_1-A.B\n")


if __name__ == "__main__":
    harness.main()

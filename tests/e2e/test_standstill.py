"""Nodes that stand still: nothing goes on in them, nobody's time runs out, and nobody waits for them."""

import os
import pathlib
import signal
import time

import harness
import residue


class Standstill(harness.LabTest):
    def commands(self, node):
        return [one["command"] for one in self.hopyard("ps", node, "--json").json()["processes"]]

    def is_running(self, words):
        return any(one.endswith(f" {words}") for one in residue.processes())

    def test_heal_ends_though_the_node_starts_processes_all_the_time(self):
        self.up("{lab: busy, nodes: {a: {services: {busy: 'while :; do /bin/true; done'}}}, links: [a -- b]}")
        for _ in range(3):
            self.hopyard("fail", "a")
            self.hopyard("heal", "a")
        self.assertEqual(self.hopyard("ls", "--json").json()["labs"][0]["lab"], "busy")

    def test_an_order_does_not_wait_for_a_node_that_stands_still(self):
        self.up("""lab: slow
nodes:
  a:
    files: {/opt/slow: "trap 'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; exit 0' TERM\\necho ready\\nwhile :; do sleep 0.01; done\\n"}
    services: {slow: {command: sh /opt/slow, ready: {command: 'grep -q ready /var/log/hopyard/slow.log'}}}
links: [a -- b]
""")
        asked = self.start("restart", "a", "slow")
        self.assertTrue(harness.wait_until(lambda: "\n1\n" in "\n" + self.hopyard("logs", "a", "slow").out))
        self.hopyard("fail", "a")
        _, err = asked.communicate(timeout=30 * harness.PATIENCE)
        self.assertEqual(asked.returncode, 1)
        self.assertIn("node a is failed\n  bring it back with: hopyard heal a", err)
        time.sleep(2.5)  # longer than a service has to end
        self.hopyard("heal", "a")
        self.assertTrue(harness.wait_until(lambda: self.hopyard("logs", "a", "slow").out.count("ready") == 2))
        told = self.hopyard("logs", "a", "slow").out
        self.assertIn("5\n", told)
        self.assertNotIn("is killed", told)

    def let_go(self):
        """Makes /run/go where the first command is."""
        def found():
            return [one.split()[1] for one in residue.processes() if one.endswith(f" /bin/sh -c {self.FIRST}")]

        self.assertTrue(harness.wait_until(found))
        pathlib.Path(f"/proc/{found()[0]}/root/run/go").touch()

    FIRST = "while [ ! -e /run/go ]; do sleep 0.02; done"

    def test_run_commands_stand_still_too(self):
        second = f"sleep 9{os.getpid()}"
        up = self.start("up", self.lab(f"{{lab: runs, nodes: {{a: {{run: ['{self.FIRST}', {second}]}}}}, links: [a -- b]}}"))
        self.let_go()
        self.assertEqual(up.wait(30 * harness.PATIENCE), 0)
        self.hopyard("fail", "a", "--kill")
        self.hopyard("heal", "a")
        self.hopyard("fail", "a")
        time.sleep(1.5)  # a command that does nothing for so long is taken for a service
        self.assertFalse(self.is_running(second))
        self.hopyard("heal", "a")
        self.let_go()
        self.assertTrue(harness.wait_until(lambda: self.is_running(second)))

    def test_heal_beside_a_kill(self):
        self.up("{lab: killed, nodes: {a: {services: {some: sleep 1000}}}, links: [a -- b]}")
        for _ in range(10):
            kill, heal = self.start("fail", "a", "--kill"), self.start("heal", "a")
            self.assertEqual([one.wait(30 * harness.PATIENCE) for one in (kill, heal)], [0, 0])
            if self.show("a")["state"] == "failed":  # they came the other way round
                self.hopyard("heal", "a")
            self.assertTrue(harness.wait_until(lambda: "sleep 1000" in self.commands("a")))

    def test_two_ends_at_once(self):
        path = self.lab("{lab: both, nodes: {a: {services: {some: 'sleep 1000'}}}, links: [a -- b]}")
        for _ in range(5):
            self.hopyard("up", path)
            ends = [self.start("down", "--all") for _ in range(3)]
            for one in ends:
                out, err = one.communicate(timeout=30 * harness.PATIENCE)
                self.assertEqual((one.returncode, err), (0, ""), out)
            self.assertEqual(harness.processes_of_hopyard(), [])

    def test_whoever_asks_twice_does_not_wait(self):
        path = self.lab("""lab: deaf
nodes: {a: {services: {deaf: {command: 'trap "" TERM; echo ready; while :; do sleep 1; done', ready: {command: 'grep -q ready /var/log/hopyard/deaf.log'}}}}}
links: [a -- b]
""")
        process = self.start("up", path, "--foreground")
        self.assertTrue(harness.wait_until(lambda: self.hopyard("show", status=None).status == 0))
        keeper = self.show()["keeper_pid"]
        os.kill(keeper, signal.SIGSTOP)  # it is asked to go down, and does not answer
        for pause in (0.2, 1.2, 0):
            process.send_signal(signal.SIGINT)
            time.sleep(pause)
        self.assertIsNone(process.poll())
        os.kill(keeper, signal.SIGCONT)
        self.assertEqual(process.wait(30 * harness.PATIENCE), 0, process.stderr.read())
        self.assertEqual(harness.processes_of_hopyard(), [])


if __name__ == "__main__":
    harness.main()

"""What a person at a terminal sees and types."""

import os
import signal

import harness
import terminal

PAIR = "{lab: pair, links: [a -- b]}"
ESCAPE = "\x1b["


class OnATerminal(harness.LabTest):
    def terminal(self, *words, **options):
        made = terminal.Terminal(self.command(*words), cwd=self.folder, **options)
        self.addCleanup(made.close)
        return made

    def environment(self, **more):
        return {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | more

    def test_ctrl_c_reaches_the_command_and_its_status_comes_back(self):
        self.up(PAIR)
        # Not `read`: a signal between the shell's look for one and its read(2) is only seen when a line has come.
        shown = self.terminal("exec", "a", "--", "sh", "-c", "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.1; done")
        shown.expect("ready")
        shown.type("\x03")
        shown.expect("caught")
        self.assertEqual(shown.finish(), 7)

    def test_ctrl_c_ends_a_command_that_does_not_catch_it(self):
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "sh", "-c", "echo ready; exec cat")
        shown.expect("ready")
        shown.type("\x03")
        self.assertIn(shown.finish(), (-signal.SIGINT, 128 + signal.SIGINT))

    def test_the_command_has_the_terminal(self):
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "sh", "-c", "test -t 0 && test -t 1 && test -t 2 && stty size", columns=101, rows=31)
        shown.expect("31 101")
        self.assertEqual(shown.finish(), 0)

    def test_the_terminal_has_a_name_inside(self):
        """Programs look for the name of their terminal (ttyname(3)): tmux, screen, gpg."""
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "sh", "-c", "tty; test $(tty) -ef $(readlink /proc/self/fd/2) && ls -l $(tty) && tmux -V")
        shown.expect(r"/dev/tty\.\d+\r\n")
        shown.expect(r"crw")
        self.assertEqual(shown.finish(), 0)
        self.assertEqual(self.hopyard("exec", "a", "--", "sh", "-c", "ls /dev | grep -F tty.", status=1).out, "")

    def test_tmux_runs_inside(self):
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "tmux", "new-session", "hostname; cat", env=self.environment())
        shown.expect(r"\ba\b")
        shown.type("\x04")
        self.assertEqual(shown.finish(), 0)

    def test_a_new_size_reaches_the_command(self):
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "bash", "-c",
                              "trap 'stty size; exit' WINCH; echo ready; while :; do read -t 1 x; done")
        shown.expect("ready")
        shown.resize(77, 22)
        shown.expect("22 77")
        self.assertEqual(shown.finish(), 0)

    def test_ctrl_d_is_the_end_of_input(self):
        self.up(PAIR)
        shown = self.terminal("exec", "a", "--", "sh", "-c", "echo ready; cat; echo over")
        shown.expect("ready")
        shown.type("\x04")
        shown.expect("over")
        self.assertEqual(shown.finish(), 0)

    def test_a_shell_has_the_nodes_name_in_its_prompt_and_jobs(self):
        self.up("{lab: pair, links: [west -- east]}")
        shown = self.terminal("shell", "west", env=self.environment(SHELL="/bin/bash"))
        shown.expect("west.*[#$] ")
        shown.type("hostname; jobs; tail -f /dev/null &\r")
        shown.expect("west\r?\n")
        shown.type("kill %1; exit 5\r")
        self.assertEqual(shown.finish(), 5)

    def test_up_shows_a_bar_on_a_terminal_and_takes_it_away(self):
        path = self.lab("{lab: many, links: [{chain: 'r[1..400]'}]}")
        shown = self.terminal("up", path, env=self.environment())
        shown.expect(r"\d+/400 nodes, +\d+/399 links")
        self.assertEqual(shown.finish(), 0)
        self.assertNotRegex(shown.screen.rsplit("\r", 2)[-1], r"nodes, +\d+/399")

    def test_up_says_nothing_of_its_progress_in_a_pipe(self):
        done = self.up("{lab: many, links: [{chain: 'r[1..100]'}]}")
        self.assertNotRegex(done.out + done.err, r"\d+/100|\r|\x1b")

    def test_colours_are_for_terminals(self):
        self.up(PAIR)
        self.assertNotIn(ESCAPE, self.hopyard("show").out)
        shown = self.terminal("show", env=self.environment())
        self.assertEqual(shown.finish(), 0)
        self.assertIn(ESCAPE, shown.screen)

    def test_no_color_is_obeyed(self):
        self.up(PAIR)
        for words in (["show"], ["ls"], ["doctor"]):
            shown = self.terminal(*words, env=self.environment(NO_COLOR="1"))
            shown.finish()
            self.assertNotRegex(shown.screen, r"\x1b\[[0-9;]*m")

    def test_an_error_has_colour_on_a_terminal_only(self):
        path = self.lab("{lab: x, link: []}")
        self.assertNotIn(ESCAPE, self.hopyard("check", path, status=2).err)
        shown = self.terminal("check", path, env=self.environment())
        self.assertEqual(shown.finish(), 2)
        self.assertIn(ESCAPE, shown.screen)

    def test_a_narrow_terminal_gets_lines_that_fit(self):
        self.up("{lab: office, links: ['pc[1..12] -- lan'], networks: {lan: 10.0.0.0/24}}")
        shown = self.terminal("show", columns=60, env=self.environment(NO_COLOR="1"))
        self.assertEqual(shown.finish(), 0)
        for line in shown.screen.replace("\r", "").split("\n"):
            self.assertLessEqual(len(line), 60, line)

    def test_ctrl_c_during_up_leaves_nothing(self):
        path = self.lab("{lab: many, links: [{chain: 'r[1..2000]'}]}")
        shown = self.terminal("up", path, env=self.environment())
        shown.expect(r"[1-9]\d*/2000 nodes")
        shown.type("\x03")
        self.assertEqual(shown.finish(seconds=60), 130)
        self.assertEqual(self.running(), [])
        self.check_residue()

    def test_foreground_stays_until_ctrl_c(self):
        shown = self.terminal("up", self.lab(PAIR), "--foreground", env=self.environment())
        self.assertTrue(harness.wait_until(lambda: self.running() == ["pair"]))
        self.assert_reaches("a", "b")
        shown.type("\x03")
        shown.finish()
        self.assertEqual(self.running(), [])


if __name__ == "__main__":
    harness.main()

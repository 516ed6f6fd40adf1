"""Commands in nodes as jobs of the shell that a person types in: what has the terminal, what its keys reach."""

import os
import pathlib
import shlex
import signal

import harness
import terminal

PAIR = "{lab: pair, links: [a -- b]}"
# One process each: a dash that is stopped or interrupted while it starts another may hang, wherever it runs.
READS = "import sys; print('rea' 'dy', flush=True); [print('got-' + line, end='', flush=True) for line in sys.stdin]"
CATCHES = ("import signal, sys, time; signal.signal(signal.SIGINT, lambda *_: (print('cau' 'ght'), sys.exit(7))); "
           "print('rea' 'dy', flush=True); time.sleep(1000)")
GOES_ON = ("import signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCONT]); print('rea' 'dy', flush=True); "
           "signal.sigwait([signal.SIGCONT]); print('contin' 'ued')")
WAITS = ("import os, time; print('rea' 'dy', flush=True); [time.sleep(0.1) for _ in iter(lambda: os.path.exists('/run/end'), True)]; "
         "print('do' 'ne')")
READS_LATER = ("import os, sys, time; [time.sleep(0.1) for _ in iter(lambda: os.path.exists('/run/read'), True)]; "
               "print('rea' 'ds', flush=True); sys.stdin.readline()")
COMPLAINT = r"(?i)tty process group|job control|can't access tty"


class Jobs(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(PAIR)
        self.exec = shlex.join(str(word) for word in self.command("exec", "a", "--"))
        self.inner = f"{self.exec} env PS1='node> ' sh"

    def python(self, program):
        return f"{self.exec} python3 -c {shlex.quote(program)}"

    def terminal(self, *words):
        environment = os.environ | {"TERM": "dumb", "PS1": "host> ", "HISTFILE": ""}
        made = terminal.Terminal(words, cwd=self.folder, env=environment)
        self.addCleanup(made.close)
        return made

    def shell(self):
        """An interactive shell of the host's, at its prompt."""
        shown = self.terminal("bash", "--norc", "--noprofile", "-i")
        shown.expect("host> ")
        return shown

    def answers(self, shown, prompt="host> "):
        """The shell at this prompt reads the terminal."""
        shown.type("echo it-$((40 + 2))\r")
        shown.expect(r"it-42\r\n(.*\n)*" + prompt)

    def bring(self, shown):
        """Types `fg` and waits until what it brings to the front has the terminal."""
        before = os.tcgetpgrp(shown.master)
        shown.type("fg\r")
        self.assertTrue(harness.wait_until(lambda: os.tcgetpgrp(shown.master) != before))

    def stop(self, shown, prompt="host> "):
        shown.type("\x1a")
        shown.expect(r"Stopped[^\n]*\n(.*\n)?" + prompt)

    def state(self, pid):
        """The letter of proc_pid_stat(5); X when it has gone."""
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return "X"

    def wait_for_state(self, pid, letters):
        self.assertTrue(harness.wait_until(lambda: self.state(pid) in letters), self.state(pid))

    def leave(self, shown):
        self.answers(shown)
        shown.type("exit 0\r")
        self.assertEqual(shown.finish(), 0)
        self.assertNotRegex(shown.screen, COMPLAINT)

    def enter(self, shown):
        shown.type(self.inner + "\r")
        shown.expect(r"\nnode> ")

    def test_a_shell_inside_does_not_complain(self):
        for inner in ("sh", "bash --norc"):
            with self.subTest(inner):
                shown = self.shell()
                shown.type(f"{self.exec} env PS1='node> ' {inner}\r")
                shown.expect(r"\nnode> ")
                self.answers(shown, "node> ")
                shown.type("exit 3\r")
                shown.expect("host> ")
                shown.type("echo status-$?\r")
                shown.expect(r"status-3\r\nhost> ")
                self.leave(shown)

    def test_a_shell_inside_that_leads_the_session(self):
        """As `ssh -t host hopyard exec a -- sh` has it."""
        shown = self.terminal(*self.command("exec", "a", "--", "env", "PS1=node> ", "sh"))
        shown.expect("node> ")
        shown.type("sleep 1000\r")
        shown.expect(r"sleep 1000\r\n")
        self.assertTrue(harness.wait_until(lambda: "sleep" in self.hopyard("exec", "a", "--", "ps", "-e").out))
        self.stop(shown, "node> ")
        self.bring(shown)
        shown.type("\x03")
        shown.expect("node> ")
        shown.type("exit 4\r")
        self.assertEqual(shown.finish(), 4)
        self.assertNotRegex(shown.screen, COMPLAINT)

    def test_keys_are_for_what_runs_inside_the_shell(self):
        shown = self.shell()
        self.enter(shown)
        shown.type("sh -c 'echo run''ning; exec sleep 1000'\r")
        shown.expect(r"running\r\n")
        shown.type("\x03")
        shown.expect("node> ")
        shown.type("sh -c 'echo run''ning; exec sleep 1000'\r")
        shown.expect(r"running\r\n")
        self.stop(shown, "node> ")
        self.bring(shown)
        shown.type("\x03")
        shown.expect("node> ")
        self.answers(shown, "node> ")
        shown.type("exit\r")
        shown.expect("host> ")
        self.leave(shown)

    def test_a_command_stops_and_goes_on_as_a_job(self):
        shown = self.shell()
        shown.type(self.python(READS) + "\r")
        shown.expect("ready")
        self.stop(shown)
        self.answers(shown)
        self.bring(shown)
        shown.type("one\r")
        shown.expect("got-one")
        self.stop(shown)
        shown.type("bg\r")  # there it wants to read
        shown.expect("host> ")
        shown.type("echo client-$(jobs -p).\r")
        self.wait_for_state(int(shown.expect(r"client-(\d+)\.\r")[1]), "T")
        self.answers(shown)
        self.bring(shown)
        shown.type("two\r")
        shown.expect("got-two")
        shown.type("\x03")
        shown.expect("host> ")
        shown.type("echo status-$?\r")
        shown.expect(r"status-130\r\nhost> ")
        self.leave(shown)

    def test_keys_reach_a_command_that_was_brought_to_the_front(self):
        shown = self.shell()
        shown.type(self.python(CATCHES) + " &\r")
        shown.expect("ready")
        self.answers(shown)
        self.bring(shown)  # bash tells one that runs of nothing
        self.stop(shown)
        self.bring(shown)
        shown.type("\x03")
        shown.expect("caught")
        shown.expect("host> ")
        self.leave(shown)

    def test_in_the_background_it_leaves_the_terminal_alone(self):
        shown = self.shell()
        shown.type(self.python(WAITS) + " &\r")
        shown.expect("ready")
        self.answers(shown)
        self.run_in("a", "touch", "/run/end")
        shown.expect("done")
        shown.type("\r")
        shown.expect("host> ")
        self.answers(shown)
        shown.type(f"{self.inner} &\r")
        shown.expect("host> ")
        self.answers(shown)
        self.bring(shown)
        shown.expect("node> ")
        self.answers(shown, "node> ")
        shown.type("exit\r")
        shown.expect("host> ")
        self.leave(shown)

    def test_one_that_nobody_would_continue_does_not_wait_for_the_terminal(self):
        shown = self.shell()
        for ignores in ("", "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "):
            with self.subTest(ignores):
                self.run_in("a", "rm", "-f", "/run/read")
                inner = f"set -m; {self.python(ignores + READS_LATER)} & echo client-$!."
                shown.type(f"bash -c {shlex.quote(inner)}; echo o''ver\r")
                client = int(shown.expect(r"client-(\d+)\.\r")[1])
                shown.expect("over")  # who could continue it has ended
                self.run_in("a", "touch", "/run/read")
                shown.expect("reads")
                self.wait_for_state(client, "ZX")
        self.leave(shown)

    def test_one_that_was_sent_to_the_background_ends_there(self):
        shown = self.shell()
        shown.type(self.python(WAITS) + "\r")
        shown.expect("ready")
        self.stop(shown)
        shown.type("bg\r")
        shown.expect("host> ")
        shown.type("echo client-$(jobs -p).\r")
        client = int(shown.expect(r"client-(\d+)\.\r")[1])
        self.enter(shown)
        front = os.tcgetpgrp(shown.master)
        self.run_in("a", "touch", "/run/end")
        shown.expect("done")
        self.wait_for_state(client, "ZX")
        self.assertEqual(os.tcgetpgrp(shown.master), front)
        self.answers(shown, "node> ")
        shown.type("exit\r")
        shown.expect("host> ")
        self.leave(shown)

    def test_a_pipeline_shares_the_terminal(self):
        shown = self.shell()
        shown.type(f"{self.exec} echo word | sh -c 'read line; echo as''king; read answer </dev/tty; echo got-$line-$answer'\r")
        shown.expect("asking")
        shown.type("yes\r")
        shown.expect(r"got-word-yes\r\nhost> ")
        shown.type(f"yes | {self.exec} head -n 2 | sort -u; echo status-$?\r")
        shown.expect(r"\ny\r\nstatus-0\r\nhost> ")
        shown.type(f"{self.exec} sh -c 'echo rea''dy >&2; exec sleep 1000' | cat\r")
        shown.expect("ready")
        shown.type("\x03")
        shown.expect("host> ")
        self.leave(shown)

    def test_ctrl_c_ends_a_script_that_runs_commands(self):
        script = self.folder / "script"
        script.write_text(f"for i in 1 2 3; do {self.exec} sh -c 'echo turn; exec sleep 1000'; done\necho over\n")
        shown = self.shell()
        shown.type(f"bash {shlex.quote(str(script))}; echo status-$?\r")
        shown.expect("turn")
        shown.type("\x03")
        shown.expect(r"host> ")
        self.leave(shown)
        self.assertEqual(shown.screen.count("turn"), 1)
        self.assertNotIn("over", shown.screen)

    def test_a_script_stops_and_goes_on_with_its_shell(self):
        script = self.folder / "script"
        script.write_text(f"{shlex.join(str(word) for word in self.command('shell', 'a'))}; echo status-$?\n")
        shown = self.shell()
        shown.type("bash script & echo script-$!.\r")
        started = int(shown.expect(r"script-(\d+)\.\r")[1])
        self.wait_for_state(started, "T")
        self.answers(shown)
        self.bring(shown)
        shown.expect("root@a:")
        self.answers(shown, "root@a:")
        shown.type("kill -STOP $$\r")
        shown.expect(r"Stopped[^\n]*\n(.*\n)?host> ")
        self.wait_for_state(started, "T")
        self.answers(shown)
        self.bring(shown)
        self.answers(shown, "root@a:")
        shown.type("exit 3\r")
        shown.expect(r"status-3\r\n(.*\n)?host> ")
        self.leave(shown)

    def test_the_terminal_comes_back_from_one_that_is_killed(self):
        shown = self.shell()
        self.enter(shown)
        shown.type("kill -9 $$\r")
        shown.expect("Killed")
        shown.expect("host> ")
        self.answers(shown)
        (self.folder / "script").write_text(f"echo $$ >killed; exec {self.inner}\n")
        shown.type("sh script\r")
        shown.expect(r"\nnode> ")
        os.kill(int((self.folder / "killed").read_text()), 9)
        # Until the shell inside has got its SIGHUP it still reads what is typed.
        self.assertTrue(harness.wait_until(lambda: not self.hopyard("exec", "a", "--", "pgrep", "-x", "sh", status=None).out))
        shown.expect("Killed")
        shown.expect("host> ")
        self.leave(shown)

    def test_one_whose_node_ends_gives_the_terminal_back(self):
        """Here to a program that takes nothing back by itself."""
        shown = self.terminal("python3", "-c", "import subprocess, sys\n"
                              "subprocess.run(sys.argv[1:])\n"
                              "print('read', input())", *self.command("exec", "a", "--", "env", "PS1=node> ", "sh"))
        shown.expect("node> ")
        self.hopyard("down")
        shown.type("words\r")
        shown.expect("read words")
        self.assertEqual(shown.finish(), 0)

    def test_one_that_is_told_to_go_on_gives_the_terminal_back(self):
        """While it is in front and has not stopped: the terminal is the command's then, and not the client's."""
        shown = self.terminal("python3", "-c", "import subprocess, sys\n"
                              "client = subprocess.Popen(sys.argv[1:])\n"
                              "print(f'client-{client.pid}.', flush=True)\n"
                              "client.wait()\n"
                              "print('read', input())", *self.command("shell", "a"))
        client = int(shown.expect(r"client-(\d+)\.")[1])
        shown.expect(r"root@a:")
        shown.type(f"exec python3 -c {shlex.quote(GOES_ON)}\r")
        shown.expect("ready")
        os.kill(client, signal.SIGCONT)
        shown.expect("continued")
        shown.type("words\r")
        shown.expect("read words")
        self.assertEqual(shown.finish(), 0)


if __name__ == "__main__":
    harness.main()

"""Every system call that hopyard makes, made to fail and killed at: nothing is left, and the error says what failed.

A library that is preloaded (tests/faults) tells the places of the program that make system calls, its sites, while labs with everything
come and go. Then one life of a lab for a site: the call fails there, with an errno that it may well fail with, or the process is
killed there. Afterwards the host is compared with before, byte for byte.

A random choice of sites (HOPYARD_TEST_SAMPLE, 40), and with HOPYARD_TEST_LONG=1 all of them, failing and killed. HOPYARD_TEST_SEED repeats
a choice, HOPYARD_TEST_FAULTS=REGEX takes the sites whose words it is found in. HOPYARD_TEST_LIVES=NAME,NAME:NAME,NAME lives these alone of lives.py
and tries the sites of those behind the colon that those before it have not.
"""

import collections
import itertools
import os
import pathlib
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import unittest

import control_groups
import faults
import harness
import lives
import ordinary
import outside
import residue
from terminal import Terminal

SAMPLE = int(os.environ.get("HOPYARD_TEST_SAMPLE", "40"))
LONG = bool(os.environ.get("HOPYARD_TEST_LONG"))
CHOICE = os.environ.get("HOPYARD_TEST_FAULTS")
NAMED = os.environ.get("HOPYARD_TEST_LIVES", "")
SECONDS = 30  # that a command may take
MOST_LINES = 40  # of what is left
# Who cannot come back from a network namespace must not go on: it ends there and then, and with it the lab. libnftables ends the
# program itself without a socket; whether there is one is looked at before.
NO_WAY_BACK = re.compile("~InsideNetns|Nftables::ask")
# What a lab changes of the host stays when all else ends with it: a quarter of a random choice.
OF_THE_HOST = re.compile("AdoptedNamespace|Journal|Undo")


class Living:
    """One life, with the orders that are in force."""

    def __init__(self, test, life):
        self.test, self.life = test, life
        self.said = []
        self.behind = []
        # Control groups are the whole machine's: those of another run are known by the lab's name.
        self.name = f"{life.name.replace(' ', '-')}-{harness.SEED}"
        text = re.sub(r"(?m)^lab: .*$", f"lab: {self.name}", life.text)
        for word, value in test.around.values.items():
            text = text.replace(word, str(value))
        self.words = {"FOLDER": str(test.folder), "LAB-NAME": self.name, "LAB": str(test.lab(text))}
        for name, writer in life.files.items():
            if callable(writer):
                writer(test.folder / name)
            else:
                (test.folder / name).write_text(writer.replace("LAB-NAME", self.name))

    def options(self, ordered):
        environment = self.test.orders.environment() if ordered else dict(os.environ)
        if not self.life.user:
            return {"env": environment}
        environment |= {"HOME": ordinary.HOME, "USER": ordinary.NAME, "LOGNAME": ordinary.NAME, "XDG_RUNTIME_DIR": ordinary.RUNTIME}
        return {"env": environment, "user": ordinary.NUMBER, "group": ordinary.NUMBER, "extra_groups": []}

    def expand(self, words):
        for word, value in self.words.items():
            words = [one.replace(word, value) for one in words]
        return words

    def run(self, step, ordered=True):
        """@return what the step said; of one that goes on behind, as much as is known: it may have failed already."""
        words, options = self.expand(step.words), self.options(ordered)
        if step.behind:
            return self.begin(step, words, options)
        if step.typed:
            done = self.on_terminal(step, words, options)
        else:
            done = self.test.hopyard(*words, status=None, seconds=SECONDS, input=step.input, **options)
        return self.note(step, done)

    def note(self, step, done):
        done.bad = done.status not in step.status
        self.said.append(done)
        return done

    def on_terminal(self, step, words, options):
        terminal = Terminal(self.test.command(*words), cwd=self.test.folder, **options)
        try:
            end = time.monotonic() + SECONDS * harness.PATIENCE
            while terminal.process.poll() is None:
                if time.monotonic() > end:
                    raise subprocess.TimeoutExpired(words, SECONDS, terminal.screen)
                terminal.type(step.typed)
                terminal.read(0.1)
            status = terminal.finish()
            plain = re.sub(r"\x1b\[[0-9;?]*[a-z]", "", terminal.screen)
            return harness.Done(subprocess.CompletedProcess(words, status, plain, plain), words)
        finally:
            terminal.close()

    def begin(self, step, words, options):
        process = self.test.start(*words, **options)
        self.behind.append((step, process, words))
        if not step.signal:
            # What it makes is made, or it watches what it is to watch, once it has said so.
            select.select([process.stdout] if step.makes else [process.stdout, process.stderr], [], [], SECONDS * harness.PATIENCE)
            if harness.wait_until(lambda: process.poll() is not None, 0.01):
                return self.finish(*self.behind.pop())
        return None

    def finish(self, step, process, words):
        """The words and the end of one that went on behind."""
        if step.signal:
            select.select([process.stdout], [], [], harness.PATIENCE)  # it has seen something, or has ended
            process.send_signal(step.signal)
        out, err = process.communicate(timeout=SECONDS * harness.PATIENCE)
        return self.note(step, harness.Done(subprocess.CompletedProcess(words, process.returncode, out, err), words))

    def live(self):
        """All steps, and after a strike those alone that end a lab. @return whether there may be something to clear."""
        made = False
        for step in self.life.steps:
            if self.test.orders.struck() and step is not lives.DOWN:
                continue
            done = self.run(step)
            if step.makes and done and done.status != 0:
                return done.status < 0 or "write output" in done.err  # it has done all but say so
            made = step.makes or (made and step is not lives.DOWN)
        for one in self.behind:
            self.finish(*one)
        return (made and self.said[-1].bad) or self.test.running_folders()


def prepare():
    """As process 1 of the world."""
    ordinary.make(with_ids=True)


class Faults(harness.LabTest):
    @classmethod
    def setUpClass(cls):
        """The host that labs reach out to: two wires, and the control groups of the machine."""
        control_groups.mount()
        for interface, four, six in (("wan", "203.0.113.1", "2001:db8::1"), ("lan0", "198.18.7.1", "2001:db8:7::1")):
            cls.addClassCleanup(outside.Outside(interface, four, six).end)
        for words, gateway in (("ip",), "203.0.113.1"), (("ip", "-6"), "2001:db8::1"):
            outside.run(*words, "route", "add", "default", "via", gateway)
        known, _, tried = NAMED.rpartition(":")
        cls.known = len(known.split(",")) if known else 0
        names = (known.split(",") if known else []) + (tried.split(",") if tried else [])
        by_name = {life.name: life for life in lives.LIVES}
        cls.lives = [by_name[name] for name in names] or [life for life in lives.LIVES if not life.by_name]

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)  # for an ordinary user, too
        self.give_orders()

    def give_orders(self):
        self.orders = faults.Orders(self.folder)
        self.orders.path.chmod(0o666)

    def state(self):
        return set(outside.state_of_host().splitlines()) | set(self.around.state().splitlines())

    def left(self):
        return self.own(residue.differences(self.found, residue.take()) + residue.differences(self.host, self.state()))

    @staticmethod
    def own(left):
        """Without the control groups of another run, which are the machine's."""
        return [one for one in left if "control group" not in one or f"-{harness.SEED}" in one]

    def check_residue(self):
        def left():
            return self.own(residue.differences(self.before, residue.take()))

        self.assertTrue(harness.wait_until(lambda: not left(), 60), "left behind:\n" + "\n".join(left()))

    @staticmethod
    def running_folders():
        return any(os.path.isdir(path) for path in ("/run/hopyard", ordinary.RUNTIME + "/hopyard"))

    def sites(self):
        """Each with the number of the life that it comes up in first."""
        found = {}
        for number, life in enumerate(self.lives):
            self.give_orders()
            self.orders.give(faults.RECORD)
            began = time.monotonic()
            with life.around(self.folder) as self.around:
                self.look()
                living = Living(self, life)
                living.live()
                self.assertFalse("\n".join(str(one) for one in living.said if one.bad))
                self.around.clear()
                self.assertTrue(harness.wait_until(lambda: not self.left()), self.left())
            before = len(found)
            for site in self.orders.sites():
                found.setdefault(site.identity, (site, number))
            print(f"life '{life.name}': {len(found) - before} new sites, {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        return list(found.values())

    def look(self):
        """What is there before a life."""
        self.found, self.host, self.links = residue.take(), self.state(), outside.links()

    def choice(self, sites):
        """What is to be tried: a site, its life, how, and at which passing; those of a life one after the other."""
        work = []
        for site, number in sites:
            if (CHOICE and not re.search(CHOICE, str(site))) or number < self.known:
                continue
            work.append((site, number, faults.KILL, random.randint(1, site.passed)))
            if site.error != 0 and not NO_WAY_BACK.search(str(site)):
                work.append((site, number, faults.FAIL, 1))
                if site.passed > 1:
                    work.append((site, number, faults.FAIL, random.randint(2, site.passed)))
        random.shuffle(work)
        if not LONG and not CHOICE:
            of_the_host = [one for one in work if OF_THE_HOST.search(str(one[0]))][: SAMPLE // 4]
            work = of_the_host + [one for one in work if one not in of_the_host][: SAMPLE - len(of_the_host)]
        return sorted(work, key=lambda one: one[1])

    def test_every_call_fails_and_is_killed_at(self):
        sites = self.sites()
        self.assertGreater(len(sites), 100 if NAMED else 1500)
        outcomes = collections.Counter()
        for number, work in itertools.groupby(self.choice(sites), lambda one: one[1]):
            with self.lives[number].around(self.folder) as self.around:
                self.look()
                for site, _, mode, passing in work:
                    self.try_and_tell(site, self.lives[number], mode, passing, outcomes)
        print(f"{len(sites)} sites; {dict(outcomes)}", file=sys.stderr)
        self.assertGreater(outcomes["error"] + outcomes["tolerated"] + outcomes["killed"], outcomes.total() / 2)

    def try_and_tell(self, site, life, mode, passing, outcomes):
        how = f"{life.name}, passing {passing} of {site.passed}: " + (os.strerror(site.error) if mode == faults.FAIL else "killed")
        began = time.monotonic()
        with self.subTest(site=str(site), how=how):
            outcome = "wrong"
            try:
                outcome = self.try_one(site, life, mode, passing)
            except AssertionError as error:
                print(error, file=sys.stderr)
                raise
            finally:
                outcomes[outcome] += 1
                print(f"{time.monotonic() - began:5.1f} s {outcome}: {how} at {site}", file=sys.stderr, flush=True)
                if outcome == "wrong":
                    self.look()  # what could not be swept away is not the next one's

    def try_one(self, site, life, mode, passing):
        self.orders.give(mode, site.identity, passing)
        living = Living(self, life)
        try:
            needs_down = living.live()
            words = "\n".join(map(str, living.said))
            self.assertEqual(self.around.wrong(living.said), [], words)
            self.around.clear()
            # What is only about to end, the command after this one clears.
            clear = lives.Step(["down", "--all"])
            cleared = harness.wait_until(lambda: not self.left() or (needs_down and not living.run(clear, ordered=False)), 5)
            self.assertTrue(cleared, "\n".join([words, *self.left()[:MOST_LINES]]))
            if not self.orders.struck():
                return "not reached"
            return self.judge(living, mode, site, words)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"hangs: {error}\n" + "\n".join(map(str, living.said))) from error
        finally:
            for _, process, _ in living.behind:
                self.end(process)
            self.sweep()

    def judge(self, living, mode, site, words):
        """What the commands said and how they ended."""
        bad = [one for one in living.said if one.bad]
        self.assertFalse(re.search(r"terminate called|what\(\)|AddressSanitizer|abort", words, re.IGNORECASE), words)
        killed = (-signal.SIGKILL, 128 + signal.SIGKILL) if mode == faults.KILL else ()
        self.assertTrue(all(one.status >= 0 or one.status in killed for one in bad), words)
        if mode == faults.KILL:
            return "killed"
        if not bad:
            return "tolerated"
        reason = os.strerror(site.error)
        for one in bad:
            # Who looks at many things tells among its answers which of them it could not look at.
            named = re.search(r"(?m)^(\S+ +\| |\S+:\d+:\d+: )?(hopyard|error): .", one.err) or reason in one.out
            self.assertTrue(named, words)
        self.assertIn(reason, "".join(one.err + one.out for one in bad), words)
        return "error"

    def sweep(self):
        """What a fault that is a defect has left is not the next one's."""
        self.around.clear()
        if not self.left():
            return
        for pid in harness.processes_of_hopyard():
            harness.kill(pid)
        harness.wait_until(lambda: not harness.processes_of_hopyard())
        self.hopyard("down", "--all", status=None)
        self.around.mend()
        for name in outside.links() - self.links:
            outside.run("ip", "link", "delete", name)
        for folder in ("/run/netns", "/run/hopyard", ordinary.RUNTIME + "/hopyard"):
            shutil.rmtree(folder, ignore_errors=True)
        harness.wait_until(lambda: not self.left())


class Calls(unittest.TestCase):
    BY_OTHER_NAMES = {"waitpid", "posix_spawn", "posix_spawnp", "pthread_create", "opendir", "fdopendir", "readdir", "fopen64", "realpath"}
    # What tells or lets go of something, and cannot fail, or only if the program is wrong.
    HARMLESS = set("""brk clock_gettime close exit getegid geteuid getgid getpgid getpgrp getpid getrandom getrlimit getsid getuid lseek madvise mlock mmap mprotect
                   munlock munmap pause sched_yield time umask uname vfork""".split())

    def test_every_system_call_that_the_program_imports_can_fail(self):
        numbers = "".join(path.read_text() for path in pathlib.Path("/usr/include").glob("*/asm/unistd_64.h"))
        numbers += pathlib.Path("/usr/include/asm-generic/unistd.h").read_text()
        calls = set(re.findall(r"#define __NR(?:3264)?_(\w+) ", numbers)) | self.BY_OTHER_NAMES
        symbols = subprocess.run(["nm", "-D", "--undefined-only", harness.BINARY], capture_output=True, text=True, check=True).stdout
        imported = set(re.findall(r" U (\w+)", symbols)) & calls
        own = subprocess.run(["nm", "-D", "--defined-only", faults.LIBRARY], capture_output=True, text=True, check=True).stdout
        self.assertGreater(len(imported), 60)
        self.assertEqual(imported - set(re.findall(r" T (\w+)", own)) - self.HARMLESS, set())


if __name__ == "__main__":
    harness.main()

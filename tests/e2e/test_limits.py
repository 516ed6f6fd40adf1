"""What a machine has too little of: nothing hangs, nothing is left, and each error says what to do."""

import errno
import os
import pathlib
import resource
import signal
import subprocess
import tempfile
import time

import control
import harness
from scarce import SMALL, Scarce, lowest_free

CHAIN = "lab: x\nnodes: {'r1': {run: ['exec tail -f /dev/null']}}\nlinks: [{chain: 'r[1..60]'}]\n"


class Descriptors(Scarce):
    def up_with(self, most):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        return self.up(CHAIN, status=None, preexec_fn=limit)

    def test_every_number_of_them_is_enough_or_refused_plainly(self):
        """From too few to open anything to enough for all."""
        outcomes = set()
        for most in [*range(4, 40), 50, 60, 70, 75, 80, 100, 200]:
            with self.subTest(most=most):
                done = self.up_with(most)
                outcomes.add(done.status == 0)
                if done.status != 0:
                    self.assert_says_what_to_do(done, "open files", "ulimit")
                else:
                    self.assertEqual(self.run_in("r1", "hostname"), "r1\n")
                    self.hopyard("down")
                self.nothing_runs()
        self.assertEqual(outcomes, {True, False})

    def test_a_keeper_that_has_none_left_goes_on(self):
        """It answers what needs none, refuses what needs one, and is as before once there are some again."""
        self.up(SMALL)
        client = control.Client("x")
        self.addCleanup(client.close)
        keeper = client.ask({"do": "summary"})["keeper"]
        before = resource.prlimit(keeper, resource.RLIMIT_NOFILE)
        resource.prlimit(keeper, resource.RLIMIT_NOFILE, (lowest_free(keeper), before[1]))
        waiting = [control.Client("x") for _ in range(40)]  # that it cannot let in
        for one in waiting:
            self.addCleanup(one.close)
        refused = client.ask({"do": "enter", "nodes": ["b"]})
        self.assertFalse(refused["ok"], refused)
        self.assertEqual(refused["error"]["code"], errno.EMFILE, refused)
        self.assertIn("open files", refused["error"]["remedy"])
        self.assertEqual(client.ask({"do": "nodes"})["nodes"], ["a", "b"])
        for one in waiting:
            one.close()
        resource.prlimit(keeper, resource.RLIMIT_NOFILE, before)
        self.assert_reaches("b", "a")
        self.hopyard("down")
        self.nothing_runs()

    def test_exec_with_few(self):
        self.up(SMALL)
        for most in range(4, 16):
            with self.subTest(most=most):
                def limit(most=most):
                    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
                done = self.hopyard("exec", "a", "--", "hostname", status=None, preexec_fn=limit)
                if done.status != 0:
                    self.assertIn("Too many open files", done.err)
                    self.assertNotIn("terminate", done.err)
                else:
                    self.assertEqual(done.out, "a\n")


class Groups(Scarce):
    """Limits of a control group that the lab is started in: of version 1 or 2, whichever the machine has."""

    def group(self, controller, **settings):
        """A group with these settings, mounted for the time of the test; @return the file that a process enters it by."""
        top = pathlib.Path(tempfile.mkdtemp(prefix="hopyard-test-cgroup-"))
        self.addCleanup(os.rmdir, top)
        with open("/proc/cgroups", encoding="ascii") as file:
            first = {words[0]: words[1] for words in map(str.split, file)}
        version_1 = first[controller] != "0"
        kind = ["-t", "cgroup", "-o", controller] if version_1 else ["-t", "cgroup2"]
        subprocess.run(["mount", *kind, "hopyard-test", top], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", top], check=True)
        group = top / f"test-{os.getpid()}-{controller}"
        if not version_1:
            (top / "cgroup.subtree_control").write_text(f"+{controller}")
        group.mkdir()
        self.addCleanup(self.remove, group)
        for name, values in settings.items():
            version, value = (values[0] if version_1 else values[1]).split("=")
            (group / version).write_text(value)
        self.keep_own()
        return group

    def remove(self, group):
        self.down_all()
        self.assertTrue(harness.wait_until(lambda: not (group / "cgroup.procs").read_text()), "processes are left in the group")
        self.assertTrue(harness.wait_until(lambda: self.removed(group)))

    @staticmethod
    def removed(group):
        try:
            group.rmdir()
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            return False
        return True

    def up_in(self, group, lab, **options):
        return self.up(lab, status=None, preexec_fn=lambda: (group / "cgroup.procs").write_text("0"), **options)

    def test_too_few_processes(self):
        outcomes = set()
        group = self.group("pids")
        for most in (1, 2, 3, 4, 5, 6, 8, 12, 20):
            with self.subTest(most=most):
                (group / "pids.max").write_text(str(most))
                done = self.up_in(group, SMALL)
                outcomes.add(done.status == 0)
                if done.status != 0:
                    self.assert_says_what_to_do(done, "processes")
                else:
                    self.hopyard("down")
                self.nothing_runs()
        self.assertEqual(outcomes, {True, False})

    def test_exec_with_too_few_processes(self):
        group = self.group("pids")
        (group / "pids.max").write_text("1")
        self.up(SMALL)
        done = self.hopyard("exec", "a", "--", "hostname", status=None,
                            preexec_fn=lambda: (group / "cgroup.procs").write_text("0"))
        self.assert_says_what_to_do(done, "processes")
        self.assertEqual(self.run_in("a", "hostname"), "a\n")

    def test_too_little_memory(self):
        """The kernel kills whom it will: the lab is up, or it is gone, whole; and what is said names it."""
        group = self.group("memory", most=("memory.limit_in_bytes=3000000", "memory.max=3000000"))
        lab = "lab: x\nnodes: {'r[1..20]': {run: ['exec tail -f /dev/null']}}\nlinks: [{chain: 'r[1..20]'}]\n"
        done = self.up_in(group, lab)
        if done.status >= 0:
            self.assert_says_what_to_do(done, "memory")
        else:  # the client itself was chosen
            self.assertEqual(done.status, -signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.running() == []))
        self.nothing_runs()

    def machines_groups(self, controller):
        """Those of the machine, where labs look for them."""
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/sys/fs/cgroup"], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", "/sys/fs/cgroup"], check=True)
        with open("/proc/cgroups", encoding="ascii") as file:
            version_1 = {words[0]: words[1] for words in map(str.split, file)}[controller] != "0"
        kind = ["-t", "cgroup", "-o", controller] if version_1 else ["-t", "cgroup2"]
        where = f"/sys/fs/cgroup/{controller}" if version_1 else "/sys/fs/cgroup"
        if version_1:
            os.mkdir(where)
        subprocess.run(["mount", *kind, "hopyard-test", where], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", where], check=True)

    def test_a_node_that_takes_all_its_memory(self):
        """Its own limit ends it; the lab and its neighbour go on."""
        self.machines_groups("memory")
        self.up("{lab: x, nodes: {a: {memory: 40MiB}, b: {}}, links: [a -- b]}")
        done = self.hopyard("exec", "a", "--", "python3", "-c", "x = bytearray(1 << 28); print('had it')", status=None)
        self.assertNotEqual(done.status, 0, str(done))
        self.assertNotIn("had it", done.out)
        self.assert_reaches("b", "a")
        self.hopyard("down")
        self.assertEqual(self.running(), [])

    def test_a_command_that_gets_few_of_the_processors(self):
        """It is waited for as long as it has something to do, and what it has done is no drift."""
        self.machines_groups("cpu")
        count = "i=0; while [ $i -lt {} ]; do i=$((i+1)); done"
        began = time.monotonic()
        subprocess.run(["sh", "-c", count.format(20000)], check=True)
        slow = count.format(int(20000 * 0.12 / (time.monotonic() - began)))  # 120 ms, and it gets a tenth of a processor
        self.lab("lab: x\nnodes: {a: {cpu: 0.1, run: '%s; ip link set eth0 mtu 1300'}, b: {}}\nlinks: [a -- b]\n" % slow)
        self.hopyard("up")
        self.assertIn("mtu 1300", self.run_in("a", "ip", "link", "show", "eth0"))
        self.assertEqual(self.show()["drift"], [])
        self.hopyard("down")


class Files(Scarce):
    def tmpfs(self, size):
        folder = self.folder / "run"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=755,{size}", "hopyard-test", folder], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=True)
        self.addCleanup(os.environ.pop, "HOPYARD_RUNTIME_DIR")
        os.environ["HOPYARD_RUNTIME_DIR"] = str(folder)
        self.addCleanup(self.down_all)
        return folder

    def test_a_full_run_directory(self):
        """Of a few inodes: each number of them is enough or refused plainly."""
        outcomes = set()
        folder = self.tmpfs("nr_inodes=12")
        for taken in range(11, -1, -1):
            with self.subTest(taken=taken):
                for number in range(taken):
                    (folder / f"filler {number}").touch()
                try:
                    done = self.up(SMALL, status=None)
                    outcomes.add(done.status == 0)
                    if done.status == 0:
                        self.hopyard("down")
                    else:
                        self.assert_says_what_to_do(done, "No space left on device", str(folder))
                    self.assertEqual(self.running(), [])
                    left = sorted(path.name for path in folder.iterdir() if not path.name.startswith("filler"))
                    self.assertEqual(left, [])
                finally:
                    for number in range(taken):
                        (folder / f"filler {number}").unlink()
        self.assertEqual(outcomes, {True, False})

    def test_a_full_disk_while_the_lab_runs(self):
        """Down needs no room."""
        folder = self.tmpfs("size=64k")
        self.up(SMALL)
        with self.assertRaises(OSError) as caught, open(folder / "filler", "wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        self.assertEqual(caught.exception.errno, errno.ENOSPC)
        self.assert_reaches("a", "b")
        self.hopyard("down")
        self.assertEqual([path.name for path in folder.iterdir()], ["filler"])

    def test_a_run_directory_that_cannot_be_written(self):
        folder = self.tmpfs("size=64k")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        self.assert_says_what_to_do(self.up(SMALL, status=None), "Read-only file system", "HOPYARD_RUNTIME_DIR")
        self.assertEqual(self.running(), [])

    def test_a_read_only_run(self):
        subprocess.run(["mount", "-o", "remount,ro", "/run"], check=True)
        self.addCleanup(subprocess.run, ["mount", "-o", "remount,rw", "/run"], check=True)
        self.assert_says_what_to_do(self.up(SMALL, status=None), "Read-only file system", "HOPYARD_RUNTIME_DIR")
        self.assertEqual(self.running(), [])

    def test_a_run_directory_that_is_none(self):
        path = self.folder / "file"
        path.touch()
        done = self.hopyard("up", self.lab(SMALL), status=None, env=dict(os.environ, HOPYARD_RUNTIME_DIR=str(path)))
        self.assert_says_what_to_do(done, "Not a directory", "HOPYARD_RUNTIME_DIR")

    def test_files_bigger_than_their_node(self):
        """What a node writes lies in memory, which a lab may run out of: the node's write fails, and the lab lives."""
        self.up(SMALL)
        done = self.hopyard("exec", "a", "--", "sh", "-c",
                            "mkdir /tmp/small && mount -t tmpfs -o size=64k none /tmp/small && head -c 1M /dev/zero >/tmp/small/f",
                            status=None)
        self.assertIn("No space left", done.err)
        self.assert_reaches("b", "a")


class KernelTables(Scarce):
    def setting(self, path, value):
        """The machine's own, put back whatever comes."""
        file = pathlib.Path(path)
        before = file.read_text()
        self.addCleanup(file.write_text, before)
        file.write_text(str(value))

    def test_too_few_namespaces(self):
        """In a user namespace of its own, whose limits are nobody else's."""
        for kind in ("mnt", "pid", "ipc"):
            with self.subTest(kind=kind):
                most = 0 if kind == "ipc" else 1  # what unshare has made counts
                done = self.call("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc", "sh",
                                 "-c", f'echo {most} >/proc/sys/user/max_{kind}_namespaces; exec "$@"', "sh",
                                 *self.command("up", self.lab(SMALL)))
                self.assert_says_what_to_do(done, "No space left on device", f"user.max_{kind}_namespaces")
                self.nothing_runs()

    def test_no_inotify_left(self):
        """The limits are of all that a user runs, so a library in between has what the kernel would say."""
        source = self.folder / "inotify.c"
        source.write_text("#include <errno.h>\n#include <stdint.h>\n#include <sys/syscall.h>\n#include <unistd.h>\n"
                          "int inotify_init1(int flags) {\n#ifdef INSTANCES\n errno = EMFILE; (void)flags; return -1;\n#else\n"
                          " return syscall(SYS_inotify_init1, flags);\n#endif\n}\n"
                          "int inotify_add_watch(int fd, const char *path, uint32_t mask) {\n"
                          " (void)fd; (void)path; (void)mask; errno = ENOSPC; return -1;\n}\n")
        self.up(SMALL)
        for what in ("instances", "watches"):
            with self.subTest(what=what):
                library = self.folder / f"{what}.so"
                subprocess.run(["cc", "-shared", "-fPIC", f"-D{what.upper()}", "-o", library, source], check=True)
                done = self.hopyard("logs", "-f", "a", status=None, env=dict(os.environ, LD_PRELOAD=str(library)))
                self.assert_says_what_to_do(done, f"fs.inotify.max_user_{what}")

    def test_no_pty_left(self):
        """A shell takes the terminal that the caller has; a node's own are made by the kernel, from one store of the machine."""
        self.up(SMALL)
        script = ("import os\nheld = []\n"
                  "while True:\n"
                  "    try:\n        held.append(os.openpty())\n"
                  "    except OSError as error:\n        print(error.strerror); break\n")
        self.setting("/proc/sys/kernel/pty/max", int(pathlib.Path("/proc/sys/kernel/pty/nr").read_text()) + 1024 + 3)
        done = self.hopyard("exec", "a", "--", "python3", "-c", script)
        self.assertRegex(done.out, "No space left|out of pty|Too many")
        self.assertEqual(self.run_in("a", "hostname"), "a\n")


class Clocks(Scarce):
    CLOCK = r"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <sys/time.h>
    #include <time.h>
    #include <unistd.h>
    /* The wall clock as a file says it is wrong, in seconds; every look at it looks there. */
    static long step(void) {
      long seconds = 0;
      FILE *file = fopen(getenv("HOPYARD_TEST_STEP"), "re");
      if (file) { if (fscanf(file, "%ld", &seconds) != 1) seconds = 0; fclose(file); }
      return seconds;
    }
    int clock_gettime(clockid_t id, struct timespec *now) {
      int result = syscall(SYS_clock_gettime, id, now);
      if (id == CLOCK_REALTIME && result == 0) now->tv_sec += step();
      return result;
    }
    int gettimeofday(struct timeval *restrict now, void *restrict zone) {
      struct timespec precise;
      (void)zone;
      clock_gettime(CLOCK_REALTIME, &precise);
      now->tv_sec = precise.tv_sec; now->tv_usec = precise.tv_nsec / 1000;
      return 0;
    }
    time_t time(time_t *out) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      if (out) *out = now.tv_sec;
      return now.tv_sec;
    }
    """

    def test_the_wall_clock_steps(self):
        """By a year, forward and back, under the keeper and under the clients: no wait is longer or shorter for it."""
        source = self.folder / "clock.c"
        source.write_text(self.CLOCK)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.folder / "clock.so", source, "-ldl"], check=True)
        step = self.folder / "step"
        step.write_text("0")
        environment = dict(os.environ, LD_PRELOAD=str(self.folder / "clock.so"), HOPYARD_TEST_STEP=str(step))
        lab = self.lab("{lab: x, nodes: {a: {services: {s: {command: 'tail -f /dev/null', restart: always}}}, b: {}}, links: [a -- b]}")
        self.hopyard("up", lab, env=environment)
        before = self.hopyard("show", "--json", env=environment).json()
        year = 366 * 24 * 3600
        for seconds in (year, -year, 0):
            step.write_text(str(seconds))
            dated = self.call("date", "+%s", env=environment).out
            self.assertLess(abs(int(dated) - time.time() - seconds), 3600, "the clock has not stepped")
            self.assertEqual(self.hopyard("exec", "a", "--", "hostname", env=environment).out, "a\n")
            self.hopyard("restart", "a", "s", env=environment)
            self.hopyard("wait", "--timeout", "20s", env=environment)
            shown = self.hopyard("show", "--json", env=environment).json()
            self.assertEqual(shown["lab"], before["lab"])
        self.hopyard("down", env=environment)
        self.nothing_runs()


if __name__ == "__main__":
    harness.main()

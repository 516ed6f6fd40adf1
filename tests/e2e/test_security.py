"""What a lab keeps apart. Each claim of SECURITY.md has its test here, by the name that stands there."""

import ctypes
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess

import control
import harness

SMALL = "{lab: x, nodes: {a: {}, b: {}}, links: [a -- b]}"
NOBODY = 65534
CLONE_NEWNET = 0x40000000
KERNEL_WIDE = {"kexec_load": 246, "init_module": 175, "finit_module": 313, "delete_module": 176, "reboot": 169, "swapon": 167,
               "swapoff": 168, "settimeofday": 164, "clock_settime": 227, "clock_adjtime": 305, "adjtimex": 159, "bpf": 321,
               "perf_event_open": 298, "add_key": 248, "request_key": 249, "keyctl": 250, "userfaultfd": 323, "acct": 163,
               "quotactl": 179, "syslog": 103, "open_by_handle_at": 304, "fanotify_init": 300}


class Secure(harness.LabTest):
    def python_in(self, node, script, *words, status=0, lab=None):
        where = ["-l", lab] if lab else []
        return self.hopyard("exec", *where, node, "--", "python3", "-c", script, *words, status=status)

    def saw(self, node, path="/run-saw"):
        """What a command of `run` has written: nobody waits for its end."""
        harness.wait_until(lambda: self.run_in(node, "sh", "-c", f"cat {path} 2>/dev/null; true"))
        return self.run_in(node, "cat", path)

    def as_nobody(self, *command, **options):
        return self.call(*harness.AS_NOBODY, *command, **options)


class ControlSocket(Secure):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)

    def test_modes_of_the_files(self):
        self.up(SMALL)
        for path, mode in (("/run/hopyard", 0o755), ("/run/hopyard/x", 0o700), ("/run/hopyard/x/log", 0o600)):
            status = os.stat(path)
            self.assertEqual((status.st_uid, stat.S_IMODE(status.st_mode)), (0, mode), path)
        self.assertTrue(stat.S_ISSOCK(os.stat("/run/hopyard/x/control").st_mode))

    def test_another_user_does_not_reach_it(self):
        self.up(SMALL)
        for words in (["exec", "a", "--", "id"], ["down"], ["show", "-l", "x"], ["fail", "a"]):
            done = self.as_nobody(harness.BINARY, *words, env=dict(os.environ, HOPYARD_RUNTIME_DIR="/run/hopyard"))
            self.assertNotEqual(done.status, 0, str(done))
        self.assertEqual(self.running(), ["x"])
        self.assert_reaches("a", "b")

    def test_the_keeper_looks_who_it_is(self):
        """Also when the folder has been opened to all: by what the kernel says of the other end (SO_PEERCRED)."""
        self.up(SMALL)
        os.chmod("/run/hopyard/x", 0o755)
        os.chmod("/run/hopyard/x/control", 0o777)
        script = ("import sys; sys.path.insert(0, sys.argv[1]); import control, json; one = control.Client('x');"
                  "[print(json.dumps(one.ask({'do': verb, 'nodes': ['a'], 'target': 'a'}))) for verb in ('enter',)]")
        for verb_user, ok in ((NOBODY, False), (0, True)):
            with self.subTest(user=verb_user):
                done = self.call("setpriv", "--reuid", verb_user, "--regid", verb_user, "--clear-groups", "/usr/bin/python3", "-c", script,
                                 pathlib.Path(__file__).parent, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
                answer = json.loads(done.out)
                self.assertEqual(answer["ok"], ok)
                if not ok:
                    self.assertIn("another user", answer["error"]["detail"])
        os.chmod("/run/hopyard/x", 0o700)

    def test_another_user_cannot_hold_a_lock_or_plant_a_lab(self):
        self.up(SMALL)
        script = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)"
        self.assertIn("Permission", self.as_nobody("/usr/bin/python3", "-c", script, "/run/hopyard/x").err)
        self.assertNotEqual(self.as_nobody("mkdir", "/run/hopyard/y").status, 0)
        self.assertNotEqual(self.as_nobody("rm", "-rf", "/run/hopyard/x").status, 0)
        self.assert_reaches("a", "b")

    def test_a_folder_of_somebody_else(self):
        """A folder for labs that another user owns, or may write, is not used: they could put their own in its place."""
        planted = self.folder / "planted"
        environment = dict(os.environ, HOPYARD_RUNTIME_DIR=str(planted))
        for owner, mode in ((NOBODY, 0o755), (0, 0o777), (0, 0o1777)):
            with self.subTest(owner=owner, mode=oct(mode)):
                planted.mkdir()
                os.chown(planted, owner, owner)
                os.chmod(planted, mode)
                done = self.hopyard("up", self.lab(SMALL), status=1, env=environment)
                self.assertIn(str(planted), done.err)
                self.assertRegex(done.err, "another user|others may write")
                self.assertEqual(list(planted.iterdir()), [])
                planted.rmdir()
        self.assertEqual(self.running(), [])

    def test_a_link_in_place_of_a_lab(self):
        """Nothing is opened, made or removed behind a symbolic link."""
        target = self.folder / "target"
        target.mkdir()
        (target / "log").write_text("mine")
        os.makedirs("/run/hopyard", mode=0o755)
        self.addCleanup(shutil.rmtree, "/run/hopyard", ignore_errors=True)
        os.symlink(target, "/run/hopyard/x")
        self.assertEqual(self.up(SMALL, status=None).status, 1)
        self.hopyard("ls")
        self.hopyard("down", "x", status=None)
        self.assertEqual((target / "log").read_text(), "mine")
        self.assertEqual([path.name for path in target.iterdir()], ["log"])


class Names(Secure):
    """Names of a lab file that would be paths are refused before anything is made."""

    BAD = ["..", ".", "../x", "a/b", "/etc/passwd", "a\\0b", "a\\nb", "a\\x1b[2Jb", "x" * 5000, "-rf"]

    def assert_refused(self, text):
        done = self.up(text, status=2)
        self.assertIn("error", done.err)
        self.assertNotIn("\x1b[2J", done.err)
        self.assertEqual(self.running(), [])

    def test_of_labs_nodes_and_links(self):
        for name in self.BAD:
            quoted = f'"{name}"'
            with self.subTest(name=name[:20]):
                self.assert_refused(f"{{lab: {quoted}, links: [a -- b]}}")
                self.assert_refused(f"{{lab: x, nodes: {{{quoted}: {{}}}}}}")
                self.assert_refused(f"{{lab: x, networks: {{{quoted}: 10.0.0.0/24}}, links: [a -- b]}}")
                if name != "-rf":  # no harm in the name of an interface
                    self.assert_refused(f"{{lab: x, links: [[\"a:{name}\", b]]}}")
                self.assert_refused(f"{{lab: x, nodes: {{a: {{services: {{{quoted}: 'true'}}}}}}, links: [a -- b]}}")
        self.check_residue()

    def test_of_commands(self):
        for name in ("../x", "..", "a/../b", "x\n", "x" * 5000, "\x1b[2J"):
            for words in (["down", name], ["exec", "-l", name, "a", "--", "true"], ["show", "-l", name], ["logs", "-l", name, "a"]):
                with self.subTest(words=words[:3]):
                    self.assertIn(self.hopyard(*words, status=None).status, (1, 2))

    def test_files_stay_in_their_node(self):
        """Whatever a path looks like, and whatever lies where it leads."""
        self.assert_refused("{lab: x, nodes: {a: {files: {'/etc/../../../../tmp/out': 'no'}}}}")
        self.assert_refused("{lab: x, nodes: {a: {files: {'etc/motd': 'no'}}}}")
        victim = self.folder / "victim"
        victim.write_text("mine")
        os.symlink(victim, "/run/hopyard-test-link")
        self.addCleanup(os.unlink, "/run/hopyard-test-link")
        self.up(f"{{lab: x, nodes: {{a: {{files: {{'/run/hopyard-test-link': theirs, '{victim}': theirs}}}}, b: {{}}}}, links: [a -- b]}}")
        self.assertEqual(self.run_in("a", "cat", "/run/hopyard-test-link", str(victim)), "theirstheirs")
        self.assertEqual(victim.read_text(), "mine")

    def test_links_of_a_given_root_end_in_it(self):
        """A file that is put into a root file system with links to the host's files."""
        root = self.folder / "root"
        for name in ("bin", "sbin", "lib", "lib64", "usr"):
            if os.path.islink(f"/{name}"):
                (root / name).parent.mkdir(exist_ok=True)
                os.symlink(os.readlink(f"/{name}"), root / name)
            elif os.path.isdir(f"/{name}"):
                shutil.copytree(f"/{name}", root / name, symlinks=True) if name != "usr" else None
        victim = self.folder / "outside"
        victim.mkdir()
        (root / "etc").mkdir(parents=True)
        os.symlink(victim, root / "etc/sub")
        os.symlink("../../../../../../" + str(victim), root / "etc/up")
        self.up(f"{{lab: x, nodes: {{a: {{root: {root}, files: {{/etc/sub/one: 'no', /etc/up/two: 'no'}}}}, b: {{}}}}, links: [a -- b]}}")
        self.hopyard("exec", "a", "--", "/bin/true", status=None)
        self.assertEqual(list(victim.iterdir()), [])


class Inside(Secure):
    """What a program of a node, root there, comes to."""

    def test_not_the_control_socket(self):
        for where in ("/run/hopyard", str(self.folder / "labs")):
            os.makedirs(where, mode=0o755)
            environment = dict(os.environ, HOPYARD_RUNTIME_DIR=where)
            self.hopyard("up", self.lab(SMALL), env=environment)
            script = ("import socket, sys\none = socket.socket(socket.AF_UNIX)\n"
                      "try:\n    one.connect(sys.argv[1]); print('reached')\nexcept OSError as error:\n    print(type(error).__name__)")
            done = self.hopyard("exec", "a", "--", "python3", "-c", script, f"{where}/x/control", env=environment)
            self.assertIn(done.out, ("FileNotFoundError\n", "ConnectionRefusedError\n"))
            inside = self.hopyard("exec", "a", "--", harness.BINARY, "ls", status=None, env=environment)
            self.assertNotIn("x", inside.out.split())
            self.hopyard("down", "x", env=environment)
            if where != "/run/hopyard":
                self.assertEqual(os.listdir(where), [])

    def test_not_the_hosts_files(self):
        self.up(SMALL)
        paths = [self.folder / "file", pathlib.Path("/usr/hopyard-test"), pathlib.Path("/etc/hopyard-test"), pathlib.Path("/run/hopyard-test"),
                 pathlib.Path("/tmp/hopyard-test"), pathlib.Path("/var/tmp/hopyard-test"), pathlib.Path("/root/hopyard-test"),
                 pathlib.Path("/dev/shm/hopyard-test")]
        passwd = pathlib.Path("/etc/passwd").read_bytes()
        for path in paths:
            self.hopyard("exec", "a", "--", "sh", "-c", "mkdir -p $(dirname $1); echo no >$1; cat $1", "sh", path)
            self.assertFalse(path.exists(), path)
            self.assertNotEqual(self.hopyard("exec", "b", "--", "cat", path, status=None).status, 0)
        self.hopyard("exec", "a", "--", "sh", "-c", "echo x >>/etc/passwd; chmod 777 /etc/shadow; rm -rf /var/log /home")
        self.assertEqual(pathlib.Path("/etc/passwd").read_bytes(), passwd)
        self.assertNotEqual(os.stat("/etc/shadow").st_mode & 0o777, 0o777)
        self.assertTrue(os.path.isdir("/var/log"))

    def test_not_the_kernels_settings(self):
        """Those of its own network alone."""
        self.up(SMALL)
        for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/panic", "/proc/sys/vm/swappiness",
                     "/proc/sys/fs/file-max", "/proc/sysrq-trigger", "/proc/irq/default_smp_affinity", "/sys/kernel/mm/ksm/run",
                     "/sys/kernel/uevent_helper", "/sys/power/state"):
            if not os.path.exists(path):
                continue
            with self.subTest(path=path):
                # Opened, not written: a test that fails must not change the machine.
                done = self.python_in("a", "import os, sys; os.open(sys.argv[1], os.O_WRONLY)", path, status=1)
                self.assertRegex(done.err, "Read-only file system|Permission denied|Operation not permitted")
        self.assertEqual(self.run_in("a", "sh", "-c", "echo 7 >/proc/sys/net/ipv4/ip_default_ttl && cat /proc/sys/net/ipv4/ip_default_ttl"), "7\n")
        self.assertNotEqual(self.run_in("b", "cat", "/proc/sys/net/ipv4/ip_default_ttl"), "7\n")
        self.assertNotEqual(pathlib.Path("/proc/sys/net/ipv4/ip_default_ttl").read_text(), "7\n")

    def test_not_devices_nor_control_groups(self):
        self.up(SMALL)
        there = self.run_in("a", "sh", "-c", "cd /dev; find . -type b -o -type c | sort").split()
        self.assertLessEqual(set(there), {"./" + name for name in ("null", "zero", "full", "random", "urandom", "tty", "net/tun", "pts/ptmx",
                                                                  "pts/0")})
        for number in ("c 1 1", "c 1 2", "b 254 0", "c 1 11"):
            done = self.hopyard("exec", "a", "--", "sh", "-c", f"mknod /dev/hopyard-test {number}", status=None)
            self.assertNotEqual(done.status, 0, f"{number}: {done}")
        self.assertEqual(self.run_in("a", "sh", "-c", "find /sys/fs/cgroup -name cgroup.procs 2>/dev/null"), "")

    def test_not_device_files_that_lie_about(self):
        """A device file in the host's file systems is none in a node."""
        path = self.folder / "device"
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))
        self.up(SMALL)
        done = self.hopyard("exec", "a", "--", "head", "-c1", path, status=None)
        self.assertNotEqual(done.status, 0, str(done))

    def test_not_processes_outside(self):
        """Of the host or of another node: they have no number there."""
        self.up("{lab: x, nodes: {a: {}, b: {run: ['exec tail -f /dev/null']}}, links: [a -- b]}")
        self.assertTrue(harness.wait_until(lambda: self.hopyard("exec", "b", "--", "pgrep", "tail", status=None).status == 0))
        seen = self.run_in("a", "sh", "-c", "cat /proc/[0-9]*/comm 2>/dev/null; exit 0").split()  # one may end meanwhile
        self.assertIn("hopyard-init", seen)
        self.assertNotIn("tail", seen)
        self.assertNotIn("hopyard-keeper", seen)
        self.run_in("a", "sh", "-c", "trap '' TERM; kill -TERM -1; kill -KILL 1; exit 0")
        self.assertEqual(self.run_in("b", "pgrep", "-c", "tail"), "1\n")
        self.assertEqual(self.running(), ["x"])

    def test_not_the_first_process_by_tracing(self):
        """The init, and what carries a command in, have no capability that the node has not."""
        self.up("{lab: x, nodes: {a: {capabilities: [net_raw, sys_ptrace, setuid, setgid]}, b: {}}, links: [a -- b]}")
        script = r"import glob, re" "\n" r"for path in glob.glob('/proc/[0-9]*/status'):" "\n" r"    try: print(re.search(r'CapPrm:\s+(\w+)', open(path).read())[1])" "\n" r"    except OSError: pass"
        own = sum(1 << bit for bit in (13, 19, 7, 6))
        spared = sum(1 << bit for bit in (0, 1, 3, 4, 5))
        sets = [int(word, 16) for word in self.python_in("a", script).out.split()]
        self.assertGreaterEqual(len(sets), 3)
        for one in sets:
            self.assertEqual(one & ~(own | spared), 0, hex(one))

    def test_not_another_lab(self):
        self.up("{lab: x, nodes: {a: {addresses: {eth0: 10.1.1.1/24}}, b: {}}, links: [a -- b]}", "--json")
        self.hopyard("up", self.lab("{lab: w, nodes: {a: {addresses: {eth0: 10.1.1.1/24}}, b: {}}, links: [a -- b]}", "w.hop.yaml"))
        self.hopyard("exec", "-l", "x", "a", "--", "sh", "-c", "touch /only-x; ip link set eth0 down")
        self.assertNotEqual(self.hopyard("exec", "-l", "w", "a", "--", "ls", "/only-x", status=None).status, 0)
        self.assert_reaches("a", "b", lab="w")
        names = {where: self.hopyard("exec", "-l", where, "a", "--", "readlink", "/proc/self/ns/net", "/proc/self/ns/pid", "/proc/self/ns/mnt",
                                     "/proc/self/ns/ipc", "/proc/self/ns/uts").out.split() for where in "xw"}
        self.assertEqual(set(names["x"]) & set(names["w"]), set())


class Descriptors(Secure):
    LIST = "ls -l /proc/self/fd | grep -o ' [0-9]* -> .*' | grep -v '/proc/'"

    def numbers(self, text):
        return {int(one) for one in re.findall(r"^ (\d+) -> ", text, re.MULTILINE)}

    def test_none_leaks(self):
        """Into commands, services, run:, checks and what they wait for: standard input, output and error, and no other."""
        self.lab("#!/bin/sh\n" + self.LIST + "\n", "list")
        self.up("""
lab: x
nodes:
  a:
    files: {/list: {file: list}}
    run: ['sh /list >/run-saw']
    ready: 'sh /list >/ready-saw'
    services: {s: {command: [sh, -c, 'sh /list >/service-saw; exec tail -f /dev/null'], ready: {file: /service-saw}}}
  b: {}
links: [a -- b]
checks:
  - command: {node: a, run: 'test $(sh /list | grep -vc " [012] ->") = 0'}
""")
        for name in ("run", "ready", "service"):
            with self.subTest(name=name):
                self.assertEqual(self.numbers(self.saw("a", f"/{name}-saw")), {0, 1, 2})
        ends = os.pipe()
        try:
            os.set_inheritable(ends[0], True)
            os.set_inheritable(ends[1], True)
            seen = self.hopyard("exec", "a", "--", "sh", "-c", self.LIST, pass_fds=ends).out
        finally:
            os.close(ends[0])
            os.close(ends[1])
        self.assertEqual(self.numbers(seen), {0, 1, 2})
        self.hopyard("down")
        self.hopyard("test", self.folder / "lab.hop.yaml")


class Rights(Secure):
    def sets(self, node):
        text = self.run_in(node, "cat", "/proc/self/status")
        return {name: int(re.search(rf"{name}:\s+(\w+)", text)[1], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")}

    def names(self, bits):
        return set(self.call("capsh", f"--decode={bits:x}").out.strip().split("=")[1].split(",")) - {""}

    def test_nothing_that_concerns_the_machine(self):
        """By default, for commands, services and what they start."""
        self.up("{lab: x, nodes: {a: {run: ['grep CapBnd /proc/self/status >/run-saw']}, b: {}}, links: [a -- b]}")
        taken = {"cap_" + name for name in "dac_read_search sys_module sys_rawio sys_pacct sys_boot sys_time sys_tty_config mknod audit_control "
                                           "mac_override mac_admin syslog wake_alarm block_suspend audit_read".split()}
        for bits in (*(self.sets("a")[name] for name in ("CapPrm", "CapEff", "CapBnd")), int(self.saw("a").split()[1], 16)):
            self.assertEqual(self.names(bits) & taken, set())
            self.assertLessEqual({"cap_net_admin", "cap_net_raw", "cap_sys_admin"}, self.names(bits))
        self.assertNotEqual(self.hopyard("exec", "a", "--", "date", "-s", "@1", status=None).status, 0)

    def test_as_the_lab_file_says(self):
        self.up("lab: x\nnodes:\n  a: {capabilities: [net_raw, net_admin]}\n  b: {capabilities: [-sys_admin, -net_raw]}\n"
                "  c: {capabilities: [default, sys_time]}\n  d: {capabilities: all}\n  e: {capabilities: []}\nlinks: [{mesh: 'a, b, c, d, e'}]\n"
                .replace("{mesh: 'a, b, c, d, e'}", "a -- b, b -- c, c -- d, d -- e"))
        here = self.names(int(re.search(r"CapBnd:\s+(\w+)", pathlib.Path("/proc/self/status").read_text())[1], 16))
        got = {node: self.names(self.sets(node)["CapBnd"]) for node in "abcde"}
        self.assertEqual(got["a"], {"cap_net_raw", "cap_net_admin"})
        self.assertEqual(got["e"], set())
        self.assertEqual(got["d"], here)
        self.assertEqual(got["c"] - got["b"], {"cap_sys_admin", "cap_net_raw", "cap_sys_time"})
        self.assertNotEqual(self.ping("b", "a", status=None).status, 0)
        self.assert_reaches("a", "b")
        self.assertNotEqual(self.hopyard("exec", "b", "--", "mount", "-t", "tmpfs", "none", "/mnt", status=None).status, 0)

    def test_system_calls_that_are_refused(self):
        self.up("{lab: x, nodes: {a: {seccomp: true, run: ['grep Seccomp: /proc/self/status >/run-saw']}, b: {}}, links: [a -- b]}")
        self.assertEqual(self.saw("a").split(), ["Seccomp:", "2"])
        self.assertEqual(self.run_in("b", "grep", "Seccomp:", "/proc/self/status").split(), ["Seccomp:", "0"])
        if os.uname().machine == "x86_64":
            # With arguments that no call takes: one that came through would say EFAULT, EINVAL or EBADF.
            script = ("import ctypes, os, sys\nc = ctypes.CDLL(None, use_errno=True)\nfor number in sys.argv[1:]:\n"
                      "    c.syscall(int(number), -1, -1, -1, -1, -1, -1); print(ctypes.get_errno())")
            numbers = [str(number) for number in KERNEL_WIDE.values()]
            self.assertEqual(self.python_in("a", script, *numbers).out.split(), ["1"] * len(numbers))
            self.assertIn("38", self.python_in("a", script, str(0x40000000 | 39)).out)  # getpid of x32
        self.assert_reaches("a", "b")

    def test_mistakes(self):
        done = self.up("{lab: x, nodes: {a: {capabilities: [net_admn]}, b: {capabilities: xyzzy, seccomp: maybe}}, links: [a -- b]}", status=2)
        self.assertIn("no capability is called 'net_admn'", done.err)
        self.assertIn("net_admin", done.err)
        self.assertIn("no capability is called 'xyzzy'", done.err)
        self.assertIn("'seccomp'", done.err)


if __name__ == "__main__":
    harness.main()

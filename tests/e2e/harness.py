"""What every end-to-end test stands on: a world of its own, the real binary, and a look from outside at what is left.

A test program is run twice. First outside: it notes what the machine looks like, starts itself again in namespaces of its own
(network, mounts, processes, IPC, host name) with an empty /run, an empty /dev/shm and no network but lo, and afterwards compares the machine
with before. Then inside: the tests themselves, each of which has to leave the world as it found it.

Environment: HOPYARD is the binary (build/hopyard if not given), HOPYARD_TEST_PATIENCE multiplies every time that a test is ready to
wait (slow machines), HOPYARD_TEST_SEED repeats the random choices of an earlier run, HOPYARD_TEST_USER=all or =one runs the tests as an
ordinary user that is made for the purpose (ordinary.py), with subordinate ids or without.
"""

import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import ordinary
import residue

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
BINARY = os.environ.get("HOPYARD", str(ROOT / "build/hopyard"))
PATIENCE = float(os.environ.get("HOPYARD_TEST_PATIENCE", "1"))
SEED = int(os.environ.get("HOPYARD_TEST_SEED") or random.SystemRandom().randrange(1 << 32))
WORLD = "HOPYARD_TEST_WORLD"
USER = os.environ.get("HOPYARD_TEST_USER", "")  # "" is root
# Runs what follows in a network namespace of its own, where whoever it is may ask the kernel what it has.
IN_A_NETWORK = ["unshare", *(["--user", "--map-root-user"] if USER else []), "--net"]


# Runs what follows as the user who owns nothing.
AS_NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def needs_root(test):
    """Marks a test, or all of a class, of what an ordinary user cannot have: docs/rootless.md says so, test_rootless.py shows it."""
    test.needs_root = True
    return test


def load_tests(loader, tests, _):
    """The tests of a program that whoever runs it can pass."""
    chosen = unittest.TestSuite()
    for test in (one for case in tests for one in case):
        wants_root = getattr(test, "needs_root", False) or getattr(getattr(test, test._testMethodName, None), "needs_root", False)
        if not (USER and wants_root):
            chosen.addTest(test)
    return chosen


def runtime():
    """Where labs keep their files: docs/keeper.md."""
    return ordinary.RUNTIME + "/hopyard" if USER else "/run/hopyard"


def wait_until(condition, seconds=10):
    """Polls until condition() is true; returns its last value. For things that have no descriptor to wait on."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.01)


class Done:
    """A command that has ended."""

    def __init__(self, process, command):
        self.command = command
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"`{' '.join(map(str, self.command))}` ended with {self.status}\nstdout:\n{self.out}\nstderr:\n{self.err}"


class LabTest(unittest.TestCase):
    """A test with labs. Whatever it leaves running is taken down, and then nothing may be left."""

    maxDiff = None
    longMessage = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hopyard-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.before = residue.take()
        self.addCleanup(self.check_residue)
        self.addCleanup(self.down_all)

    def down_all(self):
        self.hopyard("down", "--all")

    def check_residue(self):
        """Ends of processes and of mounts are not at once everywhere: what remains after a while is left behind. The kernel takes
        network namespaces apart one after the other, those of the whole machine."""
        self.assertTrue(wait_until(lambda: not residue.differences(self.before, residue.take()), 60),
                        "left behind:\n" + "\n".join(residue.differences(self.before, residue.take())))

    def assert_becomes(self, look, wanted, seconds=10):
        """What is looked at is as wanted, at the latest after so long."""
        seen = None

        def there():
            nonlocal seen
            seen = look()
            return seen == wanted

        wait_until(there, seconds)
        self.assertEqual(seen, wanted)

    def command(self, *words):
        return [BINARY, *map(str, words)]

    def hopyard(self, *words, status=0, **options):
        """Runs hopyard with these words, which has to end with that status (None: any)."""
        done = self.call(*self.command(*words), **options)
        if status is not None:
            self.assertEqual(done.status, status, str(done))
        return done

    def call(self, *command, input="", seconds=60, **options):
        process = subprocess.run([str(word) for word in command], input=input, capture_output=True, text=True,
                                 timeout=seconds * PATIENCE, cwd=options.pop("cwd", self.folder), **options)
        return Done(process, command)

    def start(self, *words, **options):
        """hopyard with these words, in the background, with pipes; killed at the end if it still runs."""
        process = subprocess.Popen(self.command(*words), stdin=options.pop("stdin", subprocess.PIPE),
                                   stdout=options.pop("stdout", subprocess.PIPE),
                                   stderr=options.pop("stderr", subprocess.PIPE), text=True, cwd=self.folder, **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """Ends a process of start(); what it started may still hold its pipes, so nobody waits for their end."""
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe and not pipe.closed:
                pipe.close()

    def lab(self, text, name="lab.hop.yaml"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def up(self, lab, *words, **options):
        """Brings a lab up: the text of a lab file or a path."""
        path = self.lab(lab) if isinstance(lab, str) else lab
        return self.hopyard("up", path, *words, **options)

    def run_in(self, node, *command, lab=None, **options):
        """Standard output of a command in a node."""
        where = ["-l", lab] if lab else []
        return self.hopyard("exec", *where, node, "--", *command, **options).out

    def ping(self, node, address, *words, lab=None, status=0, patience=5):
        """One answered packet is reach; none within five seconds is none."""
        where = ["-l", lab] if lab else []
        return self.hopyard("exec", *where, node, "--", "ping", "-n", "-c", "1", "-W", int(patience * max(1, PATIENCE / 4)),
                            *words, address, status=status)

    def no_ping(self, node, address, *words, lab=None):
        return self.ping(node, address, *words, lab=lab, status=None, patience=1)

    def assert_reaches(self, node, address, *words, lab=None):
        """The first packets may be lost while neighbours are looked for or duplicate addresses are."""
        got = None

        def answered():
            nonlocal got
            got = self.ping(node, address, *words, lab=lab, status=None, patience=2)
            return got.status == 0

        self.assertTrue(wait_until(answered), f"{node} does not reach {address}: {got}")

    def assert_does_not_reach(self, node, address, *words, lab=None):
        got = self.no_ping(node, address, *words, lab=lab)
        self.assertNotEqual(got.status, 0, f"{node} reaches {address}: {got}")

    def trace(self, node, *words):
        """Addresses of the hops, "*" where nobody answered. Before Linux 6.12 how many answers there are in a second is limited for
        the whole machine (icmp_msgs_per_sec), so one that lacks some is tried again."""
        hops = ["*"]
        for _ in range(5):
            if "*" in hops:
                out = self.run_in(node, "traceroute", "-n", "-q", "1", "-w", 3 * PATIENCE, *words, seconds=300)
                hops = [line.split()[1] for line in out.splitlines()[1:]]
        return hops

    def show(self, *words):
        return self.hopyard("show", *words, "--json").json()

    def running(self):
        """Names of the labs that are up."""
        return [lab["lab"] for lab in self.hopyard("ls", "--json").json()["labs"]]


def processes_of_hopyard():
    """Process ids of everything that runs the binary, oldest first; one that is ending still does, until it has let go
    of its files."""
    return sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit() and runs_hopyard(entry))


def runs_hopyard(pid):
    """Whether a process runs the binary. One that is ending has no program any more, but its files are still open."""
    try:
        target = os.readlink(f"/proc/{pid}/exe")
        return target.removesuffix(" (deleted)") == os.path.realpath(BINARY)
    except OSError:
        pass
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            name, _, rest = file.read().partition("(")[2].rpartition(")")
    except OSError:
        return False
    return name.startswith("hopyard") and rest.split()[0] not in "ZX"


def kill(pid):
    """SIGKILL for a process, which may have ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def processes_of_labs():
    """Those of them that live inside a lab: a pid namespace that is not ours."""
    found = []
    for pid in processes_of_hopyard():
        try:
            if os.readlink(f"/proc/{pid}/ns/pid") != os.readlink("/proc/self/ns/pid"):
                found.append(pid)
        except OSError:
            pass
    return found


def main(network=True):
    """Runs the tests of the calling module in a world of their own. network: one of its own too, not the machine's."""
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"{BINARY} is not there: build it, or name another with HOPYARD=")
    if os.environ.get(WORLD) == "made":
        os.environ[WORLD] = "tests"
        sys.exit(be_first_process(network))
    if os.environ.get(WORLD) == "tests":
        random.seed(SEED)
        sys.modules["__main__"].load_tests = load_tests
        unittest.main(module="__main__", verbosity=2)
    sys.exit(make_world(network))


def make_world(network):
    if os.geteuid() != 0:
        sys.exit("the end-to-end tests make namespaces: run them as root")
    before = machine_at_rest()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "XDG_RUNTIME_DIR")}
    environment |= {WORLD: "made", "HOPYARD_TEST_SEED": str(SEED), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    print(f"HOPYARD_TEST_SEED={SEED}", file=sys.stderr, flush=True)
    done = subprocess.run(["unshare", *(["--net"] if network else []), "--mount", "--ipc", "--uts", "--pid", "--fork", "--kill-child",
                           "--mount-proc", "--propagation", "private", "/usr/bin/python3", *sys.argv],
                          env=environment, stdin=subprocess.DEVNULL)
    # What another program has may just be ending, or beginning.
    wait_until(lambda: not residue.differences(before, residue.take_outside()), 5)
    left = residue.differences(before, residue.take_outside())
    if left:
        print("the machine is not as it was before:\n" + "\n".join(left), file=sys.stderr)
    return 1 if left else (done.returncode if done.returncode >= 0 else 128 - done.returncode)


def machine_at_rest():
    """What the machine looks like, once two looks agree: what another program makes and ends meanwhile is not in it."""
    look = None

    def settled():
        nonlocal look
        before, look = look, residue.take_outside()
        time.sleep(0 if look == before else 0.1)
        return look == before

    wait_until(settled, 5)
    return look


def be_first_process(network):
    """Process 1 of the world: makes it ready, starts the tests, reaps whatever is left without a parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # /sys shows the network of whoever mounts it; that of the machine is there already.
    sysfs = [["mount", "-t", "sysfs", "sysfs", "/sys"]] if network else []
    own = [["mount", "-t", "tmpfs", "-o", f"mode={mode}", "tmpfs", folder] for folder, mode in (("/run", "755"), ("/dev/shm", "1777"))]
    for command in (*own, *sysfs, ["ip", "link", "set", "lo", "up"]):
        subprocess.run(command, check=True)
    # Whoever a test is, it has to get to the checkout.
    for path in (ROOT, BINARY):
        ordinary.open_way(pathlib.Path(path).resolve())
    if USER:
        ordinary.make(with_ids=USER == "all")
    # What only root can make ready for tests that are not root's.
    getattr(sys.modules["__main__"], "prepare", lambda: None)()
    tests = os.fork()
    if tests == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if USER:
            ordinary.become()
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    while True:
        process, status = os.wait()
        if process == tests:
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def numbers(text):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]

"""Hopyard's AppArmor profile on a kernel that asks it about user namespaces (Linux 6.7 and later), loaded by a parser that knows
the rule. Run by tests/vm/suite apparmor, in a guest alone: profiles are the whole machine's.

Upstream's kernel asks about a program that a profile confines, and lets all others. What Ubuntu adds, that all others are refused
(kernel.apparmor_restrict_unprivileged_userns), it does not have; so the program that is refused is one that a profile confines.
"""

import os
import pathlib
import shutil
import subprocess
import sys

os.environ["HOPYARD_TEST_USER"] = os.environ.get("HOPYARD_TEST_USER") or "all"  # root's labs need no user namespace

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import harness

PACKAGES = pathlib.Path(os.environ.get("HOPYARD_TEST_APPARMOR", ""))
SHIPPED = HERE.parents[1] / "packaging/apparmor.hopyard"
# Two copies of the program that everything is allowed to, by the same profile but for one rule: the one that the shipped profile is about.
PLACES = {"denied": "/usr/local/bin/hopyard-denied", "allowed": "/usr/local/bin/hopyard-allowed"}
CONFINED = """abi <abi/4.0>,
include <tunables/global>
profile hopyard-{name} {path} flags=(attach_disconnected,mediate_deleted) {{
  capability, file, network, mount, remount, umount, pivot_root, ptrace, signal, unix, mqueue, io_uring, change_profile -> **,
  {rule}
}}
"""
LAB = "{lab: profiled, nodes: {a: {run: ['exec tail -f /dev/null']}, b: {}}, links: [a -- b]}"


def load(path):
    """By the parser of the packages, with its own C library and its own abstractions."""
    libraries = PACKAGES / "usr/lib/x86_64-linux-gnu"
    subprocess.run([libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, PACKAGES / "usr/sbin/apparmor_parser",
                    "--config-file", "/dev/null", "--base", PACKAGES / "etc/apparmor.d", "--skip-cache", "--replace", path], check=True)


def prepare():
    """As root, once for all: the profiles are loaded for all tests, and who runs those may not."""
    subprocess.run(["mount", "-t", "securityfs", "securityfs", "/sys/kernel/security"], check=True)
    for name, path in PLACES.items():
        shutil.copy(harness.BINARY, path)
        profile = pathlib.Path(f"/run/{name}")
        profile.write_text(CONFINED.format(name=name, path=path, rule=rule() if name == "allowed" else ""))
        load(profile)
    shutil.copy(harness.BINARY, PLACES["denied"] + "-not")
    load(SHIPPED)


def rule():
    """What the shipped profile says."""
    return next(line.strip() for line in SHIPPED.read_text().splitlines() if line.strip().startswith("userns"))


class Profile(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, harness, "BINARY", harness.BINARY)

    def assert_lab_lives(self, profile):
        """A lab of who is not root comes up, its commands run, and it goes."""
        self.assertNotEqual(os.geteuid(), 0)
        self.up(LAB)
        keeper = self.show()["keeper_pid"]
        self.assertEqual(pathlib.Path(f"/proc/{keeper}/attr/apparmor/current").read_text().strip(), profile)
        self.assertNotEqual(os.readlink(f"/proc/{keeper}/ns/user"), os.readlink("/proc/self/ns/user"))
        self.assert_reaches("a", "b")
        self.hopyard("down")
        self.assertEqual(self.running(), [])

    def user_namespaces(self):
        """What doctor says of them."""
        findings = self.hopyard("doctor", "--json", status=None).json()["findings"]
        return next(one for one in findings if one["name"] == "user namespaces")

    def test_the_shipped_profile(self):
        self.assertEqual(harness.BINARY, "/usr/local/bin/hopyard")
        self.assert_lab_lives("hopyard (unconfined)")
        self.assertEqual(self.user_namespaces()["value"], "may be made")

    def test_its_rule_is_what_lets_them_be_made(self):
        harness.BINARY = PLACES["allowed"]
        self.assert_lab_lives("hopyard-allowed (enforce)")

    def test_without_it_the_error_and_doctor_say_so(self):
        harness.BINARY = PLACES["denied"]
        forbidden = "the AppArmor profile 'hopyard-denied', which hopyard runs under, forbids user namespaces"
        remedy = ("as root: give it the rule 'userns,'; or as root: install hopyard (make install), whose AppArmor profile is for the program in "
                  "/usr/local/bin or /usr/bin, and load that: apparmor_parser -r /etc/apparmor.d/hopyard")
        done = self.up(LAB, status=1)
        self.assertEqual(done.err, f"hopyard: make a lab without being root: Permission denied ({forbidden})\n  {remedy}\n")
        self.assertEqual(self.running(), [])
        told = self.user_namespaces()
        self.assertEqual((told["health"], told["value"], told["remedy"]), ("missing", forbidden, remedy))

    def test_the_kernel_asks_it(self):
        """A check that the two above are about this kernel's question at all: the same program without a profile is let."""
        harness.BINARY = PLACES["denied"] + "-not"
        self.assert_lab_lives("unconfined")


if __name__ == "__main__":
    harness.main()

"""memory: merge: what many daemons have alike is in memory once, and the host's switches are put back."""

import os
import pathlib
import signal

import harness

SWITCHES = pathlib.Path("/sys/kernel/mm/ksm")
NAMES = ("run", "pages_to_scan", "sleep_millisecs")
MERGING = {"run": "1", "pages_to_scan": "5000", "sleep_millisecs": "10"}
QUIET = {"run": "0", "pages_to_scan": "100", "sleep_millisecs": "20"}
NOT_RANDOM = 0x0040000  # ADDR_NO_RANDOMIZE, linux/personality.h
CHAIN = """
lab: {name}
memory: {memory}
nodes:
  r[0..5]: {{kind: router, routing: bgp, daemon: bird, as: 100 + i}}
links:
  - chain: r[0..5]
"""


def switches():
    return {name: (SWITCHES / name).read_text().strip() for name in NAMES}


def set_switches(values):
    for name in NAMES:
        (SWITCHES / name).write_text(values[name])


class Memory(harness.LabTest):
    def setUp(self):
        before = switches()
        self.addCleanup(set_switches, before)
        set_switches(QUIET)
        super().setUp()

    def chain(self, name, memory="merge"):
        return self.lab(CHAIN.format(name=name, memory=memory), f"{name}.hop.yaml")

    def services(self, lab):
        listed = self.hopyard("ps", "-l", lab, "--json").json()["processes"]
        found = [pathlib.Path(f"/proc/{one['host_pid']}") for one in listed if one["service"]]
        self.assertEqual(len(found), 6)
        return found

    def merged(self, process):
        """Pages of a process that it has in common with others by the kernel's merging (proc(5), ksm_stat)."""
        return int(next(line.split()[1] for line in (process / "ksm_stat").read_text().splitlines()
                        if line.startswith("ksm_merging_pages")))

    def layout(self, process):
        return int((process / "personality").read_text(), 16) & NOT_RANDOM

    def test_what_daemons_have_alike_is_kept_once(self):
        self.up(self.chain("merged"))
        for daemon in self.services("merged"):
            self.assertTrue(self.layout(daemon), daemon)
            self.assertTrue(harness.wait_until(lambda daemon=daemon: self.merged(daemon) > 20, seconds=60), daemon)

    def test_without_the_word_nothing_is_merged(self):
        self.up(self.chain("plain", "own"))
        self.assertEqual(switches(), QUIET)
        for daemon in self.services("plain"):
            self.assertFalse(self.layout(daemon))
            self.assertEqual(self.merged(daemon), 0)

    def test_the_last_lab_puts_the_switches_back(self):
        self.up(self.chain("one"))
        self.assertEqual(switches(), MERGING)
        self.up(self.chain("two"))
        self.hopyard("down", "one")
        self.assertEqual(switches(), MERGING)
        self.hopyard("down", "two")
        self.assertEqual(switches(), QUIET)

    def test_a_restarted_service_is_merged_again(self):
        self.up(self.chain("again"))
        self.hopyard("restart", "-l", "again", "r3", "bird")
        for daemon in self.services("again"):
            self.assertTrue(self.layout(daemon), daemon)

    def test_a_keeper_that_is_killed_leaves_it_to_the_next_command(self):
        self.up(self.chain("killed"))
        keeper = self.show()["keeper_pid"]
        os.kill(keeper, signal.SIGKILL)
        harness.wait_until(lambda: not os.path.exists(f"/proc/{keeper}"))
        self.hopyard("ls")
        self.assertEqual(switches(), QUIET)

    def test_a_start_that_is_interrupted_puts_them_back(self):
        self.lab("{lab: slow, memory: merge, nodes: {a: {ready: 'false'}}}")
        starting = self.start("up", "lab.hop.yaml")
        self.assertTrue(harness.wait_until(lambda: switches() == MERGING))
        starting.send_signal(signal.SIGINT)
        starting.wait(timeout=30)
        self.assertEqual(switches(), QUIET)

    def test_a_start_that_is_killed_puts_them_back(self):
        self.lab("{lab: slow, memory: merge, nodes: {a: {ready: 'false'}}}")
        starting = self.start("up", "lab.hop.yaml")
        self.assertTrue(harness.wait_until(harness.processes_of_labs))
        self.assertEqual(switches(), MERGING)
        starting.kill()
        starting.wait(timeout=30)
        self.assertTrue(harness.wait_until(lambda: switches() == QUIET))

    def test_a_lab_that_cannot_be_built_puts_them_back(self):
        self.up("{lab: wrong, memory: merge, nodes: {a: {sysctl: {net.ipv4.no_such: 1}}}}", status=1)
        self.assertEqual(switches(), QUIET)

    def test_a_host_that_merges_by_itself_is_left_alone(self):
        own = {"run": "1", "pages_to_scan": "300", "sleep_millisecs": "30"}
        set_switches(own)
        self.up(self.chain("guest"))
        self.assertEqual(switches(), own)
        self.assertTrue(all(self.layout(daemon) for daemon in self.services("guest")))
        self.hopyard("down", "guest")
        self.assertEqual(switches(), own)

    def test_switches_that_cannot_be_written_are_named(self):
        """A file system that nobody may write to, as in a container."""
        path = self.chain("forbidden")
        done = self.call("unshare", "--mount", "sh", "-c", 'mount -o remount,bind,ro /sys && exec "$@"', "sh", *self.command("up", path))
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("as root on the host: echo 1 > /sys/kernel/mm/ksm/run; or leave out memory: merge", done.err)
        self.assertEqual((self.running(), switches()), ([], QUIET))

    def test_doctor_tells(self):
        said = self.hopyard("doctor", "--json").json()["findings"]
        self.assertEqual([one["value"] for one in said if one["name"] == "page merging (KSM)"], ["present"])


class OldKernel(harness.LabTest):
    def test_it_is_named_before_anything_starts(self):
        """Its folder hidden, for this one command, if there is any."""
        path = self.lab(CHAIN.format(name="lacking", memory="merge"))
        done = self.call("unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /sys/kernel/mm && exec "$@"', "sh", *self.command("up", path))
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("this kernel lacks page merging (KSM): there is no /sys/kernel/mm/ksm/smart_scan\n"
                      "  use a kernel with CONFIG_KSM, Linux 6.7 or later; or leave out memory: merge", done.err)
        self.assertEqual(self.running(), [])


if not (SWITCHES / "smart_scan").exists():
    del Memory  # what is left is all that can be seen of it there


if __name__ == "__main__":
    harness.main()

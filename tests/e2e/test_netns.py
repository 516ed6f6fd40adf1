"""hopyard netns beside ip netns: both work on the same names, and print and return the same."""

import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

import harness
import lxc

FOLDER = pathlib.Path("/run/netns")


class NetnsTest(harness.LabTest):
    """Each test begins and ends without /run/netns, which is the world's own."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove_folder)
        # What has been deleted keeps its number until the kernel has taken it apart.
        self.assertTrue(harness.wait_until(lambda: not self.ip("list-id").out, 60))

    def remove_folder(self):
        if FOLDER.exists():
            self.call("ip", "-all", "netns", "delete")
            self.call("umount", "-l", FOLDER)
            for file in FOLDER.iterdir():
                file.unlink()
            FOLDER.rmdir()

    def netns(self, *words, **options):
        return self.hopyard("netns", *words, **options)

    def ip(self, *words, status=0):
        done = self.call("ip", "netns", *words)
        if status is not None:
            self.assertEqual(done.status, status, str(done))
        return done

    def both(self, *words, same_text=True, **options):
        """The same words to both have the same status, and print the same."""
        ours, theirs = self.netns(*words, status=None, **options), self.ip(*words, status=None)
        self.assertEqual(ours.status, theirs.status, f"{ours}\n{theirs}")
        if same_text:
            self.assertEqual(sorted(ours.out.split("\n")), sorted(theirs.out.split("\n")))
        self.assertEqual(bool(ours.err), bool(theirs.err), f"{ours}\n{theirs}")
        return ours

    def names(self):
        return [one["name"] for one in self.netns("list", "--json").json()["namespaces"]]

    def sleeper(self, name, *command):
        """A process inside of a namespace, which says a word when it is there; with no command, it sleeps."""
        process = self.start("netns", "exec", name, "sh", "-c", *(command or ("echo here; exec sleep 1000",)))
        self.assertEqual(process.stdout.readline(), "here\n")
        if not command:
            self.assert_becomes(pathlib.Path(f"/proc/{process.pid}/comm").read_text, "sleep\n")
        return process


class SideBySide(NetnsTest):
    def test_before_there_is_a_folder(self):
        for words in (["list"], [], ["list-id"], ["pids", "blue"], ["exec", "blue", "true"], ["delete", "blue"], ["set", "blue", "1"]):
            self.both(*words)
        self.assertFalse(FOLDER.exists())

    def test_each_sees_what_the_other_made(self):
        self.netns("add", "ours")
        self.ip("add", "theirs")
        self.assertEqual(self.names(), ["ours", "theirs"])
        self.both("list")
        self.both()
        self.assertEqual(self.ip("exec", "ours", "cat", "/proc/net/dev").out.count(":"), 1)
        self.assertEqual(self.netns("exec", "theirs", "cat", "/proc/net/dev").out.count(":"), 1)
        self.assertEqual(self.call("ip", "-n", "ours", "link", "add", "v", "type", "veth", "peer", "v", "netns", "theirs").status, 0)
        self.ip("delete", "ours")
        self.netns("delete", "theirs")
        self.assertEqual(self.names(), [])

    def test_the_folder_is_a_shared_mount_as_ip_makes_it(self):
        def seen():
            lines = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
            own = [line.split() for line in lines if line.split()[4] == str(FOLDER)]
            below = [line.split() for line in lines if line.split()[4].startswith(f"{FOLDER}/")]
            return ([(one[3], "shared" in " ".join(one[6:8])) for one in own], [(one[4], "shared" in one[6]) for one in below],
                    oct(FOLDER.stat().st_mode))

        self.netns("add", "one")
        ours = seen()
        self.remove_folder()
        self.ip("add", "one")
        self.assertEqual(ours, seen())
        self.netns("add", "two")
        self.assertEqual(seen()[0], ours[0])

    def test_a_name_taken_away_in_another_mount_namespace_is_gone_in_all(self):
        self.netns("add", "blue")
        other = subprocess.Popen(["unshare", "--mount", "--propagation", "unchanged", "sh", "-c", "echo here; exec sleep 1000"],
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_plain, other)
        self.assertEqual(other.stdout.readline(), "here\n")
        self.netns("delete", "blue")
        self.assertNotIn("/run/netns/blue", pathlib.Path(f"/proc/{other.pid}/mountinfo").read_text())

    def end_plain(self, process):
        process.kill()
        process.wait()
        process.stdout.close()

    def test_names(self):
        for name in (".", "..", "a/b", "", "x" * 256):
            done = self.both("add", name)
            self.assertEqual(done.status, 255)
            self.assertIn("name a network namespace", done.err)
        for name in ("x" * 255, "odd näme", "new\nline", "semi;colon $HOME", "*", "-dash"[1:]):
            self.netns("add", name)
            self.assertIn(name, self.names())
            self.assertEqual(self.netns("exec", name, "echo", "in").out, "in\n")
            self.both("list")
            self.assertEqual(self.netns("identify", self.sleeper(name).pid).out, name + "\n")
            self.netns("delete", "--kill", name)
        self.assertEqual(self.names(), [])

    def test_numbers(self):
        self.netns("add", "a")
        self.netns("add", "b")
        self.both("list-id")
        self.netns("set", "a", 5)
        self.assertEqual(self.both("set", "a", 6).err.splitlines()[-1].strip(), "it has number 5, and keeps it")
        self.assertIn("is already used", self.both("set", "b", 5).err)
        for wrong in ("-3", "foo", "5x"):
            self.assertEqual(self.netns("set", "b", wrong, status=255).out, "")
        self.both("set", "a", "auto")
        self.assertEqual(self.netns("set", "b", "auto", "--json").json(), {"name": "b", "id": 0})
        self.assertEqual(self.both("list-id").out, "nsid 0 (iproute2 netns name: b)\nnsid 5 (iproute2 netns name: a)\n")
        self.assertEqual(self.netns("list-id", "--json").json(), {"ids": [{"nsid": 0, "current_nsid": None, "names": ["b"]},
                                                                           {"nsid": 5, "current_nsid": None, "names": ["a"]}]})
        self.both("list")
        self.assertEqual([one["id"] for one in self.netns("list", "--json").json()["namespaces"]], [5, 0])

    def test_numbers_that_another_namespace_has_given(self):
        for name in ("a", "b", "c"):
            self.netns("add", name)
        self.netns("set", "a", 5)
        self.netns("set", "b", 0)
        self.call("ip", "-n", "a", "netns", "set", "b", "7")
        self.call("ip", "-n", "a", "netns", "set", "c", "2")
        asked = (["nsid", "5"], ["nsid", "0"], ["target-nsid", "5"], ["target-nsid", "5", "nsid", "0"], ["nsid", "0", "target-nsid", "5"],
                 ["target-nsid", "0"], ["target-nsid", "0", "nsid", "5"])
        for words in asked:
            self.assertEqual(self.both("list-id", *words).status, 0)
        self.assertEqual(self.netns("list-id", "target-nsid", "5").out,
                         "nsid 2 current-nsid unassigned \nnsid 7 current-nsid 0 (iproute2 netns name: b)\n")
        self.assertEqual(self.netns("list-id", "target-nsid", "5", "--json").json(),
                         {"ids": [{"nsid": 2, "current_nsid": None, "names": []}, {"nsid": 7, "current_nsid": 0, "names": ["b"]}]})
        self.assertEqual(self.netns("list-id", "target-nsid", "0", "nsid", "5", "--json").json(),
                         {"ids": [{"nsid": None, "current_nsid": 5, "names": ["a"]}]})
        for words in (["nsid", "9"], ["target-nsid", "99"], ["target-nsid", "99", "nsid", "0"], ["target-nsid", "5", "nsid", "9"]):
            self.assertIn("'hopyard netns list-id' shows which numbers there are", self.both("list-id", *words).err)
        for words in (["nsid", "x"], ["nsid", "-1"], ["nsid", "5", "nsid", "0"], ["target-nsid", "4294967296"]):
            self.assertEqual(self.both("list-id", *words).status, 255)
        for words in (["nsid"], ["other", "5"]):
            self.assertEqual(self.netns("list-id", *words, status=255).out, "")

    def test_a_number_is_free_once_its_namespace_has_ended(self):
        for name in (*(f"other{number}" for number in range(20)), "z"):
            self.netns("add", name)
            self.netns("exec", name, "ip", "link", "add", "br0", "type", "bridge")
        self.netns("set", "z", 5)
        # They are taken apart one after the other: the last of them is not soon.
        self.netns("delete", "--all")
        self.netns("add", "a")
        self.assertEqual(self.netns("set", "a", 5, "--json").json(), {"name": "a", "id": 5})

    def test_nothing_is_left_out_for_want_of_descriptors(self):
        for name in ("a", "b"):
            self.netns("add", name)
        self.netns("set", "b", 5)
        process = self.sleeper("b")
        for words in (["list"], ["list", "--json"], ["list-id"], ["identify", str(process.pid)]):
            whole = self.netns(*words).out
            limits = [lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)) for most in range(4, 20)]
            said = [self.netns(*words, status=None, preexec_fn=limit) for limit in limits]
            self.assertTrue(all(done.out == whole if done.status == 0 else "Too many open files" in done.err for done in said))
            self.assertEqual((said[0].status != 0, said[-1].status), (True, 0))

    def test_statuses_of_commands(self):
        self.netns("add", "blue")
        for command in (["true"], ["false"], ["sh", "-c", "exit 7"], ["sh", "-c", "kill -9 $$"], ["no-such-command"], ["/etc/passwd"],
                        ["echo", "-n", "--all", "--json"], ["ip", "-br", "link"], ["--", "echo", "x"][1:]):
            self.both("exec", "blue", *command)
        self.both("exec", "red", "true")

    def test_processes(self):
        self.netns("add", "blue")
        process = self.sleeper("blue")
        self.assertEqual(self.both("pids", "blue").out, f"{process.pid}\n")
        self.assertEqual(self.both("identify", process.pid).out, "blue\n")
        self.assertEqual(self.netns("pids", "blue", "--json").json(),
                         {"name": "blue", "processes": [{"pid": process.pid, "command": "sleep 1000"}]})
        self.assertEqual(self.netns("identify", process.pid, "--json").json(), {"pid": process.pid, "names": ["blue"]})
        self.assertEqual(self.netns("exec", "blue", harness.BINARY, "netns", "identify").out, "blue\n")
        self.assertEqual(self.netns("identify").out, "")
        self.both("identify", 99999999)
        self.both("identify", "abc")
        self.netns("attach", "green", process.pid)
        self.ip("attach", "red", process.pid)
        self.assertEqual(self.netns("identify", process.pid).out, "blue\ngreen\nred\n")

    def test_attach(self):
        process = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo here; exec sleep 1000"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end_plain, process)
        process.stdout.readline()
        self.assertEqual(self.netns("attach", "found", process.pid, "--json").json(), {"name": "found", "pid": process.pid})
        self.assertEqual(self.both("pids", "found").out, f"{process.pid}\n")
        self.both("attach", "found", process.pid)
        self.both("attach", "other", 99999999)
        self.both("attach", "other", "abc")
        self.assertEqual(self.names(), ["found"])

    def test_all(self):
        for name in "ab":
            self.netns("add", name)
        ours = self.netns("exec", "-all", "echo", "hello")
        self.assertEqual(ours.out, "\nnetns: a\nhello\n\nnetns: b\nhello\n")
        self.assertEqual(self.netns("exec", "--all", "sh", "-c", "exit 3", status=3).out.count("netns:"), 2)
        self.assertEqual(self.netns("exec", "--json", "a", "sh", "-c", "echo out; echo err >&2; exit 4", status=4).json(),
                         {"results": [{"name": "a", "status": 4, "stdout": "out\n", "stderr": "err\n"}]})
        self.assertEqual(self.netns("delete", "-all", "--json").json(),
                         {"deleted": [{"name": "a", "ended": []}, {"name": "b", "ended": []}]})
        self.assertEqual(self.ip("list").out, "")

    def test_what_leads_to_no_namespace(self):
        self.netns("add", "sound")
        (FOLDER / "stale").touch(mode=0)
        (FOLDER / "dangling").symlink_to("/proc/99999999/fd/3")
        (FOLDER / "link").symlink_to(f"/proc/{os.getpid()}/ns/net")
        listed = {one["name"]: (one["state"], one["made_by"]) for one in self.netns("list", "--json").json()["namespaces"]}
        self.assertEqual(listed, {"sound": ("sound", "netns add"), "stale": ("stale", "netns add"),
                                  "dangling": ("dangling", "link to /proc/99999999/fd/3"),
                                  "link": ("sound", f"link to /proc/{os.getpid()}/ns/net")})
        self.assertEqual(sorted(self.netns("list").out.split()), sorted(self.ip("list").out.split()))
        for name, words in (("stale", "is a file and no namespace"), ("dangling", "its link leads to has ended")):
            done = self.both("exec", name, "true")
            self.assertIn(words, done.err)
            self.assertIn(f"hopyard netns delete {name}", done.err)
            self.both("add", name)
        self.netns("exec", "link", "true")
        for name in ("stale", "dangling", "link"):
            self.netns("delete", name)
        self.assertEqual(self.names(), ["sound"])


class Better(NetnsTest):
    def test_a_terminal_gets_a_table(self):
        self.netns("add", "blue")
        self.call("ip", "-n", "blue", "link", "add", "br0", "type", "bridge")
        self.sleeper("blue")
        self.assertEqual(self.netns("list", "--table").out.splitlines(),
                         ["NAME  ID  INTERFACES  PROCESSES  MADE BY", "blue   -  lo, br0             1  netns add"])

    def test_exec_shows_sys_of_the_namespace_and_control_groups(self):
        self.netns("add", "blue")
        groups = self.folder / "groups"
        groups.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "hopyard-test", "/sys/fs/cgroup"], check=True)
        self.assertEqual(mounted.returncode, 0)
        self.addCleanup(subprocess.run, ["umount", "-l", "/sys/fs/cgroup"], check=True)
        os.mkdir("/sys/fs/cgroup/deep")
        subprocess.run(["mount", "-t", "tmpfs", "hopyard-test", "/sys/fs/cgroup/deep"], check=True)
        pathlib.Path("/sys/fs/cgroup/deep/group").touch()
        self.assertEqual(self.netns("exec", "blue", "ls", "/sys/class/net").out, "lo\n")
        self.assertEqual(self.netns("exec", "blue", "ls", "/sys/fs/cgroup/deep").out, "group\n")
        self.assertEqual(self.ip("exec", "blue", "ls", "/sys/fs/cgroup").out, "")

    def test_exec_shows_files_of_etc_netns(self):
        self.netns("add", "blue")
        # An /etc of the test's own: the machine's is not written to.
        script = ("mount -t tmpfs tmpfs /etc && mkdir -p /etc/netns/blue && echo nameserver 192.0.2.1 > /etc/netns/blue/resolv.conf && "
                  "touch /etc/resolv.conf /etc/netns/blue/missing && exec \"$@\"")
        world = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", script, "sh"]
        done = self.call(*world, *self.command("netns", "exec", "blue", "cat", "/etc/resolv.conf"))
        self.assertEqual((done.status, done.out), (0, "nameserver 192.0.2.1\n"), str(done))
        self.assertIn("/etc/missing", done.err)
        theirs = self.call(*world, "ip", "netns", "exec", "blue", "cat", "/etc/resolv.conf")
        self.assertEqual((theirs.status, theirs.out), (0, "nameserver 192.0.2.1\n"), str(theirs))

    def test_delete_kill_ends_what_is_inside(self):
        self.netns("add", "blue")
        gentle = self.sleeper("blue")
        stubborn = self.sleeper("blue", "trap '' TERM; echo here; while :; do read line < /dev/zero; done")
        done = self.netns("delete", "--kill", "blue", "--json").json()
        self.assertEqual(sorted(done["deleted"][0]["ended"]), sorted([gentle.pid, stubborn.pid]))
        self.assertEqual(gentle.wait(), -signal.SIGTERM)
        self.assertEqual(stubborn.wait(), -signal.SIGKILL)
        self.assertEqual(self.names(), [])

    def test_delete_kill_never_ends_itself_or_the_machine(self):
        self.netns("add", "blue")
        done = self.netns("exec", "blue", harness.BINARY, "netns", "delete", "--kill", "blue", status=1)
        self.assertIn("that of this command or of the whole machine", done.err)
        self.netns("attach", "machine", 1)
        self.assertIn("of the whole machine", self.netns("delete", "--kill", "machine", status=1).err)
        (FOLDER / "link").symlink_to(f"/proc/{self.sleeper('blue').pid}/ns/net")
        self.assertIn("end the processes where they belong", self.netns("delete", "--kill", "link", status=1).err)
        self.assertEqual(self.names(), ["blue", "link", "machine"])

    def test_monitor(self):
        plain, lines, theirs = self.start("netns", "monitor"), self.start("netns", "monitor", "--json"), subprocess.Popen(
            ["stdbuf", "-oL", "ip", "netns", "monitor"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, plain)
        self.addCleanup(theirs.stdout.close)
        self.addCleanup(theirs.wait)
        self.addCleanup(theirs.kill)
        for process in (plain, lines, theirs):
            self.assertTrue(harness.wait_until(lambda: self.watches(process.pid)))
        self.netns("add", "odd näme")
        self.netns("delete", "odd näme")
        for process in (plain, theirs):
            self.assertEqual([process.stdout.readline() for _ in range(2)], ["add odd näme\n", "delete odd näme\n"])
        self.assertEqual([json.loads(lines.stdout.readline()) for _ in range(2)],
                         [{"event": "add", "name": "odd näme"}, {"event": "delete", "name": "odd näme"}])
        for process in (plain, lines, theirs):
            process.send_signal(signal.SIGINT)
        self.assertEqual(plain.wait(), theirs.wait())

    def watches(self, pid):
        for number in os.listdir(f"/proc/{pid}/fdinfo"):
            try:
                if "inotify wd" in pathlib.Path(f"/proc/{pid}/fdinfo/{number}").read_text():
                    return True
            except OSError:
                pass
        return False

    def test_interrupted_commands_end(self):
        self.netns("add", "blue")
        process = self.sleeper("blue")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), -signal.SIGINT)

    def test_without_rights(self):
        self.netns("add", "blue")
        for words in (["add", "red"], ["delete", "blue"], ["exec", "blue", "true"]):
            done = self.call(*harness.AS_NOBODY, harness.BINARY, "netns", *words, cwd="/")
            theirs = self.call(*harness.AS_NOBODY, "ip", "netns", *words, cwd="/")
            self.assertEqual(done.status, theirs.status, f"{done}\n{theirs}")
            self.assertIn("run as root, or inside of: unshare -Urnm", done.err)
        done = self.call(*harness.AS_NOBODY, harness.BINARY, "netns", "list", cwd="/")
        self.assertEqual((done.status, done.out), (0, "blue\n"), str(done))

    def test_in_namespaces_of_one_s_own(self):
        binary = pathlib.Path("/run/hopyard-binary")
        shutil.copy(harness.BINARY, binary)
        self.addCleanup(binary.unlink)
        with open(binary, "rb") as program:  # the /run of its own hides the path
            script = ('mount -t tmpfs tmpfs /run && "$0" netns add blue && "$0" netns exec blue ls /sys/class/net && '
                      'ip netns exec blue true && "$0" netns delete --kill blue && ls /run/netns')
            done = self.call(*harness.AS_NOBODY, "unshare", "-Urnm", "sh", "-c", script,
                             f"/proc/self/fd/{program.fileno()}", pass_fds=[program.fileno()], cwd="/")
        self.assertEqual((done.status, done.out), (0, "lo\n"), str(done))

    def test_words(self):
        self.assertIn("netns list", self.netns("--help").out)
        self.assertEqual(self.hopyard("help", "netns", "add").out, self.netns("add", "--help").out)
        self.netns("add", "blue")
        self.assertEqual(self.netns("del", "blue").out, "")
        done = self.netns("lsit", status=2)
        self.assertIn("there is no verb 'netns lsit'", done.err)
        self.assertIn("did you mean 'netns list'?", done.err)
        self.assertIn("NAME is missing", self.netns("add", status=2).err)
        self.netns("add", "blue")
        offered = self.hopyard("__complete", "--shell", "zsh", "--", "netns", "delete", "b").out
        self.assertEqual(offered, "blue\n")


class OtherPrograms(NetnsTest):
    """Real containers, found by their names."""

    NAME = f"hopyard-test-{os.getpid()}-{os.stat('/proc/self/ns/net').st_ino}"  # others may run LXC meanwhile

    def test_lxc(self):
        containers = lxc.Containers(self.folder)
        self.addCleanup(containers.end)
        pid = containers.start(self.NAME)
        for number, whom in enumerate((f"lxc:{self.NAME}", self.NAME, pid)):
            self.assertEqual(self.netns("attach", f"n{number}", whom, "--json").json()["pid"], pid)
        self.assertEqual(self.netns("identify", pid).out.split(), ["n0", "n1", "n2"])
        done = self.netns("attach", "other", "lxc:c2", status=1)
        self.assertIn("find container lxc:c2: none of that name runs", done.err)
        self.assertIn(f"running: lxc:{self.NAME}", done.err)


if __name__ == "__main__":
    harness.main()

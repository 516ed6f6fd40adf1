"""Labs of an ordinary user: the way out to the network of the host, which root alone could change, and what is refused and why."""

import contextlib
import os
import pathlib
import select
import shutil
import socket
import subprocess

os.environ["HOPYARD_TEST_USER"] = os.environ.get("HOPYARD_TEST_USER") or "all"  # these tests are of nobody else

import harness
import outside
import ways_in

AGENT = pathlib.Path(__file__).resolve().parent / "agent.py"
FOUR, SIX = "203.0.113", "2001:db8:"
RESOLVER = pathlib.Path("/run/resolv.conf")
WORLDS = f"nameserver {FOUR}.1\n"
UPLINK = """lab: way-out
nodes:
  gw: {kind: router, uplink: true}
links:
  - pc -- gw
"""

def prepare():
    """As root: the host has one interface, and behind it there is a machine that answers, names included. Somebody has used ip netns."""
    os.mkdir("/run/netns")
    world = outside.Outside("wan", f"{FOUR}.1", f"{SIX}:1")
    outside.run("ip", "route", "add", "default", "via", f"{FOUR}.1")
    outside.run("ip", "-6", "route", "add", "default", "via", f"{SIX}:1")
    outside.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")  # as systemd sets it
    agent = subprocess.Popen(world.command("/usr/bin/python3", AGENT), stdout=subprocess.PIPE)
    agent.stdout.readline()
    subprocess.Popen(world.command("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                                   "--user=root", "--pid-file=", f"--address=/world.example/{FOUR}.1"))
    # As systemd-resolved and a dnsmasq of the host itself are there: its loopback alone, with other services beside.
    subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=",
                      "--listen-address=127.0.0.53,::1", "--bind-interfaces", "--address=/own.example/192.0.2.53"])
    RESOLVER.write_text(WORLDS)
    RESOLVER.chmod(0o666)  # a test may have another one
    outside.run("mount", "--bind", str(RESOLVER), "/etc/resolv.conf")


def ask(address, *words):
    """What the machine outside says to the host."""
    with socket.create_connection((address, 7000), timeout=30) as connection:
        connection.sendall(" ".join(words).encode() + b"\n")
        return connection.makefile().read()


class WayOut(harness.LabTest):
    def asks(self, node, address, lab=None):
        """The same from a node, who is told where the question came from."""
        question = "import socket, sys; c = socket.create_connection((sys.argv[1], 7000), 20); c.sendall(b'who\\n'); print(c.makefile().read())"
        where = ["-l", lab] if lab else []
        return self.hopyard("exec", *where, node, "--", "/usr/bin/python3", "-c", question, address, status=None).out.strip()

    def programs_of_way_out(self):
        return [pid for pid in os.listdir("/proc") if pid.isdigit() and self.name_of(pid) in ("pasta", "pasta.avx2", "passt", "passt.avx2",
                                                                                            "slirp4netns")]

    def program_of_way_out(self):
        """The one that there is; it has helpers as it begins."""
        found = []

        def alone():
            found[:] = self.programs_of_way_out()
            return len(found) == 1

        return found[0] if harness.wait_until(alone) else self.fail(f"not one, but {len(found)}")

    @staticmethod
    def name_of(pid):
        try:
            return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return ""

    def path_with(self, *programs):
        """A PATH in which there are these alone."""
        folder = self.folder / "path"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for program in programs:
            (folder / program).symlink_to(shutil.which(program))
        return os.environ | {"PATH": str(folder)}

    def test_nodes_reach_what_the_host_reaches_by_its_address(self):
        self.up(UPLINK)
        self.assertEqual(self.asks("gw", f"{FOUR}.1"), f"{FOUR}.2")
        self.assertEqual(self.asks("gw", f"{SIX}:1"), f"{SIX}:2")
        self.assertEqual(self.asks("pc", f"{FOUR}.1"), f"{FOUR}.2")
        self.assert_reaches("pc", f"{FOUR}.1")
        self.assert_reaches("gw", f"{SIX}:1")
        self.program_of_way_out()  # one for all

    def test_names_of_the_world(self):
        self.up(UPLINK)
        self.assertIn(f"{FOUR}.1", self.run_in("gw", "getent", "ahostsv4", "world.example"))

    def resolver(self, text):
        """The host asks these for names."""
        RESOLVER.write_text(text)
        self.addCleanup(RESOLVER.write_text, WORLDS)

    def name(self, node, name="own.example"):
        return self.hopyard("exec", node, "--", "getent", "ahostsv4", name, status=None).out.split(" ")[0]

    def test_names_of_a_host_that_asks_itself(self):
        for address, asked in (("127.0.0.53", "192.0.0.3"), ("::1", "fd68:6f70:7961:7264::3")):
            self.resolver(f"nameserver {address}\noptions edns0 trust-ad\n")
            self.assertNotIn("asks itself", self.up(UPLINK.replace("links:", "  other: {uplink: true, name-servers: 203.0.113.1}\nlinks:")).err)
            self.assertEqual(self.run_in("gw", "cat", "/etc/resolv.conf"), f"nameserver {asked}\n")
            self.assertEqual(self.name("gw"), "192.0.2.53")
            self.assertEqual(self.name("other", "world.example"), f"{FOUR}.1")
            self.hopyard("down")

    def test_names_of_a_host_that_asks_itself_by_slirp4netns(self):
        self.resolver("nameserver 127.0.0.53\n")
        self.up(UPLINK, env=self.path_with("slirp4netns"))
        self.assertTrue(harness.wait_until(lambda: self.name("gw") == "192.0.2.53"))
        self.assert_loopback_is_closed("198.18.255.2", "198.18.255.3", "fd00::2", "fd00::3", "fe80::2%uplink")

    def assert_loopback_is_closed(self, *addresses):
        """For all but questions at port 53."""
        with contextlib.ExitStack() as listening:
            own = [listening.enter_context(socket.create_server((address, 7100), family=socket.AF_INET6 if ":" in address else socket.AF_INET))
                   for address in ("127.0.0.1", "127.0.0.53", "::1")]
            for address in ("127.0.0.1", "127.0.0.53", "::1", *addresses):
                done = self.hopyard("exec", "gw", "--", "/usr/bin/python3", "-c",
                                    f"import socket; socket.create_connection(('{address}', 7100), 1)", status=None)
                self.assertNotEqual(done.status, 0, address)
            self.assertEqual(select.select(own, [], [], 0)[0], [])

    def test_the_loopback_of_the_host_stays_its_own(self):
        for resolver in (WORLDS, "nameserver 127.0.0.53\nnameserver ::1\n"):
            self.resolver(resolver)
            self.up(UPLINK)
            self.assert_loopback_is_closed("192.0.0.1", "192.0.0.2", "192.0.0.3", "fd68:6f70:7961:7264::2", "fd68:6f70:7961:7264::3",
                                           "fe80::1%uplink")
            self.hopyard("down")

    def test_a_program_that_is_killed_is_started_again(self):
        self.up(UPLINK)
        first = self.program_of_way_out()
        os.kill(int(first), 9)
        self.assertTrue(harness.wait_until(lambda: self.asks("gw", f"{FOUR}.1") == f"{FOUR}.2", 60))
        self.assertNotEqual(self.programs_of_way_out(), [first])

    def test_it_goes_with_its_keeper(self):
        self.up(UPLINK)
        os.kill(self.show()["keeper_pid"], 9)
        self.assertTrue(harness.wait_until(lambda: not self.programs_of_way_out()))
        self.assertEqual(self.running(), [])

    def test_two_labs_at_once(self):
        for name in ("first", "second"):
            self.up(UPLINK, "--name", name)
        for name in ("first", "second"):
            self.assertEqual(self.asks("pc", f"{FOUR}.1", lab=name), f"{FOUR}.2")
        self.hopyard("down", "first")
        self.assertEqual(self.asks("pc", f"{FOUR}.1", lab="second"), f"{FOUR}.2")

    def test_ports_of_the_host_lead_into_the_lab(self):
        self.up(ways_in.LAB)
        ways_in.assert_lead_in(self, lambda *words: ask(f"{FOUR}.1", *words), f"{FOUR}.2", f"{SIX}:2")
        with socket.create_connection((f"{FOUR}.2", 8080), timeout=20) as own:  # the host itself
            own.sendall(b"own\n")
            self.assertEqual(own.recv(100), b"OWN\n")

    def test_a_port_that_is_taken(self):
        with socket.create_server(("", 8080)):
            done = self.up(UPLINK.replace("uplink: true", "uplink: {forward: [{port: 8080, to: pc}]}"), status=1)
        self.assertRegex(done.err, r"lead port 8080 of the host into the lab: Address already in use")

    def test_by_an_interface_of_the_host(self):
        lab = "lab: by\nnodes:\n  world: {kind: external, by: nat, interface: wan}\nlinks: [pc -- world]\n"
        self.up(lab)
        self.assertEqual(self.asks("pc", f"{FOUR}.1"), f"{FOUR}.2")
        self.hopyard("down")
        done = self.up(lab.replace("interface: wan", "interface: nosuch"), status=1)
        self.assertIn("make a way out of the lab: pasta ended with status 1", done.err)
        self.assertEqual(self.running(), [])

    def listening(self):
        """Whether a device that comes where the way out begins would be led by routers: 2."""
        return self.call("nsenter", "--target", str(self.show()["keeper_pid"]), "--user", "--preserve-credentials", "--net",
                         "cat", "/proc/sys/net/ipv6/conf/default/accept_ra").out.strip()

    def test_with_slirp4netns_where_pasta_is_missing(self):
        self.up(UPLINK, env=self.path_with("slirp4netns"))
        self.assertEqual(self.name_of(self.program_of_way_out()), "slirp4netns")
        self.assertTrue(harness.wait_until(lambda: self.asks("pc", f"{FOUR}.1") == f"{FOUR}.2", 60))
        self.assertTrue(harness.wait_until(lambda: self.asks("gw", f"{SIX}:1") == f"{SIX}:2", 60))  # its routes come by an advertisement
        self.assertEqual(self.listening(), "1")
        # So it is when the program is started again.
        os.kill(int(self.program_of_way_out()), 9)
        self.assertTrue(harness.wait_until(lambda: self.asks("gw", f"{FOUR}.1") == f"{FOUR}.2", 60))
        self.assertTrue(harness.wait_until(lambda: self.asks("gw", f"{SIX}:1") == f"{SIX}:2", 60))
        self.assertTrue(harness.wait_until(lambda: self.listening() == "1"))
        self.assert_loopback_is_closed("198.18.255.2", "198.18.255.3", "fd00::2", "fd00::3")
        self.hopyard("down")
        with_port = UPLINK.replace("uplink: true", "uplink: {forward: [{port: 8080, to: pc}]}")
        self.assertIn("ports of the host are led into the lab by pasta alone\n  apt-get install passt",
                      self.up(with_port, status=1, env=self.path_with("slirp4netns")).err)

    def test_without_either_nothing_is_made(self):
        done = self.up(UPLINK, status=1, env=self.path_with())
        self.assertIn("without being root it takes pasta or slirp4netns, and neither is here\n  apt-get install passt", done.err)


class Refused(harness.LabTest):
    def refused(self, lab, *words):
        done = self.up(lab, status=1)
        for one in words:
            self.assertIn(one, done.err)
        self.assertEqual(self.running(), [])

    def test_what_is_the_hosts(self):
        self.refused("nodes: {lan: {kind: external, interface: wan}}\nlinks: [pc -- lan]\n",
                     "external node lan is an interface of the host", "run as root, or leave that node out")
        self.refused("nodes: {c: {kind: container, container: 'pid:1'}}\nlinks: [pc -- c]\n", "node c is a container of the host")
        self.refused("nodes: {a: {memory: 64MiB}}\n", "no control group of version 2 that has these controllers is yours", "leave 'cpu' and 'memory' out")
        self.refused("memory: merge\nlinks: [a -- b]\n", "'memory: merge' is a setting of the whole machine", "run as root, or memory: own")

    def test_names_of_nodes_for_ip_netns_are_roots(self):
        self.assertTrue(os.path.isdir("/run/netns"))
        self.up("links: [a -- b]\n")
        done = self.hopyard("expose", status=1)
        self.assertIn("/run/netns", done.err)
        self.assertIn("Permission denied", done.err)
        self.hopyard("down")

    def test_user_namespaces_that_are_forbidden(self):
        """By a limit of the caller's own, in a user namespace that has none: the same setting as the machine's."""
        done = self.call("unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c",
                         'echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$@"',
                         "sh", *self.command("up", self.lab("links: [a -- b]\n")))
        self.assertEqual(done.status, 1, str(done))
        self.assertIn("/proc/sys/user/max_user_namespaces is 0, which forbids user namespaces", done.err)
        self.assertIn("as root: sysctl -w user.max_user_namespaces=", done.err)


class Labs(harness.LabTest):
    def test_the_runtime_directory_of_who_has_no_session(self):
        environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
        folder = pathlib.Path(f"/tmp/hopyard-{os.geteuid()}")
        self.up("lab: bare\nlinks: [a -- b]\n", env=environment)
        self.assertEqual([one.name for one in folder.iterdir()], ["bare"])
        self.assertEqual(folder.stat().st_mode & 0o022, 0)
        self.hopyard("exec", "a", "--", "ping", "-c", "1", "b", env=environment)
        self.hopyard("down", env=environment)
        self.assertFalse(folder.exists())

    def test_root_of_the_lab_is_the_user_outside(self):
        self.up("links: [a -- b]\n")
        self.assertEqual(self.run_in("a", "id", "-u").strip(), "0")
        self.assertEqual(self.run_in("a", "id", "-g").strip(), "0")
        keeper = self.show()["keeper_pid"]
        self.assertRegex(pathlib.Path(f"/proc/{keeper}/status").read_text(), rf"Uid:\t{os.geteuid()}\t")
        own = self.run_in("a", "cat", "/proc/self/uid_map").split()
        self.assertEqual(own[:3], ["0", str(os.geteuid()), "1"])

    def test_a_node_writes_where_root_would_and_the_host_keeps_its_files(self):
        lab = "nodes: {a: {files: {/usr/local/bin/own: {text: 'echo own', mode: '0755'}}}}\n"
        before = os.listdir("/usr/local/bin")
        self.up(lab)
        script = "own; echo new > /etc/passwd; touch /usr/lib/x /var/log/x /var/lib/x; rm /etc/hosts; ls -d /etc/hosts; head -c 3 /etc/passwd"
        self.assertEqual(self.run_in("a", "sh", "-c", script).split(), ["own", "new"])
        self.assertEqual(os.listdir("/usr/local/bin"), before)
        self.assertNotEqual(pathlib.Path("/etc/passwd").read_text(), "new\n")

    def test_a_node_removes_folders_of_the_host_where_the_kernel_can_note_it(self):
        """Which it does in attributes of the tmpfs, and there are such for others than root since Linux 6.6."""
        notes = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                                "mount -t tmpfs none /mnt && cd /mnt && python3 -c 'import os; os.setxattr(\".\", \"user.x\", b\"1\")'"],
                               capture_output=True, text=True, check=False)
        self.up("nodes: {a: {}, b: {}}\n")
        done = self.hopyard("exec", "a", "--", "rm", "-r", "/etc/ssl", status=None)
        told = {one["name"]: one for one in self.hopyard("doctor", "--json", status=None).json()["findings"]}["folders of the host"]
        self.assertEqual((told["section"], told["health"]), ("rights", "good" if done.status == 0 else "note"), told)
        self.assertEqual("Linux 6.6" in (told["remedy"] or ""), done.status != 0, told)
        self.assertIn(told["value"], self.hopyard("doctor", "--verbose", status=None).out)
        if notes.returncode == 0:
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual(self.run_in("a", "sh", "-c", "ls -d /etc/ssl 2>/dev/null; echo over"), "over\n")
        else:
            self.assertIn("Operation not supported", notes.stderr)
            self.assertIn("Input/output error", done.err)
        self.assertTrue(self.run_in("b", "ls", "/etc/ssl/certs"))
        self.assertTrue(os.listdir("/etc/ssl"))

    def test_the_nodes_of_others_are_closed(self):
        """What a node makes belongs to the lab's owner, and to nobody on the host."""
        self.up("links: [a -- b]\n")
        self.hopyard("exec", "a", "--", "mknod", "/tmp/disk", "b", "8", "0", status=1)
        for file in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"):
            self.hopyard("exec", "a", "--", "sh", "-c", f"echo x > {file}", status=2)

    def test_checks_of_a_lab_that_was_just_made(self):
        self.hopyard("test", self.lab("lab: checked\nlinks: [a -- b]\nchecks: [{reach: a -> b}]\n"))
        self.assertEqual(self.running(), [])

    def test_a_folder_of_labs_that_somebody_else_put_there(self):
        """Below /tmp anybody may."""
        folder = self.folder / "planted"
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        environment = os.environ | {"HOPYARD_RUNTIME_DIR": str(folder)}
        for words in (["up", self.lab("links: [a -- b]\n")], ["ls"], ["down", "x"], ["exec", "a", "--", "true"]):
            self.assertIn("others may write in it", self.hopyard(*words, status=1, env=environment).err)


if __name__ == "__main__":
    harness.main()

"""A node is a machine: what runs in it finds a host name, processes, files and a network that are the node's own."""

import os
import pathlib
import re
import socket
import subprocess

import harness

LAB = """
lab: machines
networks: {lan: 10.0.0.0/24}
nodes:
  r: {kind: router, addresses: {lan: .1/24, lo: 192.0.2.1/32}}
  web:
    hostname: www
    addresses: {lan: .80/24}
    env: {COLOUR: "green and blue", EMPTY: ""}
    files:
      /etc/motd: "welcome\\n"
      /opt/deep/down/script: {text: "#!/bin/sh\\necho ran\\n", mode: "0755"}
      /etc/taken: {file: taken.txt}
    run: ["echo $COLOUR > /tmp/run-1", "cat /tmp/run-1 > /tmp/run-2; exec tail -f /dev/null"]
    ready: test -s /tmp/run-2
  plain: {addresses: {lan: .90/24}}
links: [r -- lan, web -- lan, plain -- lan]
"""


class Machine(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.lab("taken from a file\n", "taken.txt")
        self.up(LAB)

    def test_host_names(self):
        self.assertEqual(self.run_in("plain", "hostname"), "plain\n")
        self.assertEqual(self.run_in("web", "hostname"), "www\n")
        self.assertEqual(self.run_in("plain", "cat", "/etc/hostname"), "plain\n")
        self.assertEqual(self.run_in("plain", "uname", "-n"), "plain\n")

    def test_every_name_is_known_in_every_node(self):
        hosts = self.run_in("plain", "cat", "/etc/hosts")
        for line in ("10.0.0.80 web www", "10.0.0.1 r", "192.0.2.1 r", "127.0.0.1 localhost"):
            self.assertIn(line, hosts)
        self.assertIn("10.0.0.80", self.run_in("plain", "getent", "hosts", "www"))
        self.assert_reaches("plain", "web")

    def test_processes_are_the_nodes_own(self):
        mine = self.run_in("plain", "sh", "-c", "ps -e -o pid= -o comm=")
        self.assertLess(len(mine.splitlines()), 8, mine)
        self.assertNotEqual(self.run_in("plain", "readlink", "/proc/self/ns/pid"), os.readlink("/proc/self/ns/pid") + "\n")
        self.assertEqual(self.run_in("plain", "sh", "-c", "kill -9 $(pgrep tail) 2>/dev/null; echo over"), "over\n")
        self.assertIn("tail", self.run_in("web", "ps", "-e"))

    def test_orphans_are_reaped(self):
        """Ten processes whose parent has gone: their new parent, the node's init, takes their status."""
        self.run_in("plain", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do (true &) ; done")

        def none():
            return "Z" not in re.findall(r"\b(Z)", self.run_in("plain", "ps", "-e", "-o", "stat="))

        self.assertTrue(harness.wait_until(none))

    def test_the_first_process_cannot_be_killed_from_inside(self):
        self.run_in("plain", "sh", "-c", "kill -9 1; kill -TERM 1")
        self.assertEqual(self.run_in("plain", "echo", "alive"), "alive\n")

    def test_proc_and_sys_show_the_node(self):
        self.assertEqual(sorted(self.run_in("plain", "ls", "/sys/class/net").split()), ["eth0", "lo"])
        self.assertEqual(len(self.run_in("plain", "cat", "/proc/net/dev").splitlines()), 4)
        self.assertEqual(self.run_in("plain", "readlink", "/proc/1/ns/net"), self.run_in("plain", "readlink", "/proc/self/ns/net"))

    def test_run_and_tmp_are_private_and_empty_at_first(self):
        self.assertEqual(self.run_in("plain", "ls", "/tmp"), "")
        self.run_in("plain", "sh", "-c", "echo x > /tmp/mine; echo y > /run/mine")
        self.assertEqual(self.run_in("plain", "cat", "/tmp/mine", "/run/mine"), "x\ny\n")
        self.assertFalse(os.path.exists("/tmp/mine") or os.path.exists("/run/mine"))
        self.hopyard("exec", "web", "--", "test", "-e", "/tmp/mine", status=1)
        self.hopyard("exec", "plain", "--", "test", "-e", "/run/hopyard", status=1)

    def test_writes_stay_in_the_node(self):
        before = pathlib.Path("/etc/passwd").read_bytes()
        self.run_in("plain", "sh", "-c", "echo mine > /etc/passwd; rm /etc/fstab 2>/dev/null; mkdir /srv/mine; echo z > /usr/bin/new")
        self.assertEqual(self.run_in("plain", "cat", "/etc/passwd"), "mine\n")
        self.assertEqual(pathlib.Path("/etc/passwd").read_bytes(), before)
        self.assertNotEqual(self.run_in("web", "cat", "/etc/passwd"), "mine\n")
        self.assertFalse(os.path.exists("/srv/mine") or os.path.exists("/usr/bin/new"))

    def test_mounts_stay_in_the_node(self):
        self.run_in("plain", "sh", "-c", "mkdir /run/own && mount -t tmpfs tmpfs /run/own")
        self.assertIn(" /run/own ", self.run_in("plain", "cat", "/proc/mounts"))
        self.assertNotIn(" /run/own ", self.run_in("web", "cat", "/proc/mounts"))
        self.assertNotIn(" /run/own ", pathlib.Path("/proc/mounts").read_text())

    def test_changes_last_from_one_command_to_the_next(self):
        self.run_in("plain", "sh", "-c", "ip link set eth0 mtu 1400; sysctl -qw net.ipv4.ip_default_ttl=77; hostname renamed")
        self.assertEqual(self.run_in("plain", "sysctl", "-n", "net.ipv4.ip_default_ttl"), "77\n")
        self.assertIn("mtu 1400", self.run_in("plain", "ip", "link", "show", "eth0"))
        self.assertEqual(self.run_in("plain", "hostname"), "renamed\n")
        self.assertNotEqual(socket.gethostname(), "renamed")

    def test_files_as_given(self):
        self.assertEqual(self.run_in("web", "cat", "/etc/motd"), "welcome\n")
        self.assertEqual(self.run_in("web", "/opt/deep/down/script"), "ran\n")
        self.assertEqual(self.run_in("web", "stat", "-c", "%a %U", "/opt/deep/down/script"), "755 root\n")
        self.assertEqual(self.run_in("web", "cat", "/etc/taken"), "taken from a file\n")
        self.assertFalse(os.path.exists("/etc/taken"))

    def test_environment_as_given(self):
        self.assertEqual(self.run_in("web", "sh", "-c", 'echo "$COLOUR|${EMPTY-unset}"'), "green and blue|\n")
        self.assertEqual(self.run_in("plain", "sh", "-c", 'echo "${COLOUR-unset}"'), "unset\n")

    def test_commands_ran_in_order_and_live(self):
        self.assertEqual(self.run_in("web", "cat", "/tmp/run-2"), "green and blue\n")
        self.assertIn("tail -f /dev/null", self.run_in("web", "ps", "-e", "-o", "args="))

    def test_no_descriptor_leaks_into_commands(self):
        for node in ("plain", "web"):
            found = self.run_in(node, "/usr/bin/python3", "-c",
                                "import os\nfor n in sorted(map(int, os.listdir('/proc/self/fd'))):\n"
                                "  if n > 2 and os.path.exists(f'/proc/self/fd/{n}'): print(n, os.readlink(f'/proc/self/fd/{n}'))")
            self.assertEqual(found, "")

    def test_commands_started_by_the_lab_hold_no_descriptors(self):
        found = self.run_in("web", "sh", "-c", "ls -l /proc/$(pgrep -x tail)/fd")
        self.assertNotRegex(found, r"net:\[|mnt:\[|pid:\[")

    def test_signals_are_not_blocked_in_commands(self):
        status = self.run_in("plain", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
        self.assertEqual([int(line.split()[1], 16) & 0x7FFFFFFF for line in status.splitlines()], [0, 0], status)

    def test_resolv_conf_is_the_nodes_own(self):
        self.run_in("plain", "sh", "-c", "echo nameserver 10.9.9.9 > /etc/resolv.conf")
        self.assertNotIn("10.9.9.9", self.run_in("web", "cat", "/etc/resolv.conf"))
        self.assertNotIn("10.9.9.9", pathlib.Path("/etc/resolv.conf").read_text())

    def test_devices(self):
        self.assertEqual(self.run_in("plain", "sh", "-c", "echo gone > /dev/null; head -c 3 /dev/zero | wc -c").strip(), "3")
        self.assertEqual(self.run_in("plain", "/usr/bin/python3", "-c", "import os; os.openpty(); print('pty')"), "pty\n")

    def test_ping_sockets_and_listening_ports_are_private(self):
        server = self.start("exec", "web", "--", "/usr/bin/python3", "-c",
                            "import socket; s=socket.create_server(('',80)); print('up', flush=True); c,_=s.accept(); c.sendall(b'hi')")
        self.assertEqual(server.stdout.readline(), "up\n")
        self.assertNotIn(":80 ", subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=True).stdout)
        got = self.run_in("plain", "/usr/bin/python3", "-c",
                          "import socket; print(socket.create_connection(('web',80)).recv(9).decode())")
        self.assertEqual(got, "hi\n")
        server.communicate(timeout=20 * harness.PATIENCE)


class Idle(harness.LabTest):
    def test_idle_nodes_have_no_process(self):
        self.up("{lab: idle, links: [{chain: 'r[1..50]'}]}")
        self.assertLessEqual(len(harness.processes_of_hopyard()), 2)

    def test_the_host_sees_no_link_no_mount_no_namespace_name(self):
        links, mounts = subprocess.check_output(["ip", "link"]), pathlib.Path("/proc/self/mounts").read_text()
        self.up("{lab: quiet, networks: {lan: 10.0.0.0/24}, links: ['pc[1..5] -- lan']}")
        self.run_in("pc1", "true")
        self.assertEqual(subprocess.check_output(["ip", "link"]), links)
        self.assertEqual(pathlib.Path("/proc/self/mounts").read_text(), mounts)
        self.assertFalse(os.path.exists("/run/netns"))
        self.assertEqual(os.listdir(harness.runtime()), ["quiet"])

    def test_a_root_file_system_of_its_own(self):
        root = self.folder / "root"
        for name in ("bin", "etc", "proc", "sys", "dev", "run", "tmp"):
            (root / name).mkdir(parents=True)
        busybox = "/bin/busybox"
        (root / "bin/busybox").write_bytes(pathlib.Path(busybox).read_bytes())
        (root / "bin/busybox").chmod(0o755)
        for name in ("sh", "cat", "ls", "hostname"):
            (root / "bin" / name).symlink_to("busybox")
        (root / "etc/mark").write_text("another system\n")
        self.up("{lab: other, nodes: {a: {root: root}}, links: [a -- b]}")
        self.assertEqual(self.run_in("a", "/bin/cat", "/etc/mark"), "another system\n")
        self.assertEqual(self.run_in("a", "/bin/sh", "-c", "echo x > /etc/mark; hostname"), "a\n")
        self.assertEqual((root / "etc/mark").read_text(), "another system\n")
        self.hopyard("exec", "b", "--", "test", "-e", "/etc/mark", status=1)


if __name__ == "__main__":
    harness.main()

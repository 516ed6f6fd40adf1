"""What goes wrong is said, with the right status, and nothing is left of it."""

import os
import re
import resource
import subprocess

import harness


class Mistakes(harness.LabTest):
    def refused(self, text, *patterns):
        done = self.up(text, status=2)
        for pattern in patterns:
            self.assertRegex(done.err, pattern)
        self.assertEqual(self.running(), [])
        self.check_residue()
        return done

    def test_all_mistakes_at_once_with_their_places(self):
        done = self.refused("lab: x\nnodes:\n  a: {adresses: {eth0: 10.0.0.1/24}}\n  b: {kind: ruoter}\nlinks:\n  - a -- \n",
                            r"lab\.hop\.yaml:3:7: error: ", r"lab\.hop\.yaml:4:\d+: error: ", r"lab\.hop\.yaml:6:\d+: error: ",
                            "addresses", "router")
        self.assertGreaterEqual(done.err.count("^"), 3)

    def test_one_address_twice(self):
        self.refused("{lab: x, nodes: {a: {addresses: {eth0: 10.0.0.1/24}}, b: {addresses: {eth0: 10.0.0.1/24}}}, links: [a -- b]}",
                     r"10\.0\.0\.1")

    def test_an_interface_twice(self):
        self.refused("lab: x\nlinks:\n  - a:eth0 -- b\n  - a:eth0 -- c\n", "eth0")

    def test_not_yaml_not_utf8_and_empty(self):
        self.refused("lab: [x\n", "lab.hop.yaml:")
        path = self.folder / "bad.hop.yaml"
        path.write_bytes(b"lab: x\xff\xfe\n")
        self.assertRegex(self.hopyard("up", path, status=2).err, "(?i)utf-8")
        self.refused("", "lab.hop.yaml")

    def test_what_is_not_there_yet_says_so(self):
        self.refused("{lab: x, timeline: [], links: [a -- b]}", "not yet")

    def test_a_bomb(self):
        lines = ["lab: x", "a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
        lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]

        def limits():
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

        path = self.lab("\n".join(lines))
        done = self.hopyard("check", path, status=None, preexec_fn=None if "asan" in harness.BINARY else limits)
        self.assertEqual(done.status, 2, str(done)[:2000])

    def test_a_file_that_is_not_there(self):
        done = self.hopyard("up", self.folder / "nothing.yaml", status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("nothing.yaml", done.err)
        self.assertIn("No such file or directory", done.err)

    def test_errors_as_json(self):
        done = self.hopyard("check", "--json", self.lab("lab: x\nnods: {}\n"), status=2)
        first = done.json()["diagnostics"][0]
        self.assertEqual((first["line"], first["column"], first["severity"]), (2, 1, "error"))


class Refusals(harness.LabTest):
    def refused(self, done, *words):
        self.assertNotIn(done.status, (0, 2), str(done))
        for word in words:
            self.assertIn(word, done.err)

    def test_two_labs_of_one_name(self):
        path = self.lab("{lab: x, links: [a -- b]}")
        self.up(path)
        self.refused(self.hopyard("up", path, status=None), "x", "already")
        self.assert_reaches("a", "b")

    def test_two_ups_of_one_name_at_the_same_time(self):
        path = self.lab("{lab: x, links: [{chain: 'r[1..50]'}]}")
        several = [self.start("up", path) for _ in range(4)]
        words = [one.communicate(timeout=60 * harness.PATIENCE) for one in several]
        self.assertEqual(sorted(one.returncode for one in several), [0, 1, 1, 1], words)
        self.assertEqual(self.running(), ["x"])
        self.assert_reaches("r25", "r26")

    def test_no_lab_and_more_than_one(self):
        self.refused(self.hopyard("show", status=None), "no lab")
        for name in "xy":
            self.up("{links: [a -- b]}", "--name", name)
        self.refused(self.hopyard("down", status=None), "x", "y")
        self.assertEqual(self.running(), ["x", "y"])

    def test_a_lab_that_does_not_run(self):
        self.refused(self.hopyard("down", "ghost", status=None), "ghost")

    def test_too_few_descriptors_is_said_before_anything_is_made(self):
        path = self.lab("{lab: x, links: [{chain: 'r[1..300]'}]}")

        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))

        done = self.hopyard("up", path, status=None, preexec_fn=few)
        self.refused(done, "128")
        needed = [int(number) for number in re.findall(r"\d+", done.err)]
        self.assertTrue([number for number in needed if number >= 300], done.err)
        self.check_residue()

    @harness.needs_root
    def test_a_full_disk(self):
        """/run as small as it can be: the lab's directory cannot be written."""
        os.makedirs("/run/hopyard", exist_ok=True)
        self.addCleanup(lambda: os.path.isdir("/run/hopyard") and os.rmdir("/run/hopyard"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=2,mode=755", "tmpfs", "/run/hopyard"], check=True)
        self.addCleanup(subprocess.run, ["umount", "/run/hopyard"], check=True)
        done = self.up("{lab: x, links: [a -- b]}", status=None)
        self.refused(done, "No space left on device")
        self.assertEqual(os.listdir("/run/hopyard"), [])
        self.assertEqual([pid for pid in harness.processes_of_hopyard()], [])

    @harness.needs_root
    def test_a_read_only_run(self):
        subprocess.run(["mount", "-o", "remount,ro", "/run"], check=True)
        self.addCleanup(subprocess.run, ["mount", "-o", "remount,rw", "/run"], check=True)
        self.refused(self.up("{lab: x, links: [a -- b]}", status=None), "Read-only file system")

    def test_an_operation_that_the_kernel_refuses_is_named_and_leaves_nothing(self):
        done = self.up("{lab: x, nodes: {a: {sysctl: {net.ipv4.no_such_knob: 1}}}, links: [a -- b, {chain: 'r[1..40]'}]}",
                       status=None)
        self.refused(done, "net.ipv4.no_such_knob", "a")
        self.assertEqual(self.running(), [])
        self.check_residue()

    def test_a_ruleset_that_is_wrong_leaves_nothing(self):
        done = self.up("{lab: x, nodes: {a: {firewall: 'table inet t { chain c { tcp dprot 1 drop; } }'}}, links: [a -- b]}",
                       status=None)
        self.assertNotEqual(done.status, 0)
        self.assertIn("dprot", done.err)
        self.assertEqual(self.running(), [])
        self.check_residue()

    def test_a_link_and_a_node_that_are_not_there(self):
        self.up("{lab: x, links: [gateway -- printer]}")
        self.assertIn("gateway", self.hopyard("fail", "gatway", status=None).err)
        self.assertIn("printer", self.hopyard("set", "gateway:eth7", "rate=1mbit", status=None).err
                      + self.hopyard("fail", "gateway -- pinter", status=None).err)

    def test_a_full_standard_output(self):
        self.up("{lab: x, links: [a -- b]}")
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command("show"), stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("No space left on device", done.stderr)

    def test_without_rights(self):
        done = self.call(*harness.AS_NOBODY, "--inh-caps=-all", harness.BINARY,
                         "up", self.lab("{lab: x, links: [a -- b]}"))
        self.assertNotEqual(done.status, 0)
        self.assertNotEqual(done.err, "")


if __name__ == "__main__":
    harness.main()

"""The steps by hand that Hopyard spares people, one after the other, each with its proof; the labs that are the same; and guests
with a kernel of their own."""

import os
import re
import shutil
import signal
import subprocess

import capture
import guest
import harness
import link_types
import outside
import steps

# The folders that go by hand, and what each has to have: README.md tells row by row what is built, by which file, and what proves it.
FOLDERS = ("containers-as-routers", "hundred-hops-bgp", "inner-router", "physical-bridge", "two-hosts")


@harness.needs_root
class Steps(steps.StepsTest):
    FOLLOWED = ("hundred-hops-bgp/namespaces", "hundred-hops-bgp/chain", "physical-bridge/namespace", "physical-bridge/bridge",
                "physical-bridge/mistakes", "inner-router/bridges", "inner-router/link-types", "inner-router/guests", "two-hosts/tunnel",
                "containers-as-routers/containers")  # the last one by test_host_examples.py, which has the containers

    def test_every_example_with_steps_is_followed(self):
        self.assertEqual(steps.all_scripts(), set(self.FOLLOWED))
        self.assertEqual({name.split("/")[0] for name in self.FOLLOWED}, set(FOLDERS))

    def test_every_file_is_in_the_table_of_its_folder_and_every_file_of_the_table_is_there(self):
        for folder in FOLDERS:
            path = harness.EXAMPLES / folder
            text = (path / "README.md").read_text()
            files = {file.name for file in path.iterdir() if file.name != "README.md"}
            for file in files:
                self.assertIn(f"]({file})", text, folder)
            for link in re.findall(r"\]\(([^)#]*)", text):
                self.assertTrue((path / link).exists(), f"{folder}: {link}")

    def test_namespaces(self):
        self.follow("hundred-hops-bgp/namespaces")

    def test_a_chain_of_routers_with_bgp(self):
        """Twenty-one of them; the lab file's hundred and one are in test_examples.py."""
        told = self.follow("hundred-hops-bgp/chain", ROUTERS="20", seconds=200)
        self.assertIn("21 bgpd run", told)
        self.assertRegex(told, r"(?m)^ +after +\d+\.\d ms it has come to ROUTER_20$")

    def test_one_namespace(self):
        self.follow("physical-bridge/namespace")

    def test_a_physical_bridge(self):
        self.follow("physical-bridge/bridge")

    def test_mistakes(self):
        self.follow("physical-bridge/mistakes")

    def test_bridges(self):
        self.follow("inner-router/bridges")

    def test_link_types(self):
        self.follow("inner-router/link-types")

    def test_a_tunnel_between_two_hosts(self):
        self.follow("two-hosts/tunnel")

    def test_a_step_that_fails_is_told(self):
        """The proofs are looked at: with a hopyard that does nothing the first of them that needs it ends the script."""
        for name, words in (("hundred-hops-bgp/namespaces", "doctor says of veth what the kernel does"), ("physical-bridge/namespace", "ip lists it"),
                            ("inner-router/bridges", "each answers, and has lo alone"),
                            ("containers-as-routers/containers", "its first process is known")):
            done = self.call("sh", steps.script_of(name), env=os.environ | {"HOPYARD": "true"})
            self.assertEqual(done.status, 1, str(done))
            self.assertIn(f"  NOT {words}", done.err)
        for name, settings, words in (("hundred-hops-bgp/chain", {"FRR": "/none"}, "/none/bgpd is not there: install frr"),
                                      ("inner-router/guests", {"KERNEL": "/none"}, "/none is not there: say by KERNEL=FILE which kernel")):
            done = self.call("sh", steps.script_of(name), env=os.environ | {"HOPYARD": harness.BINARY} | settings)
            self.assertEqual((done.status, done.out), (1, ""), str(done))
            self.assertIn(words, done.err)
        done = self.call("sh", steps.script_of("containers-as-routers/containers"), env=os.environ | {"CONTAINERS": "a b"})
        self.assertEqual((done.status, done.err), (2, "CONTAINERS has to name seven: four hosts and three routers\n"))

    def test_steps_without_root(self):
        """In namespaces of one's own, as anybody may have them."""
        self.folder.chmod(0o755)
        shutil.copytree(harness.EXAMPLES, self.folder / "examples")
        shutil.copy(harness.BINARY, self.folder / "hopyard")
        done = self.call(*harness.AS_NOBODY, "unshare", "-Urnm", "sh",
                         self.folder / "examples/physical-bridge/steps-bridge.sh", env=os.environ | {"HOPYARD": str(self.folder / "hopyard")})
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("blue reaches it", done.out)

    def test_nothing_is_left_of_steps_that_are_interrupted_or_killed(self):
        for sent in (signal.SIGINT, signal.SIGKILL):
            self.break_off("hundred-hops-bgp/chain", "each sees its own files", sent, ROUTERS="4")
            self.check_residue()


class Labs(harness.LabTest):
    """The lab files beside the steps: those whose checks are the proof."""

    def holds(self, name, *words):
        path = harness.EXAMPLES / name
        done = self.hopyard("test", path, *words)
        self.assertEqual(done.out.count("\nok "), path.read_text().split("\nchecks:")[1].count("\n  - "), str(done))

    def test_a_way_out(self):
        self.holds("hundred-hops-bgp/way-out.hop.yaml")

    def test_the_same_addresses_twice(self):
        self.holds("hundred-hops-bgp/twins.hop.yaml")

    def test_one_namespace(self):
        self.holds("physical-bridge/blue.hop.yaml")

    def test_bridges(self):
        self.holds("inner-router/bridges.hop.yaml")

    @harness.needs_root
    def test_an_inner_router_on_a_physical_network(self):
        world = outside.Outside("eth1", "192.168.10.1", "fd00:10::1")
        self.addCleanup(world.end)
        outside.run("ip", "route", "add", "default", "via", "192.168.10.1")
        before = outside.state_of_host()
        lab = harness.EXAMPLES / "inner-router/physical.hop.yaml"
        refused = self.up(lab, "--set", "GATEWAY=192.168.10.99", status=1)
        self.assertIn("192.168.10.99", refused.err)
        self.assertTrue(harness.wait_until(lambda: outside.state_of_host() == before), "what loses the gateway is put back by itself")
        self.holds("inner-router/physical.hop.yaml")
        self.assertTrue(harness.wait_until(lambda: outside.state_of_host() == before))


class Guests(capture.CaptureTest, steps.StepsTest):
    @harness.needs_root
    def test_guests_of_the_steps(self):
        self.follow("inner-router/guests", seconds=300, KERNEL=str(guest.kernel()), MODULES=str(guest.CACHE / "kernel"), ACCEL="tcg")

    def test_guests_that_are_virtual_machines(self):
        """The file of the inner router as it is, with a guest that is small: an empty disk, and a kernel from outside of it."""
        guest.initrd(self.folder / "initrd")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", self.folder / "disk.qcow2", "16M"], check=True)
        keys = f"kernel: {guest.kernel()}, initrd: initrd, append: {guest.LINE}, ready: {{console: guest is up}}, grace: 0s"
        self.up(f"include: {harness.EXAMPLES}/inner-router/vms.hop.yaml\nkinds: {{guest: {{vm: {{{keys}}}}}}}\n", "--set", "ACCEL=tcg",
                "--set", "MEMORY=128MiB", "--set", f"IMAGE={self.folder}/disk.qcow2", seconds=200)
        for address in ("10.0.1.11", "10.0.1.12"):
            self.assert_reaches("r1", address)
        # What the guests do themselves: to each other, to r1, and out, behind its address.
        on_the_machine = self.capture("machine", "eth0")
        talk = self.start("console", "vm1")
        for address in ("10.0.1.12", "10.0.1.1", "172.16.0.9"):
            talk.stdin.write(f"ping -c 1 -W 30 {address}\n")
            talk.stdin.flush()
            result = next((line for line in iter(talk.stdout.readline, "") if "packet loss" in line), "no result")
            self.assertIn(" 1 packets received", result, address)
        seen = self.captured(on_the_machine, "machine", "172.16.0.1")
        self.assertEqual(seen, {"172.16.0.2 > 172.16.0.9 request", "172.16.0.9 > 172.16.0.2 reply"})
        ports = {link["ifname"]: link.get("master") for link in self.hopyard("exec", "vm1", "--", "ip", "-j", "link").json()}
        self.assertEqual((ports["eth0"], ports["tap-eth0"]), ("br-eth0", "br-eth0"))


if __name__ == "__main__":
    if harness.WORLD not in os.environ:
        guest.prepare()
    link_types.load_modules()
    harness.main()

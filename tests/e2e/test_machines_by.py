"""Machines joined by what only some kernels have: run in the guest of tests/vm."""

import os
import subprocess

import harness
import test_machines

WIREGUARD = "{by: wireguard, secret: 'for the tests alone'}"


if harness.WORLD not in os.environ:
    # What the modules put into every namespace is there before anybody looks.
    subprocess.run(["modprobe", "-a", "ip_gre", "ip6_gre", "wireguard", "vxlan"], check=True)


class MachinesBy(test_machines.World):
    def test_gretap(self):
        self.whole_life("gretap")

    def test_gretap_over_ipv6(self):
        self.whole_life("gretap", six=True)

    def test_three_machines_by_gretap_hear_each_frame_once(self):
        self.three("gretap")

    def test_wireguard(self):
        self.whole_life(WIREGUARD)

    def test_wireguard_over_ipv6(self):
        self.whole_life(WIREGUARD, six=True)

    def test_wireguard_with_each_machine_behind_a_nat(self):
        self.whole_life(WIREGUARD, nat=True)

    def test_three_machines_by_wireguard_hear_each_frame_once(self):
        self.three(WIREGUARD)

    def test_another_secret_lets_nobody_in(self):
        self.internet()
        path = self.lab(self.spread(WIREGUARD))
        self.on("a", "up", "--machine", "a", path)
        self.on("b", "up", "--machine", "b", self.lab(self.spread("{by: wireguard, secret: 'of somebody else'}"), "other.hop.yaml"))
        lost = self.on("a", "exec", "pc1", "--", "ping", "-n", "-c", "2", "-W", "2", "10.1.0.2", status=None)
        self.assertNotEqual(lost.status, 0)
        # The same wire, with the secret of both.
        self.on("b", "down")
        self.on("b", "up", "--machine", "b", path)
        self.assertTrue(harness.wait_until(
            lambda: self.on("a", "exec", "pc1", "--", "ping", "-n", "-c", "1", "-W", "2", "10.1.0.2", status=None).status == 0, 30))


if __name__ == "__main__":
    harness.main()

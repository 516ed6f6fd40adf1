"""The tests' own eyes: what could be left behind is seen, kind by kind."""

import os
import pathlib
import subprocess
import unittest

import harness
import residue


class Residue(unittest.TestCase):
    def sees(self, word, make, undo):
        before = residue.take()
        self.assertEqual(residue.differences(before, residue.take()), [])
        kept = make()
        try:
            left = residue.differences(before, residue.take())
            self.assertTrue([line for line in left if line.startswith("new: ") and word in line], left)
        finally:
            undo(kept)
        self.assertEqual(residue.differences(before, residue.take()), [])

    def test_a_process(self):
        def end(process):
            process.communicate()

        self.sees("process", lambda: subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE), end)

    def test_a_link(self):
        self.sees("network", lambda: subprocess.run(["ip", "link", "add", "left", "type", "bridge"], check=True),
                  lambda _: subprocess.run(["ip", "link", "delete", "left"], check=True))

    def test_an_address(self):
        self.sees("127.0.0.9", lambda: subprocess.run(["ip", "address", "add", "127.0.0.9/8", "dev", "lo"], check=True),
                  lambda _: subprocess.run(["ip", "address", "delete", "127.0.0.9/8", "dev", "lo"], check=True))

    def test_a_mount(self):
        self.sees("mount", lambda: subprocess.run(["mount", "-t", "tmpfs", "left", "/mnt"], check=True),
                  lambda _: subprocess.run(["umount", "/mnt"], check=True))

    def test_a_named_namespace(self):
        self.sees("/run/netns/left", lambda: subprocess.run(["ip", "netns", "add", "left"], check=True), self.delete_netns)

    def delete_netns(self, _):
        subprocess.run(["ip", "netns", "delete", "left"], check=True)
        subprocess.run(["umount", "-l", "/run/netns"], check=True)
        os.rmdir("/run/netns")

    def test_a_namespace_held_by_a_descriptor(self):
        holder = ["unshare", "--net", "sh", "-c", "exec 7</proc/self/ns/net; echo ready; exec nsenter --net=/proc/1/ns/net cat"]

        def make():
            process = subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            process.stdout.readline()
            return process

        self.sees("namespace net:", make, lambda process: process.communicate())

    def test_a_ruleset(self):
        self.sees("nftables", lambda: subprocess.run(["nft", "add", "table", "inet", "left"], check=True),
                  lambda _: subprocess.run(["nft", "delete", "table", "inet", "left"], check=True))

    def test_a_file(self):
        left = pathlib.Path("/run/left")
        self.sees("/run/left", left.touch, lambda _: left.unlink())


if __name__ == "__main__":
    harness.main()

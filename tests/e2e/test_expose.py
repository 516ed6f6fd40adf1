"""hopyard expose: names under /run/netns for a lab's nodes, and nothing left of them."""

import os
import pathlib
import signal
import unittest

import harness

FOLDER = pathlib.Path("/run/netns")
LAB = "{lab: office, nodes: {gw: {kind: router}}, links: ['pc[1..2] -- gw']}"


class ExposeTest(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove_folder)

    def remove_folder(self):
        """What a test has put there itself."""
        if FOLDER.exists():
            self.call("ip", "-all", "netns", "delete")
            self.call("umount", "-l", FOLDER)
            FOLDER.rmdir()

    def names(self):
        return sorted(os.listdir(FOLDER)) if FOLDER.exists() else []

    def keeper(self):
        found = self.show()["keeper_pid"]
        self.assertEqual(self.comm(found), "hopyard-keeper")
        return found

    def comm(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            return ""

    def test_nothing_is_exposed_by_itself(self):
        self.up(LAB)
        self.assertFalse(FOLDER.exists())

    def test_ip_works_in_the_nodes_and_down_takes_the_names_away(self):
        self.up(LAB)
        mounts = pathlib.Path("/proc/self/mountinfo").read_text()
        done = self.hopyard("expose", "office", "--json").json()
        self.assertEqual(done, {"lab": "office", "exposed": [{"node": node, "name": f"office-{node}"} for node in ("gw", "pc1", "pc2")]})
        self.assertEqual(pathlib.Path("/proc/self/mountinfo").read_text(), mounts)
        self.assertEqual(self.names(), ["office-gw", "office-pc1", "office-pc2"])
        for node in ("gw", "pc1"):
            # Whether an address is nobody else's may be found out between one look and the next.
            looks = [self.run_in(node, "ip", "-o", "address"),
                     self.call("ip", "-n", f"office-{node}", "-o", "address").out,
                     self.call("ip", "netns", "exec", f"office-{node}", "ip", "-o", "address").out,
                     self.hopyard("netns", "exec", f"office-{node}", "ip", "-o", "address").out]
            self.assertEqual(len({look.replace(" tentative", "") for look in looks}), 1, looks)
        listed = self.hopyard("netns", "list", "--json").json()["namespaces"]
        self.assertEqual({one["made_by"] for one in listed}, {"lab office"})
        self.assertEqual(listed[1]["interfaces"], ["lo", "eth0"])
        # What runs in a node is told by its name.
        init = self.show("gw")["pid"]
        self.assertEqual(self.hopyard("netns", "identify", init).out, "office-gw\n")
        self.hopyard("down", "office")
        self.assertFalse(FOLDER.exists())

    def test_some_nodes_and_other_names(self):
        self.up(LAB)
        self.hopyard("expose", "office", "pc1", "gw", "--as", "{node} of {lab}")
        self.assertEqual(self.names(), ["gw of office", "pc1 of office"])
        self.hopyard("expose", "-l", "office", "pc2")
        self.hopyard("expose", "-l", "office", "pc2")  # again is no error
        self.assertEqual(self.names(), ["gw of office", "office-pc2", "pc1 of office"])
        self.assertEqual(self.hopyard("expose", "office", "gw", "--undo", "--json").json(),
                         {"lab": "office", "hidden": [{"node": "gw", "name": "gw of office"}]})
        self.assertEqual(self.names(), ["office-pc2", "pc1 of office"])
        self.hopyard("expose", "--undo")
        self.assertFalse(FOLDER.exists())
        self.assertIn("no node of lab office was exposed", self.hopyard("expose", "--undo").out)
        self.assertEqual(os.listdir("/run/hopyard/office").count("exposed"), 0)

    def test_a_name_that_is_taken_is_an_error_and_nothing_is_done(self):
        self.up(LAB)
        self.call("ip", "netns", "add", "office-pc1")
        done = self.hopyard("expose", "office", status=1)
        self.assertIn("expose lab office: create link /run/netns/office-pc1: File exists", done.err)
        self.assertIn("choose other names with --as, or take it away with: hopyard netns delete office-pc1", done.err)
        self.assertEqual(self.names(), ["office-pc1"])
        self.hopyard("expose", "office", "--as", "{node}")
        self.hopyard("expose", "office", status=1)
        self.assertEqual(self.names(), ["gw", "office-pc1", "pc1", "pc2"])
        self.hopyard("down")
        self.assertEqual(self.names(), ["office-pc1"])
        self.assertEqual(self.call("ip", "netns", "exec", "office-pc1", "true").status, 0)

    def test_a_name_that_is_another_s_by_now_stays(self):
        self.up(LAB)
        self.hopyard("expose", "office")
        self.call("ip", "netns", "delete", "office-gw")
        self.call("ip", "netns", "add", "office-gw")
        (FOLDER / "office-pc1").unlink()
        (FOLDER / "office-pc1").symlink_to(f"/proc/{os.getpid()}/ns/net")
        self.hopyard("down")
        self.assertEqual(self.names(), ["office-gw", "office-pc1"])

    def test_patterns_that_cannot_be(self):
        self.up(LAB)
        for pattern, words in (("{host}", "only {lab} and {node} stand in braces"), ("fixed", "more than one would be fixed"),
                               ("{lab}/{node}", "a name has no '/'"), ("a\nb{node}", "a name is one line"), ("", "the name is empty")):
            self.assertIn(words, self.hopyard("expose", "office", "--as", pattern, status=1).err)
        self.assertIn("no node", self.hopyard("expose", "office", "pc9", status=1).err)
        self.assertIn("no lab", self.hopyard("expose", "offices", status=1).err)
        self.assertEqual(self.names(), [])

    def test_two_labs(self):
        self.up(LAB)
        self.up(LAB.replace("office", "shop"))
        self.hopyard("expose", "office")
        self.hopyard("expose", "shop")
        self.assertEqual(len(self.names()), 6)
        self.hopyard("down", "office")
        self.assertEqual(self.names(), ["shop-gw", "shop-pc1", "shop-pc2"])
        self.assertEqual(self.call("ip", "-n", "shop-gw", "link").status, 0)

    def ended_by(self, number):
        self.up(LAB)
        self.hopyard("expose", "office")
        keeper = self.keeper()
        os.kill(keeper, number)
        self.assertTrue(harness.wait_until(lambda: self.comm(keeper) != "hopyard-keeper"))
        # The links lead nowhere now, and pin nothing: the nodes end with the keeper, which may take a moment.
        self.assertTrue(harness.wait_until(lambda: self.call("ip", "netns", "exec", "office-gw", "true").status != 0))
        self.assertEqual(self.running(), [])
        self.assertFalse(FOLDER.exists())
        self.up(LAB)
        self.hopyard("expose", "office")
        self.hopyard("down")

    def test_a_keeper_that_is_killed(self):
        self.ended_by(signal.SIGKILL)

    def test_a_keeper_that_is_ended(self):
        self.ended_by(signal.SIGTERM)

    def test_a_list_of_names_clears_too(self):
        self.up(LAB)
        self.hopyard("expose", "office")
        keeper = self.keeper()
        os.kill(keeper, signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.comm(keeper) != "hopyard-keeper"))
        self.assertEqual(self.hopyard("netns", "list").out, "")
        self.assertFalse(FOLDER.exists())

    def test_many_commands_at_once(self):
        self.up(LAB)
        for _ in range(5):
            running = [self.start("expose", "office", node, *words) for node in ("gw", "pc1", "pc2") for words in ([], ["--undo"])]
            self.assertEqual([process.wait(30 * harness.PATIENCE) for process in running], [0] * len(running))
            noted = pathlib.Path("/run/hopyard/office/exposed")
            lines = noted.read_text().splitlines() if noted.exists() else []
            self.assertEqual(set(self.names()), {line.rpartition("/")[2] for line in lines})
        self.hopyard("down")
        self.assertFalse(FOLDER.exists())

    def test_the_next_up_clears_too(self):
        self.up(LAB)
        self.hopyard("expose", "office")
        keeper = self.keeper()
        os.kill(keeper, signal.SIGKILL)
        self.assertTrue(harness.wait_until(lambda: self.comm(keeper) != "hopyard-keeper"))
        self.up(LAB)
        self.assertFalse(FOLDER.exists())

    def test_a_foreground_lab_that_is_interrupted(self):
        path = self.lab(LAB)
        process = self.start("up", path, "--foreground")
        self.assertTrue(harness.wait_until(lambda: self.running() == ["office"]))
        self.assertTrue(harness.wait_until(lambda: self.hopyard("expose", "office", status=None).status == 0))
        process.send_signal(signal.SIGINT)
        process.wait()
        self.assertEqual(self.running(), [])
        self.assertFalse(FOLDER.exists())

    def test_a_list_that_was_changed_leads_nowhere_else(self):
        self.up(LAB)
        self.hopyard("expose", "office")
        precious = self.folder / "precious"
        precious.symlink_to("/proc/1/fd/1")
        with open("/run/hopyard/office/exposed", "a") as file:
            file.write(f"/proc/1/fd/1 {precious}\n/proc/1/fd/1 /run/netns/../..{precious}\nnonsense\n")
        self.hopyard("down")
        self.assertTrue(precious.is_symlink())


if __name__ == "__main__":
    harness.main()

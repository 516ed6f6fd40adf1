"""Several commands that change one link at the same time: each changes what it names, and nothing else."""

import os
import signal

import control
import harness
import residue

WIRE = """
lab: wire
links: [near -- far: {rate: 1mbit}]
"""


def waits_for_the_keeper(process):
    """Whether a command has said what it wants and sleeps."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        asleep = file.read().rpartition(")")[2].split()[0] == "S"
    return asleep and any(target.startswith("socket:") for target in residue.descriptors(process.pid).values())


class AtOnce(harness.LabTest):
    def setUp(self):
        super().setUp()
        self.up(WIRE)
        self.keeper = self.hopyard("ls", "--json").json()["labs"][0]["keeper_pid"]

    def set_at_once(self, *changes):
        """Commands that all ask before any of them is answered."""
        os.kill(self.keeper, signal.SIGSTOP)
        try:
            commands = [self.start("set", "near -- far", *change) for change in changes]
            self.assertTrue(harness.wait_until(lambda: all(map(waits_for_the_keeper, commands))))
        finally:
            os.kill(self.keeper, signal.SIGCONT)
        for command in commands:
            _, err = command.communicate(timeout=30 * harness.PATIENCE)
            self.assertEqual(command.returncode, 0, err)

    def directions(self):
        link = self.show()["links"][0]
        return link["out"], link["back"]

    def test_none_is_lost(self):
        for number in range(2, 10):
            self.set_at_once([f"rate={number}mbit", "out"], [f"limit={number}00", "out"], [f"rate={number}0mbit", "back"],
                             [f"limit={number}000", "back"])
            self.assertEqual(self.directions(), ({"rate": f"{number}mbit", "limit": f"{number}00"},
                                                 {"rate": f"{number}0mbit", "limit": f"{number}000"}))

    def test_both_directions_by_many(self):
        for number in range(2, 6):
            changes = [[f"rate={number}mbit"], [f"limit={number}00"]]
            self.set_at_once(*changes * 6)
            both = {"rate": f"{number}mbit", "limit": f"{number}00"}
            self.assertEqual(self.directions(), (both, both))

    def test_the_keeper_changes_only_what_is_as_it_was_seen(self):
        client = control.Client("wire")
        self.addCleanup(client.close)
        shape = {"do": "shape", "target": "near -- far", "direction": "out", "impairment": {"rate": 7_000_000}}
        for was in ({}, {"rate": 7_000_000}, {"rate": 1_000_000, "limit": 5}):
            refused = client.ask(shape | {"was": was})
            self.assertEqual((refused["ok"], refused["error"]["detail"]), (False, "somebody else has changed it"))
            self.assertIn("rate 1Mbit", self.run_in("near", "tc", "qdisc", "show", "dev", "eth0"))
        self.assertTrue(client.ask(shape | {"was": {"rate": 1_000_000}})["ok"])
        self.assertIn("rate 7Mbit", self.run_in("near", "tc", "qdisc", "show", "dev", "eth0"))


if __name__ == "__main__":
    harness.main()

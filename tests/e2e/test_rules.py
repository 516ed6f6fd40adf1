"""Policy rules that somebody changes: which stand for which of the lab's, and what is removed when they are put right."""

import harness


class Rules(harness.LabTest):
    def up_with_rules(self, *rules):
        """A lab of r, which has these, and h."""
        self.up("nodes:\n  r:\n    rules:\n" + "".join(f"      - {one}\n" for one in rules) + "links:\n  - r -- h\n")

    def drift(self):
        return {(one["node"], one["what"], one["object"]): one for one in self.show()["drift"]}

    def repair(self):
        done = self.hopyard("repair", "--json").json()
        self.assertEqual((done["left"], done["error"], self.drift()), ([], None, {}), done)
        return done

    def rules(self):
        return sorted((self.run_in("r", "ip", "rule") + self.run_in("r", "ip", "-6", "rule")).splitlines())

    def test_a_changed_rule(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66, priority: 500}", "{from: 10.2.0.0/16, table: 66, priority: 500}",
                           "{from: 'fd00::/64', table: 66, priority: 500}", "{from: 10.3.0.0/16, table: 66}")
        before = self.rules()
        self.run_in("r", "ip", "rule", "add", "from", "10.8.0.0/16", "lookup", "8", "priority", "40000")
        self.run_in("r", "ip", "rule", "del", "from", "10.1.0.0/16")
        self.run_in("r", "ip", "rule", "add", "from", "10.1.0.0/16", "lookup", "67", "fwmark", "7", "priority", "500")
        self.run_in("r", "ip", "rule", "del", "from", "10.3.0.0/16")
        found = [(one["what"], one["found"]) for one in self.show()["drift"]]
        self.assertEqual(found, [("rule", "priority 500 from 10.1.0.0/16 fwmark 0x7/0xffffffff lookup 67"), ("rule", None)])
        steps = ["remove rule priority 500 from 10.1.0.0/16 fwmark 0x7/0xffffffff lookup 67 in r",
                 "add rule priority 500 from 10.1.0.0/16 lookup 66 in r", "add rule priority 499 from 10.3.0.0/16 lookup 66 in r"]
        self.assertEqual(self.hopyard("repair", "--dry-run", "--json").json()["steps"], steps)
        self.assertEqual(self.repair()["steps"], steps)
        self.assertIn("40000:\tfrom 10.8.0.0/16 lookup 8", self.rules())
        self.run_in("r", "ip", "rule", "del", "priority", "40000")
        self.assertEqual(self.rules(), before)
        # One more beside the lab's own is somebody's.
        self.run_in("r", "ip", "rule", "add", "from", "10.9.0.0/16", "lookup", "9", "priority", "500")
        self.assertEqual(self.drift(), {})

    def test_a_rule_at_the_place_of_the_kernels_own(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66, priority: 32766}", "{from: 10.2.0.0/16, table: 66, priority: 32767}",
                           "{from: 'fd00::/64', table: 66, priority: 32766}")
        before = self.rules()
        self.assertEqual(sum(any(f"lookup {table}" in one for table in ("local", "main", "default")) for one in before), 5)
        for words in (["from", "10.1.0.0/16"], ["from", "10.2.0.0/16"]):
            self.run_in("r", "ip", "rule", "del", *words)
        self.run_in("r", "ip", "-6", "rule", "del", "from", "fd00::/64")
        self.assertEqual([one["found"] for one in self.show()["drift"]], [None, None, None])
        self.repair()
        self.assertEqual(self.rules(), before)

    def test_a_rule_that_the_kernel_takes_for_another(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66, priority: 500}", "{from: 10.2.0.0/16, mark: 7, table: 66, priority: 500}")
        self.run_in("r", "ip", "rule", "del", "from", "10.1.0.0/16")
        # To delete this one is to delete the first one at 500, which is the lab's.
        self.run_in("r", "ip", "rule", "add", "lookup", "66", "priority", "500")
        self.assertEqual(len(self.repair()["steps"]), 1)
        at_500 = [one.split(":")[1].split() for one in self.run_in("r", "ip", "rule").splitlines() if one.startswith("500:")]
        self.assertEqual([one[1] for one in at_500], ["10.2.0.0/16", "all", "10.1.0.0/16"])

    MIXED = """lab: chosen
nodes:
  r:
    rules:
      - {from: 10.1.0.0/16, table: 66}
      - {from: 10.2.0.0/16, table: 66, priority: 700}
      - {from: 10.3.0.0/16, table: 66}
      - {from: 10.4.0.0/16, table: 66, priority: 1}
      - {from: 10.5.0.0/16, table: 66}
      - {from: 10.6.0.0/16, table: 66}
      - {from: 'fd00::/64', table: 66}
      - {to: 'fd00::/64', table: 66}
links:
  - r -- h
"""

    def test_rules_without_a_priority_have_the_place_that_the_kernel_would_choose(self):
        self.up(self.MIXED)
        self.assert_as_the_kernel_chooses()

    def test_the_same_beside_a_vrf(self):
        lab = self.MIXED.replace("    rules:", "    interfaces: {blue: {type: vrf, table: 9}}\n    rules:")
        if self.call(*harness.IN_A_NETWORK, "ip", "link", "add", "probe", "type", "vrf", "table", "9").status != 0:
            self.assertIn("this kernel lacks: virtual routing and forwarding (vrf)", self.up(lab, status=1).err)
            return
        self.up(lab)
        self.assertIn("1000:\tfrom all lookup [l3mdev-table]", self.rules())
        self.assert_as_the_kernel_chooses()

    def assert_as_the_kernel_chooses(self):
        """Adds by hand, in the same order, what Hopyard has made."""
        words = [["from", "10.1.0.0/16"], ["from", "10.2.0.0/16", "priority", "700"], ["from", "10.3.0.0/16"],
                 ["from", "10.4.0.0/16", "priority", "1"], ["from", "10.5.0.0/16"], ["from", "10.6.0.0/16"], ["from", "fd00::/64"],
                 ["to", "fd00::/64"]]
        made = self.rules()
        for what in ("del", "add"):
            for one in words:
                self.run_in("r", "ip", "-6" if "fd00::/64" in one else "-4", "rule", what, *one, "table", "66")
            if what == "del":
                self.assertNotIn("lookup 66", "".join(self.rules()))
        self.assertEqual(self.rules(), made)
        self.assertEqual(self.drift(), {})

    def test_a_changed_rule_without_a_priority(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66}", "{from: 10.2.0.0/16, table: 66}")
        before = self.rules()
        self.run_in("r", "ip", "rule", "del", "from", "10.1.0.0/16")
        self.run_in("r", "ip", "rule", "add", "from", "10.1.0.0/16", "lookup", "67", "priority", "32765")
        # One more, for which the kernel chooses, is somebody's.
        self.run_in("r", "ip", "rule", "add", "from", "10.9.0.0/16", "lookup", "9")
        self.assertEqual([one["found"] for one in self.show()["drift"]], ["priority 32765 from 10.1.0.0/16 lookup 67"])
        self.assertIn("remove rule priority 32765 from 10.1.0.0/16 lookup 67 in r", self.repair()["steps"])
        self.run_in("r", "ip", "rule", "del", "from", "10.9.0.0/16")
        self.assertEqual(self.rules(), before)

    def test_what_the_rule_in_the_place_does_is_named(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66, priority: 500}")
        before = self.rules()
        named = {"l3mdev": "lookup [l3mdev-table]"}
        for words in ("goto 32767", "goto 40000", "nop", "blackhole", "unreachable", "prohibit", *named):
            action = named.get(words, words)
            with self.subTest(action):
                self.run_in("r", "ip", "rule", "del", "priority", "500")
                self.run_in("r", "ip", "rule", "add", "from", "10.7.0.0/16", "priority", "500", *words.split())
                self.assertEqual([one["found"] for one in self.show()["drift"]], [f"priority 500 from 10.7.0.0/16 {action}"])
                self.assertIn(f"remove rule priority 500 from 10.7.0.0/16 {action} in r", self.repair()["steps"])
                self.assertEqual(self.rules(), before)
        # One for everything is not the kernel's own because it names no table.
        self.run_in("r", "ip", "rule", "del", "priority", "500")
        self.run_in("r", "ip", "rule", "add", "goto", "32767", "priority", "500")
        self.assertEqual([one["found"] for one in self.show()["drift"]], ["priority 500 goto 32767"])
        self.repair()
        self.assertEqual(self.rules(), before)

    def test_two_in_the_places_of_two(self):
        self.up_with_rules("{from: 10.1.0.0/16, table: 66, priority: 500}", "{from: 10.2.0.0/16, table: 66, priority: 500}",
                           "{from: 'fd00::/64', table: 66, priority: 500}")
        before = self.rules()
        for one in ("10.1.0.0/16", "10.2.0.0/16"):
            self.run_in("r", "ip", "rule", "del", "from", one)
            self.run_in("r", "ip", "rule", "add", "to", one, "lookup", "66", "priority", "500")
        self.run_in("r", "ip", "-6", "rule", "del", "from", "fd00::/64")
        self.run_in("r", "ip", "-6", "rule", "add", "from", "fd01::/64", "lookup", "66", "priority", "500")
        steps = ["remove rule priority 500 to 10.1.0.0/16 lookup 66 in r", "add rule priority 500 from 10.1.0.0/16 lookup 66 in r",
                 "remove rule priority 500 to 10.2.0.0/16 lookup 66 in r", "add rule priority 500 from 10.2.0.0/16 lookup 66 in r",
                 "remove IPv6 rule priority 500 from fd01::/64 lookup 66 in r", "add IPv6 rule priority 500 from fd00::/64 lookup 66 in r"]
        self.assertEqual(self.hopyard("repair", "--dry-run", "--json").json()["steps"], steps)
        self.assertIn(steps[0], self.hopyard("repair", "--dry-run").out)
        self.assertEqual(self.repair()["steps"], steps)
        self.assertEqual(self.rules(), before)


if __name__ == "__main__":
    harness.main()

"""What counts as a change of a running lab, and what does not: what packets, the kernel and the lab's own programs do."""

import harness


class Drift(harness.LabTest):
    def drift(self, *words):
        return {(one["node"], one["what"], one["object"]): one for one in self.show(*words)["drift"]}

    def repair(self):
        done = self.hopyard("repair", "--json").json()
        self.assertEqual((done["left"], done["error"], self.drift()), ([], None, {}), done)
        return done

    def test_what_packets_put_into_rulesets(self):
        self.up("""lab: filled
nodes:
  gw:
    firewall: |
      table ip seen {
        counter total { }
        quota much { over 10 mbytes }
        set once { type ipv4_addr; flags dynamic; }
        set lately { type ipv4_addr; flags dynamic,timeout; timeout 1h; elements = { 10.9.9.9 timeout 2h } }
        map marks { type ipv4_addr : mark; size 10; flags dynamic; }
        set fixed { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7 } }
        chain out {
          type filter hook output priority 0;
          counter name total
          quota name much
          quota over 20 mbytes counter
          add @once { ip daddr counter }
          update @lately { ip daddr timeout 2h }
          update @marks { ip daddr : 7 }
          meter each { ip daddr limit rate over 90000/second } drop
          add @most { ip daddr ct count over 2000 } drop
        }
        set most { type ipv4_addr; size 99; flags dynamic; }
      }
links:
  - gw -- h: {subnet: 10.0.0.0/24}
""")
        self.assert_reaches("gw", "10.0.0.2")
        listed = self.run_in("gw", "nft", "-s", "list", "ruleset")
        self.assertEqual(listed.count("10.0.0.2"), 5, listed)
        self.assertEqual(self.drift(), {})
        self.assertEqual(self.repair()["steps"], [])
        # Somebody's change of the table is still seen, and what packets have put there stays when it is put right.
        self.run_in("gw", "nft", "delete", "element", "ip", "seen", "fixed", "{ 10.0.0.6 }")
        self.run_in("gw", "nft", "delete", "element", "ip", "seen", "lately", "{ 10.9.9.9 }")
        self.run_in("gw", "nft", "add", "rule", "ip", "seen", "out", "counter")
        self.assertEqual(list(self.drift()), [("gw", "ruleset", "ip seen")])
        self.repair()
        self.assertEqual(self.run_in("gw", "nft", "-s", "list", "ruleset"), listed.replace("10.9.9.9 timeout 2h, ", "").replace(
            ", 10.9.9.9 timeout 2h", ""))
        # One that has gone comes back with what the lab file puts into it.
        self.run_in("gw", "nft", "delete", "table", "ip", "seen")
        self.repair()
        self.assertIn("10.9.9.9", self.run_in("gw", "nft", "list", "set", "ip", "seen", "lately"))


if __name__ == "__main__":
    harness.main()

"""What routing daemons are given: shown as it is, and looked at by the daemons' own parsers before the lab starts."""

import harness

ROUTERS = """
lab: routers
pool: [10.0.0.0/8, 'fd00::/48']
nodes:
  r[1..2]: {kind: router, routing: bgp, as: 64512 + i}
  r2: {daemon: bird}
links:
  - r1 -- r2
  - h -- r1
"""

BAD_FRR = """lab: bad
nodes:
  r1:
    kind: router
    routing: bgp
    frr:
      config: |
        router bgp 65001
         no bgp ebgp-requires-policy
         neighbour 10.0.0.2 remote-as 65002
  r2: {kind: router, routing: bgp, as: 65002, daemon: bird, bird: {config: {file: r2.conf}}}
links:
  - r1 -- r2
"""


class DaemonConfig(harness.LabTest):
    def refused(self, *expected):
        path = self.lab(BAD_FRR)
        for verb in ("check", "up"):
            done = self.hopyard(verb, path, status=2)
            for one in expected:
                self.assertIn(one, done.err)
        self.assertEqual(self.running(), [])
        return done

    def test_a_mistake_is_shown_where_it_stands(self):
        (self.folder / "r2.conf").write_text("router id 1.2.3.4;\nprotocol device { }\n  protocol bpg x { }\n")
        done = self.refused("""lab.hop.yaml:10:10: error: FRR cannot read line 3 of the configuration of 'r1': unknown command
   10 |          neighbour 10.0.0.2 remote-as 65002
      |          ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
""", """r2.conf:3:3: error: BIRD cannot read line 3 of the configuration of 'r2': syntax error, unexpected CF_SYM_UNDEFINED
    3 |   protocol bpg x { }
      |   ^~~~~~~~~~~~~~~~~~
""")
        self.assertIn("2 mistakes", done.err)
        seen = self.hopyard("check", "--json", self.folder / "lab.hop.yaml", status=2).json()["diagnostics"]
        self.assertEqual([(one["line"], one["column"]) for one in seen], [(10, 10), (3, 3)])

    def test_what_the_parsers_take_is_no_mistake(self):
        (self.folder / "r2.conf").write_text("router id 1.2.3.4;\nprotocol device { }\n")
        path = self.lab(BAD_FRR.replace("neighbour", "neighbor"))
        self.hopyard("check", path)

    def test_show_prints_what_a_daemon_was_given(self):
        self.up(ROUTERS)
        files = self.show("r1", "--config")["files"]
        self.assertEqual([(one["path"], one["services"]) for one in files],
                         [("/etc/frr/zebra.conf", ["zebra"]), ("/etc/frr/bgpd.conf", ["bgpd"])])
        self.assertIn(" neighbor 10.0.0.2 remote-as 64514\n", files[1]["content"])
        self.assertIn(" neighbor fd00::2 remote-as 64514\n", files[1]["content"])
        said = self.hopyard("show", "routers/r2", "--config").out
        self.assertTrue(said.startswith("/etc/bird/bird.conf of bird\n# Written by Hopyard for r2.\n"), said)
        self.assertEqual(self.run_in("r2", "cat", "/etc/bird/bird.conf"), said.split("\n", 1)[1])

    def test_show_of_a_node_without_daemons_and_of_none(self):
        self.up(ROUTERS)
        self.assertEqual(self.hopyard("show", "h", "--config").out, "nothing that runs here was given a configuration\n")
        self.assertEqual(self.show("h", "--config"), {"files": []})
        self.assertIn("no node is named", self.hopyard("show", "--config", status=None).err)
        self.assertIn("r3", self.hopyard("show", "r3", "--config", status=1).err)

    def test_hosts_of_a_bgp_router_have_a_default_route(self):
        self.up(ROUTERS)
        self.assertIn("default via 10.0.0.6", self.run_in("h", "ip", "route"))
        self.assertEqual(self.run_in("r1", "ip", "route", "show", "proto", "static"), "")


if __name__ == "__main__":
    harness.main()

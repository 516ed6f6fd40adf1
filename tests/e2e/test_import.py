"""Maps become lab files, and these become networks in which everybody reaches everybody."""

import json
import math
import os

import harness

COUNT = 30


def name(number):
    """Labels as maps have them: many the same, some none, some not ASCII."""
    return {3: "?", 4: "None", 7: "J&#228;rvi", 8: "J&#228;rvi", 9: "NO", 12: "St. John's (2)"}.get(number, f"City {number}")


def place(number):
    angle = 2 * math.pi * number / COUNT
    return 50 + 8 * math.sin(angle), 10 + 12 * math.cos(angle)


EDGES = [(i, (i + 1) % COUNT) for i in range(COUNT)] + [(0, 15), (7, 22), (7, 22), (5, 5), (3, 4)]


def gml():
    text = 'graph [\n  label "Ring Road"\n'
    for i in range(COUNT):
        where = "" if i in (3, 4) else "Latitude {} Longitude {}".format(*place(i))
        text += f'  node [ id {i} label "{name(i)}" {where} ]\n'
    for one, other in EDGES:
        text += f'  edge [ source {one} target {other} LinkLabel "1 Gbps" LinkSpeedRaw 1000000000.0 ]\n'
    return text + "]\n"


def graphml():
    text = '<graphml><key id="k0" for="node" attr.name="label"/><graph><data key="label">Ring Road</data>\n'
    for i in range(COUNT):
        where = "" if i in (3, 4) else '<data key="Latitude">{}</data><data key="Longitude">{}</data>'.format(*place(i))
        text += f'<node id="{i}"><data key="k0">{name(i)}</data>{where}</node>\n'
    for one, other in EDGES:
        text += f'<edge source="{one}" target="{other}"><data key="LinkLabel">1 Gbps</data><data key="LinkSpeedRaw">1e9</data></edge>\n'
    return text + "</graph></graphml>\n"


class Import(harness.LabTest):
    def map(self, text=None, name="ring.gml"):
        path = self.folder / name
        path.write_text(gml() if text is None else text)
        return path

    def test_a_map_becomes_a_network(self):
        """By way of a file, on both families; a traceroute goes the way that is shorter on Earth."""
        self.map()
        done = self.hopyard("import", "gml", "ring.gml", "-o", "ring.hop.yaml")
        self.assertEqual(done.out, "lab Ring-Road: 30 nodes, 34 links written to ring.hop.yaml\n")
        self.assertIn("ring.gml:66:3: warning: this edge leads from a node to itself", done.err)
        path = self.folder / "ring.hop.yaml"
        with path.open("a") as file:
            file.write("pool: [10.0.0.0/8, 'fd00:1::/48']\n")
        self.hopyard("check", path)
        self.up(path)
        shown = self.show("Ring-Road")
        self.assertEqual(len(shown["nodes"]), 30)
        self.assertEqual(len(shown["links"]), 34)
        names = [node["node"] for node in shown["nodes"]]
        self.assertEqual([names[i] for i in (0, 3, 4, 7, 8, 9, 12)], ["City-0", "n3", "n4", "Jarvi", "Jarvi-2", "NO", "St.-John-s-2"])
        far = self.addresses("City-16")
        for node in ("City-0", "n3", "NO", "Jarvi-2", "St.-John-s-2"):
            for address in far:
                self.assert_reaches(node, address)
        out = self.run_in("City-0", "traceroute", "-I", "-n", "-q", "1", "-w", "3", far[0])
        self.assertEqual(len(out.splitlines()), 1 + 2, f"over the chord and one link further: {out}")

    def addresses(self, node):
        """The first of each family."""
        listed = json.loads(self.run_in(node, "ip", "-j", "address", "show", "dev", "eth0", "scope", "global"))
        return [next(info["local"] for info in listed[0]["addr_info"] if info["family"] == family) for family in ("inet", "inet6")]

    def test_both_formats_give_the_same_lab(self):
        self.map()
        self.map(graphml(), "ring.graphml")
        one = self.hopyard("import", "gml", "ring.gml").out
        other = self.hopyard("import", "graphml", "ring.graphml").out
        self.assertEqual(one.splitlines()[0].replace("GML", "GraphML").replace("ring.gml", "ring.graphml"), other.splitlines()[0])
        self.assertEqual(one.splitlines()[1:], other.splitlines()[1:])
        self.assertEqual(one, self.hopyard("import", "gml", "ring.gml").out, "the same each time")

    def test_options(self):
        self.map()
        out = self.hopyard("import", "gml", "ring.gml", "--name", "mine", "--km-per-cost", "100", "--delay", "--rate").out
        self.assertIn("\nlab: mine\n", out)
        self.assertRegex(out, r"  - City-0 -- City-1: \{cost: 2, delay: [0-9.]+(us|ms), rate: 1gbit, labels: \{name: '1 Gbps'\}\}\n")
        self.assertNotIn("cost", self.hopyard("import", "gml", "ring.gml", "--km-per-cost", "0").out)
        done = self.hopyard("import", "gml", "ring.gml", "--km-per-cost", "10km", status=2)
        self.assertIn("'10km' is no number of kilometres", done.err)
        done = self.hopyard("import", "gml", "ring.gml", "--name", "a b", status=2)
        self.assertIn("'a b' cannot be the name of a lab", done.err)

    def test_json(self):
        self.map()
        said = self.hopyard("import", "gml", "ring.gml", "--json").json()
        self.assertEqual((said["lab"], said["file"], said["nodes"], said["links"]), ("Ring-Road", None, 30, 34))
        self.assertEqual(said["text"], self.hopyard("import", "gml", "ring.gml").out)
        self.assertEqual([one["severity"] for one in said["diagnostics"]], ["warning"])
        said = self.hopyard("import", "gml", "ring.gml", "--json", "-o", "out.yaml").json()
        self.assertEqual((said["file"], said["text"]), ("out.yaml", None))
        self.assertTrue((self.folder / "out.yaml").read_text().startswith("# A network of 30 nodes and 34 links"))

    def test_a_file_that_is_there_is_not_overwritten(self):
        self.map()
        (self.folder / "out.yaml").write_text("mine")
        done = self.hopyard("import", "gml", "ring.gml", "-o", "out.yaml", status=1)
        self.assertIn("hopyard: write out.yaml: there is such a file already", done.err)
        self.assertIn("remove it, or name another", done.err)
        self.assertEqual((self.folder / "out.yaml").read_text(), "mine")

    def test_mistakes_have_a_place_and_write_nothing(self):
        self.map("graph [\n  node [ id 0 ]\n  edge [ source 0 target 7 ]\n]\n")
        done = self.hopyard("import", "gml", "ring.gml", "-o", "out.yaml", status=2)
        self.assertEqual(done.err, "ring.gml:3:26: error: there is no node with the id '7'\n"
                                   "    3 |   edge [ source 0 target 7 ]\n"
                                   "      |                          ^\n")
        self.assertEqual(done.out, "")
        self.assertFalse((self.folder / "out.yaml").exists())
        said = self.hopyard("import", "gml", "ring.gml", "--json", status=2).json()
        self.assertEqual([(one["line"], one["column"]) for one in said["diagnostics"]], [(3, 26)])

    def test_what_cannot_be_read(self):
        self.assertIn("nosuch.gml: No such file", self.hopyard("import", "gml", "nosuch.gml", status=2).err)
        self.assertIn("Is a directory", self.hopyard("import", "gml", self.folder, status=2).err)
        self.assertIn("did you mean 'graphml'?", self.hopyard("import", "grapml", "x", status=2).err)
        self.assertIn("FILE is missing", self.hopyard("import", "gml", status=2).err)
        self.map("graph [ node [ id 0 ] ]")
        self.assertIn("not well-formed XML", self.hopyard("import", "graphml", "ring.gml", status=2).err)

    @harness.needs_root
    def test_a_full_disk_leaves_no_half_file(self):
        self.map()
        self.call("mkdir", "small")
        self.assertEqual(self.call("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", "small").status, 0)
        try:
            done = self.hopyard("import", "gml", "ring.gml", "-o", "small/out.yaml", status=1)
            self.assertIn("No space left on device", done.err)
            self.assertEqual(os.listdir(self.folder / "small"), [])
        finally:
            self.assertEqual(self.call("umount", "small").status, 0)


if __name__ == "__main__":
    harness.main()

"""A lab's directory, or a keeper, of another version."""

import pathlib
import shutil

import control
import harness
from scarce import SMALL, Scarce


class Versions(Scarce):
    """A directory that another version has left."""

    def dead_lab(self, **files):
        folder = pathlib.Path("/run/hopyard/x")
        folder.mkdir(parents=True, mode=0o700)
        self.addCleanup(shutil.rmtree, "/run/hopyard", ignore_errors=True)
        for name, text in files.items():
            (folder / name).write_text(text)
        return folder

    def test_files_that_are_not_known(self):
        folder = self.dead_lab(log="", leases="10.0.0.1")
        self.assert_says_what_to_do(self.up(SMALL, status=None), "leases", "version")
        self.assertEqual(self.running(), [])
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["leases", "log"])
        (folder / "leases").unlink()
        self.lives()

    def test_notes_that_are_not_known(self):
        """Nothing is put back, for what is done in which order is not known, and nothing is forgotten."""
        text = '{"place":0,"of":"host","pid":1,"inode":4026531840}\n{"place":0,"shaken":"eth0"}\n'
        folder = self.dead_lab(changes=text)
        self.assert_says_what_to_do(self.up(SMALL, status=None), "version", "changes")
        self.assertEqual((folder / "changes").read_text(), text)
        self.assertEqual(self.running(), [])
        (folder / "changes").write_text(text[:text.index("\n") + 20])  # cut off in the middle: it was not done
        self.lives()

    def test_garbage_as_notes(self):
        self.dead_lab(changes="\0\1garbage\n[]\n{\n", cgroups="\n\n", exposed="garbage\n", log="\0")
        self.lives()

    def test_a_keeper_that_knows_less(self):
        """What it does not know it says, and who asked for more hears that it is another version."""
        self.up(SMALL)
        client = control.Client("x")
        self.addCleanup(client.close)
        answer = client.ask({"do": "dance"})
        self.assertFalse(answer["ok"])
        self.assertIn("another version", answer["error"]["remedy"])


if __name__ == "__main__":
    harness.main()

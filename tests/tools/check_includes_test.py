#!/usr/bin/python3
"""tools/check-includes finds what it is there to find, in small projects made for that."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parents[2] / "tools" / "check-includes"
TABLE = """
| room | holds | may include |
|---|---|---|
| base | values | |
| lab | the model | base |
| *above this line nothing makes a system call* | | |
| sys | system calls | |
| app | the verbs | all above |
"""
FILES = {"base/ip.hh": "", "lab/lab.hh": '#include "base/ip.hh"\n', "sys/fd.hh": "#include <unistd.h>\n", "app/up.hh": ""}


def check(files, table=TABLE):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "docs").mkdir()
        (project / "docs" / "ARCHITECTURE.md").write_text(table)
        for name, text in {**FILES, **files}.items():
            path = project / "src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([SCRIPT, project], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class CheckIncludes(unittest.TestCase):
    def test_lets_the_arrows_of_the_table_pass(self):
        files = {"app/up.cc": '#include "app/up.hh"\n#include "lab/lab.hh"\n#include "sys/fd.hh"\n#include <sys/wait.h>\n'}
        self.assertEqual(check(files), (0, ""))

    def test_names_the_line_of_another_arrow(self):
        files = {"lab/deep/down.cc": '#include "lab/lab.hh"\n\n#  include "sys/fd.hh"\n'}
        self.assertEqual(check(files), (1, "src/lab/deep/down.cc:3: lab may not include sys\n"))

    def test_knows_that_base_includes_no_other_room(self):
        files = {"base/bad.cc": '#include "lab/lab.hh"\n'}
        self.assertEqual(check(files), (1, "src/base/bad.cc:1: base may not include lab\n"))

    def test_wants_includes_from_the_root_of_the_sources(self):
        files = {"lab/bad.cc": '#include "lab.hh"\n'}
        self.assertEqual(check(files), (1, 'src/lab/bad.cc:1: "lab.hh" is not a file of src/\n'))

    def test_keeps_system_calls_below_the_line(self):
        files = {"lab/bad.cc": "#include <vector>\n#include <sys/socket.h>\n"}
        self.assertEqual(check(files), (1, "src/lab/bad.cc:2: lab makes no system calls, so it needs no <sys/socket.h>\n"))

    def test_wants_every_room_in_the_table(self):
        self.assertEqual(check({"attic/a.cc": ""}), (1, "src/attic: no such room in docs/ARCHITECTURE.md\n"))

    def test_fails_without_a_table(self):
        self.assertEqual(check({}, table="Nothing."), (1, "docs/ARCHITECTURE.md: the table of rooms is not there\n"))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
"""What routing daemons are given, word by word, and whether the daemons themselves can read it.

Each daemons/NAME.yaml is lowered and compared with daemons/NAME.expected; each configuration is read by `bird -p` or by
`vtysh --dryrun`. HOPYARD_GOLDEN_WRITE=1 in the environment writes the expectations anew, to be looked at with git diff.
"""

import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).parent / "daemons"


def refusal(path):
    """What the daemon's own parser says against a configuration; nothing if it takes it."""
    if path.name == "bird.conf":
        command = ["/usr/sbin/bird", "-p", "-c", path]
    else:
        command = ["vtysh", "--dryrun", "--inputfile", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return f"{path}: {done.returncode}: {done.stdout}{done.stderr}" if done.returncode else ""


def configurations(folder):
    return sorted(path for path in folder.rglob("*.conf") if path.name != "vtysh.conf")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write-daemons", required=True)
    program = parser.parse_args().write_daemons
    problems, read = [], 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for lab in sorted(FOLDER.glob("*.yaml")):
            done = subprocess.run([program, lab, folder / lab.stem], capture_output=True, text=True, check=False, timeout=60)
            problems += [f"{lab.name}: ended with {done.returncode}\n{done.stderr}"] if done.returncode else []
            expected = lab.with_suffix(".expected")
            if os.environ.get("HOPYARD_GOLDEN_WRITE"):
                expected.write_text(done.stdout, encoding="utf-8")
            problems += difflib.unified_diff(expected.read_text(encoding="utf-8").splitlines(), done.stdout.splitlines(),
                                             expected.name, "now", lineterm="")
            for path in configurations(folder / lab.stem):
                problems += filter(None, [refusal(path)])
                read += 1
        # A check that takes anything would be none.
        for path, text in (("bird.conf", "router id 1.2.3.4;\nprotocol bpg x { }\n"), ("bgpd.conf", "router bgp 1\n neighbour x\n")):
            (folder / path).write_text(text, encoding="utf-8")
            if not refusal(folder / path):
                problems.append(f"{path}: a wrong configuration is taken")
    if read < 10:
        problems.append(f"only {read} configurations were looked at")
    print("\n".join(problems) or f"{read} configurations")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

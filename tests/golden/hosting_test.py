#!/usr/bin/python3
"""What the servers and clients of addresses are given, word by word, and whether dnsmasq can read it.

Each hosting/NAME.yaml is lowered and compared with hosting/NAME.expected; each dnsmasq.conf is read by `dnsmasq --test`, each script by
`sh -n`. HOPYARD_GOLDEN_WRITE=1 in the environment writes the expectations anew, to be looked at with git diff.
"""

import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).parent / "hosting"


def refusal(path):
    """What the reader says against a file; nothing if it takes it."""
    command = ["dnsmasq", "--test", f"--conf-file={path}"] if path.name == "dnsmasq.conf" else ["sh", "-n", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return f"{path}: {done.returncode}: {done.stdout}{done.stderr}" if done.returncode else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write-daemons", required=True)
    program = parser.parse_args().write_daemons
    problems, read = [], 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for lab in sorted(FOLDER.glob("*.yaml")):
            done = subprocess.run([program, lab, folder / lab.stem], capture_output=True, text=True, check=False, timeout=60)
            problems += [f"{lab.name}: ended with {done.returncode}\n{done.stdout}{done.stderr}"] if done.returncode else []
            expected = lab.with_suffix(".expected")
            if os.environ.get("HOPYARD_GOLDEN_WRITE"):
                expected.write_text(done.stdout, encoding="utf-8")
            problems += difflib.unified_diff(expected.read_text(encoding="utf-8").splitlines(), done.stdout.splitlines(),
                                             expected.name, "now", lineterm="")
            for path in sorted(one for one in (folder / lab.stem).rglob("*") if one.is_file() and one.name != "resolv.conf"):
                problems += filter(None, [refusal(path)])
                read += 1
        # A check that takes anything would be none.
        for path, text in (("dnsmasq.conf", "dhcp-rnage=1.2.3.4,1.2.3.5\n"), ("script", "if true; then\n")):
            (folder / path).write_text(text, encoding="utf-8")
            if not refusal(folder / path):
                problems.append(f"{path}: a wrong text is taken")
    if read < 8:
        problems.append(f"only {read} files were looked at")
    print("\n".join(problems) or f"{read} files")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

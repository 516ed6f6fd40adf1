"""What nodes are given, word by word: each NAME.yaml of a folder is lowered and compared with NAME.expected, and each file that comes
of it is read by the program that it is for.

HOPYARD_GOLDEN_WRITE=1 in the environment writes the expectations anew, to be looked at with git diff.
"""

import argparse
import difflib
import os
import pathlib
import subprocess
import tempfile


def refusal(command, path):
    """What the reader says against a file; nothing if it takes it."""
    done = subprocess.run(command(path), capture_output=True, text=True, check=False, timeout=60)
    return [f"{path}: {done.returncode}: {done.stdout}{done.stderr}"] if done.returncode else []


def differences(lab, command):
    """What is not as expected of a lab that the command writes the files of."""
    done = subprocess.run(command, cwd=lab.parent, capture_output=True, text=True, check=False, timeout=60)
    problems = [f"{lab.name}: ended with {done.returncode}\n{done.stdout}{done.stderr}"] if done.returncode else []
    expected = lab.with_suffix(".expected")
    if os.environ.get("HOPYARD_GOLDEN_WRITE"):
        expected.write_text(done.stdout, encoding="utf-8")
    return problems + list(difflib.unified_diff(expected.read_text(encoding="utf-8").splitlines(), done.stdout.splitlines(),
                                                expected.name, "now", lineterm=""))


def check(name, is_read, command, wrong, least):
    """Looks at the labs in the folder of that name. `is_read` tells which files have a reader, `command` makes its command line of a path,
    `wrong` are files that it has to refuse, and at least `least` have to be read. Returns the exit status of the test."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write-daemons", required=True)
    program = parser.parse_args().write_daemons
    problems, read = [], 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for lab in sorted((pathlib.Path(__file__).parent / name).glob("*.yaml")):
            problems += differences(lab, [program, lab.name, folder / lab.stem])
            for path in sorted(path for path in (folder / lab.stem).rglob("*") if path.is_file() and is_read(path)):
                problems += refusal(command, path)
                read += 1
        # A check that takes anything would be none.
        for path, text in wrong.items():
            (folder / path).write_text(text, encoding="utf-8")
            if not refusal(command, folder / path):
                problems.append(f"{path}: a wrong text is taken")
    if read < least:
        problems.append(f"only {read} files were looked at")
    print("\n".join(problems) or f"{read} files")
    return 1 if problems else 0

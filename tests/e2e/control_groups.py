"""The machine's control groups in the tests' own world, whose /sys has none."""

import os
import pathlib
import re
import subprocess


def mount():
    """As the machine has them: cgroup2, or those controllers of version 1 that labs use."""
    root = pathlib.Path("/sys/fs/cgroup")
    if os.path.ismount(root):
        return
    text = pathlib.Path("/proc/self/mountinfo").read_text()
    if re.search(r" /sys/fs/cgroup .* - cgroup2 ", text):
        subprocess.run(["mount", "-t", "cgroup2", "cgroup", root], check=True)
        return
    subprocess.run(["mount", "-t", "tmpfs", "cgroup", root], check=True)
    for name in ("cpu", "memory"):
        if re.search(rf"/sys/fs/cgroup/\S+ .* - cgroup .*\b{name}\b", text):
            (root / name).mkdir()
            subprocess.run(["mount", "-t", "cgroup", "-o", name, "cgroup", root / name], check=True)

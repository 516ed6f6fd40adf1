"""What a lab could leave behind, seen from outside of it."""

import os
import re
import subprocess

NAMESPACES = ("net", "mnt", "pid", "uts", "ipc", "user", "cgroup")


def output(*command, input=""):
    return subprocess.run(command, input=input, capture_output=True, text=True, check=True).stdout


def processes():
    """pid and command line of every process but this one and its short-lived children."""
    found = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                words = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
            with open(f"/proc/{entry}/stat") as file:
                name, state = re.match(r"\d+ \((.*)\) (\S)", file.read(), re.DOTALL).groups()
        except (OSError, AttributeError):
            continue  # it ended meanwhile
        found.add(f"process {entry} {words or name} {'(zombie)' if state == 'Z' else ''}".strip())
    return found


def namespaces():
    """Every namespace that a process lives in or holds a descriptor of."""
    found = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        for kind in NAMESPACES:
            try:
                found.add("namespace " + os.readlink(f"/proc/{entry}/ns/{kind}"))
            except OSError:
                pass
        for target in descriptors(entry).values():
            if re.match(r"\w+:\[\d+\]$", target) and not target.startswith(("pipe:", "socket:")):
                found.add("namespace " + target)
    return found


def descriptors(pid):
    """What each descriptor of a process leads to, by its path in /proc. One that is closed meanwhile is left out."""
    folder = f"/proc/{pid}/fd"
    try:
        paths = [f"{folder}/{number}" for number in os.listdir(folder)]
    except OSError:
        return {}
    found = {}
    for path in paths:
        try:
            found[path] = os.readlink(path)
        except OSError:
            pass
    return found


def mounts():
    with open("/proc/self/mountinfo") as file:
        return {"mount " + " ".join(line.split()[2:5] + line.split(" - ")[1].split()[:2]) for line in file}


def network():
    """Links, addresses and routes with what marks them; ages are left out."""
    text = output("ip", "-o", "-batch", "-", input="link show\naddress show\nroute show table all\n")
    return {"network " + re.sub(r"\s+", " ", re.sub(r"(\w+_lft|expires) \w+", "", line)) for line in text.splitlines()}


def rulesets():
    """Those of the network that the caller is in. They are nobody's but root's: who else cannot see them cannot change them."""
    if os.geteuid() != 0:
        return set()
    return {"nftables " + line for line in output("nft", "list", "tables").splitlines()}


def files(*folders):
    found = set()
    for folder in folders:
        for where, inner, names in os.walk(folder):
            found.update(f"file {where}/{name}" for name in inner + names)
    return found


def cgroups():
    """Control groups by name: all that processes other than ours may have made meanwhile are not called hopyard."""
    found = set()
    for where, inner, _ in os.walk("/sys/fs/cgroup"):
        found.update(f"control group {where}/{name}" for name in inner if "hopyard" in name)
    return found


def take():
    """Inside a world of the tests' own, where nothing else happens."""
    return (processes() | namespaces() | mounts() | network() | rulesets() | cgroups()
            | files("/run", "/dev/shm", "/var/run/netns"))


def take_outside():
    """On the whole machine, where others start and end processes as they like."""
    return mounts() | network() | rulesets()


def differences(before, after):
    return sorted(f"gone: {one}" for one in before - after) + sorted(f"new: {one}" for one in after - before)

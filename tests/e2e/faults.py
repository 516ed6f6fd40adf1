"""Orders for the library that is preloaded into hopyard to make its system calls fail, and what it has seen: tests/faults/faults.hh."""

import mmap
import os
import pathlib
import struct
import subprocess

import harness

LIBRARY = pathlib.Path(os.environ.get("HOPYARD_FAULTS_LIBRARY") or pathlib.Path(harness.BINARY).parent / "tests/faults/libfaults.so")
RECORD, FAIL, KILL = range(3)
DEPTH = 4
MOST_SITES = 16384
HEAD = struct.Struct("<IIQIIi256s4x")
SITE = struct.Struct("<Q8Q24sIi")


class Site:
    def __init__(self, identity, places, function, passed, error):
        self.identity, self.places, self.function, self.passed, self.error = identity, places, function, passed, error

    def __str__(self):
        return f"{self.function} at {' < '.join(functions(self.places))}"


class Orders:
    """One file of orders. Commands that get environment() obey, and so does all that they start of the program."""

    def __init__(self, folder):
        self.path = folder / "orders"
        with open(self.path, "w+b") as file:
            file.truncate(HEAD.size + MOST_SITES * SITE.size)
            self.map = mmap.mmap(file.fileno(), 0)

    def environment(self):
        return os.environ | {"LD_PRELOAD": str(LIBRARY), "HOPYARD_FAULTS": str(self.path)}

    def give(self, mode, site=0, passing=1):
        program = os.path.realpath(harness.BINARY).encode()
        self.map[:HEAD.size] = HEAD.pack(mode, DEPTH, site, passing, 0, 0, program)

    def struck(self):
        return HEAD.unpack(self.map[:HEAD.size])[5] != 0

    def sites(self):
        """Of a run that recorded, in an order that is the same each time."""
        found = []
        for at in range(HEAD.size, len(self.map), SITE.size):
            if self.map[at:at + 8] != bytes(8):
                identity, *places, function, passed, error = SITE.unpack(self.map[at:at + SITE.size])
                found.append(Site(identity, [one for one in places if one], function.rstrip(b"\0").decode(), passed, error))
        return sorted(found, key=lambda one: (one.function, one.places))


def functions(places):
    """Names for return addresses of the program, as its own symbols have them."""
    if not places:
        return ["no code of the program"]
    command = ["addr2line", "-f", "-C", "-e", harness.BINARY, *(hex(place - 1) for place in places)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [f"{name.partition('(')[0]}+{place:x}" for name, place in zip(lines[::2], places)]

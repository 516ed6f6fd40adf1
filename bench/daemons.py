"""A chain of BGP routers: by Hopyard, and by a script that starts the same daemons with the same configuration.

The time is until both ends of the chain have every prefix in their kernels, looked at in the same way for both.
"""
import ctypes
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
CLONE_NEWNET = 0x40000000
LONGEST = 120  # seconds until tables have to be full


def lab_file(folder, daemon, nodes, memory="own"):
    path = folder / f"{daemon}{nodes}-{memory}.yaml"
    path.write_text(f"lab: {daemon}\nmemory: {memory}\nnodes:\n"
                    f"  r[0..{nodes - 1}]: {{kind: router, routing: bgp, daemon: {daemon}, as: 100 + i}}\n"
                    "  r0: {bgp: {announce: [0.0.0.0/0]}}\n"
                    f"links:\n  - chain: r[0..{nodes - 1}]\n", encoding="ascii")
    return path


def routes_in(namespace):
    """How many IPv4 routes the namespace of this file has."""
    found = []

    def count():
        with open(namespace, "rb") as file:
            if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"setns {namespace}")
        with open("/proc/thread-self/net/route", encoding="ascii") as table:
            found.append(len(table.readlines()) - 1)

    # A thread of its own, so that this program stays where it is.
    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return found[0]


def until_full(ends, nodes):
    """The seconds (CLOCK_MONOTONIC) at which both ends had the subnets of all wires, and the last one the default route too."""
    deadline = time.monotonic() + LONGEST
    wanted = [nodes - 1, nodes]
    while any(routes_in(end) < many for end, many in zip(ends, wanted)):
        if time.monotonic() > deadline:
            sys.exit(f"bench/run: tables are not full after {LONGEST} s")
        time.sleep(0.02)
    return time.monotonic()


def memory_of(pids):
    """Bytes of the proportional share of memory of these processes together."""
    rollups = (pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in pids)
    return sum(int(re.search(r"^Pss:\s+(\d+) kB", one, re.M)[1]) * 1024 for one in rollups)


def merged_memory_of(pids):
    """The same once the kernel finds no more pages that are equal: in three seconds less than a hundredth."""
    before, now = 0, memory_of(pids)
    while before == 0 or now < 0.99 * before:
        time.sleep(3)
        before, now = now, memory_of(pids)
    return now


class Daemons:
    """Both ways for one daemon. Each run returns the seconds of it all, those without making the namespaces, and the memory."""

    def __init__(self, hopyard, folder, daemon, nodes):
        self.hopyard, self.daemon, self.nodes = hopyard, daemon, nodes
        self.file = lab_file(folder, daemon, nodes)
        self.merging = lab_file(folder, daemon, nodes, "merge")
        self.configurations = folder / f"{daemon}{nodes}"
        folder.chmod(0o755)  # FRR reads as a user of its own

    def call(self, *words):
        return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout

    def json(self, *words):
        return json.loads(self.call(self.hopyard, *words, "--json"))

    def by_hopyard(self):
        return self.up(self.file, memory_of)

    def merging_memory(self):
        return self.up(self.merging, merged_memory_of)

    def up(self, file, weigh):
        begin = time.monotonic()
        self.call(self.hopyard, "up", file)
        ends = [f"/proc/{self.json('show', f'{self.daemon}/r{i}')['pid']}/ns/net" for i in (0, self.nodes - 1)]
        seconds = until_full(ends, self.nodes) - begin
        memory = weigh([one["host_pid"] for one in self.json("ps", "-l", self.daemon)["processes"]])
        if not self.configurations.exists():
            self.keep_configurations()
        self.call(self.hopyard, "down", self.daemon)
        return seconds, seconds, memory

    def keep_configurations(self):
        """Writes what Hopyard gave the daemons, for the script to give them the same."""
        for i in range(self.nodes):
            own = self.configurations / f"r{i}"
            own.mkdir(parents=True)
            for file in self.json("show", f"{self.daemon}/r{i}", "--config")["files"]:
                (own / pathlib.Path(file["path"]).name).write_text(file["content"], encoding="utf-8")

    def by_script(self):
        begin = time.monotonic()
        self.call(HERE / "chain-ip.sh", self.nodes, "connected")
        made = time.monotonic()
        words = [HERE / "chain-daemons.sh", self.nodes, self.daemon, self.configurations]
        self.call(*words)
        end = until_full([f"/run/netns/r{i}" for i in (0, self.nodes - 1)], self.nodes)
        pids = [path.read_text(encoding="ascii").strip() for path in self.configurations.glob("r*/*.pid")]
        memory = memory_of(pids)
        self.call(*words, "down")
        while any(os.path.exists(f"/proc/{pid}") for pid in pids):
            time.sleep(0.02)
        self.call(HERE / "chain-ip.sh", self.nodes, "down")
        return end - begin, end - made, memory


def measure(hopyard, folder, calm, rounds, nodes=100):
    """Medians by daemon and way, the two ways in turn: whole, without namespaces, memory, and the ratio of the rounds."""
    found = {}
    for daemon in ("bird", "frr"):
        one = Daemons(hopyard, folder, daemon, nodes)
        ways = {"hopyard up": one.by_hopyard, "script of ip netns exec": one.by_script,
                "hopyard up, memory: merge": one.merging_memory}
        runs = {name: [] for name in ways}
        for number in range(rounds):
            for name, way in ways.items():
                calm.wait(nodes)
                runs[name].append(way())
                print(f"  {nodes} {daemon}, round {number + 1}, {name}: {runs[name][-1][0]:.3f} s", file=sys.stderr)
        found[daemon] = {name: [statistics.median(column) for column in zip(*lines)] for name, lines in runs.items()}
        pairs = zip(runs["hopyard up"], runs["script of ip netns exec"])
        found[daemon]["ratio"] = statistics.median(hopyard[1] / script[1] for hopyard, script in pairs)
    return found


def lines(found, row):
    text = ["### 100 BGP routers in a chain, until both ends have all routes", "",
            "The script is `bench/chain-ip.sh` and then `bench/chain-daemons.sh`, with the configurations that Hopyard made. Memory is the",
            "daemons' proportional share; with `memory: merge` it is what is left when the kernel has found what is equal.", "",
            row("", "s", "without namespaces, s", "memory, MiB"), row("---", "---:", "---:", "---:")]
    for daemon, ways in found.items():
        for name, values in ways.items():
            if name != "ratio":
                whole, daemons, memory = values
                text.append(row(f"{daemon}, {name}", f"{whole:.2f}", "" if name.startswith("hopyard up") else f"{daemons:.2f}",
                                f"{memory / 1048576:.0f}"))
    return [*text, ""]

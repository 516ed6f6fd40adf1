"""What the lives of labs (lives.py) find beside their lab: containers, folders, frames of a guest."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import harness
import nspawn
import outside

# Says in the name of the guest of MACHINE that it answers its neighbour's ping, and that a DHCP server has given it an address.
SIGNS = """
import socket, struct, time
def summed(head):
    sum = 0
    for (word,) in struct.iter_unpack("!H", head): sum += word
    while sum > 0xffff: sum = (sum & 0xffff) + (sum >> 16)
    return ~sum & 0xffff
def packet(protocol, ends, content):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0, 64, protocol, 0) + ends
    return bytes.fromhex("ffffffffffff" "020000000099" "0800") + head[:10] + struct.pack("!H", summed(head)) + head[12:] + content
answer = struct.pack("!BBHHH", 0, 0, 0, 0x686f, 1)
echo = packet(1, bytes([10, 9, 0, 20, 10, 9, 0, 1]), answer)
ack = bytes([2, 1, 6, 0]) + bytes(12) + bytes([10, 9, 1, 20]) + bytes(8) + bytes.fromhex("02000000000b") + bytes(10 + 192)
ack += bytes.fromhex("63825363 350105 ff")
lease = packet(17, bytes([10, 9, 1, 1, 255, 255, 255, 255]), struct.pack("!HHHH", 67, 68, 8 + len(ack), 0) + ack)
wires = []
for name, frame in (("eth0", echo), ("eth1", lease)):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((name, 0))
    wires.append((wire, frame))
while True:
    for wire, frame in wires: wire.send(frame)
    time.sleep(0.02)
"""


class Around:
    """What a life finds on the host, from `with` to its end. values: what stands for words of its text; state(): more to compare."""

    def __init__(self, folder):
        self.folder = folder
        self.values = {}
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.begin(stack)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def begin(self, stack):
        pass

    def state(self):
        return ""

    def wrong(self, said):
        """What commands that have ended left though they should not have, by what they said."""
        return []

    def mend(self):
        """After a life that left something: what would be the next one's else."""

    def clear(self):
        """After each life, once nothing runs any more: what is not a lab's to clear."""


class Containers(Around):
    def begin(self, stack):
        container = nspawn.Container(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), "m1")
        stack.callback(container.end)
        bare = subprocess.Popen(["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
                                 "ip link set lo up; sleep infinity & echo ready; wait"], stdout=subprocess.PIPE, text=True)
        stack.callback(lambda: (bare.kill(), bare.wait(), bare.stdout.close()))
        bare.stdout.readline()
        self.pids = [self.child(container.process.pid), self.child(bare.pid)]
        name = pathlib.Path(f"/proc/{self.child(self.pids[1])}/comm")
        harness.wait_until(lambda: name.read_text() == "sleep\n")
        self.values = {"PROCESS": self.pids[1]}

    @staticmethod
    def child(pid):
        """The first process of a monitor's that is in a network of its own."""
        for line in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if os.readlink(f"/proc/{line}/ns/net") != os.readlink("/proc/self/ns/net"):
                return int(line)
        raise AssertionError(f"process {pid} has no container")

    def state(self):
        return "\n".join(outside.state_of("nsenter", "--target", str(pid), "--net") for pid in self.pids)


class Taken(Containers):
    """What a lab wants to give to a container is there, and stays the container's."""

    def begin(self, stack):
        super().begin(stack)
        for words in ("address add 192.0.2.7/32 dev lo", "-6 address add 2001:db8:7::7/128 dev lo", "route add blackhole 198.51.100.0/24",
                      "-6 route add blackhole 2001:db8:8::/48", "rule add from 10.0.0.1 table 100 pref 500",
                      "-6 rule add from fd00::1 table 100 pref 500"):
            outside.run("nsenter", "--target", str(self.pids[0]), "--net", "ip", *words.split())


class Names(Around):
    """Names of network namespaces are in a folder that is not a lab's."""

    FOLDER = pathlib.Path("/run/netns")

    def wrong(self, said):
        there = {path.name for path in self.FOLDER.iterdir()} if self.FOLDER.is_dir() else set()
        failed = [one.command for one in said if one.status > 0]
        return [f"{words} has failed, and the name is there" for words in failed if words[1:3] in (("netns", "add"), ("netns", "attach"))
                and words[3] in there]

    def clear(self):
        subprocess.run(["umount", "-l", self.FOLDER], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.FOLDER, ignore_errors=True)


class Merging(Around):
    """The host's switches of page merging."""

    FOLDER = pathlib.Path("/sys/kernel/mm/ksm")

    def begin(self, stack):
        self.before = self.switches()

    def switches(self):
        return {name: (self.FOLDER / name).read_text() for name in ("run", "pages_to_scan", "sleep_millisecs")}

    def state(self):
        return "".join(f"ksm {name} {value}" for name, value in self.switches().items())

    def mend(self):
        for name, value in self.before.items():
            (self.FOLDER / name).write_text(value)


def root_folder(path):
    """A root file system of busybox alone."""
    for part in ("bin", "etc", "proc", "sys", "dev", "tmp", "run", "var/log"):
        (path / part).mkdir(parents=True, exist_ok=True)
    shutil.copy(shutil.which("busybox"), path / "bin/busybox")
    (path / "bin/sh").unlink(missing_ok=True)
    (path / "bin/sh").symlink_to("busybox")

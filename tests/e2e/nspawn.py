"""A real container of systemd-nspawn, of busybox, without a network of its own and without systemd around it."""

import os
import pathlib
import shutil
import subprocess

import harness

GROUPS = pathlib.Path("/sys/fs/cgroup")
APPLETS = ("sh", "sleep", "ip", "ping", "hostname", "readlink")


class Container:
    """Runs from the beginning; end() leaves nothing."""

    def __init__(self, folder, name):
        self.root = folder / f"{name}-root"
        for part in ("bin", "usr", "etc", "proc", "sys", "dev", "tmp", "run"):
            (self.root / part).mkdir(parents=True)
        shutil.copy(shutil.which("busybox"), self.root / "bin/busybox")
        for applet in APPLETS:
            (self.root / "bin" / applet).symlink_to("busybox")
        (self.root / "etc/os-release").write_text("ID=busybox\n")
        # The machine's own control groups, in a mount of the test's world that has no others, and one for what is started here.
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", GROUPS], check=True)
        self.group = GROUPS / f"hopyard-nspawn-{harness.SEED}-{os.getpid()}"
        self.group.mkdir()
        script = f"echo $$ >{self.group}/cgroup.procs; exec \"$@\""
        self.process = subprocess.Popen(
            ["sh", "-ec", script, "sh", "systemd-nspawn", "--register=no", "--keep-unit", "--private-network", "--quiet", "--as-pid2",
             "-D", self.root, "-M", name, "sh", "-c", "echo here; exec sleep 1000"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = self.process.stdout.readline()
        if said.strip() != "here":
            raise AssertionError(f"systemd-nspawn: {said}{self.process.stdout.read()}")

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        (self.group / "cgroup.kill").write_text("1")
        parts = [*(path for path in self.group.iterdir() if path.is_dir()), self.group]
        for part in parts:
            harness.wait_until(lambda part=part: not (part / "cgroup.procs").read_text())
            part.rmdir()
        subprocess.run(["umount", "-l", GROUPS], check=True)
        shutil.rmtree("/run/systemd", ignore_errors=True)  # its own, in the /run of the test's world

"""Real containers of LXC, from its busybox template, without a network of their own."""

import os
import pathlib
import shutil
import subprocess


class Containers:
    """Makes and starts containers in a folder, and ends them."""

    def __init__(self, folder):
        self.folder = folder
        self.names = []  # that run
        self.started = []
        # LXC wants to see control groups; these are the machine's own, in a mount of the test's world.
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/sys/fs/cgroup"], check=True)
        os.mkdir("/sys/fs/cgroup/unified")
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup/unified"], check=True)
        self.groups = set(os.listdir("/sys/fs/cgroup/unified"))

    def start(self, name):
        where = ["-P", str(self.folder), "-n", name]
        rootfs = f"{self.folder}/{name}/rootfs"
        self.names.append(name)
        self.started.append(name)
        self.run("lxc-create", *where, "-t", "busybox")
        # Nothing runs in it but what a test starts: the template's udhcpc, gettys and shells begin and end when they like, and
        # the first would take addresses away.
        pathlib.Path(rootfs, "etc/inittab").write_text("", encoding="ascii")
        with open(f"{self.folder}/{name}/config", "w", encoding="utf-8") as config:
            config.write(f"lxc.rootfs.path = dir:{rootfs}\nlxc.uts.name = {name}\nlxc.net.0.type = empty\n"
                         "lxc.apparmor.profile = unconfined\nlxc.mount.auto = proc:rw\n")
        self.run("lxc-start", *where)
        pid = self.pid(name)
        self.run("nsenter", "--target", str(pid), "--net", "ip", "link", "set", "lo", "up")  # as with any network
        return pid

    def pid(self, name):
        return int(self.run("lxc-info", "-P", str(self.folder), "-n", name, "-p", "-H"))

    def attach(self, name, *command):
        """What a command prints that LXC itself starts in the container."""
        return self.run("lxc-attach", "-P", str(self.folder), "-n", name, "--", *command)

    def stop(self, name):
        self.run("lxc-stop", "-k", "-P", str(self.folder), "-n", name)
        self.names.remove(name)

    def end(self):
        for name in list(self.names):
            subprocess.run(["lxc-stop", "-k", "-P", str(self.folder), "-n", name], capture_output=True, check=False)
        # A container's own go with it, but for what another container of that name, outside of this world, has; the one that
        # all monitors of the machine end in may have been there before, or be in use.
        own = [f"lxc.{what}.{name}" for what in ("monitor", "payload") for name in self.started]
        for name in (set(os.listdir("/sys/fs/cgroup/unified")) - self.groups) & {*own, "lxc.pivot"}:
            try:
                os.rmdir(f"/sys/fs/cgroup/unified/{name}")
            except OSError:
                pass
        subprocess.run(["umount", "-l", "/sys/fs/cgroup"], check=True)
        shutil.rmtree("/run/lxc", ignore_errors=True)  # its locks, in the /run of the test's world

    @staticmethod
    def run(*words):
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

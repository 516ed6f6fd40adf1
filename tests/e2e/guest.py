"""A small guest for virtual machines: Debian's kernel, as tests/vm/prepare unpacks it, and an initrd of busybox."""

import gzip
import os
import pathlib
import select
import shutil
import subprocess
import time

from harness import PATIENCE, LabTest

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("HOPYARD_VM_CACHE", HERE.parents[1] / "build/vm"))
# An emulated timer on a busy machine does not pass the kernel's test.
LINE = "console=ttyS0 quiet no_timer_check tsc=reliable mitigations=off nokaslr random.trust_cpu=on panic=-1"
LEAVE = "\x1d"  # Ctrl-]
MODULES = ("virtio_pci", "virtio_net", "virtio_blk", "button", "evdev", "isofs")


def prepare():
    """To be called where there is a network: fetches the kernel, once."""
    subprocess.run([HERE.parent / "vm/prepare", CACHE], check=True)


def kernel():
    return CACHE / "vmlinux"


def closure(folder):
    """The files of MODULES and of what they need, what is needed first (modules.dep(5))."""
    needs = {}
    for line in (folder / "modules.dep").read_text().splitlines():
        file, _, others = line.partition(":")
        needs[file] = others.split()
    by_name = {pathlib.Path(file).name.split(".")[0].replace("-", "_"): file for file in needs}
    files = []
    for name in MODULES:
        if name not in by_name:
            continue  # built in
        for file in [*reversed(needs[by_name[name]]), by_name[name]]:
            if file not in files:
                files.append(file)
    return files


def initrd(path):
    """Writes the guest's initrd there."""
    root = path.parent / "guest-root"
    for name in ("bin", "modules", "etc/acpi/PWRF"):
        (root / name).mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    for applet in subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            (root / "bin" / applet).symlink_to("busybox")
    modules = next((CACHE / "kernel/lib/modules").iterdir())
    order = closure(modules)
    for file in order:
        shutil.copy(modules / file, root / "modules")
    (root / "modules/order").write_text("".join(f"{pathlib.Path(file).name}\n" for file in order))
    for source, target in (("init", "init"), ("lease", "bin/lease"), ("power-button", "etc/acpi/PWRF/00000080")):
        shutil.copy(HERE / "guest" / source, root / target)
        (root / target).chmod(0o755)
    names = "\n".join(str(p.relative_to(root)) for p in [root, *sorted(root.rglob("*"))]) + "\n"
    packed = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], input=names.encode(), capture_output=True,
                            cwd=root, check=True).stdout
    path.write_bytes(gzip.compress(packed, 1))
    shutil.rmtree(root)


class GuestTest(LabTest):
    """A test with virtual machines that boot this guest."""

    def setUp(self):
        super().setUp()
        initrd(self.folder / "initrd")

    def vm(self, **more):
        """The value of a node's 'vm' key."""
        keys = {"kernel": kernel(), "initrd": "initrd", "append": LINE, "memory": "128MiB",
                "accel": "tcg", "ready": "{console: guest is up}"} | more
        return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"

    def console(self, node):
        """Standard files that talk with the console of a node, by pipes."""
        return self.start("console", node)

    def type(self, talk, line, wanted):
        """Types a line; returns all that came until the wanted text did."""
        talk.stdin.write(line + "\n")
        talk.stdin.flush()
        return self.read_until(talk.stdout.fileno(), wanted)

    def read_until(self, descriptor, wanted, seconds=60):
        seen, end = b"", time.monotonic() + seconds * PATIENCE
        while wanted.encode() not in seen:
            left = end - time.monotonic()
            self.assertTrue(left > 0 and select.select([descriptor], [], [], left)[0], f"no '{wanted}' in {seen}")
            more = os.read(descriptor, 4096)
            self.assertTrue(more, f"it ended; no '{wanted}' in {seen}")
            seen += more
        return seen.decode(errors="replace")

    def leave(self, talk):
        talk.stdin.write(LEAVE)
        talk.stdin.flush()
        self.assertEqual(talk.wait(20 * PATIENCE), 0)

    def state(self, node):
        return next(one for one in self.show(node)["services"] if one["service"] == "qemu")

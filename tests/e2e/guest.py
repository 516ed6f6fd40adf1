"""A small guest for virtual machines: Debian's kernel, as tests/vm/prepare unpacks it, and an initrd of busybox."""

import gzip
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("HOPYARD_VM_CACHE", HERE.parents[1] / "build/vm"))
# An emulated timer on a busy machine does not pass the kernel's test.
LINE = "console=ttyS0 quiet no_timer_check tsc=reliable mitigations=off nokaslr random.trust_cpu=on panic=-1"
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

"""An ordinary user, made for the tests in their own mounts: the machine's accounts stay as they are."""

import os
import pathlib
import subprocess

NAME = "hopyard-user"
# Another one in each run, for the kernel and /tmp are the machine's; above the subordinate ones.
NUMBER = int(os.environ.setdefault("HOPYARD_TEST_USER_NUMBER", str(2000000 + os.getpid())))
FIRST_SUBORDINATE = 1000000
RUNTIME = f"/run/user/{NUMBER}"
HOME = f"/run/home/{NAME}"


def make(with_ids):
    """As process 1 of the world. with_ids: 65,536 subordinate ids, as useradd(8) gives them; else none."""
    made = pathlib.Path("/run/accounts")
    made.mkdir(mode=0o755)
    replace(made, "/etc/passwd", f"{NAME}:x:{NUMBER}:{NUMBER}::{HOME}:/bin/bash\n")
    replace(made, "/etc/group", f"{NAME}:x:{NUMBER}:\n")
    for file in ("/etc/subuid", "/etc/subgid"):
        replace(made, file, f"{NAME}:{FIRST_SUBORDINATE}:65536\n" if with_ids else "", keep=False)
    for folder in (RUNTIME, HOME):
        os.makedirs(folder, mode=0o755)
        os.chmod(folder, 0o700)
        os.chown(folder, NUMBER, NUMBER)
    make_tun()


def replace(made, file, line, keep=True):
    """Another text for a file of /etc, in this world alone."""
    text = pathlib.Path(file).read_text() if keep else ""
    own = made / pathlib.Path(file).name
    own.write_text(text + line)
    pathlib.Path(file).touch()
    subprocess.run(["mount", "--bind", own, file], check=True)


def make_tun():
    """/dev/net/tun as udev makes it: for everybody (kernel Documentation/networking/tuntap.rst)."""
    if not os.path.exists("/dev/net/tun"):
        return
    devices = pathlib.Path("/run/devices")
    devices.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", devices], check=True)
    os.mknod(devices / "tun", 0o020666, os.makedev(10, 200))
    os.chmod(devices / "tun", 0o666)
    subprocess.run(["mount", "--bind", devices / "tun", "/dev/net/tun"], check=True)


def may_enter(folder):
    mode = folder.stat().st_mode
    return mode & 0o005 == 0o005


def open_way(path):
    """A checkout may lie where only root looks, in /root: there this world alone gets a folder for everybody with nothing in it but
    the way to the path."""
    target = path if path.is_dir() else path.parent
    closed = next((one for one in reversed(target.parents) if not may_enter(one)), None)
    if closed is None:
        return
    aside = pathlib.Path("/run/aside")
    aside.mkdir(exist_ok=True)
    subprocess.run(["mount", "--bind", target, aside], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", closed], check=True)
    target.mkdir(parents=True)
    subprocess.run(["mount", "--move", aside, target], check=True)


def become():
    """Gives up being root, for good."""
    os.setgroups([])
    os.setresgid(NUMBER, NUMBER, NUMBER)
    os.setresuid(NUMBER, NUMBER, NUMBER)
    os.environ.update(HOME=HOME, USER=NAME, LOGNAME=NAME, XDG_RUNTIME_DIR=RUNTIME)

"""The world outside of a host: the host is the test's own world, and each network beyond it one more namespace."""

import json
import os
import subprocess

import harness


class Outside:
    """A machine behind an interface of the host. The host is .2 and ::2 there, and the machine .1 and ::1."""

    def __init__(self, interface, four, six, host=True):
        self.process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        here = os.readlink("/proc/self/ns/net")
        harness.wait_until(lambda: os.readlink(f"/proc/{self.process.pid}/ns/net") != here)
        self.interface = interface
        self.four, self.six = four, six
        run("ip", "link", "add", interface, "type", "veth", "peer", "eth0", "netns", str(self.process.pid))
        self.run("ip", "link", "set", "lo", "up")
        for words, last in ((self.command("ip"), "1"), (["ip"], "2")):
            device = "eth0" if last == "1" else interface
            if last == "1" or host:
                run(*words, "address", "add", f"{four[:-1]}{last}/24", "dev", device)
                run(*words, "address", "add", f"{six[:-1]}{last}/64", "dev", device, "nodad")
            run(*words, "link", "set", device, "up")
        await_settled(lambda: run("ip", "-j", "address", "show", "dev", interface))

    def command(self, *words):
        return ["nsenter", "--target", str(self.process.pid), "--net", *words]

    def run(self, *words):
        return run(*self.command(*words))

    def end(self):
        subprocess.run(["ip", "link", "delete", self.interface], stderr=subprocess.DEVNULL, check=False)
        self.process.kill()
        self.process.wait()


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def await_settled(addresses):
    """Waits until what the interfaces are like that addresses() tells of, in the words of `ip -j address`, is settled."""
    if not harness.wait_until(lambda: all(map(is_settled, json.loads(addresses())))):
        raise AssertionError(f"an interface does not come to rest: {addresses()}")


def is_settled(link):
    """Whether a wire that is up carries, and has the address of IPv6 that the kernel gives it, and its addresses are known to be
    nobody else's."""
    if "UP" not in link["flags"] or "LOOPBACK" in link["flags"]:
        return True
    six = [one for one in link["addr_info"] if one["family"] == "inet6"]
    return ("LOWER_UP" in link["flags"] and link["operstate"] != "DOWN" and any(one["scope"] == "link" for one in six)
            and not any(one.get("tentative") for one in six))


def state_of(*where):
    """What of a network a lab could change, as its own tools tell it: addresses, routes, rules, links, rulesets, settings.

    where: the words that lead into it."""
    tell = [run(*where, "ip", "-j", *words.split()) for words in ("address", "route show table all", "-6 route show table all", "rule",
                                                                  "-6 rule", "-d link")]
    tell += [run(*where, "nft", "list", "ruleset"), run(*where, "sysctl", "-a", "--pattern", r"^net\.(ipv4|ipv6|bridge)")]
    return "\n".join(tell)


def links():
    """The names of the host's interfaces."""
    return {link["ifname"] for link in json.loads(run("ip", "-j", "link"))}


def state_of_host():
    return state_of()

"""The world outside of a host: the host is the test's own world, and each network beyond it one more namespace."""

import json
import os
import re
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
        # What the host is like is settled once the wire carries and the addresses of IPv6 are known to be nobody else's.
        harness.wait_until(lambda: not re.search("NO-CARRIER|tentative|\"operstate\":\"DOWN\"",
                                                 run("ip", "-j", "address", "show", "dev", interface)))

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

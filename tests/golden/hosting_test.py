#!/usr/bin/python3
"""What the servers and clients of addresses are given, and whether it can be read: `dnsmasq --test`, `sh -n`. See written.py."""

import sys

import written


def command(path):
    return ["dnsmasq", "--test", f"--conf-file={path}"] if path.name == "dnsmasq.conf" else ["sh", "-n", path]


def is_read(path):
    return path.name != "resolv.conf"


if __name__ == "__main__":
    sys.exit(written.check("hosting", is_read, command, least=8, wrong={
        "dnsmasq.conf": "dhcp-rnage=1.2.3.4,1.2.3.5\n",
        "script": "if true; then\n",
    }))

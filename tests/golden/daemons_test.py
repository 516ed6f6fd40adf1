#!/usr/bin/python3
"""What routing daemons are given, and whether the daemons themselves can read it: `bird -p`, `vtysh --dryrun`. See written.py."""

import sys

import written


def command(path):
    if path.name == "bird.conf":
        return ["/usr/sbin/bird", "-p", "-c", path]
    return ["vtysh", "--dryrun", "--inputfile", path]


def is_read(path):
    return path.suffix == ".conf" and path.name != "vtysh.conf"


if __name__ == "__main__":
    sys.exit(written.check("daemons", is_read, command, least=10, wrong={
        "bird.conf": "router id 1.2.3.4;\nprotocol bpg x { }\n",
        "bgpd.conf": "router bgp 1\n neighbour x\n",
    }))

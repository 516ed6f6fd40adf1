#!/usr/bin/python3
"""What the servers and clients of addresses and names are given, and whether it can be read: `dnsmasq --test`, `radvd --configtest`,
`named-checkconf -z`, `sh -n`. See written.py."""

import sys

import written

# Read by what reads the file that names them, or by nobody but the resolver.
DATA = ("resolv.conf", "name-servers", "dns-records")


def command(path):
    if path.name == "named.conf":  # its zones are not in /etc here
        path.write_text(path.read_text(encoding="utf-8").replace("/etc/bind/", f"{path.parent}/"), encoding="utf-8")
    return {"dnsmasq.conf": ["dnsmasq", "--test", f"--conf-file={path}"], "radvd.conf": ["radvd", "--configtest", "--config", path],
            "named.conf": ["named-checkconf", "-z", path]}.get(path.name, ["sh", "-n", path])


def is_read(path):
    return path.name not in DATA and path.parent.name != "zones"


if __name__ == "__main__":
    sys.exit(written.check("hosting", is_read, command, least=30, wrong={
        "dnsmasq.conf": "dhcp-rnage=1.2.3.4,1.2.3.5\n",
        "script": "if true; then\n",
        "radvd.conf": "interface eth0 { AdvFoo on; };\n",
        "named.conf": 'zone "a" { type primary; file "/dev/null"; };\n',
    }))

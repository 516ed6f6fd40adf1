#!/usr/bin/python3
"""The chain of N as Mininet's LinearTopo: N switches in a row with a host each. Prints the seconds of start and of stop.

Run it in network and mount namespaces of its own, with a tmpfs on /run: Mininet makes its devices in the namespace it stands in.
"""
import sys
import time

from mininet.net import Mininet
from mininet.node import OVSBridge
from mininet.nodelib import LinuxBridge
from mininet.topo import LinearTopo


def main() -> None:
    count = int(sys.argv[1])
    switch = LinuxBridge if "--linux-bridge" in sys.argv else OVSBridge
    begin = time.monotonic()
    net = Mininet(topo=LinearTopo(k=count), switch=switch, controller=None, waitConnected=False)
    net.start()
    up = time.monotonic()
    net.stop()
    print(f"{up - begin:.4f} {time.monotonic() - up:.4f}")


main()

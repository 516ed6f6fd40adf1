#!/usr/bin/python3
"""The chain of the benchmark in Mininet: a LinearTopo whose members are routers.

usage: chain-mininet.py NODES
Prints the seconds that it took to make it, and the seconds that it took to take it down.
"""
import sys
import time

from mininet.net import Mininet
from mininet.node import Node
from mininet.topo import Topo


class Router(Node):
    def config(self, **params):
        super().config(**params)
        self.cmd("sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")


def address(wire, end):
    offset = 4 * wire + end
    return f"10.{offset >> 16 & 255}.{offset >> 8 & 255}.{offset & 255}"


class Chain(Topo):
    def build(self, n=2):
        for i in range(n):
            gateway = address(0, 2) if i == 0 else address(i - 1, 1)
            self.addHost(f"r{i}", cls=Router, ip=None, defaultRoute=f"via {gateway}")
        for wire in range(n - 1):
            self.addLink(f"r{wire}", f"r{wire + 1}", params1={"ip": address(wire, 1) + "/30"},
                         params2={"ip": address(wire, 2) + "/30"})


def main():
    begin = time.monotonic()
    net = Mininet(topo=Chain(n=int(sys.argv[1])), controller=None)
    net.start()
    made = time.monotonic()
    net.stop()
    print(f"{made - begin:.3f} {time.monotonic() - made:.3f}")


if __name__ == "__main__":
    main()

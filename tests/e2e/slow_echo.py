"""Answers the echo requests of both families that come to this network namespace, each after so many seconds, as a node does
that is a long way off; the kernel's own answers are to be switched off. Writes "ready" when it listens,
and "asked" for each request.

usage: slow_echo.py SECONDS
"""

import heapq
import selectors
import socket
import struct
import sys
import time

REQUEST, REPLY = {socket.AF_INET: 8, socket.AF_INET6: 128}, {socket.AF_INET: 0, socket.AF_INET6: 129}


def checksum(message):
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def answer_to(family, packet):
    """The answer to an echo request without data or with an even number of bytes of it; None if it is something else."""
    message = packet[(packet[0] & 15) * 4:] if family == socket.AF_INET else packet
    if message[0] != REQUEST[family]:
        return None
    blank = struct.pack("!BBH", REPLY[family], 0, 0) + message[4:]
    # The kernel makes the checksum of ICMPv6.
    return blank if family == socket.AF_INET6 else blank[:2] + struct.pack("!H", checksum(blank)) + blank[4:]


def main(delay):
    listening = selectors.DefaultSelector()
    for family, protocol in ((socket.AF_INET, socket.IPPROTO_ICMP), (socket.AF_INET6, socket.IPPROTO_ICMPV6)):
        listening.register(socket.socket(family, socket.SOCK_RAW, protocol), selectors.EVENT_READ, family)
    print("ready", flush=True)
    held, count = [], 0
    while True:
        left = max(0, held[0][0] - time.monotonic()) if held else None
        for key, _ in listening.select(left):
            packet, sender = key.fileobj.recvfrom(65536)
            if answer := answer_to(key.data, packet):
                print("asked", flush=True)
                count += 1
                heapq.heappush(held, (time.monotonic() + delay, count, key.fileobj, answer, sender))
        while held and held[0][0] <= time.monotonic():
            _, _, out, answer, sender = heapq.heappop(held)
            out.sendto(answer, sender)


main(float(sys.argv[1]))

"""A program at the other end of a tun or a tap: it opens the one of this name, says so, and answers the echo requests that come, of
both families; on a tap, it also tells its MAC to whoever asks for an address that ends in 9."""

import fcntl
import os
import struct
import sys

TUNSETIFF, TUN, TAP, NO_PI, MULTI_QUEUE = 0x400454CA, 1, 2, 0x1000, 0x100
MAC = bytes.fromhex("020000000099")


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def icmp6(source, target, body):
    head = source + target + struct.pack("!II", len(body), 58)
    return body[:2] + struct.pack("!H", checksum(head + body[:2] + b"\0\0" + body[4:])) + body[4:]


def answer_v4(packet):
    head = (packet[0] & 15) * 4
    if packet[9] != 1 or packet[head] != 8:
        return None
    body = b"\0\0\0\0" + packet[head + 4:]
    body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
    return packet[:12] + packet[16:20] + packet[12:16] + packet[20:head] + body


def answer_v6(packet):
    source, target, body = packet[8:24], packet[24:40], packet[40:]
    if packet[6] != 58:
        return None
    if body[0] == 128:
        return packet[:8] + target + source + icmp6(target, source, b"\x81" + body[1:])
    if body[0] == 135 and body[23] == 9:  # who has it? (RFC 4861)
        wanted = body[8:24]
        told = icmp6(wanted, source, struct.pack("!BBHI", 136, 0, 0, 0x60000000) + wanted + b"\2\1" + MAC)
        return packet[:4] + struct.pack("!HBB", len(told), 58, 255) + wanted + source + told
    return None


def answer(packet):
    return answer_v4(packet) if packet[0] >> 4 == 4 else answer_v6(packet)


def answer_frame(frame):
    kind = frame[12:14]
    back = frame[6:12] + MAC + kind
    if kind == b"\x08\x06" and frame[20:22] == b"\0\1" and frame[41] == 9:  # who has it? (RFC 826)
        return back + frame[14:20] + b"\0\2" + MAC + frame[38:42] + frame[22:32]
    if kind in (b"\x08\0", b"\x86\xdd"):
        packet = answer(frame[14:])
        return packet and back + packet
    return None


def main():
    name = sys.argv[1]
    tap = name.startswith("tap")
    tun = os.open("/dev/net/tun", os.O_RDWR)
    with open(f"/sys/class/net/{name}/tun_flags", encoding="ascii") as flags:
        queues = int(flags.read(), 0) & MULTI_QUEUE
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH14x", name.encode(), (TAP if tap else TUN) | NO_PI | queues))
    print("open", flush=True)
    while True:
        told = (answer_frame if tap else answer)(os.read(tun, 2048))
        if told:
            os.write(tun, told)


main()

"""The smallest guest for a virtual machine: a boot sector that says a line on the serial console and powers down at its button."""

import pathlib

SAYS = "guest is up"
CODE = bytes.fromhex(
    "31c0 8ed8"              #       xor ax, ax;  mov ds, ax
    "ba0206 b80001 ef"       #       mov dx, 0x602;  mov ax, 0x100;  out dx, ax       PM1_EN of QEMU's q35: hear of the power button
    "be2d7c baf803"          #       mov si, text;  mov dx, 0x3f8                     the first serial line
    "ac 84c0 7403 ee ebf8"   # next: lodsb;  test al, al;  jz stay;  out dx, al;  jmp next
    "fb f4"                  # stay: sti;  hlt                                        until the next tick of the clock
    "ba0006 ed f6c401 74f5"  #       mov dx, 0x600;  in ax, dx;  test ah, 1;  jz stay PM1_STS: nobody has pressed it
    "ba0406 b80020 ef ebec"  #       mov dx, 0x604;  mov ax, 0x2000;  out dx, ax      PM1_CNT: off (S5);  jmp stay
)  # fmt: skip


def disk(path):
    """Writes a disk of 1 MiB that boots so: its BIOS reads by cylinders, and one has 504 KiB."""
    sector = (CODE + f"{SAYS}\r\n\0".encode()).ljust(510, b"\0") + b"\x55\xaa"
    pathlib.Path(path).write_bytes(sector.ljust(1 << 20, b"\0"))

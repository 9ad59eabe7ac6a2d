"""Real pictures, made by hand: small, whole, and with whatever a test wants to hang on or break."""

from __future__ import annotations

import struct
import zlib


def block(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*, width: int = 2, height: int = 2, extra: bytes = b"") -> bytes:
    """A grey picture that says it is `width` by `height`; `extra` are blocks after the first."""
    rows = zlib.compress(b"\0" * (1 + min(width, 64)) * min(height, 64))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + extra + block(b"IDAT", rows) + block(b"IEND", b"")


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*, width: int = 8, height: int = 8, extra: bytes = b"") -> bytes:
    """The blocks of a JPEG as a camera writes them, with two scans; nobody here draws it."""
    frame = b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + extra
        + segment(0xC2, frame)
        + scan
        + segment(0xC4, b"\0" * 17)
        + scan
        + b"\xff\xd9"
    )

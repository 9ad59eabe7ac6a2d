"""What a file really is, by walking its structure: the name and the browser's word prove nothing. Pure.

Nothing is decoded. A picture is followed from block to block to its end mark, so that a truncated file
is refused and what was hung on behind a picture is cut off; its size in pixels is read from its header,
so that nobody opens a picture that would fill the memory. A PDF is looked at from outside only: how it
begins, how it ends, that it is no archive at the same time. What is inside is for the virus scanner.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass

LARGEST_FILE = 20 * 1024 * 1024
ACCEPTED = ".pdf,.jpg,.jpeg,.png"
# Telephones make 108 million pixels; what is beyond 120 million unpacks to half a gigabyte.
MOST_PIXELS = 120_000_000
LONGEST_SIDE = 30_000
# Compressed words and colour tables in a PNG unpack, too; honest ones are small.
LARGEST_EXTRA = 1024 * 1024

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_NEEDED = {b"IHDR", b"IDAT", b"IEND", b"PLTE"}
JPEG_START = b"\xff\xd8\xff"
# Markers without a length: restart marks, and the end.
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
# In the data of a scan 0xFF is followed by 0 or by a restart mark; anything else is the next block.
JPEG_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
PDF_START = re.compile(rb"%PDF-[12]\.\d")
PDF_END = re.compile(rb"startxref\s+\d{1,10}\s+%%EOF[\s\x00]*\Z")
PDF_TAIL = 2048
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 65_557


@dataclass(frozen=True)
class Upload:
    """A file as it came: the person's own name for it, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: its type, and its bytes without what was hung on behind."""

    media_type: str
    content: bytes


class NotReadable(Exception):
    """The bytes stop early, claim to be something else, or would unpack to more than anybody can open."""


def examine(content: bytes) -> Examined | None:
    """The whole PDF, JPEG or PNG that these bytes are; None for anything else."""
    if not 0 < len(content) <= LARGEST_FILE:
        return None
    try:
        if content.startswith(PNG_START):
            return Examined("image/png", content[: _end_of_png(content)])
        if content.startswith(JPEG_START):
            return Examined("image/jpeg", content[: _end_of_jpeg(content)])
        if PDF_START.match(content):
            _check_pdf(content)
            return Examined("application/pdf", content)
    except (NotReadable, struct.error, IndexError):
        return None
    return None


def _end_of_png(content: bytes) -> int:
    """Where the picture ends. Every block has a length and a checksum; the first says how large it is."""
    place, first = len(PNG_START), True
    while True:
        length: int
        length, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, place + 8 + length)
        if zlib.crc32(body, zlib.crc32(kind)) != checksum or first != (kind == b"IHDR"):
            raise NotReadable
        if first:
            _check_pixels(*struct.unpack_from(">II", body))
        if kind not in PNG_NEEDED and length > LARGEST_EXTRA:
            raise NotReadable
        place, first = place + 12 + length, False
        if kind == b"IEND":
            return place


def _end_of_jpeg(content: bytes) -> int:
    """Where the picture ends: block by block, and through the data of each scan to the next block."""
    place, framed = 2, False
    while True:
        if content[place] != 0xFF:
            raise NotReadable
        while content[place + 1] == 0xFF:  # padding
            place += 1
        mark = content[place + 1]
        if mark == JPEG_END:
            if not framed:
                raise NotReadable
            return place + 2
        (length,) = struct.unpack_from(">H", content, place + 2)
        if length < 2:
            raise NotReadable
        if mark in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            _check_pixels(width, height)
            framed = True
        place += 2 + length
        if mark == JPEG_SCAN:
            following = JPEG_NEXT.search(content, place)
            if following is None:
                raise NotReadable
            place = following.start()


def _check_pdf(content: bytes) -> None:
    """Begins and ends as a PDF does, and is not an archive that only says so at its start."""
    if not PDF_END.search(content[-PDF_TAIL:]) or ZIP_END in content[-ZIP_TAIL:]:
        raise NotReadable


def _check_pixels(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise NotReadable

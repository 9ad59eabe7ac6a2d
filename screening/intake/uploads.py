"""What a file really is, by its first bytes: the name and the browser's word prove nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_FILE = 20 * 1024 * 1024
SIGNATURES = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}
# A JPEG or PNG that stops early opens nowhere; a PDF may have a few bytes after its end mark.
ENDINGS = {
    "application/pdf": (b"%%EOF", 2048),
    "image/jpeg": (b"\xff\xd9", 64),
    "image/png": (b"IEND", 64),
}
ACCEPTED = ".pdf,.jpg,.jpeg,.png"


@dataclass(frozen=True)
class Upload:
    """A file as it came: the person's own name for it, and its bytes."""

    name: str
    content: bytes


def media_type_of(content: bytes) -> str | None:
    """The type of a whole PDF, JPEG or PNG; None for anything else."""
    for media_type, starts in SIGNATURES.items():
        if content.startswith(starts):
            mark, within = ENDINGS[media_type]
            return media_type if mark in content[-within:] else None
    return None

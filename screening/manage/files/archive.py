"""Several files in one: a zip that is the same for the same files, and one that a stranger made."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from screening.manage.files.reading import LARGEST, Unreadable

ENDING = ".yml"
MOST_FILES = 1000
LARGEST_TOGETHER = 16 * LARGEST
_ENTRY = b"PK\x01\x02"  # each file has one in the list at the end
# Nothing is ever unpacked to a disk; a name that would lead elsewhere says what kind of file this is.
_NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for any amount of memory
_THEN = (1980, 1, 1, 0, 0, 0)

Named = tuple[str, bytes]


def is_zip(raw: bytes) -> bool:
    return raw.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def pack(files: Iterable[Named]) -> bytes:
    """A zip with these files in order of their names, without the time or the machine."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(name, _THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return written.getvalue()


def unpack(raw: bytes) -> list[Named]:
    """The files of a zip by their names. Raises Unreadable for one that is broken, too large or sly."""
    if raw.count(_ENTRY) > MOST_FILES:
        raise Unreadable(_("There are more than 1,000 files in this zip."))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return list(_each(archive))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        OverflowError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This zip cannot be opened.")) from error


def _each(archive: zipfile.ZipFile) -> Iterable[Named]:
    together, seen = 0, set()
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = entry.filename
        if not _NAME.fullmatch(name) or ".." in name.split("/") or name in seen:
            raise Unreadable(_("A file in this zip has a name that is not allowed: %s") % ascii(name)[:80])
        seen.add(name)
        if entry.compress_type not in _WAYS or not name.endswith(ENDING):
            if name.endswith(ENDING):
                raise Unreadable(_("This zip cannot be opened."))
            continue
        with archive.open(entry) as file:
            content = file.read(LARGEST + 1)  # whatever the zip says about its size
        together += len(content)
        if len(content) > LARGEST:
            raise Unreadable(_("%s is larger than 1 MB.") % name)
        if together > LARGEST_TOGETHER:
            raise Unreadable(_("The files of this zip are larger than 16 MB together."))
        yield name, content

"""A zip whose own words about itself are wrong."""

from __future__ import annotations

import pytest

from screening.manage.files.archive import pack, unpack
from screening.manage.files.reading import Unreadable


def test_a_zip_that_says_it_begins_beyond_all_numbers_is_refused() -> None:
    packed = bytearray(pack([("x.yml", b"x" * 10)]))
    end = packed.rindex(b"PK\x05\x06")
    directory = int.from_bytes(packed[end + 16 : end + 20], "little")
    # The place of the file in 64 bits: said by 0xffffffff and written into the extra field of its entry.
    extra = b"\x01\x00\x08\x00" + b"\xff" * 8
    name = int.from_bytes(packed[directory + 28 : directory + 30], "little")
    packed[directory + 30 : directory + 32] = len(extra).to_bytes(2, "little")
    packed[directory + 42 : directory + 46] = b"\xff" * 4
    packed[directory + 46 + name : directory + 46 + name] = extra
    end += len(extra)
    size = int.from_bytes(packed[end + 12 : end + 16], "little") + len(extra)
    packed[end + 12 : end + 16] = size.to_bytes(4, "little")
    with pytest.raises(Unreadable, match="cannot be opened"):
        unpack(bytes(packed))

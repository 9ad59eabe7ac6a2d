"""A surname as people look for it: O'Neill is Oneill, Müller is Muller, and Smith-Jones is Smith Jones.

Only hashes of it are kept (`lookup_hash`): of the whole, and of the letters it begins with.
"""

from __future__ import annotations

import unicodedata

from accounts.encryption import lookup_hash

FIRST_LETTERS = 3
# Letters that Unicode does not take apart, as people write them who do not have them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# Accents of Latin, Greek and Cyrillic letters, and apostrophes that count as letters, as in Ukrainian. Signs
# of other scripts are vowels, and stay.
_ACCENTS = range(0x02B0, 0x0370)


def sought(name: str) -> str:
    """The letters and digits of a name, without case or accents; of one that has none, nothing."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    letters = [sign for sign in apart if unicodedata.category(sign)[0] in "LMN" and ord(sign) not in _ACCENTS]
    return unicodedata.normalize("NFC", "".join(letters)).translate(_PLAIN)


def surname_hashes(name: str) -> tuple[str, str]:
    """Of the whole name and of its first letters."""
    plain = sought(name) or name
    return lookup_hash(plain), lookup_hash(plain[:FIRST_LETTERS])

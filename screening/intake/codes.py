"""Codes that somebody types: short enough to read out, long enough that nobody guesses one. Pure.

The arithmetic. 12 signs out of 30 make 30^12 = 5.3 x 10^17 codes, 58.9 bits. With 10,000 codes in use
a guess hits one of them with a chance of 1.9 x 10^-14. A network may be wrong 60 times an hour
(`services.knocks`), so in the 14 days that a code lives it has 20,160 guesses; ten thousand networks
together have 2 x 10^8, and hit one code with a chance of 4 x 10^-6. Whoever hits one still has to say
the date of birth, in 5 tries of about 36,500 days: 1.4 x 10^-4. Together: 5 x 10^-10.
A stolen database holds only hashes made with a key that is not in it (`lookup_hash`).
"""

from __future__ import annotations

import secrets

# Neither 0 and O, 1 and I and L, nor U, which turns signs into words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4


def new_code() -> str:
    """Twelve signs in three groups: "K7QM-2XHV-9RTD"."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def in_groups(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """What was typed, without the spaces, dashes and small letters that people add."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def could_be(typed: str) -> bool:
    """Whether this has the shape of a code; says nothing about whether there is one."""
    code = plain(typed)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)

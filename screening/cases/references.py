"""A case reference people can read out: eight signs without look-alikes, in two groups."""

from __future__ import annotations

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L A E U: nothing to mistake, no words


def new_reference() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"

"""Which ordinary decisions somebody looks at again: one in twenty, by a draw that nobody can steer.

The draw is a keyed hash of the reference. The reference is given when a form is started and the key is the
clinic's secret, so whoever decides a case cannot tell whether it will be drawn, nor change it.
"""

from __future__ import annotations

from accounts.encryption import lookup_hash

SHARE = 0.05


def is_sampled(reference: str) -> bool:
    """The same answer for a case every time, for one in twenty of them."""
    drawn = int(lookup_hash(f"second look {reference}")[:8], 16)
    return drawn < SHARE * 2**32

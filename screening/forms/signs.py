"""Signs that nobody sees: they come along when something is copied, and who pasted them cannot mend them."""

from __future__ import annotations

import unicodedata

# Control signs, and marks of direction, joiners and blanks without a width.
UNSEEN = frozenset({"Cc", "Cf"})


def as_seen(text: str) -> str:
    """Only what can be seen, without blanks around it: for what is compared, counted or dialled.

    Never for words: Persian and Hindi are written with joiners, and so are many emoji.
    """
    return "".join(sign for sign in text if unicodedata.category(sign) not in UNSEEN).strip()

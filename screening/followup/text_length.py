"""How long a text message is, and how many it is sent as: 3GPP TS 23.038, 6.2.1, else UCS-2. Pure."""

from __future__ import annotations

import dataclasses

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_WHOLE, _PART = {"GSM-7": 160, "UCS-2": 70}, {"GSM-7": 153, "UCS-2": 67}


@dataclasses.dataclass(frozen=True)
class Length:
    """`signs` as the network counts them; `odd` are the first signs that make it UCS-2."""

    signs: int
    parts: int
    alphabet: str
    odd: str


def length_of(text: str) -> Length:
    odd = "".join(dict.fromkeys(sign for sign in text if sign not in _BASIC and sign not in _EXTENDED))[:10]
    if odd:
        sizes, alphabet = [len(sign.encode("utf-16-be", "surrogatepass")) // 2 for sign in text], "UCS-2"
    else:
        sizes, alphabet = [2 if sign in _EXTENDED else 1 for sign in text], "GSM-7"
    total = sum(sizes)
    if total <= _WHOLE[alphabet]:
        return Length(total, 1 if total else 0, alphabet, odd)
    parts, room = 1, _PART[alphabet]
    for size in sizes:  # a sign of two is never torn apart
        if size > room:
            parts, room = parts + 1, _PART[alphabet]
        room -= size
    return Length(total, parts, alphabet, odd)

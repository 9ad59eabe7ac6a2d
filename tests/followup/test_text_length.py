"""How long a text message is, as networks count it (3GPP TS 23.038, 6.1 and 6.2.1)."""

from __future__ import annotations

import pytest

from screening.followup.text_length import length_of


@pytest.mark.parametrize(
    ("text", "signs", "parts", "alphabet"),
    [
        ("", 0, 0, "GSM-7"),
        ("a" * 160, 160, 1, "GSM-7"),
        ("a" * 161, 161, 2, "GSM-7"),
        ("a" * 306, 306, 2, "GSM-7"),
        ("a" * 307, 307, 3, "GSM-7"),
        ("€" * 80, 160, 1, "GSM-7"),
        ("€" * 81, 162, 2, "GSM-7"),
        ("a" * 152 + "€" * 10, 172, 2, "GSM-7"),
        ("’" + "a" * 69, 70, 1, "UCS-2"),
        ("’" + "a" * 70, 71, 2, "UCS-2"),
        ("ŵ" * 71, 71, 2, "UCS-2"),
        ("😀" * 35, 70, 1, "UCS-2"),
        ("😀" * 36, 72, 2, "UCS-2"),
        ("😀" * 67, 134, 3, "UCS-2"),
        ("\ud83d", 1, 1, "UCS-2"),
    ],
)
def test_a_text_message_is_counted_as_the_network_counts(
    text: str, signs: int, parts: int, alphabet: str
) -> None:
    length = length_of(text)
    assert (length.signs, length.parts, length.alphabet) == (signs, parts, alphabet)

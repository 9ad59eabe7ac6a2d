"""Every operator alone and inside others: the quick way takes it and gives what the careful one gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from screening.cql import Date, Program
from screening.cql.parser import parse_library
from tests.cql.test_columns import assert_same
from tests.cql.test_two_ways import DECLARED, TODAY, Both, combined, compare

A = {"B": "flag", "I": "number", "S": "word", "D": "begun", "L": "words"}
B = {"B": "other", "I": "usual", "S": "'b'", "D": "ended", "L": "{'a', 'b'}"}
C = {"B": "(word is null)", "I": "3", "S": "word", "D": "@2024", "L": "fine"}


def around(kind: str, text: str) -> list[str]:
    """The same once more inside others: where its truth is all that counts, and where it is a part."""
    inside = {**A, kind: text}
    found = [*combined(inside, B, C)["B"], *combined(B, inside, C)["B"], *combined(B, C, inside)["B"]]
    return [one for one in dict.fromkeys(found) if text in one][:8] if kind == "B" else []


EVERY = [
    (kind, text)
    for first, second in ((A, B), (B, A), (C, A))
    for kind, texts in combined(first, second, C).items()
    for text in texts
]

FULL: dict[str, Any] = {
    "flag": True, "other": False, "number": 4, "share": Decimal("1.5"), "word": "a",
    "begun": Date(2023, 5, 31), "ended": Date(2026, 6, 1), "words": ["a", "C", None, "b a"], "numbers": [3],
    "rows": [
        {"kind": "a", "lasted": 5, "since": Date(2024, 2), "ok": True},
        {"kind": "b", "lasted": None, "since": None, "ok": None},
        None,
        {"kind": "c", "lasted": 1, "since": Date(2020), "ok": True},
    ],
}  # fmt: skip
GIVEN: list[dict[str, Any]] = [
    FULL,
    *({**FULL, name: None} for name in ("flag", "other", "number", "word", "begun", "words", "rows")),
    {**FULL, "flag": False, "other": True, "number": 0, "word": "b", "begun": Date(2026, 6, 1), "words": []},
    {**FULL, "number": -3, "word": "zz", "begun": Date(2026), "ended": Date(2026, 6), "rows": []},
    {**FULL, "word": "c", "words": ["c", "c"], "begun": Date(2026, 6, 2), "flag": None, "other": True},
    {},
]


@pytest.mark.parametrize(("kind", "text"), list(dict.fromkeys(EVERY)))
def test_an_operator_gives_the_same_both_ways_and_by_columns(kind: str, text: str) -> None:
    outer = "".join(f"define O{number}: {each} " for number, each in enumerate(around(kind, text)))
    twice = f"define Whole: {text} define Again: {text} {outer}"
    chosen = f"define Chosen: exists (rows R where {text})" if kind == "B" else ""
    library = Both(DECLARED + twice + chosen)
    for answers in GIVEN:
        compare(library, answers)
        _, errors, rows = library.run(answers, TODAY)
        assert errors or rows is library.written.rows or answers.get("rows") is not None, text
    plain = {**FULL, "rows": [each for each in FULL["rows"] if each]}
    _, errors, rows = library.run(plain, TODAY)
    assert errors or rows is library.written.rows, "the quick way was not taken"
    assert_same(Program(parse_library(DECLARED + twice + chosen)), GIVEN)

"""What is taken for the same is computed once: so what is not looked into is never the same."""

from __future__ import annotations

import pytest

from screening.cql.likeness import meaning
from screening.cql.parser import parse_expression

NAMES = {name: f"_{name}" for name in ("rows", "numbers", "n", "m")}


def told(text: str) -> object:
    return meaning(parse_expression(text), NAMES)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("n + 1", "n + 1", True),
        ("n + 1", "m + 1", False),
        ("rows R where R.lasted > n", "rows R where R.lasted > n", True),
        ("rows R where R.lasted > n", "rows R where R.lasted > m", False),
        ("rows R where R.lasted > n", "rows R return R.lasted > n", False),
        ("rows R where R.lasted > n", "rows S where S.lasted > n", False),
        ("rows R return R.lasted", "rows R return all R.lasted", False),
        ("rows n return n.lasted", "rows n return n.lasted", True),
        ("Count(numbers n return n)", "Count(numbers m return n)", False),
    ],
)
def test_what_is_written_alike_is_the_same(one: str, other: str, *, same: bool) -> None:
    assert told(one) is not None
    assert (told(one) == told(other)) == same


@pytest.mark.parametrize(
    "text",
    [
        "numbers N sort desc",
        "numbers N aggregate A starting 0: A + N",
        "rows R where First(numbers N sort desc) = R.lasted",
        "rows R return all First(numbers N sort desc)",
        "(numbers N sort desc) M where M > 1",
        "Count(numbers N sort desc) + 1",
    ],
)
def test_what_is_not_looked_into_is_like_nothing(text: str) -> None:
    assert told(text) is None

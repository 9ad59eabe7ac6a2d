"""No content, however broken, gets past the check of definitions as an exception."""

from __future__ import annotations

import random
from typing import Any

import pytest

from screening.rules.lint import lint
from tests.rules.content import rule
from tests.rules.test_lint import form, rules

JUNK = [
    None,
    "",
    "x",
    3,
    -1,
    True,
    [],
    {},
    [None],
    {"a": 1},
    "flag = ",
    "'",
    "null",
    "((((",
    "\x00",
    10**30,
    0.5,
]


@pytest.mark.parametrize("seed", range(120))
def test_no_content_gets_past_it_as_an_exception(seed: int) -> None:
    """Any part of a sound form and rule set replaced by junk, taken out or doubled."""
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    both: Any = [form(), rules(rule("R", "exclude", "much > 3", patient="P"), definitions='define "A": much')]
    for _ in range(chance.randint(1, 3)):
        holder: Any = both[chance.randrange(2)]
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(holder[key], dict | list) and holder[key] and chance.random() < 0.8:
                holder = holder[key]
                continue
            if chance.random() < 0.2 and isinstance(holder, dict):
                del holder[key]
            else:
                holder[key] = chance.choice(JUNK)
            break
    for remark in lint(*both):
        assert remark.sentence
        assert remark.place

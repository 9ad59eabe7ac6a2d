"""A part of a library holds what it was asked for and all that this needs, and says the same."""

from __future__ import annotations

import pytest

from screening.rules.slices import only
from tests.rules.content import DAY

TEXT = """
parameter a Integer
parameter b Boolean
define "Big": a > 10
define "Both": "Big" and b
define "Half": "F"(a)
define function "F"(x Integer): x div 2 + "G"(x)
define function "G"(y Integer): y - y
define "Free": 3
"""


@pytest.mark.parametrize(
    ("name", "definitions", "functions", "parameters", "value"),
    [
        ("Big", {"Big"}, set(), {"a"}, True),
        ("Both", {"Big", "Both"}, set(), {"a", "b"}, False),
        ("Half", {"Half"}, {"F", "G"}, {"a"}, 6),
        ("Free", {"Free"}, set(), set(), 3),
    ],
)
def test_a_part_holds_what_it_needs_and_no_more(
    name: str, definitions: set[str], functions: set[str], parameters: set[str], value: object
) -> None:
    part = only(TEXT, (name,))
    assert (set(part.definitions), set(part.functions)) == (definitions, functions)
    assert set(part.parameters) == parameters
    assert part.evaluate({"a": 12, "b": False}, today=DAY)[name] == value


def test_several_can_be_asked_for_at_once() -> None:
    part = only(TEXT, ("Both", "Half"))
    assert set(part.definitions) == {"Big", "Both", "Half"}
    found = part.evaluate({"a": 7, "b": True}, today=DAY)
    assert (found["Both"], found["Half"]) == (False, 3)

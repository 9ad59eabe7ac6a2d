"""What looking at a value costs, in steps: the budget of an evaluation is counted in them."""

from __future__ import annotations

from typing import Any

import pytest

from screening.cql.errors import EvaluationFailure
from screening.cql.running import BUDGET, charge, need, weigh

WEIGHED: list[tuple[Any, int]] = [
    # a value, the steps that looking through it costs
    (None, 0),
    ("a long text", 0),
    (7, 0),
    ([], 1),
    ([1], 2),
    ([1, 2, 3], 4),
    ([None, None], 3),
    ([[]], 3),
    ([[1, 2], [3]], 8),
    ([[[1]], []], 8),
    ({}, 0),
    ({"a": 1, "b": "x"}, 0),
    ({"a": [1, 2], "b": [3]}, 5),
    ([{"a": 1}], 2),
    ([{"a": [1, 2]}], 5),
    ([{"a": [1, 2]}, {"a": None}], 6),
    ({"a": {"b": [1]}}, 2),
]


@pytest.mark.parametrize(("value", "steps"), WEIGHED)
def test_a_list_costs_its_elements_and_what_is_in_them(value: Any, steps: int) -> None:
    budget = [100]
    weigh(budget, value)
    assert 100 - budget[0] == steps


def test_the_last_step_may_be_taken_and_no_further_one() -> None:
    budget = [3]
    charge(budget, 2)
    assert budget == [0]
    sentence = rf"^This takes more than {BUDGET} steps\.$"
    with pytest.raises(EvaluationFailure, match=sentence):
        charge(budget, 0)
    weigh([4], [1, 2, 3])
    with pytest.raises(EvaluationFailure, match=sentence):
        weigh([3], [1, 2, 3])


def test_what_has_no_value_is_named_first_by_name_and_with_its_reason() -> None:
    errors = {"B": "second", "A": "first", "C": "third"}
    need(errors, frozenset())
    need(errors, frozenset({"D", "E"}))
    with pytest.raises(EvaluationFailure, match=r"^It needs A, which could not be computed: first$"):
        need(errors, frozenset({"C", "B", "A", "D"}))

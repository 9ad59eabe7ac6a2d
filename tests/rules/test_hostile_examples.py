"""Drafts made to keep the page before publication busy: whoever opens it waits for seconds at most."""

from __future__ import annotations

from typing import Any

from screening.rules.compiled import compile_ruleset
from screening.rules.invented import Meaning, meanings
from screening.rules.questionnaire import Questionnaire
from screening.rules.ruleset import RuleSet
from tests.rules.test_hostile_definitions import asking, choice, judging, rule, yes_no
from tests.soon import soon

Content = dict[str, Any]
NINE = asking([yes_no(number) for number in range(9)])


def found_soon(asked: Content, before: Content, after: Content) -> list[Meaning]:
    questionnaire = Questionnaire.model_validate(asked)
    old, new = (compile_ruleset(questionnaire, RuleSet.model_validate(each)) for each in (before, after))
    with soon():
        return meanings(old, new)


def test_rules_that_all_read_large_tables_are_compared_soon() -> None:
    tables = {
        f"T{n}": {"columns": {"a": "Integer"}, "rows": [{"a": row} for row in range(2000)]} for n in range(2)
    }
    definitions = "define any: exists (T0 X where X.a = 100000) or exists (T1 X where X.a = 100000)\n"
    drafted = [rule(number, f"any and i{number % 9}") for number in range(80)]
    more = {"tables": tables, "definitions": definitions}
    found = found_soon(NINE, judging([rule(999, "any")], **more), judging(drafted, **more))
    assert len(found) == 81


def test_very_many_rules_over_very_many_definitions_are_compared_soon() -> None:
    definitions = "define d0: i0\n" + "".join(f"define d{n}: d{n - 1} or i{n % 9}\n" for n in range(1, 500))
    before, after = (
        judging([rule(n, when) for n in range(500)], definitions=definitions) for when in ("d499", "(d499)")
    )
    assert found_soon(NINE, before, after) == [], "brackets mean nothing"


def test_people_of_many_entries_are_tried_for_so_long_and_no_longer() -> None:
    inner = [{**choice(30), "id": f"g{number}"} for number in range(20)]
    group = {"id": "g", "type": "group", "repeats": True, "text": "x", "items": inner}
    usual = {"g": [{f"g{number}": "o1" for number in range(20)}] * 20}
    either = " or ".join(f"G.g{number} = 'o2'" for number in range(20))
    before, after = (
        judging([rule(n, f"exists (g G where {when.format(n)})") for n in range(40)], baseline=usual)
        for when in (f"{either} or G.g1 = 'o{{}}'", f"G.g1 = 'o{{}}' or {either}")
    )
    found = found_soon(asking([group]), before, after)
    assert len(found) == 40
    assert not any(each.certain for each in found)

"""Which questions an expression leads to, and which parts of a rule set name one."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.named import in_definitions, library_of, questions, readers
from screening.rules.questionnaire import Questionnaire
from screening.rules.ruleset import RuleSet
from tests.rules.content import SMALL, rule

DEFINITIONS = """
define Long: exists (tries T where T."weeks" > 6)
define Late: Long and agree
define function many(kind String): kind in kinds
"""
FLAGGED = {"outcome": "flagged_review", "underlying": "flagged_review", "senior_review": False}
CONTENT: dict[str, Any] = {
    "code": "judge",
    "title": "Judge",
    "questionnaire": "small",
    "definitions": DEFINITIONS,
    "rules": [
        rule("ROW", "urgent", {"question": "flag", "answers": {"yes": 1}}),
        rule("LONG", "caution", "Late"),
        rule("GROUP", "caution", "Count(tries) > 2"),
        rule("BLOCKS", "contradiction", "share > 1", blocks=["day"], patient="P"),
    ],
    "outputs": {"weeks": 'First((tries) T return T."weeks")'},
    "baseline": {"agree": True},
    "assessed_on": "2026-03-01",
    "cases": [
        {
            "id": "O1",
            "title": "One",
            "answers": {"tries": [{"weeks": 3}, {"name": "x"}]},
            "expect": FLAGGED,
        },
        {
            "id": "O2",
            "title": "Two",
            "answers": {"tries": None, "words": "a"},
            "expect": FLAGGED,
        },
    ],
}


def found(*keys: str) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in readers(RuleSet.model_validate(CONTENT), keys)]


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (["flag"], [("rule", "ROW")]),
        (["day"], [("rule", "BLOCKS")]),
        (["share"], [("rule", "BLOCKS")]),
        (["agree"], [("definition", "Late"), ("baseline", "")]),
        (["kinds"], [("definition", "many")]),
        (["words"], [("case", "O2")]),
        (["nothing", "tries.nothing"], []),
        (["visits.weeks"], []),  # another group's question of the same name
        (
            ["tries"],
            [
                ("rule", "GROUP"),
                ("definition", "Long"),
                ("output", "weeks"),
                ("case", "O1"),
                ("case", "O2"),
            ],
        ),
        (
            ["tries.weeks"],
            [("definition", "Long"), ("output", "weeks"), ("case", "O1")],
        ),
        (["tries.name"], [("case", "O1")]),
    ],
)
def test_each_part_that_names_a_question_is_found(keys: list[str], wanted: list[tuple[str, str]]) -> None:
    assert found(*keys) == wanted


def test_what_cannot_be_read_names_nothing() -> None:
    content = {
        **CONTENT,
        "definitions": "define (",
        "rules": [rule("R", "caution", "and and")],
        "baseline": {},
    }
    assert list(readers(RuleSet.model_validate(content), ["agree", "kinds", "share"])) == []


def test_a_condition_leads_through_definitions_to_questions_and_into_groups() -> None:
    items = {item.id: item for item in Questionnaire.model_validate(SMALL).items()}
    lead_on = in_definitions(library_of(RuleSet.model_validate(CONTENT)))

    def led(condition: str) -> list[str]:
        return sorted(item.id for item in questions(condition, items, lead_on))

    assert led("Late") == ["agree", "tries", "weeks"]
    assert led("exists tries") == ["name", "tries", "weeks"]
    assert led("flag = 'yes' or many('a')") == ["flag", "kinds"]
    assert led("and") == []

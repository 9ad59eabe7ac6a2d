"""Of a rule that means something else a made-up person is found, whom the two versions judge differently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from screening.rules.assess import assess
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import RuleSet
from screening.rules.firing import Room
from screening.rules.invented import Example, Meaning, Said, meanings
from tests.rules.content import ROOT, own_cases, shipped, unshared

Content = dict[str, Any]
USUAL = own_cases().baseline
ENTRY_ONE, ENTRY_TWO = USUAL["treatments"]


def changed(change: Callable[[Content], object]) -> CompiledRuleSet:
    content = unshared(ROOT / "seed/rulesets/pain-eligibility.yml")
    change(content)
    return compile_ruleset(shipped().questionnaire, RuleSet.model_validate(content))


def of(change: Callable[[Content], object]) -> list[Meaning]:
    return meanings(shipped(), changed(change))


def rule(content: Content, code: str) -> Content:
    found: Content = next(rule for rule in content["rules"] if rule["code"] == code)
    return found


def says(code: str, **parts: Any) -> Callable[[Content], None]:
    return lambda content: rule(content, code).update(parts)


def reads(old: str, new: str) -> Callable[[Content], None]:
    """The definitions with other words in them."""

    def change(content: Content) -> None:
        assert old in content["definitions"]
        content["definitions"] = content["definitions"].replace(old, new)

    return change


def without(code: str) -> Callable[[Content], None]:
    return lambda content: content["rules"].remove(rule(content, code))


def new(when: str) -> Callable[[Content], None]:
    added = {"code": "CAU_NEW", "effect": "caution", "when": when, "clinician": "New.", "source": "tests"}
    return lambda content: content["rules"].append(added)


def turned(value: Any) -> Any:
    """With the parts of everything in another order, as a database may give them back."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(each) for each in value] if isinstance(value, list) else value


def example(change: Callable[[Content], object], code: str) -> Example:
    found = next(each for each in of(change) if each.rule == code).example
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "change", "answers", "was", "now"),
    [
        ("EXC_AGE", says("EXC_AGE", when='"Age" < 19'), {"dob": "2008-06-14"}, "false", "true"),
        ("EXC_AGE", says("EXC_AGE", when='"Age" < 17'), {"dob": "2009-06-14"}, "true", "false"),
        ("EXC_DURATION", reads("+ 3 months", "+ 4 months"), {"onset": "2026-02-15"}, "false", "true"),
        ("rf_saddle", without("rf_saddle"), {"rf_saddle": "new_or_worse"}, "true", None),
        ("EXC_PREGNANCY", without("EXC_PREGNANCY"), {"pregnancy": "pregnant"}, "true", None),
        ("EXC_PREGNANCY", says("EXC_PREGNANCY", unknown=None), {"pregnancy": None}, "unknown", "unknown"),
        ("CAU_NEW", new("cv = 'stable'"), {"cv": "stable"}, None, "true"),
        ("EXC_TREATMENTS", reads('needed": 2', 'needed": 3'), {}, "false", "true"),
        (
            "K4",
            reads('enough": 50', 'enough": 40'),
            {"treatments": [{**ENTRY_ONE, "relief_pct": 40}, ENTRY_TWO]},
            "false",
            "true",
        ),
    ],
)
def test_somebody_at_the_very_bound_is_found(
    code: str,
    change: Callable[[Content], object],
    answers: dict[str, Any],
    was: str | None,
    now: str | None,
) -> None:
    found = example(change, code)
    assert (found.answers, found.before.verdict, found.after.verdict) == (answers, was, now)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        (
            "rf_saddle",
            says("rf_saddle", when={"question": "rf_saddle", "answers": {"new_or_worse": 3, "not_sure": 2}}),
        ),
        ("CAU_KIDNEY", says("CAU_KIDNEY", effect="note")),
    ],
)
def test_a_rule_that_finds_the_same_and_weighs_otherwise_is_shown_with_somebody_it_finds(
    code: str, change: Callable[[Content], object]
) -> None:
    found = example(change, code)
    assert (found.before.verdict, found.after.verdict) == ("true", "true")
    assert found.before.findings != found.after.findings


def test_of_all_who_are_found_the_one_is_shown_whom_it_matters_most_to() -> None:
    """A blank would do as well; who answers yes goes from "call 999" to nothing."""
    found = example(without("rf_saddle"), "rf_saddle")
    assert (found.before.outcome, found.before.tier, found.after.outcome) == ("urgent", 1, "flagged_review")


@pytest.mark.parametrize("code", ["K9", "NOTE_INFECTION_RISK", "CAU_OPIOID_BENZO(H)", "CAU_NEW"])
def test_questions_that_open_after_another_answer_and_own_words_are_tried_too(code: str) -> None:
    change = new("phq_9 = 3 and driving = 'yes'") if code == "CAU_NEW" else without(code)
    found = example(change, code)
    for rules, said in ((shipped(), found.before), (changed(change), found.after)):
        judged = assess(rules, {**USUAL, **found.answers}, as_of=own_cases().assessed_on)
        assert Said.of(code, judged) == said


@pytest.mark.parametrize(
    "change",
    [
        lambda content: None,
        says("EXC_AGE", clinician="Other words.", patient="Others.", source="Another."),
        reads('define "Age": years', '// Whole years.\ndefine "Age":\n  years'),
        lambda content: content["rules"].reverse(),
        lambda content: content.update(turned(content)),
    ],
)
def test_what_is_only_written_or_placed_differently_is_not_shown(change: Callable[[Content], object]) -> None:
    assert of(change) == []


def test_another_way_to_write_the_same_finds_nobody_and_is_certain_where_all_answers_were_tried() -> None:
    before, after = changed(new("cv = 'stable'")), changed(new("not (cv != 'stable')"))
    assert meanings(before, after) == [Meaning("CAU_NEW", certain=True)]
    assert of(says("EXC_AGE", when='"Age" <= 17')) == [Meaning("EXC_AGE")], "nobody tries all birthdays"


def test_a_blank_tells_two_ways_to_write_apart_that_look_the_same() -> None:
    """CQL: a null is in no list, and no equality with it is true or false."""
    before, after = changed(new("cv = 'stable'")), changed(new("cv in {'stable'}"))
    (found,) = meanings(before, after)
    assert found.example is not None
    assert (found.example.answers, found.example.before.verdict, found.example.after.verdict) == (
        {"cv": None},
        "unknown",
        "false",
    )


def test_what_trying_may_cost_is_bounded_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spent(Room):
        def __init__(self) -> None:
            super().__init__()
            self.left = 1

    monkeypatch.setattr("screening.rules.invented.Room", Spent)
    assert of(without("rf_saddle")) == [Meaning("rf_saddle", tried=False)]

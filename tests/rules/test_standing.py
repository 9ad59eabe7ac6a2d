"""What verdicts come to: whether a criterion is met, and in which words a finding is told to whom."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from screening.rules.advice import advice_for
from screening.rules.assessment import Finding, RuleVerdict, plain
from screening.rules.criteria import standing_of
from screening.rules.explain import sentence_for
from screening.rules.questionnaire import Item, Page, Questionnaire
from screening.rules.ruleset import RuleSet
from screening.rules.translation import Foreign
from tests.rules.content import SMALL, rule

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
STANDINGS = [
    # what the rules of a criterion say, how it stands, how many of them are the reason
    ([], UNKNOWN, 0),
    ([("exclude", "true")], NOT_MET, 1),
    ([("exclude", "false")], MET, 1),
    ([("exclude", "unknown")], UNKNOWN, 1),
    ([("more_info", "true")], UNKNOWN, 1),
    ([("more_info", "unknown")], UNKNOWN, 1),
    ([("more_info", "false")], MET, 1),
    ([("contradiction", "true")], UNKNOWN, 1),
    ([("contradiction", "unknown")], MET, 1),
    ([("contradiction", "false")], MET, 1),
    ([("caution", "true")], MET, 1),
    ([("caution", "unknown")], MET, 1),
    ([("urgent", "true")], MET, 1),
    ([("high_caution", "true"), ("exclude", "false")], MET, 2),
    ([("exclude", "true"), ("exclude", "unknown"), ("more_info", "true")], NOT_MET, 1),
    ([("exclude", "false"), ("more_info", "unknown"), ("exclude", "unknown")], UNKNOWN, 2),
]


@pytest.mark.parametrize(("said", "status", "count"), STANDINGS)
def test_a_criterion_stands_as_the_gravest_of_its_rules(said: Any, status: str, count: int) -> None:
    verdicts = [
        RuleVerdict(f"R{place}", effect, "C1", verdict, None, False)
        for place, (effect, verdict) in enumerate(said)
    ]
    found = standing_of(verdicts)
    assert (found.status, len(found.verdicts)) == (status, count)


WORDS = RuleSet.model_validate(
    {
        "code": "judge",
        "title": "Judge",
        "questionnaire": "small",
        "rules": [
            rule("A", "exclude", "agree", patient="To you.", unknown="INF_A", clinician="Of {element}."),
            rule(
                "B", "exclude", "agree", patient="To you.", unknown="INF_B",
                patient_unknown="Say more.", clinician_unknown="More of {element}.",
            ),
            rule("C", "more_info", "agree", patient="Please tell.", unknown="C"),
            rule("D", "caution", "agree"),
        ],
    }
)  # fmt: skip
TOLD = [
    # rule, code of the finding, effect, to the clinician, to the patient
    ("A", "A", "exclude", "Of it.", "To you."),
    ("A", "INF_A", "more_info", "Of it.", "To you."),
    ("B", "B", "exclude", "About B.", "To you."),
    ("B", "INF_B", "more_info", "More of it.", "Say more."),
    ("B", "INF_B", "exclude", "About B.", "To you."),
    ("B", "B", "more_info", "About B.", "To you."),
    ("C", "C", "more_info", "About C.", "Please tell."),
    ("D", "D", "caution", "About D.", ""),
    ("D", "INF_ERROR:D", "more_info", "INF_ERROR:D", "INF_ERROR:D"),
    ("gone", "gone", "urgent", "gone", "gone"),
]


@pytest.mark.parametrize(("code", "found", "effect", "clinician", "patient"), TOLD)
def test_a_finding_is_told_in_the_words_of_its_rule(
    code: str, found: str, effect: Any, clinician: str, patient: str
) -> None:
    finding = Finding(found, code, effect, None, "it")
    assert sentence_for(WORDS, finding) == clinician
    assert sentence_for(WORDS, finding, audience="patient") == patient
    assert "it" not in sentence_for(WORDS, Finding(found, code, effect)).split(".")[0].split()


def test_words_in_another_language_stay_marked_when_they_are_filled_in() -> None:
    words = WORDS.rules[0].model_copy(update={"patient": Foreign("I {element}.", "cy")})
    ruleset = WORDS.model_copy(update={"rules": (words,)})
    said = sentence_for(ruleset, Finding("A", "A", "exclude", None, "chi"), audience="patient")
    assert isinstance(said, Foreign)
    assert (said, said.lang) == ("I chi.", "cy")
    assert not isinstance(sentence_for(WORDS, Finding("A", "A", "exclude")), Foreign)


def test_an_assessment_is_stored_in_plain_values() -> None:
    given = {
        "on": dt.date(2026, 6, 15), "at": dt.datetime(2026, 6, 15, 9, 30, tzinfo=dt.UTC), "none": None,
        "share": Decimal("1.50"), "zero": Decimal("0.00"), "large": Decimal("1E+3"), "yes": True,
        "in": [(1, "a")],
        3: {"b": Finding("A", "A", "exclude")},
    }  # fmt: skip
    assert plain(given) == {
        "on": "2026-06-15", "at": "2026-06-15T09:30:00+00:00", "none": None, "yes": True, "share": "1.5",
        "zero": "0", "large": "1000", "in": [[1, "a"]],
        "3": {"b": {"code": "A", "rule": "A", "effect": "exclude", "tier": None, "element": None}},
    }  # fmt: skip


def flag(name: str, advice: str) -> dict[str, Any]:
    return {
        "id": name, "type": "choice", "text": "?", "options": [{"code": "yes", "text": "Yes"}],
        "advice": {"yes": advice},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tiers", "order"),
    [
        ((None, 3, 1), ["c", "b", "a"]),
        ((None, 1, None), ["b", "a", "c"]),
        ((1, 2, 3), ["a", "b", "c"]),
        ((3, 2, 1), ["c", "b", "a"]),
        ((None, None, None), ["a", "b", "c"]),
    ],
)
def test_the_most_urgent_advice_comes_first_and_one_without_a_tier_last(
    tiers: tuple[int | None, ...], order: list[str]
) -> None:
    content = {
        **SMALL,
        "pages": [{"id": "p", "step": "one", "title": "P", "items": [flag(name, name) for name in "abc"]}],
        "scores": [],
        "advice": {
            name: {"title": name, "text": "Go.", "tier": tier}
            for name, tier in zip("abc", tiers, strict=True)
        },
    }
    form = Questionnaire.model_validate(content)
    answers = dict.fromkeys("abc", "yes")
    assert [due.item for due in advice_for(form.pages[0], answers, form)] == order
    assert [due.item for due in advice_for(form.pages[0], answers)] == ["a", "b", "c"]
    assert [due.item for due in advice_for(form.pages[0], {"b": "yes"}, form)] == ["b"]


def test_options_are_those_chosen_before_and_what_was_answered_stays_among_them() -> None:
    options = [{"code": code, "text": code} for code in ("a", "b", "c")]
    main = Item.model_validate({"id": "main", "type": "choice", "text": "?", "options": options})
    later = main.model_copy(update={"options_from": "some"})

    def codes(item: Item, answers: dict[str, Any]) -> list[str]:
        return [option.code for option in item.offered(answers)]

    assert codes(main, {"some": ["a"]}) == ["a", "b", "c"]
    assert codes(later, {}) == ["a", "b", "c"]
    assert codes(later, {"some": []}) == ["a", "b", "c"]
    assert codes(later, {"some": ["a", "b"]}) == ["a", "b"]
    assert codes(later, {"some": ["a"], "main": "c"}) == ["a", "c"]


def test_a_page_without_answers_calls_for_no_advice() -> None:
    form = Questionnaire.model_validate(SMALL)
    page: Page = form.pages[0]
    assert advice_for(page, {}, form) == []
    assert [due.advice for due in advice_for(page, {"flag": ["maybe", "yes"]}, form)] == ["now", "soon"]

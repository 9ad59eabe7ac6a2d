"""What is stored of a judgement: plain JSON, the same in ten years, from which every field can be read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from screening.rules.assess import assess
from screening.rules.assessment import Finding, RuleVerdict, plain
from tests.rules.content import DAY, judge, rule, small


def found(code: str, effect: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "rule": code, "effect": effect, "tier": None, "element": None, **more}


def said(code: str, effect: str, verdict: str, criterion: str | None = None) -> dict[str, Any]:
    return {
        "code": code,
        "effect": effect,
        "criterion": criterion,
        "verdict": verdict,
        "error": None,
        "blocked": False,
    }


def test_a_judgement_is_stored_with_all_it_found_and_all_it_said() -> None:
    compiled = small(
        rule("NOW", "urgent", {"question": "flag", "answers": {"yes": 2}}),
        rule("GONE", "exclude", "much > 5", criterion="C1"),
        rule("ASK", "more_info", "why is null"),
        rule("OLD", "caution", '"day" < @2020', unknown="INF_DAY", criterion="C1"),
        rule("EACH", "note", "tries T return all T.name"),
        criteria=[{"id": "C1", "title": "One"}],
        outputs={"when": "Today()", "half": "share / 2", "none": "much * null", "kinds": "kinds"},
    )
    answers = {"flag": "yes", "much": 7, "share": "2.50", "kinds": ["a"], "agree": "perhaps"}
    entries = [{"name": "a"}, {"name": "b"}]
    assert assess(compiled, {**answers, "tries": entries}, as_of=DAY).to_json() == {
        "outcome": "urgent",
        "underlying": "not_currently",
        "tier": 2,
        "urgent": [found("NOW", "urgent", tier=2)],
        "exclusions": [found("GONE", "exclude")],
        "missing": [found("ASK", "more_info"), found("INF_DAY", "more_info", rule="OLD")],
        "cautions": [],
        "notes": [found(f"EACH:{name}", "note", rule="EACH", element=name) for name in ("a", "b")],
        "senior_review": False,
        "recheck_on": None,
        "verdicts": [
            said("NOW", "urgent", "true"),
            said("GONE", "exclude", "true", "C1"),
            said("ASK", "more_info", "true"),
            said("OLD", "caution", "unknown", "C1"),
            said("EACH", "note", "true"),
        ],
        "outputs": {"when": "2026-06-15", "half": "1.25", "none": None, "kinds": ["a"]},
        "scores": {"double": 14},
        "problems": [{"item": "agree", "sentence": "This should be true or false."}],
        "engine_version": "rules 1, cql 1.0",
    }


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, True),
        (False, False),
        (0, 0),
        (7, 7),
        ("yes", "yes"),
        ("", ""),
        (dt.date(2026, 6, 15), "2026-06-15"),
        (Decimal("6.30"), "6.3"),
        (Decimal("6.0"), "6"),
        (Decimal("100"), "100"),
        (Decimal("0.00"), "0"),
        (Decimal("0E+3"), "0"),
        (Decimal("-0.0"), "0"),
        ({"a": Decimal("1.50"), 2: (True, None)}, {"a": "1.5", "2": [True, None]}),
        ([dt.date(2026, 1, 2), ["x"]], ["2026-01-02", ["x"]]),
        (frozenset(), "frozenset()"),
    ],
)
def test_dates_and_decimals_are_stored_as_text_and_what_is_equal_as_the_same(
    value: object, stored: object
) -> None:
    assert plain(value) == stored
    assert type(plain(value)) is type(stored)


def test_what_is_not_said_of_a_finding_or_a_verdict_is_null() -> None:
    assert plain(Finding("A", "R", "note")) == found("A", "note", rule="R")
    assert plain(RuleVerdict("A", "note", None, "false")) == said("A", "note", "false")


def test_a_verdict_is_found_by_the_code_of_its_rule() -> None:
    result = judge(pregnancy="pregnant")
    assert result.verdict("EXC_PREGNANCY").verdict == "true"
    with pytest.raises(KeyError, match="NO_SUCH_RULE"):
        result.verdict("NO_SUCH_RULE")


def test_codes_are_those_that_decide_and_findings_are_all_from_the_gravest_on() -> None:
    result = judge(pregnancy="pregnant", rf_saddle="new_or_worse", peg_p=None)
    parts = [result.urgent, result.exclusions, result.missing, result.cautions, result.notes]
    assert [*result.findings] == [finding for part in parts for finding in part]
    assert all(parts[:3])
    assert [*result.codes] == [each.code for part in (result.exclusions, result.missing) for each in part]

"""What is remembered between explanations: the same as working it out again, and nobody's own words."""

from __future__ import annotations

from typing import Any

import pytest

from bench.documents import documents
from screening.rules import plans
from screening.rules.assess import assess
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.explain import explain
from screening.rules.plans import Plan, plan_of
from tests.rules.content import DAY, baseline, shipped


def fresh() -> CompiledRuleSet:
    return compile_ruleset(shipped().questionnaire, shipped().ruleset)


def explained(compiled: CompiledRuleSet, document: dict[str, Any]) -> list[tuple[Any, ...]]:
    whole = explain(compiled, document, assess(compiled, document, as_of=DAY), DAY)
    return [
        (each.rule, each.result, each.answers, each.would_settle, each.inside, each.sentence, each.reading)
        + ((each.cause.answers, each.cause.proven) if len(each.answers) < 8 else ())
        for each in whole
    ]


def test_what_is_remembered_is_what_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    used = fresh()
    made = list(documents(used, 14, seed=3, blank=0.15))
    for document in made:
        explained(used, document)
    remembering = [explained(used, document) for document in made]
    monkeypatch.setattr(Plan, "key", lambda *_: None)
    assert remembering == [explained(used, document) for document in made]


def remembered(compiled: CompiledRuleSet) -> str:
    return repr([plan.found for plan in compiled.once["plans"].values()])


def test_only_codes_are_remembered() -> None:
    compiled = fresh()
    document = baseline(
        meds=["warfarin Smith"], dob="1977-03-05", other_health_text="Own words", uk_resident="yes"
    )
    explained(compiled, document)
    assert "'yes'" in remembered(compiled)
    assert not [word for word in ("Smith", "1977", "Own words") if word in remembered(compiled)]


def test_an_answer_that_is_no_code_is_not_remembered() -> None:
    compiled = fresh()
    for value in ("x" * 65, 1.5, {"a": 1}, ["a", 1]):
        active = compiled.journey.active(baseline(cv=value), DAY)
        assert plan_of(compiled, "EXC_CARDIO").key(active, DAY) is None
    plan_of(compiled, "EXC_CARDIO").remember("cause", None, "x" * 65)
    assert plan_of(compiled, "EXC_CARDIO").found == {}
    ones = [compiled.journey.active(baseline(cv=value), DAY) for value in (1, True, "1")]
    assert len({plan_of(compiled, "EXC_CARDIO").key(active, DAY) for active in ones}) == 3


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "REMEMBERED", 2)
    plan = plan_of(fresh(), "EXC_CARDIO")
    for number in range(5):
        plan.remember("cause", (number,), number)
    assert len(plan.found) <= 2
    assert plan.found["cause", (4,)] == 4

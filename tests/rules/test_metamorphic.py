"""What must hold for any answers: worse is never milder, unknown is never no, order means nothing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.rules.assess import assess
from screening.rules.assessment import SEVERITY, Assessment
from screening.rules.candidates import possible
from screening.rules.canonical import canonical_json
from screening.rules.compiled import compile_ruleset
from screening.rules.definition import Item
from tests.rules.content import DAY, baseline, codes, judge, shipped

EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
ITEMS = {item.id: item for item in shipped().questionnaire.items() if item.holds_an_answer}
READ = sorted(frozenset[str]().union(*shipped().reads.values()))
RED_FLAGS = sorted(
    rule.when.question
    for rule in shipped().ruleset.rules
    if rule.effect == "urgent" and not isinstance(rule.when, str) and rule.code == rule.when.question
)
ALWAYS_ASKED = [
    item for item in RED_FLAGS if item not in {"rf_stroke", "rf_vision_jaw", "rf_face_numb", "rf_joint"}
]
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


def stored(item: Item, value: Any) -> Any:
    """A value of the language as a document stores it."""
    return str(value) if item.type == "date" else value


def values(item: Item) -> st.SearchStrategy[Any]:
    if item.type == "group":
        inner = {i.id: st.none() | values(i) for i in item.items if i.holds_an_answer}
        return st.lists(st.fixed_dictionaries(inner), max_size=3)
    return st.sampled_from([stored(item, value) for value in possible(item, DAY)])


ANSWERS = st.fixed_dictionaries({}, optional={name: values(ITEMS[name]) for name in READ}).map(
    lambda changes: baseline(**changes)
)


def test_there_is_something_to_vary() -> None:
    assert len(READ) > 50
    assert len(ALWAYS_ASKED) == 14


@EXAMPLES
@given(answers=ANSWERS, flag=st.sampled_from(ALWAYS_ASKED), as_of=DAYS)
def test_any_red_flag_wins_over_anything(answers: dict[str, Any], flag: str, as_of: dt.date) -> None:
    positive = next(answer for answer in ("new_or_worse", "plan_or_acted") if ITEMS[flag].option(answer))
    result = assess(shipped(), answers | {flag: positive}, as_of=as_of)
    assert result.outcome == "urgent"
    assert flag in {finding.code for finding in result.urgent}


@EXAMPLES
@given(answers=ANSWERS, flag=st.sampled_from(ALWAYS_ASKED))
def test_a_red_flag_does_not_change_what_lies_under_it(answers: dict[str, Any], flag: str) -> None:
    """Only its own missing answer and its own caution may go."""
    quiet = assess(shipped(), answers | {flag: _no(flag)}, as_of=DAY)
    loud = assess(shipped(), answers | {flag: _loudest(flag)}, as_of=DAY)
    assert set(quiet.codes) == set(loud.codes)
    assert quiet.underlying == loud.underlying


@EXAMPLES
@given(answers=ANSWERS, flags=st.lists(st.sampled_from(RED_FLAGS), max_size=3), as_of=DAYS)
def test_a_standing_red_flag_is_never_lost(answers: dict[str, Any], flags: list[str], as_of: dt.date) -> None:
    result = assess(shipped(), answers, as_of=as_of, standing_red_flags=[(flag, 2) for flag in flags])
    assert set(flags) <= {finding.code for finding in result.urgent}
    assert not flags or result.tier in (1, 2)


@EXAMPLES
@given(answers=ANSWERS, as_of=DAYS)
def test_the_outcome_is_the_gravest_finding(answers: dict[str, Any], as_of: dt.date) -> None:
    result = assess(shipped(), answers, as_of=as_of)
    expected = (
        "urgent" if result.urgent
        else "not_currently" if result.exclusions
        else "more_info" if result.missing
        else "flagged_review"
    )  # fmt: skip
    assert result.outcome == expected
    assert SEVERITY[result.outcome] >= SEVERITY[result.underlying]
    assert result.senior_review == any("(H)" in finding.code for finding in result.cautions)
    assert (result.tier is None) == (result.outcome != "urgent")


@EXAMPLES
@given(answers=ANSWERS, data=st.data())
def test_a_worse_answer_never_gives_a_milder_outcome(answers: dict[str, Any], data: st.DataObject) -> None:
    """Adding a contraindication leaves the case at least as grave."""
    name, worst = data.draw(st.sampled_from(sorted(_CONTRAINDICATIONS.items())))
    before = assess(shipped(), answers | {name: _none_of(name)}, as_of=DAY)
    after = assess(shipped(), answers | {name: worst}, as_of=DAY)
    assert SEVERITY[after.outcome] >= SEVERITY[before.outcome]
    assert SEVERITY[after.underlying] >= SEVERITY["not_currently"]


@pytest.mark.parametrize("name", READ)
def test_blanking_any_one_answer_of_a_good_case_never_excludes(name: str) -> None:
    """Unknown is not no: a blank may ask for something, it never turns anyone away."""
    result = judge(**{name: None})
    assert result.exclusions == ()
    assert result.urgent == ()


# Blanks that change nothing here: the impact items and `tx_all` are decided by other answers (see
# test_boundaries and treatments.yml), the rest feeds no criterion.
NOT_NEEDED = {"cannabis_now", "helper", "main_condition", "nation", "record_files", "tx_all"}
NEEDED = sorted({name for name in baseline() if not name.startswith("q_")} - NOT_NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_blanking_a_needed_answer_asks_for_it(name: str) -> None:
    assert judge(**{name: None}).outcome == "more_info"


@EXAMPLES
@given(answers=ANSWERS, data=st.data())
def test_blanking_an_answer_never_makes_a_case_pass(answers: dict[str, Any], data: st.DataObject) -> None:
    """What was asked for or refused is not mended by leaving a required question out."""
    required = [name for name in answers if ITEMS[name].required and name in _GATES]
    name = data.draw(st.sampled_from(sorted(required)))
    before = assess(shipped(), answers, as_of=DAY)
    after = assess(shipped(), {k: v for k, v in answers.items() if k != name}, as_of=DAY)
    if before.underlying != "flagged_review":
        assert after.underlying != "flagged_review"


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_order_of_rules_means_nothing(seed: int | None) -> None:
    rules = list(shipped().ruleset.rules)
    if seed is None:
        rules.reverse()
    else:
        random.Random(seed).shuffle(rules)  # noqa: S311 - an order, not a secret
    ruleset = shipped().ruleset.model_copy(update={"rules": tuple(rules)})
    compiled = compile_ruleset(shipped().questionnaire, ruleset)
    for changes in (
        {},
        {"rf_weight": "new_or_worse", "rf_chest": "not_sure"},
        {"onset": None, "dob": "2009-01-01"},
        {"onset": "2026-05-01", "tx_all": "none", "treatments": [], "pregnancy": None},
    ):
        first, second = judge(**changes), assess(compiled, baseline(**changes), as_of=DAY)
        assert _sets(first) == _sets(second)


@EXAMPLES
@given(answers=ANSWERS, as_of=DAYS)
def test_the_order_of_answers_means_nothing(answers: dict[str, Any], as_of: dt.date) -> None:
    backwards = dict(reversed(answers.items()))
    first, second = (assess(shipped(), document, as_of=as_of) for document in (answers, backwards))
    assert canonical_json(first.to_json()) == canonical_json(second.to_json())


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@EXAMPLES
@given(junk=st.dictionaries(st.sampled_from(sorted(ITEMS)) | st.text(max_size=8), JUNK, max_size=6))
def test_no_stored_value_can_break_the_judgement(junk: dict[str, Any]) -> None:
    """Junk in place of good answers is asked about again, it never crashes and never passes unseen."""
    result = assess(shipped(), baseline() | junk, as_of=DAY)
    canonical_json(result.to_json())
    doubtful = {problem.top_item for problem in result.problems} & set(READ)
    if doubtful:
        assert result.outcome != "flagged_review"


def test_a_case_that_passes_has_nothing_hidden() -> None:
    assert codes(judge()) == set()
    assert {verdict.verdict for verdict in judge().verdicts if verdict.criterion} == {"false"}


_CONTRAINDICATIONS = {
    "psychosis_self": "yes", "cv": "unstable", "pregnancy": "pregnant", "liver": "severe",
    "substance": "current", "cannabinoid_allergy": "yes",
}  # fmt: skip
_GATES = {*_CONTRAINDICATIONS, "dob", "uk_resident", "dx_confirmed", "meds", "bipolar", "kidney", "driving"}


def _none_of(name: str) -> str:
    return next(code for code in ("no", "none", "not_applicable") if ITEMS[name].option(code))


def _no(flag: str) -> str:
    return "none" if ITEMS[flag].option("none") else "no"


def _loudest(flag: str) -> str:
    return "plan_or_acted" if ITEMS[flag].option("plan_or_acted") else "new_or_worse"


def _sets(result: Assessment) -> tuple[Any, ...]:
    findings = {(f.code, f.effect, f.tier) for f in result.findings}
    return result.outcome, result.underlying, result.tier, findings, result.recheck_on

"""What is remembered between explanations: the same as working it out again, and nobody's own words."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bench.documents import documents
from screening.cql import Evaluation
from screening.rules import explain as explaining
from screening.rules import remembered, results
from screening.rules.assess import assess
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.explain import Explanation, explain, explain_rule
from screening.rules.remembered import GIVEN, Day, forget, grouping_of
from screening.rules.ruleset import Rule
from tests.rules.content import DAY, baseline, rule, shipped, small


def fresh() -> CompiledRuleSet:
    return compile_ruleset(shipped().questionnaire, shipped().ruleset)


def explained(
    compiled: CompiledRuleSet, document: dict[str, Any], day: dt.date = DAY
) -> tuple[Explanation, ...]:
    """Everything that is said of every rule, whichever copy of the rule set says it."""
    assessment = assess(compiled, document, as_of=day)
    return tuple(each._replace(compiled=shipped()) for each in explain(compiled, document, assessment, day))


def streams() -> Iterator[list[dict[str, Any]]]:
    """Made-up people, and one person whose answers change one at a time."""
    for seed in range(3):
        yield list(documents(shipped(), 12, seed=seed, blank=0.03 + seed * 0.1))
    draw = random.Random(8)  # noqa: S311 - the same each time
    others = list(documents(shipped(), 20, seed=9, blank=0.2))
    document = dict(others[0])
    changing = []
    for _ in range(40):
        item = draw.choice([each.id for each in shipped().questionnaire.items()])
        document = {**document, item: draw.choice(others).get(item)}
        changing.append(document)
    yield changing


@pytest.mark.parametrize("made", list(streams()), ids=["few blanks", "some", "many", "one answer at a time"])
def test_what_is_remembered_is_what_would_be_found(
    made: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    used, forgetful = fresh(), fresh()
    for document in made:
        explained(used, document)
    remembering = [explained(used, document) for document in made]
    monkeypatch.setattr(explaining, "remember", lambda *_: None)
    for document, known in zip(made, remembering, strict=True):
        for one, other in zip(known, explained(forgetful, document), strict=True):
            assert one == other
    assert not any(any(day.groups) for day in forgetful.once["days"].values())


def test_choices_of_several_are_told_apart() -> None:
    compiled = fresh()
    for chosen in ("low_back", "neck", "sciatica", "cancer_pain"):
        found = {each.rule: each for each in explained(compiled, baseline(conditions=[chosen]))}
        assert found["CAU_CANCER(H)"].result == ("true" if chosen == "cancer_pain" else "false")
        assert found["NOTE_SCIATICA"].result == ("true" if chosen == "sciatica" else "false")
        assert found["CAU_CANCER(H)"].answers["conditions"] == [chosen]


@pytest.mark.parametrize("said", [True, False])
def test_a_yes_and_a_no_are_both_remembered(said: bool) -> None:
    compiled = small(rule("A", "caution", "agree"))
    explain(compiled, {"agree": said}, assess(compiled, {"agree": said}, as_of=DAY), DAY)
    assert [len(known) for known in remembered.day_of(compiled, DAY).groups] == [1]


def test_an_exclusion_that_is_in_doubt_without_any_answer_has_no_cause() -> None:
    compiled = small(
        rule("DOUBT", "contradiction", "agree is null", blocks=["agree"], patient="P"),
        rule("OUT", "exclude", "agree is null"),
    )
    found = explain(compiled, {"flag": "no"}, assess(compiled, {"flag": "no"}, as_of=DAY), DAY)
    assert [each.result for each in found] == ["true", "unknown"]
    assert remembered.day_of(compiled, DAY).blank == {"DOUBT": True, "OUT": None}
    assert found[1].cause.answers == ()


def test_a_rule_that_stands_on_no_answer_is_explained_like_the_others() -> None:
    compiled = small(rule("DAY", "note", "Today() > @2020-01-01"), rule("A", "caution", "agree"))
    for said in (True, False, True):
        found = explain(compiled, {"agree": said}, assess(compiled, {"agree": said}, as_of=DAY), DAY)
        assert [(each.rule, each.result, each.answers) for each in found] == [
            ("DAY", "true", {}),
            ("A", "true" if said else "false", {"agree": said}),
        ]


def test_a_key_with_any_part_that_is_on_no_list_is_not_kept() -> None:
    compiled = small(rule("A", "caution", "agree"), rule("B", "caution", "agree and flag = 'yes'"))
    (both,) = [group for group in grouping_of(compiled).groups if len(group.listed) == 2]
    assert both.may_keep((True, "yes")) or both.may_keep(("yes", True))
    for key in ((True, "her own words"), ("her own words", True), ("her own words", "yes")):
        assert not both.may_keep(key)


def test_one_rule_is_explained_as_it_is_among_all() -> None:
    compiled = fresh()
    for document in documents(compiled, 3, seed=4, blank=0.1):
        assessment = assess(compiled, document, as_of=DAY)
        for each in explain(compiled, document, assessment, DAY):
            assert each == explain_rule(compiled, document, assessment, DAY, each.rule)


def test_many_at_once_explain_the_same() -> None:
    compiled, made = fresh(), list(documents(shipped(), 24, seed=6, blank=0.1))
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda document: explained(compiled, document), made * 2))
    by_itself = fresh()
    assert together == [explained(by_itself, document) for document in made] * 2


def test_few_days_are_remembered_at_once() -> None:
    compiled = fresh()
    for number in range(remembered.DAYS + 2):
        explained(compiled, baseline(dob=None), DAY + dt.timedelta(days=number))
        assert 1 <= len(compiled.once["days"]) <= remembered.DAYS


def of_days(compiled: CompiledRuleSet) -> list[Day]:
    return list(compiled.once["days"].values())


def test_only_codes_are_remembered() -> None:
    compiled = fresh()
    document = baseline(
        meds=["warfarin Smith"], dob="1977-03-05", other_health_text="Own words", uk_resident="yes"
    )
    explained(compiled, document)
    kept = repr([(day.groups, day.settling) for day in of_days(compiled)])
    assert "'uk_resident': 'yes'" in kept
    assert not [word for word in ("Smith", "1977", "Own words") if word in kept]


def test_own_words_are_not_remembered_but_shown() -> None:
    """Rules that ask only whether there are any explain others' words from memory, each with its own."""
    compiled = fresh()
    for words in ("Gout", "Asthma", None):
        found = {each.rule: each for each in explained(compiled, baseline(other_health_text=words))}
        assert found["CAU_OTHER"].answers["other_health_text"] == words
        assert found["CAU_OTHER"].result == ("true" if words else "false")
    assert kept_of(compiled, "CAU_OTHER") == {("myself", None, GIVEN), ("myself", None, None)}


def test_words_that_say_nothing_are_no_words() -> None:
    compiled = fresh()
    explained(compiled, baseline(other_health_text=" "))
    assert not kept_of(compiled, "CAU_OTHER")


def kept_of(compiled: CompiledRuleSet, code: str) -> set[Any]:
    """The keys that are remembered of a rule."""
    (day,) = of_days(compiled)
    groups = grouping_of(compiled).groups
    place = next(n for n, group in enumerate(groups) if code in [each.rule.code for each in group.plans])
    return set(day.groups[place])


@pytest.mark.parametrize("value", ["x", "x" * 65, 1.5, {"a": 1}, ["a", 1], ["yes"], True, " "])
def test_an_answer_that_is_not_of_the_list_is_not_remembered(value: Any) -> None:
    compiled = fresh()
    explained(compiled, baseline(cv=value))
    assert not kept_of(compiled, "EXC_CARDIO")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, True),
        ({"treatments": []}, True),
        ({"treatments": [{}]}, False),
        ({"treatments": [{"class": "tca", "outcome": "helps"}]}, False),
    ],
)
def test_a_list_is_remembered_while_it_is_empty(given: dict[str, Any], kept: bool) -> None:
    compiled = fresh()
    explained(compiled, {"tx_all": "complete", **given})
    assert bool(kept_of(compiled, "EXC_TREATMENTS")) == kept


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "REMEMBERED", 2)
    compiled = fresh()
    for number in range(5):
        explained(compiled, baseline(q_sleep=number))
        assert len(kept_of(compiled, "EXC_QOL")) == 1 + number % 2
    assert kept_of(compiled, "EXC_QOL") == {(7, 4, 6, 6, 5)}


def test_what_is_remembered_is_bounded_whatever_is_answered() -> None:
    compiled = fresh()
    for document in documents(compiled, 60, seed=12, blank=0.3):
        explained(compiled, document)
    (day,) = of_days(compiled)
    assert 0 < max(map(len, day.groups)) <= remembered.REMEMBERED
    assert len(day.settling) <= len(compiled.ruleset.rules)


def test_what_is_forgotten_is_worked_out_again() -> None:
    compiled = fresh()
    before = explained(compiled, baseline())
    forget(compiled)
    (day,) = of_days(compiled)
    assert not any(day.groups)
    assert not day.settling
    assert not any(compiled.once.get("results", ()))
    assert explained(compiled, baseline()) == before


def test_what_a_rule_said_is_kept_but_for_what_it_said_of_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, anew = fresh(), list[str]()

    def result_of(evaluation: Evaluation, rule: Rule) -> results.Result:
        anew.append(rule.code)
        return worked_out(evaluation, rule)

    worked_out = results.result_of
    monkeypatch.setattr(results, "result_of", result_of)
    for document, again in ((baseline(), []), (baseline(meds=["warfarin Smith"]), ["CAU_INTERACTION(H)"])):
        assess(compiled, document, as_of=DAY)
        anew.clear()
        assess(compiled, document, as_of=DAY)
        assert anew == again


def test_a_stored_verdict_is_explained_as_it_was_stored() -> None:
    """What is remembered is of our judgement; where another was stored, that is the one to explain."""
    compiled, document = fresh(), baseline()
    explained(compiled, document)
    whole = assess(compiled, document, as_of=DAY)
    place = next(number for number, each in enumerate(whole.verdicts) if each.code == "rf_saddle")
    other = replace(whole.verdicts[place], verdict="true")
    stored = replace(whole, verdicts=(*whole.verdicts[:place], other, *whole.verdicts[place + 1 :]))
    assert explain(compiled, document, stored, DAY)[place].result == "true"
    assert explain(compiled, document, whole, DAY)[place].result == "false"


def told_by_words() -> list[dict[str, Any]]:
    """Answers to the small form that differ in words alone, and in what stands beside them."""
    beside: list[dict[str, Any]] = [
        {},
        {"flag": "yes"},
        {"flag": "yes", "much": 7},
        {"flag": "no", "agree": True},
    ]
    return [{**each, **words} for each in beside for words in ({}, {"why": "gout"}, {"why": "asthma"})]


@pytest.mark.parametrize(
    "rules",
    [
        # One who has gout has it for a cause, one who has not the answers beside it.
        (rule("R", "more_info", "why = 'gout' or (flag = 'yes' and much = 7)"),),
        (rule("R", "more_info", "why is not null or agree"),),
        (rule("R", "more_info", "why is not null"), rule("S", "more_info", "why = 'gout' or flag = 'yes'")),
        # What the words are decides only whether the rule is in doubt.
        (
            rule("R", "exclude", "why is not null"),
            rule("C", "contradiction", "why = 'gout' and flag is null", blocks=["why"]),
        ),
    ],
)
def test_words_that_a_rule_reads_are_explained_anew(rules: tuple[dict[str, Any], ...]) -> None:
    """Whoever was explained before, with other words and the same verdict: each hears what is their own."""
    compiled = small(*rules)
    made = [(each, assess(compiled, each, as_of=DAY)) for each in told_by_words()]
    anew = []
    for document, judged in made:
        forget(compiled)
        anew.append(explain(compiled, document, judged, DAY))
    for before in made:
        for (document, judged), expected in zip(made, anew, strict=True):
            forget(compiled)
            explain(compiled, *before, DAY)
            assert explain(compiled, document, judged, DAY) == expected

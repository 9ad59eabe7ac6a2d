"""Trials and the search are quick because they leave out what cannot matter: here it is shown not to."""

from __future__ import annotations

import copy
import random
from itertools import combinations
from typing import Any

import pytest

from bench.documents import documents
from screening.cql import compile_library
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.plans import Answered, Plan, plan_of, said_by
from screening.rules.search import Entry, Numbers, Search
from screening.rules.slices import only
from screening.rules.telling import fields_read, read_in_full
from screening.rules.trials import Trials, known_answers, said
from tests.rules.content import DAY, SMALL, baseline, rule, shipped, small, treatment

LISTS = ("EXC_TREATMENTS", "CAU_UNSUITABLE_COUNTED", "K2", "K3", "K4", "K5", "K8")
TUPLES = "Tuple { a Integer, b String, c String }"


def plainly(plan: Plan, answers: list[Answered], values: Any) -> object:
    """What the rule says of some answers, all of them looked at."""
    taken: dict[str, Any] = {}
    for item, place, question in answers:
        if item in plan.entry_fields:
            entries = taken.setdefault(item, [dict.fromkeys(plan.entry_fields[item]) for _ in values[item]])
            if place >= 0:
                entries[place][question] = values[item][place][question]
        else:
            taken[item] = values[item]
    return said(plan, taken, DAY)


@pytest.mark.parametrize("code", [*LISTS, "EXC_DURATION", "K1", "K6", "INF_RECORDS", "INF_CONDITION"])
def test_a_trial_says_what_the_rule_says(code: str) -> None:
    """Also where it was not tried, since other answers differ in nothing that is read."""
    draw, plan = random.Random(code), plan_of(shipped(), code)  # noqa: S311 - the same each time
    for document in documents(shipped(), 12, seed=21, blank=0.05):
        values = shipped().journey.active(document, DAY).values
        known = known_answers(plan, plan.reads, values)
        trials = Trials(plan, known, values, DAY)
        for _ in range(25):
            some = frozenset(draw.sample(range(len(known)), draw.randint(0, len(known))))
            assert trials.of(some) == plainly(plan, [known[number] for number in sorted(some)], values)


def asking_why_of_any_flag(*rules: dict[str, Any]) -> CompiledRuleSet:
    """The small form, but for `why`: it closes where the flag is blank."""
    form = copy.deepcopy(SMALL)
    form["pages"][1]["items"][1]["show_when"] = "flag is not null"
    judge = {"code": "judge", "title": "Judge", "questionnaire": "small", "rules": list(rules)}
    return compile_ruleset(Questionnaire.model_validate(form), RuleSet.model_validate(judge))


def every_trial(compiled: CompiledRuleSet, code: str, document: dict[str, Any]) -> dict[Numbers, object]:
    """What is said of every part of the answers, each held against the rule itself."""
    values, plan = compiled.journey.active(document, DAY).values, plan_of(compiled, code)
    known = known_answers(plan, plan.reads, values)
    trials, found = Trials(plan, known, values, DAY), {}
    for size in range(len(known) + 1):
        for some in combinations(range(len(known)), size):
            found[frozenset(some)] = said = trials.of(frozenset(some))
            assert said == plainly(plan, [known[number] for number in some], values)
    return found


def test_what_a_blank_closes_is_no_ground_for_doubt() -> None:
    """Without the flag nobody is asked why, so what was said there contradicts nothing."""
    compiled = asking_why_of_any_flag(
        rule("R", "exclude", "why is not null or agree"),
        rule("K", "contradiction", "why = 'gout' and agree", blocks=["agree"]),
    )
    found = every_trial(compiled, "R", {"flag": "yes", "why": "gout", "agree": True})
    assert (found[frozenset({1, 2})], found[frozenset({0, 1, 2})]) == (True, None)


def test_what_rests_on_an_answer_in_doubt_is_unknown_and_not_false() -> None:
    compiled = asking_why_of_any_flag(
        rule("R", "exclude", "why is not null"),
        rule("K", "contradiction", "agree", blocks=["why"]),
    )
    values = {"flag": "yes", "why": "gout"}
    plan = plan_of(compiled, "R")
    assert said(plan, {**values, "agree": True}, DAY) is None
    assert said(plan, {**values, "agree": False}, DAY) is True
    assert said(plan, {"flag": "yes"}, DAY) is False


def test_a_doubt_about_an_entry_goes_by_questions_that_the_rule_does_not_read() -> None:
    compiled = asking_why_of_any_flag(
        rule("R", "exclude", "why is not null and exists (tries T where T.name = 'a')"),
        rule("K", "contradiction", 'exists (tries T where T."weeks" > 3)', blocks=["tries"]),
    )
    found = every_trial(compiled, "R", {"flag": "yes", "why": "gout", "tries": [{"name": "a", "weeks": 4}]})
    assert set(found.values()) == {True, False, None}


@pytest.mark.parametrize("code", LISTS)
def test_a_whole_entry_at_once_finds_no_larger_cause(code: str) -> None:
    plan = plan_of(shipped(), code)
    for document in documents(shipped(), 25, seed=22, blank=0):
        values = shipped().journey.active(document, DAY).values
        known = known_answers(plan, plan.forced_by, values)
        trials = Trials(plan, known, values, DAY)
        target = trials.of(frozenset(range(len(known))))

        def forces(some: Numbers, trials: Trials = trials, target: object = target) -> bool:
            return trials.of(some) == target

        entries = [
            Entry(
                known.index(Answered(item)),
                frozenset(n for n, a in enumerate(known) if a[:2] == (item, place)),
            )
            for item, place in dict.fromkeys(each[:2] for each in known if each.question)
        ]
        one_by_one = Search(range(len(known)), forces).smallest()
        together = Search(range(len(known)), forces, entries).smallest()
        assert forces(together)
        assert together == one_by_one or len(together) < len(one_by_one)


def test_a_thorough_search_finds_what_more_answers_would_undo() -> None:
    """The second answer alone forces it, with one of the others it does not, and all together do again."""
    forcing = {frozenset({1}), frozenset({0, 1, 2})}
    assert Search(range(3), forcing.__contains__, thorough=True).smallest() == {1}
    assert Search(range(3), forcing.__contains__).smallest() == {0, 1, 2}


def test_an_answer_that_a_rule_does_not_read_still_says_that_there_is_an_entry() -> None:
    compiled = small(rule("R", "note", "flag = 'yes' and Count(tries T where T.name is null) = 1"))
    found = every_trial(compiled, "R", {"flag": "yes", "tries": [{"weeks": 4}]})
    assert found[frozenset({0, 2})] is True


def test_what_a_rule_cannot_tell_is_known() -> None:
    plan = plan_of(shipped(), "EXC_TREATMENTS")
    assert plan.is_read(Answered("treatments"))
    assert plan.is_read(Answered("treatments", 1, "outcome"))
    assert not plan.is_read(Answered("treatments", 1, "in_record"))
    assert not plan.is_read(Answered("dob"))
    assert plan.is_read_by_doubts(Answered("treatments", 1, "started"))
    assert not plan.is_read(Answered("treatments", 1, "started"))
    assert not plan_of(shipped(), "K4").is_read_by_doubts(Answered("treatments", 1, "started"))


@pytest.mark.parametrize(
    ("code", "in_full"),
    [
        ("K6", {"records"}),
        ("INF_MEDS", set()),
        ("CAU_OTHER", {"helper", "other_health"}),
        ("K8", {"treatments"}),
        ("CAU_INTERACTION", {"meds"}),
    ],
)
def test_which_answers_are_read_in_full(code: str, in_full: set[str]) -> None:
    assert read_in_full(only(shipped().library_text, (f"rule {code}",))) == in_full


@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("exists (T)", set()),
        ("Count(T) > 1", set()),
        ("exists (T X where X.a > 1)", {"a"}),
        ("exists (T X where X.a > 1 return all X)", {"a"}),
        ("First(T).b = 'x'", {"b"}),
        ("exists (T X where X.a > 1 return X)", None),
        ("Count(distinct T) = 1", None),
        ("First(T X sort by a) is null", None),
        ("(T X aggregate R starting 0: R + X.a) > 1", {"a"}),
        ("(T X aggregate R starting First(T): X).b = 'x'", None),
        ("exists (from T X, T Y where X.a = Y.a)", None),
        ("T contains First(T)", None),
        ("First(T) = Last(T)", None),
        ("exists (T union T)", None),
        ("(if Count(T) > 1 then First(T) else Last(T)).a = 1", None),
    ],
)
def test_which_questions_of_an_entry_are_read(expression: str, read: set[str] | None) -> None:
    """None: maybe all. An entry that is compared, or put together with others, is read as a whole."""
    program = compile_library(f"parameter T List<{TUPLES}>\ndefine R: {expression}")
    assert fields_read(program, "T") == read


def test_an_entry_handed_to_a_function_counts_as_read_in_full() -> None:
    text = f"define function F(x {TUPLES}): x.a\nparameter T List<{TUPLES}>\ndefine R: F(First(T)) = 1"
    assert fields_read(compile_library(text), "T") is None


def test_a_decimal_that_would_settle_a_rule_is_tried() -> None:
    compiled: CompiledRuleSet = small(rule("R", "more_info", "share is null"))
    from screening.rules.assess import assess
    from screening.rules.explain import explain

    (found,) = explain(compiled, {}, assess(compiled, {}, as_of=DAY), DAY)
    assert found.would_settle == ("share",)


def test_a_rule_over_several_sources_says_which_answers_decided() -> None:
    from screening.rules.assess import assess
    from screening.rules.explain import explain_rule

    pairs = 'exists (from tries T, kinds K where T.name = K and T."weeks" > much)'
    compiled: CompiledRuleSet = small(rule("R", "caution", pairs))
    tries = [{"name": "b", "weeks": 9}, {"name": "a", "weeks": 3}]
    answers = {"tries": tries, "kinds": ["a"], "much": 2, "agree": True}
    cause = explain_rule(compiled, answers, assess(compiled, answers, as_of=DAY), DAY, "R").cause
    assert {(each.item, each.entry, each.question) for each in cause.answers} == {
        ("tries", 1, "name"),
        ("tries", 1, "weeks"),
        ("kinds", -1, ""),
        ("much", -1, ""),
    }


def test_an_entry_that_nothing_can_settle_is_not_asked_about() -> None:
    """Of two treatments with blanks only questions that the rule reads are named."""
    from screening.rules.assess import assess
    from screening.rules.explain import explain_rule

    document = baseline(treatments=[treatment("tca", "no_relief"), treatment("nsaid", "no_relief")])
    assessment = assess(shipped(), document, as_of=DAY)
    found = explain_rule(shipped(), document, assessment, DAY, "EXC_TREATMENTS")
    plan = plan_of(shipped(), "EXC_TREATMENTS")
    assert found.inside
    assert all(plan.is_read(Answered(*each)) for each in found.inside)


def test_what_a_list_says_is_its_elements_and_whether_one_is_unknown() -> None:
    said = [said_by(value) for value in ([], [False], [None], ["a"], ["a", None], ["a", "b"], None, False)]
    assert len(set(map(repr, said))) == len(said)
    assert said_by(["b", "a", "a"]) == said_by(("a", "b"))

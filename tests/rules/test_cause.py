"""The smallest cause: nothing smaller forces the result, and the set alone gives it again."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import Any

import pytest

from screening.rules import cause as cause_module
from screening.rules.assess import assess
from screening.rules.cause import Causes
from screening.rules.compiled import CompiledRuleSet
from screening.rules.hitting import SearchTooLongError, smallest_hitting
from screening.rules.plans import Answered, Cause
from screening.rules.slices import only
from tests.rules.content import DAY, PHYSIO, SMALL, baseline, own_cases, rule, shipped, small, treatment

BRUTE_FORCE = 10
SHORT = {"class": "tca", "for_this_pain": "yes", "outcome": "side_effects", "side_effect": "drowsy"}
FULL_MOOD = {"phq_1": 3, "phq_2": 3, **{f"phq_{n}": 2 for n in range(3, 10)}, "gad_1": 2, "gad_2": 2}


def causes_of(answers: dict[str, Any], compiled: CompiledRuleSet | None = None) -> Causes:
    compiled = compiled or shipped()
    return Causes(compiled, compiled.journey.active(answers, DAY), DAY)


def cause(code: str, **changes: Any) -> list[str]:
    found = causes_of(baseline(**changes)).of(code)
    return [f"{a.item}.{a.entry}.{a.question}" if a.question else a.item for a in found.answers]


def documents() -> list[tuple[str, dict[str, Any]]]:
    """Every worked case, and answers that make the harder rules speak."""
    file = own_cases()
    found = [
        (case.id, {k: v for k, v in {**file.baseline, **case.answers}.items() if v is not None})
        for case in file.cases
    ]
    found += [
        ("blank", {}),
        ("intolerance", baseline(treatments=[SHORT, PHYSIO])),
        ("one entry", baseline(treatments=[SHORT])),
        ("nothing tried", baseline(treatments=[], tx_all="none")),
        ("says none, lists one", baseline(treatments=[SHORT], tx_all="none")),
        ("mood", baseline(**FULL_MOOD, rf_suicide="none")),
        ("hardly any impact", baseline(q_sleep=1, q_mobility=2, q_work=5, q_social=0)),
        ("severe and painless", baseline(q_sleep=8, q_mobility=7, q_work=9, q_social=10, peg_p=1)),
        ("onset before birth", baseline(onset="1979")),
        ("onset tomorrow", baseline(onset="2026-06-16")),
        ("spasm", baseline(main_condition="muscle_spasm", conditions=["muscle_spasm", "sciatica"])),
        ("medicines", baseline(meds=["Morphine", "Diazepam 2mg", "warfarin", "oxcarbazepine"])),
        ("not sure", baseline(uk_resident="not_sure", dx_confirmed="not_sure", cv="not_sure")),
        ("no file", baseline(record_files=[])),
    ]
    return found


@pytest.mark.parametrize(("name", "answers"), documents(), ids=[name for name, _ in documents()])
def test_no_smaller_set_forces_a_default_rule(name: str, answers: dict[str, Any]) -> None:
    """Brute force over every rule that reads few enough answers: all subsets, smallest first."""
    causes = causes_of(answers)
    compared = 0
    for each in shipped().ruleset.rules:
        known = causes.answers_read(each.code)
        if len(known) > BRUTE_FORCE:
            continue
        target = causes.result(each, frozenset(known))
        least = next(
            size
            for size in range(len(known) + 1)
            if any(causes.result(each, frozenset(some)) == target for some in combinations(known, size))
        )
        found = causes.of(each.code)
        assert found.proven
        assert (each.code, len(found.answers)) == (each.code, least)
        compared += 1
    assert compared > 75


@pytest.mark.parametrize(("name", "answers"), documents(), ids=[name for name, _ in documents()])
def test_the_cause_alone_is_judged_the_same(name: str, answers: dict[str, Any]) -> None:
    """Through the front door: the document cut down to the cause, the form walked, every rule run."""
    causes = causes_of(answers)
    whole = assess(shipped(), answers, as_of=DAY)
    for each in shipped().ruleset.rules:
        alone = assess(shipped(), causes.document(frozenset(causes.of(each.code).answers)), as_of=DAY)
        assert (each.code, alone.verdict(each.code).verdict) == (each.code, whole.verdict(each.code).verdict)


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_document_of_some_answers_has_these_and_no_others(kind: type[Any]) -> None:
    causes = causes_of(baseline(treatments=kind([SHORT, PHYSIO])))
    number, said = Answered("treatments"), Answered("treatments", 1, "class")
    assert causes.document([number]) == {"treatments": [{}, {}]}
    assert causes.document([said, Answered("dob")]) == {
        "treatments": [{}, {"class": "physical"}],
        "dob": baseline()["dob"],
    }


def test_of_many_impacts_the_two_that_suffice_are_named() -> None:
    assert cause("EXC_QOL") == ["q_sleep", "q_mobility"]
    assert cause("EXC_QOL", q_work=8) == ["q_work"]


def test_too_small_an_effect_rests_on_all_four() -> None:
    changes = {"q_sleep": 1, "q_mobility": 2, "q_work": 5, "q_social": 0}
    assert cause("EXC_QOL", **changes) == ["q_sleep", "q_mobility", "q_work", "q_social"]


def test_two_entries_of_one_class_are_told_by_their_classes() -> None:
    nsaids = [treatment("nsaid", "no_relief", weeks=8), treatment("nsaid", "not_enough", weeks=8)]
    expected = ["treatments.0.class", "treatments.1.class", "tx_all"]
    assert cause("EXC_TREATMENTS", treatments=nsaids) == expected


def test_the_bare_number_of_entries_can_be_the_cause() -> None:
    assert cause("K3", tx_all="none", treatments=[SHORT]) == ["treatments", "tx_all"]
    assert cause("EXC_TREATMENTS", tx_all="complete", treatments=[]) == ["treatments", "tx_all"]


def test_an_exact_date_counts_only_with_the_rough_one_that_opens_it() -> None:
    assert cause("EXC_DURATION", onset="2026", onset_exact="2026-01-04") == ["onset", "onset_exact"]
    assert cause("EXC_DURATION", onset="2019", onset_exact="2019-01-04") == ["onset"]


def test_what_is_missing_needs_no_answer() -> None:
    assert cause("INF_MEDS", meds=None) == []
    assert cause("EXC_AGE", dob=None) == []


def test_a_closed_branch_is_caused_by_the_answer_that_closed_it() -> None:
    assert cause("rf_stroke") == ["main_condition"]


def test_a_score_rests_on_all_its_questions() -> None:
    found = cause("CAU_PHQ9_15(H)", **FULL_MOOD)
    assert found == [f"phq_{n}" for n in range(1, 10)]


def test_a_list_rests_on_what_gives_the_same_elements() -> None:
    assert cause("CAU_INTERACTION(H)", meds=["warfarin"]) == ["meds"]


def test_six_treatments_are_explained_in_reasonable_time() -> None:
    """Too many for a proof: still nothing in it can be left out."""
    kinds = ("nsaid", "opioid", "physical", "tca", "snri", "acupuncture")
    entries = [treatment(k, "no_relief", weeks=20, sessions=9, dose_ok="yes") for k in kinds]
    causes = causes_of(baseline(treatments=entries))
    found = causes.of("EXC_TREATMENTS")
    each = shipped().ruleset.rule("EXC_TREATMENTS")
    target = causes.result(each, frozenset(causes.answers_read("EXC_TREATMENTS")))
    kept = frozenset(found.answers)
    assert causes.result(each, kept) == target
    assert all(causes.result(each, kept - {answer}) != target for answer in kept)
    assert len(kept) == 8


@pytest.mark.parametrize("tries", [0, 2])
def test_a_search_without_tries_says_that_nothing_is_proven(
    tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cause_module, "TRIES", tries)
    found = causes_of(baseline()).of("EXC_QOL")
    assert (found.proven, found.items) == (False, ("q_sleep", "q_mobility"))


def test_a_rule_that_asks_for_a_blank_is_searched_to_the_end() -> None:
    """Fewer answers say yes, more say no, all of them say yes again: a greedy search would stop too early."""
    compiled = small(
        rule("R", "exclude", "(flag is null and share is null) or (flag = 'no' and share = 1.0)")
    )
    found = causes_of({"flag": "no", "share": "1.0"}, compiled).of("R")
    assert found == Cause(())


def test_a_cause_takes_along_what_opens_its_question() -> None:
    compiled = small(rule("R", "exclude", "much = 3"))
    found = causes_of({"flag": "yes", "much": 3}, compiled).of("R")
    assert found.answers == (Answered("much"),)


ONLY_WITH_A_NAME = "Coalesce(name, '') = 'x'"
OPENED = [
    # what the rule asks, the entries, the answers that force it: weeks are asked of an x only
    ('exists (tries T where T."weeks" > 3)', [{"name": "x", "weeks": 5}], ["0.name", "0.weeks"]),
    ('agree and exists (tries T where T."weeks" > 3)',
     [{"name": "x", "weeks": 5}, {"name": "y"}], ["0.name", "0.weeks", "agree"]),
    ("exists (tries T where T.\"weeks\" > 3) and exists (tries T where T.name = 'y')",
     [{"name": "x", "weeks": 5}, {"name": "y"}], ["0.name", "0.weeks", "1.name"]),
    ("exists (tries T where T.name = 'y')", [{"name": "x", "weeks": 5}, {"name": "y"}], ["1.name"]),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "entries", "expected"), OPENED)
def test_a_cause_in_an_entry_takes_along_what_opens_its_question(
    expression: str, entries: list[dict[str, Any]], expected: list[str]
) -> None:
    form = copy.deepcopy(SMALL)
    form["pages"][2]["items"][0]["items"][1]["show_when"] = ONLY_WITH_A_NAME
    compiled = small(rule("R", "note", expression), form=form)
    found = causes_of({"tries": entries, "agree": True}, compiled).of("R")
    assert [f"{a.entry}.{a.question}" if a.question else a.item for a in found.answers] == expected


def test_a_doubted_exclusion_is_unknown_by_itself_too() -> None:
    found = causes_of(baseline(onset="2026-06-16"))
    assert found.result(shipped().ruleset.rule("EXC_DURATION"), frozenset({Answered("onset")})) is None


def test_part_of_a_library_gives_the_same_values_as_the_whole() -> None:
    active = shipped().journey.active(baseline(meds=["warfarin"]), DAY)
    whole = shipped().program.evaluate(active.values, today=DAY)
    for name in shipped().program.definitions:
        part = only(shipped().library_text, (name,)).evaluate(active.values, today=DAY)
        assert (name, part[name]) == (name, whole[name])


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([], ""),
        (["abc"], "a"),
        (["ab", "bc", "cd"], "ac"),
        (["a", "b", "ab"], "ab"),
        (["ax", "bx", "cx"], "x"),
        (["ab", "cd", "ac", "bd"], "ad"),
    ],
)
def test_the_smallest_set_that_meets_all(sets: list[str], expected: str) -> None:
    assert smallest_hitting([frozenset(some) for some in sets], "abcdx") == frozenset(expected)


def test_a_set_with_nothing_in_it_cannot_be_met() -> None:
    with pytest.raises(ValueError, match="empty"):
        smallest_hitting([frozenset()], "abc")


def test_a_search_that_grows_out_of_hand_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.rules.hitting.STEPS", 1)
    with pytest.raises(SearchTooLongError):
        smallest_hitting([frozenset("ab"), frozenset("cd")], "abcd")

"""The reasons: which answers a rule read, what would settle it, in which words."""

from __future__ import annotations

from typing import Any

import pytest

from screening.rules.assess import assess
from screening.rules.assessment import Finding
from screening.rules.criteria import criteria_of
from screening.rules.explain import Explanation, explain, explain_rule, sentence_for
from tests.rules.content import DAY, PHYSIO, baseline, judge, rule, shipped, small, treatment


def explained(code: str, **changes: Any) -> Explanation:
    answers = baseline(**changes)
    assessment = assess(shipped(), answers, as_of=DAY)
    return explain_rule(shipped(), answers, assessment, DAY, code)


def test_every_rule_is_explained_with_the_answers_it_read() -> None:
    answers = baseline(rf_saddle="new_or_worse")
    assessment = assess(shipped(), answers, as_of=DAY)
    whole = explain(shipped(), answers, assessment, DAY)
    assert [e.rule for e in whole] == [r.code for r in shipped().ruleset.rules]
    red = next(e for e in whole if e.rule == "rf_saddle")
    assert (red.result, red.answers) == ("true", {"rf_saddle": "new_or_worse"})
    assert red.sentence.startswith("Numbness")
    assert red.would_settle == ()


def test_an_unknown_rule_names_the_one_question_that_would_settle_it() -> None:
    assert explained("EXC_DURATION", onset=None).would_settle == ("onset",)
    assert explained("EXC_AGE", dob=None).would_settle == ("dob",)


def test_not_sure_can_be_settled_like_a_blank() -> None:
    found = explained("EXC_NO_DIAGNOSIS", dx_confirmed="not_sure")
    assert found.would_settle == ("dx_confirmed",)
    assert found.answers == {"dx_confirmed": "not_sure"}


def test_a_question_that_cannot_change_the_verdict_is_not_named() -> None:
    """Two blanks; with 4 already given either can settle it, the answered ones are not named."""
    found = explained("EXC_QOL", q_sleep=None, q_mobility=4, q_work=None, q_social=2)
    assert found.would_settle == ("q_sleep", "q_work")


def test_questions_that_settle_only_together_are_named_together() -> None:
    found = explained("INF_PEG", peg_p=None, peg_e=None)
    assert (found.result, found.would_settle) == ("true", ("peg_p", "peg_e"))
    assert explained("INF_PEG", peg_p=None).would_settle == ("peg_p",)


def test_what_is_missing_is_settled_by_an_answer_and_not_by_any_answer() -> None:
    """Refusing or granting a request changes nothing for someone who chose to send no records."""
    found = explained("INF_RECORDS", records="none", record_files=[])
    assert (found.result, found.would_settle) == ("true", ())
    assert explained("INF_RECORDS", records=None).would_settle == ("records",)


def test_a_date_known_in_part_is_settled_by_its_day() -> None:
    assert {"onset", "onset_exact"} & set(explained("EXC_DURATION", onset="2026-03").would_settle)


def test_a_blank_inside_an_entry_is_named_with_its_place() -> None:
    nsaid = treatment("nsaid", "not_enough", weeks=8, dose_ok="yes") | {"relief_pct": None}
    found = explained("EXC_TREATMENTS", treatments=[PHYSIO, nsaid])
    assert found.would_settle == ("treatments",)
    assert found.inside == (("treatments", 1, "relief_pct"),)


def test_a_blank_in_any_of_several_entries_is_named() -> None:
    half = {"weeks": 8, "dose_ok": "yes", "relief_pct": None}
    entries = [treatment(kind, "not_enough", **half) for kind in ("nsaid", "opioid")]
    found = explained("EXC_TREATMENTS", treatments=[PHYSIO, *entries])
    assert found.inside == (("treatments", 1, "relief_pct"), ("treatments", 2, "relief_pct"))


@pytest.mark.parametrize(
    ("entries", "inside"),
    [
        ([{"name": "a"}], (("tries", 0, "weeks"),)),
        ([{"name": "a"}, {"name": "b"}], ()),
    ],
)
def test_a_list_is_settled_when_every_element_is_known(
    entries: list[dict[str, Any]], inside: tuple[tuple[str, int, str], ...]
) -> None:
    compiled = small(rule("R", "note", "tries T return all (if T.\"weeks\" is null then null else 'x')"))
    answers = {"tries": entries}
    found = explain_rule(compiled, answers, assess(compiled, answers, as_of=DAY), DAY, "R")
    assert found.inside == inside


def test_a_blocked_exclusion_names_what_blocks_it() -> None:
    found = explained("EXC_DURATION", onset="2026-06-16")
    assert (found.result, found.blocked_by, found.would_settle) == ("unknown", ("K1",), ())


def test_a_rule_that_is_decided_has_nothing_to_settle() -> None:
    assert explained("EXC_PSYCHOSIS", psychosis_self="yes").would_settle == ()
    assert explained("EXC_PSYCHOSIS").would_settle == ()


def test_answers_of_a_closed_branch_are_not_among_the_reasons() -> None:
    compiled = small(rule("R", "exclude", "much = 3 or flag = 'no'"))
    answers = {"flag": "no", "much": 3}
    assessment = assess(compiled, answers, as_of=DAY)
    assert explain_rule(compiled, answers, assessment, DAY, "R").answers == {"flag": "no"}


def test_what_only_opens_a_question_is_not_among_what_a_rule_read() -> None:
    compiled = small(rule("R", "exclude", "much = 3"))
    for answers in ({"flag": "yes", "much": 3}, {"flag": "yes"}):
        assessment = assess(compiled, answers, as_of=DAY)
        found = explain_rule(compiled, answers, assessment, DAY, "R")
        assert found.answers == {"much": answers.get("much")}


# --- sentences ---------------------------------------------------------------------------------


def sentences(audience: str, **changes: Any) -> dict[str, str]:
    result = judge(**changes)
    return {f.code: sentence_for(shipped().ruleset, f, audience=audience) for f in result.findings}


def test_what_is_missing_has_its_own_words_for_patient_and_clinician() -> None:
    assert sentences("patient", onset=None)["INF_ONSET"] == "When your pain began"
    assert sentences("clinician", onset=None)["INF_ONSET"].startswith("Onset missing")
    assert sentences("patient", onset="2026-06-01")["EXC_DURATION"].startswith("Your pain has not yet")


def test_a_sentence_names_the_element_it_is_about() -> None:
    told = sentences("clinician", meds=["Warfarin 3mg"])
    assert told["CAU_INTERACTION(H):warfarin"].startswith("Takes warfarin")


def test_every_code_that_a_patient_can_be_asked_about_has_words_for_them() -> None:
    """The page after sending lists what is missing in plain words: none may be empty."""
    told = sentences("patient", **dict.fromkeys(baseline()))
    missing = {code: words for code, words in told.items() if code.startswith("INF_")}
    assert len(missing) > 30
    assert [code for code, words in missing.items() if not words.strip() or words.startswith("INF_")] == []


# --- criteria ----------------------------------------------------------------------------------


def statuses(**changes: Any) -> dict[str, str]:
    return {c.criterion.id: c.status for c in criteria_of(shipped().ruleset, judge(**changes))}


def test_criteria_are_met_not_met_or_cannot_be_told() -> None:
    assert set(statuses().values()) == {"met"}
    assert list(statuses()) == ["C1", "C2", "C3", "C4", "C5", "C6", "C7"]
    assert statuses(dob="2009-01-01", onset=None, uk_resident="no") | {} == {
        "C1": "not_met", "C2": "not_met", "C3": "unknown", "C4": "met", "C5": "met", "C6": "met", "C7": "met",
    }  # fmt: skip


def test_a_condition_that_a_clinician_must_classify_leaves_the_diagnosis_open() -> None:
    changes = {"main_condition": "other", "rf_stroke": "no", "rf_vision_jaw": "no", "rf_face_numb": "no"}
    assert statuses(**changes, rf_joint="no")["C4"] == "unknown"


def test_missing_records_cannot_be_told_and_never_exclude() -> None:
    assert statuses(records="none", record_files=[])["C7"] == "unknown"


def test_a_contradiction_nobody_can_tell_yet_is_no_doubt_of_its_own() -> None:
    blank = judge(onset=None)
    (duration,) = [c for c in criteria_of(shipped().ruleset, blank) if c.criterion.id == "C3"]
    assert duration.status == "unknown"
    assert {verdict.effect for verdict in duration.verdicts} == {"exclude"}


def test_answers_that_settle_a_rule_together_are_named_together_whichever_they_have_to_be() -> None:
    when = "if flag = 'maybe' and agree is not null then true else null"
    compiled = small(rule("A", "caution", when))
    (found,) = explain(compiled, {}, assess(compiled, {}, as_of=DAY), DAY)
    assert (found.result, found.would_settle) == ("unknown", ("flag", "agree"))


def test_nothing_stands_in_the_place_of_an_element_that_a_finding_does_not_have() -> None:
    compiled = small(rule("R", "note", "words", clinician="It says {element}."))
    said = [sentence_for(compiled.ruleset, Finding("R", "R", "note", element=each)) for each in ("x", None)]
    assert said == ["It says x.", "It says ."]

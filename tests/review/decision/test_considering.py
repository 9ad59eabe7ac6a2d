"""The first decision: what its outcome asks, every high caution answered, and changing one's mind."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Site
from screening.cases.models import Case, Decision
from screening.cases.workflow import State
from screening.questionnaires.models import Kind
from screening.review.decision import considering
from screening.review.services import Refused
from tests.factories.intake import shipped, submitted_case
from tests.factories.review import CONSIDERATIONS, Clinician, considered, fresh, weighed
from tests.factories.room import amends
from tests.review.decision.pages import DECIDED, DECLINED, at, posts, room_of, takes

UNTOLD = {**DECIDED, "gp": "not_agreed"}


@pytest.fixture
def room(clinician: Clinician) -> Client:
    return room_of(clinician)


def test_the_outcome_is_asked_first_and_none_is_ticked(room: Client, case: Case) -> None:
    page = room.get(at("case-decide", case))
    assert page.status_code == 200
    words = page.content.decode()
    assert all(f'value="{outcome}"' in words for outcome in considering.ASKED)
    assert "checked" not in words


@pytest.mark.parametrize("outcome", considering.ASKED)
def test_each_outcome_asks_what_the_brief_asks_of_it(room: Client, case: Case, outcome: State) -> None:
    fields = set(room.get(at("case-decide", case), {"outcome": outcome}).context["form"].fields)
    assert set(considering.asked(outcome, found=())) <= fields
    others = {name for names in considering.ASKED.values() for name in names}
    assert not fields & (others - set(considering.ASKED[outcome]))


@pytest.mark.parametrize("said", [DECIDED, DECLINED], ids=["as suggested", "otherwise"])
def test_overturning_takes_the_same_steps_and_is_counted(
    room: Client, case: Case, said: dict[str, Any]
) -> None:
    takes(room, case)
    assert posts(room, "case-decide", case, said).status_code == 302
    decision = Decision.objects.get()
    assert (decision.outcome, decision.overturns) == (said["outcome"], said is DECLINED)
    assert fresh(case).state == State.CLINICIAN_REVIEWED


@pytest.mark.parametrize("name", considering.asked(State.OFFERED_ASSESSMENT, found=()))
def test_what_is_left_out_is_named_and_the_rest_is_kept(room: Client, case: Case, name: str) -> None:
    takes(room, case)
    said = {key: value for key, value in DECIDED.items() if key != name}
    page = posts(room, "case-decide", case, said, reason="My long reasons")
    assert page.status_code == 422
    assert name in page.context["form"].errors
    assert "My long reasons" in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"records_on_month": "", "records_on_year": ""}, "records_on"),
        ({"capacity": "doubt"}, "capacity_words"),
        ({"gp": "told"}, "gp_on"),
        ({"gp": "other"}, "gp_words"),
    ],
)
def test_an_answer_that_calls_for_more_asks_for_it(
    room: Client, case: Case, changes: dict[str, str], missing: str
) -> None:
    takes(room, case)
    page = posts(room, "case-decide", case, DECIDED, **changes)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {missing}


def test_no_record_seen_has_no_date(room: Client, case: Case) -> None:
    takes(room, case)
    said = {**DECIDED, "records": ["none"], "records_on_month": "", "records_on_year": ""}
    assert posts(room, "case-decide", case, said).status_code == 302


def test_another_outcome_shows_its_questions_and_keeps_what_was_typed(room: Client, case: Case) -> None:
    takes(room, case)
    said = {**DECIDED, "shown": "offered_assessment", "outcome": "signposted", "options": "Physiotherapy"}
    page = posts(room, "case-decide", case, said)
    assert page.status_code == 200
    assert not page.context["form"].errors
    assert "Physiotherapy" in page.content.decode()
    assert "help" in page.context["form"].fields
    assert "Not recorded yet" in page.content.decode()
    assert not Decision.objects.exists()


def test_what_only_the_first_choice_asks_is_there_again_when_one_goes_back_to_it(
    room: Client, case: Case
) -> None:
    takes(room, case)
    said = {**DECIDED, "shown": "offered_assessment", "outcome": "declined_with_reasons"}
    other = posts(room, "case-decide", case, {**said, "guideline": "Long words about NG144"})
    form = other.context["form"]
    kept = {bound.name: bound.value() for bound in form.hidden_fields() if bound.name in considering.TITLES}
    assert kept["guideline"] == ["Long words about NG144"]
    assert 'name="guideline" value="Long words about NG144"' in other.content.decode()
    back = posts(
        room, "case-decide", case, {**said, **kept, "shown": said["outcome"], "outcome": said["shown"]}
    )
    assert back.context["form"]["guideline"].value() == "Long words about NG144"


def test_what_another_outcome_asks_is_not_recorded_with_this_one(room: Client, case: Case) -> None:
    takes(room, case)
    assert posts(room, "case-decide", case, DECLINED, guideline="About the other outcome").status_code == 302
    assert "guideline" not in Decision.objects.get().considerations


def test_primary_pain_asks_for_its_guideline(room: Client, site: Site) -> None:
    case = submitted_case(site, main_condition="fibromyalgia", conditions=["fibromyalgia"])
    takes(room, case)
    page = posts(room, "case-decide", case, DECIDED)
    assert set(page.context["form"].errors) >= {"primary"}


@pytest.fixture
def cautious(site: Site) -> Case:
    case = submitted_case(site, gp_share="no")
    assert weighed(case), "this answer is meant to raise a high caution"
    return case


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({}, "caution_0"),
        ({"caution_0": "first"}, "caution_0_words"),
        ({"caution_0": "no_bar"}, ""),
        ({"caution_0_words": "His brother; seen by psychiatry."}, ""),
        ({"caution_0": "first", "caution_0_words": "Ask psychiatry."}, ""),
    ],
)
def test_every_high_caution_is_answered_by_choice_or_in_words(
    room: Client, cautious: Case, answer: dict[str, str], missing: str
) -> None:
    takes(room, cautious)
    page = posts(room, "case-decide", cautious, UNTOLD, **answer)
    assert page.status_code == (422 if missing else 302)
    if missing:
        assert missing in page.context["form"].errors


def test_the_service_refuses_what_the_page_would_not_send(clinician: Clinician, cautious: Case) -> None:
    clinician.takes(cautious)
    with pytest.raises(Refused, match="high caution"):
        clinician.decides(cautious, cautions_answered={})
    for name in considering.asked(State.OFFERED_ASSESSMENT, found=()):
        said = {key: value for key, value in CONSIDERATIONS.items() if key != name}
        with pytest.raises(Refused, match="missing"):
            clinician.decides(cautious, considerations=said)
    assert not Decision.objects.exists()


def test_what_was_considered_is_read_by_the_second_clinician(
    room: Client, cautious: Case, lead: Clinician
) -> None:
    takes(room, cautious)
    posts(room, "case-decide", cautious, UNTOLD, caution_0="first", caution_0_words="Ask psychiatry.")
    words = room_of(lead).get(at("case-second", cautious)).content.decode()
    for said in (
        "GP summary",
        "June 2026",
        "None that was not offered",
        "Ask psychiatry.",
        "Something has",
    ):
        assert said in words, said


def test_what_is_asked_where_a_caution_was_found_names_cautions_of_the_shipped_rules() -> None:
    shipped_codes = {rule["code"] for rule in shipped(Kind.RULESET)["rules"]}
    for name, codes in considering.ASKED_WHERE_FOUND.items():
        assert codes <= shipped_codes, name
        for outcome, names in considering.ASKED.items():
            found = set(considering.asked(outcome, found=codes)) - set(considering.asked(outcome, found=()))
            assert found == {name} & set(names)


def test_of_two_tabs_the_second_is_told_that_nothing_is_left_to_decide(room: Client, case: Case) -> None:
    takes(room, case)
    seen = fresh(case).lock
    assert posts(room, "case-decide", case, DECIDED, seen=seen).status_code == 302
    page = posts(room, "case-decide", case, DECIDED, seen=seen, reason="My long reasons")
    assert page.status_code == 409
    text = page.content.decode()
    assert "This step of the case is over." in text
    assert "press the button once more" not in text
    assert "My long reasons" in text


def test_a_reason_that_the_letters_no_longer_have_is_asked_for_again(room: Client, case: Case) -> None:
    takes(room, case)
    page = posts(room, "case-decide", case, DECLINED, help=["HELP_THAT_IS_GONE"])
    assert page.status_code == 422
    assert "The letters were written anew meanwhile" in page.content.decode()
    assert "Select a valid choice" not in page.content.decode()


def test_a_letter_to_the_gp_that_the_patient_did_not_agree_to_is_no_answer(
    room: Client, site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site, gp_share="no")
    takes(room, case)
    page = room.get(at("case-decide", case), {"outcome": "offered_assessment"})
    assert "The patient did not agree that the clinic writes to the GP." in page.content.decode()
    assert "letter" not in dict(page.context["form"].fields["gp"].choices)
    weighs = {"caution_0": "no_bar"}
    refused = posts(room, "case-decide", case, DECIDED, **weighs)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["gp"])
    with pytest.raises(Refused, match="did not agree"):
        clinician.decides(case, considerations=CONSIDERATIONS)
    assert posts(room, "case-decide", case, UNTOLD, **weighs).status_code == 302


def test_what_was_decided_reads_in_words_also_after_a_correction(
    clinician: Clinician, lead: Clinician, cautious: Case
) -> None:
    clinician.takes(cautious)
    said = considered(cautious, reasons=["EXC_PSYCHOSIS", "EXC_AGE"])
    clinician.decides(cautious, State.DECLINED, considerations=said)
    amends(cautious, answers={"gp_share": "yes"})
    words = room_of(lead).get(at("case", cautious)).content.decode().split("What was considered")[1]
    for sentence in ("Personal history of psychosis", "Under 18", "Does not agree that the GP is told."):
        assert sentence in words
    assert "EXC_PSYCHOSIS" not in words
    assert "CAU_GP_NO_SHARE" not in words


def test_a_reason_that_only_the_rules_have_is_offered_in_words(room: Client, site: Site) -> None:
    case = submitted_case(site, psychosis_self="yes")
    takes(room, case)
    page = room.get(at("case-decide", case), {"outcome": State.DECLINED})
    titles = dict(page.context["form"].fields["reasons"].choices)
    assert titles["EXC_PSYCHOSIS"] == "Personal history of psychosis or schizophrenia."

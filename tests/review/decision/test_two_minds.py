"""Agreement, disagreement, the third whose word stands, and sending back."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case, Decision
from screening.cases.stages import Stage
from screening.cases.workflow import State
from screening.intake.services import withdraw
from screening.review.decision.services import Says
from screening.review.letters.services import Written
from screening.review.models import Letter
from screening.review.selectors import View, worklist
from screening.review.services import Refused
from tests.factories.intake import open_clinic
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.room import LATE, amends
from tests.review.decision.pages import at, posts, room_of, shown

OFFERED, DECLINED, SIGNPOSTED = State.OFFERED_ASSESSMENT, State.DECLINED, State.SIGNPOSTED


@pytest.fixture
def third(site: Site) -> Clinician:
    return Clinician.at(site, Role.LEAD_CLINICIAN)


@pytest.fixture
def disputed(case: Case, clinician: Clinician, lead: Clinician) -> Case:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    lead.opens(case)
    lead.disagrees(case, SIGNPOSTED)
    return fresh(case)


@pytest.mark.parametrize("outcome", [None, OFFERED])
def test_a_disagreement_names_another_outcome(
    case: Case, clinician: Clinician, lead: Clinician, outcome: State | None
) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    lead.opens(case)
    with pytest.raises(Refused, match="another outcome"):
        lead.looks_second(case, says=Says.DISAGREE, outcome=outcome)
    assert fresh(case).state == State.CLINICIAN_REVIEWED


def test_a_disagreement_goes_to_a_third_and_closes_nothing(disputed: Case) -> None:
    assert (disputed.state, disputed.closed_at) == (State.DISPUTED, None)
    assert not Letter.objects.exists()
    stages = list(disputed.decisions.values_list("stage", "outcome"))
    assert stages == [(Stage.FIRST, OFFERED), (Stage.SECOND, SIGNPOSTED)]


@pytest.mark.parametrize("side", [OFFERED, SIGNPOSTED])
def test_the_word_of_the_third_stands(disputed: Case, third: Clinician, side: State) -> None:
    third.opens(disputed)
    third.settles(disputed, side)
    closed = fresh(disputed)
    assert (closed.state, closed.closed_at) == (side, LATER)
    assert Letter.objects.count() == 1
    moves = list(closed.transitions.values_list("move", flat=True))
    assert moves[2:5] == ["decide", "disagree", "settle"]


def test_the_third_takes_one_of_the_two_sides(disputed: Case, third: Clinician) -> None:
    third.opens(disputed)
    with pytest.raises(Refused, match="one of the two"):
        third.settles(disputed, DECLINED)
    assert fresh(disputed).state == State.DISPUTED


def test_the_third_is_neither_of_the_two(disputed: Case, site: Site, lead: Clinician) -> None:
    with pytest.raises(Refused, match="You made the second review"):
        lead.settles(disputed, SIGNPOSTED)
    first = disputed.decisions.first()
    assert first is not None
    first.clinician.memberships.update(role=Role.LEAD_CLINICIAN)
    with pytest.raises(Refused, match="You made the first decision"):
        Clinician(first.clinician.memberships.get()).settles(disputed, OFFERED)


def test_the_third_opens_the_answers_too(disputed: Case, third: Clinician) -> None:
    with pytest.raises(Refused, match="Open the answers"):
        third.settles(disputed, OFFERED)


def test_the_third_may_send_it_back_and_then_two_decide_anew(
    disputed: Case, third: Clinician, clinician: Clinician, lead: Clinician
) -> None:
    third.opens(disputed)
    third.settles(disputed, None)
    assert fresh(disputed).state == State.AWAITING_REVIEW
    clinician.takes(disputed)
    clinician.decides(disputed, DECLINED)
    lead.looks_second(disputed)
    assert fresh(disputed).state == DECLINED


def test_an_answer_that_changed_cannot_be_settled(disputed: Case, third: Clinician) -> None:
    amends(disputed, answers={"q_sleep": 3})
    third.opens(disputed, at=LATE)
    with pytest.raises(Refused, match="changed an answer"):
        third.settles(disputed, OFFERED, at=LATE)
    third.settles(disputed, None, at=LATE)


def test_the_list_of_reviews_shows_a_dispute_to_whoever_has_not_decided(
    disputed: Case, third: Clinician, lead: Clinician
) -> None:
    def listed(who: Clinician) -> list[Case]:
        user = who.membership.user_id
        return list(worklist(site=disputed.site, view=View.SECOND, user_id=user, at=LATER).cases)

    assert listed(third) == [disputed]
    assert listed(lead) == []


def test_two_without_an_entry_on_the_register_close_nothing(
    case: Case, site: Site, clinician: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    unregistered = Clinician.at(site, Role.LEAD_CLINICIAN, specialist_register=None, register_checked_on=None)
    unregistered.opens(case)
    with pytest.raises(Refused, match=r"specialist register.*“People”"):
        unregistered.looks_second(case)
    assert fresh(case).state == State.CLINICIAN_REVIEWED
    unregistered.looks_second(case, agrees=False)


def test_one_entry_of_the_two_is_enough_and_is_kept_with_the_decision(case: Case, site: Site) -> None:
    first = Clinician.at(site, specialist_register="77", register_checked_on=LATER.date(), specialty="Pain")
    first.takes(case)
    first.decides(case, OFFERED)
    second = Clinician.at(site, Role.LEAD_CLINICIAN, specialist_register=None, register_checked_on=None)
    second.opens(case)
    second.looks_second(case)
    entries = list(Decision.objects.order_by("id").values_list("register_entry", flat=True))
    assert entries == ["GMC 77, Pain, checked on 15 June 2026", ""]


def test_a_returned_case_cannot_be_closed_by_what_was_decided_before(
    case: Case, clinician: Clinician, lead: Clinician, site: Site
) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    lead.opens(case)
    lead.looks_second(case, agrees=False)
    other = Clinician.at(site)
    other.takes(case)
    other.decides(case, OFFERED)
    assert fresh(case).state == State.CLINICIAN_REVIEWED


def test_disagreeing_on_the_page_asks_for_an_outcome_and_needs_no_letter(
    case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    room = room_of(lead)
    room.get(at("case", case))
    said = {"says": Says.DISAGREE, "reason": "The scan says otherwise."}
    page = posts(room, "case-second", case, said)
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"outcome"})
    assert posts(room, "case-second", case, said, outcome=DECLINED).status_code == 302
    assert fresh(case).state == State.DISPUTED


def test_a_third_settles_on_the_page_after_reading_the_letter(disputed: Case, third: Clinician) -> None:
    room = room_of(third)
    room.get(at("case", disputed))
    said = {**shown(room, "case-third", disputed), "says": SIGNPOSTED, "reason": "Other help is nearer."}
    page = posts(room, "case-third", disputed, said)
    assert page.status_code == 200, "the letter is shown before it goes"
    assert "other help would suit you better" in page.content.decode()
    data = page.context["form"].data
    again = {**said, **{name: data[name] for name in ("letter", "gp_letter", "previewed")}}
    assert posts(room, "case-third", disputed, again).status_code == 302
    assert fresh(disputed).state == SIGNPOSTED


def test_a_letter_drafted_for_the_other_side_is_drafted_anew(disputed: Case, third: Clinician) -> None:
    room = room_of(third)
    room.get(at("case", disputed))
    said = {"says": SIGNPOSTED, "reason": "Other help is nearer."}
    data = posts(room, "case-third", disputed, said).context["form"].data
    changed = {**said, **{name: data[name] for name in ("letter", "gp_letter", "previewed")}, "says": OFFERED}
    page = posts(room, "case-third", disputed, changed)
    assert page.status_code == 200
    assert "offer you an appointment" in page.context["form"].data["letter"]
    assert fresh(disputed).state == State.DISPUTED


def test_closing_without_a_letter_is_refused(case: Case, clinician: Clinician, lead: Clinician) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    lead.opens(case)
    with pytest.raises(Refused, match="letter"):
        lead.looks_second(case, letters=Written(" "))
    assert fresh(case).state == State.CLINICIAN_REVIEWED


def test_nobody_of_another_clinic_finds_the_pages(disputed: Case) -> None:
    stranger = room_of(Clinician.at(open_clinic(), Role.LEAD_CLINICIAN))
    for name in ("case-decide", "case-second", "case-third"):
        assert stranger.get(at(name, disputed)).status_code == 404
        assert posts(stranger, name, disputed, {}).status_code == 404


def test_a_case_that_was_withdrawn_meanwhile_keeps_what_was_typed(
    client: Client, case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case, OFFERED)
    room = room_of(lead)
    room.get(at("case", case))
    said = {**shown(room, "case-second", case), "says": Says.AGREE, "reason": "My long reasons"}
    withdraw(case=fresh(case), by=Actor.patient(case.patient_id), at=LATER)
    stale = room.post(at("case-second", case), said)
    assert stale.status_code == 409
    assert "My long reasons" in stale.content.decode()
    again = {**said, "seen": stale.context["form"].data["seen"]}
    refused = room.post(at("case-second", case), again)
    assert refused.status_code == 409
    assert "not waiting for a second review" in refused.content.decode()
    assert fresh(case).state == State.WITHDRAWN

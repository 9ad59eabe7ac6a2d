"""Another look at a decision: by somebody who took no part in it, by a day that was named."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review import selectors
from screening.review import services as review
from screening.review.models import AnotherLook, Letter
from screening.review.room import services
from screening.review.room.services import answer_look
from screening.review.services import Refused
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, decided_case, replies, wants_another_look

pytestmark = pytest.mark.django_db
NEXT_DAY = LATE + dt.timedelta(days=1)


@pytest.fixture
def decided(site: Site) -> Case:
    return decided_case(site)


def looks_again(clinician: Clinician, case: Case, *, reopens: bool = False) -> AnotherLook:
    clinician.opens(case, at=NEXT_DAY)
    return answer_look(
        case=case,
        seen=fresh(case).lock,
        reopens=reopens,
        answer="I read everything again.",
        **clinician.who(NEXT_DAY),
    )


def cases_in(view: selectors.View, case: Case, user_id: int) -> list[Case]:
    return selectors.worklist(site=case.site, view=view, user_id=user_id, at=NEXT_DAY).cases


def decider(case: Case) -> Clinician:
    membership = case.decisions.earliest("id").clinician.memberships.get()
    return Clinician(membership)


def test_asking_names_the_decision_and_the_day_and_goes_to_the_worklist(decided: Case) -> None:
    look = wants_another_look(decided)
    assert look.decision.outcome == decided.state
    assert look.due_on > LATE.date()
    assert AuditEvent.objects.filter(event=Event.ANOTHER_LOOK_ASKED).count() == 1
    somebody = Clinician.at(decided.site).membership.user_id
    assert cases_in(selectors.View.TO_DO, decided, somebody) == [decided]
    assert cases_in(selectors.View.AGAIN, decided, somebody) == [decided]
    assert cases_in(selectors.View.AGAIN, decided, decider(decided).membership.user_id) == []


def test_one_request_at_a_time(decided: Case) -> None:
    wants_another_look(decided)
    with pytest.raises(Refused, match="asked already"):
        wants_another_look(decided)
    look = AnotherLook.objects.get()
    with pytest.raises(IntegrityError):
        AnotherLook.objects.create(
            case=decided, decision=look.decision, reason="Again", asked_at=LATE, due_on=look.due_on
        )


def test_there_is_nothing_to_look_at_before_a_decision(case: Case) -> None:
    with pytest.raises(Refused, match="made a decision"):
        wants_another_look(case)


def test_whoever_decided_does_not_look_again(decided: Case) -> None:
    wants_another_look(decided)
    for decision in decided.decisions.all():
        with pytest.raises(Refused, match="different clinician"):
            looks_again(Clinician(decision.clinician.memberships.get()), decided)


def test_the_answers_are_opened_before_they_are_judged_again(decided: Case) -> None:
    wants_another_look(decided)
    clinician = Clinician.at(decided.site)
    with pytest.raises(Refused, match="Open the answers"):
        answer_look(
            case=decided, seen=fresh(decided).lock, reopens=False, answer="No.", **clinician.who(NEXT_DAY)
        )


def test_a_decision_that_stands_is_explained_in_a_letter(decided: Case) -> None:
    wants_another_look(decided)
    clinician = Clinician.at(decided.site)
    look = looks_again(clinician, decided)
    assert (look.reopened, look.answered_by_id) == (False, clinician.membership.user_id)
    assert Letter.objects.latest("id").text == "I read everything again."
    assert fresh(decided).state == State.DECLINED
    assert cases_in(selectors.View.TO_DO, decided, 0) == []


def test_a_case_that_is_opened_again_is_decided_by_others(decided: Case) -> None:
    first = decider(decided)
    wants_another_look(decided)
    clinician = Clinician.at(decided.site)
    looks_again(clinician, decided, reopens=True)
    case = fresh(decided)
    assert (case.state, case.closed_at) == (State.AWAITING_REVIEW, None)
    first.takes(case, at=NEXT_DAY)
    with pytest.raises(Refused, match="different clinician"):
        first.decides(case, at=NEXT_DAY)
    review.release(case=case, seen=fresh(case).lock, **first.who(NEXT_DAY))
    clinician.takes(case, at=NEXT_DAY)
    clinician.decides(case, State.OFFERED_ASSESSMENT, at=NEXT_DAY)
    other = Clinician.at(decided.site, Role.LEAD_CLINICIAN)
    other.opens(case, at=NEXT_DAY)
    other.looks_second(case, at=NEXT_DAY)
    assert fresh(case).state == State.OFFERED_ASSESSMENT


def test_a_wish_for_another_look_cannot_be_read_away(decided: Case) -> None:
    wants_another_look(decided)
    replies(decided)
    clinician = Clinician.at(decided.site)
    with pytest.raises(Refused, match="waits for another look"):
        services.settle_news(case=decided, seen=fresh(decided).lock, **clinician.who(NEXT_DAY))


@pytest.mark.parametrize("reopens", [False, True])
def test_what_came_while_the_letter_was_written_stays_news(decided: Case, reopens: bool) -> None:
    """Whoever looked again opened the case before it came: nobody has read it."""
    wants_another_look(decided)
    replies(decided, "I was in hospital meanwhile.", at=LATE + dt.timedelta(hours=1))
    clinician = Clinician.at(decided.site)
    clinician.opens(decided, at=LATE + dt.timedelta(hours=2))
    came = LATE + dt.timedelta(hours=3)
    replies(decided, "They found something.", at=came)
    seen = fresh(decided).lock
    answer_look(case=decided, seen=seen, reopens=reopens, answer="It stands.", **clinician.who(NEXT_DAY))
    assert fresh(decided).news_at == came
    assert cases_in(selectors.View.TO_DO, decided, 0) == [decided]
    assert list(decided.messages.order_by("id").values_list("read_at", flat=True)) == [NEXT_DAY, None]
    services.settle_news(case=decided, seen=fresh(decided).lock, **clinician.who(NEXT_DAY))
    assert fresh(decided).news_at is None


@pytest.mark.parametrize("word", ["You are eligible.", "Take paracetamol.", "CBD may help."])
def test_the_letter_about_another_look_says_no_more_than_any_letter_may(
    client: Client, decided: Case, word: str
) -> None:
    wants_another_look(decided)
    clinician = Clinician.at(decided.site)
    room = sign_in(client, clinician.membership)
    room.get(reverse("case", args=[decided.reference]))
    typed = {"seen": fresh(decided).lock, "outcome": "stands", "answer": f"Dear Ada. {word}"}
    page = room.post(reverse("case-look", args=[decided.reference]), typed)
    assert page.status_code == 422
    assert word in page.content.decode()
    clinician.opens(decided, at=NEXT_DAY)
    with pytest.raises(Refused, match="may not say"):
        answer_look(case=decided, seen=typed["seen"], reopens=False, answer=word, **clinician.who(NEXT_DAY))
    assert decided.looks.get().answered_at is None
    assert not decided.letters.filter(author=clinician.membership.user).exists()

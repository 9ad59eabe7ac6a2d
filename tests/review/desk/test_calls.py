"""Calls about urgent answers: each try is kept, against the clinic's own target; clearing rests on one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import TO_RING, Case
from screening.cases.services import raise_red_flag
from screening.review import services
from screening.review.desk.models import Call, CallResult
from screening.review.desk.presenters import CallPanel, length
from screening.review.desk.selectors import calls_about_what_stands
from screening.review.services import Refused
from tests.factories.clocks import all_clocks_at
from tests.factories.intake import NOON, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician, fresh

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE


@pytest.fixture
def urgent(site: Site) -> Case:
    return submitted_case(site, rf_saddle="new_or_worse")


@pytest.fixture
def afternoon() -> Iterator[dt.datetime]:
    """The clocks stand, so that a minute before midnight is later today."""
    with all_clocks_at(LATER):
        yield LATER


def clears(
    clinician: Clinician,
    case: Case,
    call: Call | None = None,
    no_call: str = "",
    at: dt.datetime = LATER,
) -> Case:
    said = {"reason": "At A&E.", "call": call, "no_call": no_call}
    return services.clear_red_flags(case=case, seen=fresh(case).lock, **said, **clinician.who(at))


def test_each_try_is_kept_with_who_and_when_and_one_event(urgent: Case, clinician: Clinician) -> None:
    for result in CallResult:
        clinician.rings(urgent, result)
    assert [call.result for call in urgent.calls.all()] == list(CallResult.values)
    assert {call.made_by_id for call in urgent.calls.all()} == {clinician.membership.user_id}
    events = AuditEvent.objects.filter(event=Event.CALL_RECORDED).order_by("id")
    assert [event.detail["result"] for event in events] == list(CallResult.values)


def test_the_page_of_a_call_says_who_is_rung_on_what_number_and_how_urgent_it_is(
    client: Client, urgent: Case, clinician: Clinician
) -> None:
    patient = urgent.patient
    patient.phone = "07700 900123"
    patient.save(update_fields=["phone"])
    desk = sign_in(client, clinician.membership)
    number = '<a href="tel:07700900123">07700 900123</a>'  # a phone rings it when it is pressed
    assert number in desk.get(reverse("case", args=[urgent.reference])).content.decode()
    text = desk.get(reverse("case-call", args=[urgent.reference])).content
    for words in (
        patient.given_name,
        f"Phone: {number}",
        "Emergency: 999",
        "Without the urgent answers",
    ):
        assert str(words) in text.decode()


def test_the_same_page_sent_twice_is_one_call(urgent: Case, clinician: Clinician) -> None:
    key = uuid.uuid4()
    first, second = (clinician.rings(urgent, key=key) for _ in range(2))
    assert first == second
    assert Call.objects.count() == 1


def test_what_is_changed_on_a_page_that_was_sent_is_another_call(urgent: Case, clinician: Clinician) -> None:
    """Nobody answered; then back to the page, which a browser still holds, and the person was reached."""
    key = uuid.uuid4()
    clinician.rings(urgent, CallResult.ATTEMPTED, key=key)
    clinician.rings(urgent, CallResult.REACHED, key=key)
    clinician.rings(urgent, CallResult.REACHED, key=key, text="Her son came to the telephone.")
    assert [call.result for call in urgent.calls.order_by("id")] == ["attempted", "reached", "reached"]


def test_a_call_needs_no_claim_but_an_urgent_answer_and_a_clinician(
    site: Site, case: Case, urgent: Case, clinician: Clinician
) -> None:
    with pytest.raises(Refused, match="no urgent answer"):
        clinician.rings(case)
    with pytest.raises(Refused, match="may not record a call"):
        Clinician.at(site, Role.ADMINISTRATOR).rings(urgent)
    clinician.rings(urgent)


def test_the_database_keeps_calls_as_they_were(urgent: Case, clinician: Clinician) -> None:
    call = clinician.rings(urgent)
    for statement in ("UPDATE screening_call SET result = 'reached'", "DELETE FROM screening_call"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [call.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        clinician.rings(urgent, made_at=LATER + MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        clinician.rings(urgent, "chatted")  # type: ignore[arg-type]


def test_clearing_names_its_call_or_says_why_there_was_none(
    site: Site, urgent: Case, clinician: Clinician
) -> None:
    clinician.takes(urgent)
    call = clinician.rings(urgent)
    other = submitted_case(site, rf_saddle="new_or_worse")
    elsewhere = clinician.rings(other)
    for said in ({}, {"no_call": "  "}, {"call": call, "no_call": "Seen."}, {"call": elsewhere}):
        with pytest.raises(Refused, match="which call this rests on"):
            clears(clinician, urgent, **said)
    clears(clinician, urgent, call)
    assert urgent.red_flags.get().cleared_call == call
    clinician.takes(other)
    clears(clinician, other, no_call="Came to the desk.")
    assert other.red_flags.get().cleared_uncalled == "Came to the desk."


def raised(case: Case, *, tier: int, at: dt.datetime, item: str = "rf_bladder") -> None:
    raise_red_flag(
        case=case,
        item=item,
        answer="new_or_worse",
        tier=tier,
        advice="",
        by=Actor.patient(case.patient_id),
        at=at,
    )


@pytest.mark.parametrize("tier", [1, 2, TO_RING])
def test_clearing_rests_on_no_call_from_before_the_newest_answer(
    urgent: Case, clinician: Clinician, tier: int
) -> None:
    clinician.takes(urgent)
    early = clinician.rings(urgent)
    raised(urgent, tier=tier, at=LATER + HOUR)
    clinician.opens(urgent, at=LATER + 2 * HOUR)
    assert calls_about_what_stands(fresh(urgent)) == []
    with pytest.raises(Refused, match="came in after this call"):
        clears(clinician, urgent, early, at=LATER + 2 * HOUR)
    late = clinician.rings(urgent, at=LATER + 2 * HOUR)
    assert calls_about_what_stands(fresh(urgent)) == [late]
    clears(clinician, urgent, late, at=LATER + 2 * HOUR)
    assert not urgent.red_flags.filter(cleared_at__isnull=True).exists()


def test_nobody_clears_an_answer_they_have_not_opened(urgent: Case, clinician: Clinician) -> None:
    clinician.takes(urgent)
    raised(urgent, tier=1, at=LATER + HOUR)
    at = LATER + 2 * HOUR
    with pytest.raises(Refused, match="that you have not opened"):
        clears(clinician, urgent, no_call="Seen.", at=at)
    clinician.opens(urgent, at=at)
    clears(clinician, urgent, no_call="Seen.", at=at)


def test_a_second_press_does_not_clear_the_answer_that_stopped_the_first(
    client: Client, urgent: Case, clinician: Clinician
) -> None:
    now = timezone.now()
    clinician.takes(urgent, at=now)
    sign_in(client, clinician.membership)
    address = reverse("case-clear", args=[urgent.reference])
    typed = {"seen": fresh(urgent).lock, "reason": "Seen.", "rests_on": "none", "no_call": "At the desk."}
    raised(urgent, tier=1, at=timezone.now())
    for _press in range(2):
        answer = client.post(address, typed)
        words = answer.content.decode()
        assert (answer.status_code, "that you have not opened" in words) == (409, True)
        assert "Urgent answers" in words
        typed["seen"] = fresh(urgent).lock
    assert urgent.red_flags.filter(cleared_at__isnull=True).count() == 2
    client.get(reverse("case", args=[urgent.reference]))
    assert client.post(address, typed).status_code == 302


def test_the_database_refuses_clearing_that_rests_on_nothing(urgent: Case, clinician: Clinician) -> None:
    with pytest.raises(IntegrityError, match="red_flag_cleared_by_call"):
        urgent.red_flags.update(
            cleared_at=LATER, cleared_by=clinician.membership.user, cleared_reason="Because."
        )


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
    ],
)
def test_time_is_told_in_minutes_then_hours_then_days(span: int, words: str) -> None:
    assert length(dt.timedelta(minutes=span)) == words


def test_the_panel_tells_what_is_left_and_what_is_over() -> None:
    panel = CallPanel.of([], [], target=NOON, at=NOON - 40 * MINUTE)
    assert (panel.left, panel.late) == ("40 minutes", False)
    panel = CallPanel.of([], [], target=NOON, at=NOON + 130 * MINUTE)
    assert (panel.left, panel.late) == ("2 hours", True)
    assert not CallPanel.of([], [], target=None, at=NOON)


def test_the_case_page_shows_the_target_and_the_calls(
    client: Client, urgent: Case, clinician: Clinician
) -> None:
    sign_in(client, clinician.membership)
    address = reverse("case", args=[urgent.reference])
    assert "No call is recorded yet." in client.get(address).content.decode()
    clinician.takes(urgent, at=timezone.now())
    said = {"key": uuid.uuid4(), "result": "reached", "text": "Her son drives her.", "time": ""}
    assert client.post(reverse("case-call", args=[urgent.reference]), said).status_code == 302
    page = client.get(address).content.decode()
    assert "Her son drives her." in page
    assert "Overdue by" in page
    call = urgent.calls.get()
    done = {"seen": fresh(urgent).lock, "reason": "She is at A&E.", "rests_on": str(call.pk), "no_call": ""}
    assert client.post(reverse("case-clear", args=[urgent.reference]), done).status_code == 302
    page = client.get(address).content.decode()
    assert "Rests on the call: Reached the person" in page
    assert "Overdue by" not in page


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"rests_on": "none"}, "Say why there was no call"),
        ({"rests_on": ""}, "Choose the call"),
        ({"rests_on": "77"}, "This call does not count now"),
        ({"rests_on": "call", "no_call": "Seen."}, "Leave this blank"),
    ],
)
def test_a_page_that_clears_on_nothing_keeps_the_words(
    client: Client, urgent: Case, clinician: Clinician, said: dict[str, str], wrong: str
) -> None:
    clinician.takes(urgent, at=timezone.now())
    call = clinician.rings(urgent)
    sign_in(client, clinician.membership)
    if said["rests_on"] == "call":
        said = {**said, "rests_on": str(call.pk)}
    typed = {"seen": fresh(urgent).lock, "reason": "She is at A&E.", **said}
    answer = client.post(reverse("case-clear", args=[urgent.reference]), typed)
    words = answer.content.decode()
    assert (answer.status_code, wrong in words, "She is at A&amp;E." in words) == (422, True, True)


def test_a_call_cannot_be_later_today(
    client: Client, urgent: Case, clinician: Clinician, afternoon: dt.datetime
) -> None:
    sign_in(client, clinician.membership)
    said = {"key": uuid.uuid4(), "result": "reached", "text": "Rang."}
    address = reverse("case-call", args=[urgent.reference])
    for time, wrong in (
        ("quarter past", "Write the time like 14:20"),
        ("23:59", "If you rang before midnight, leave this blank"),
    ):
        answer = client.post(address, {**said, "time": time})
        assert (answer.status_code, wrong in answer.content.decode()) == (422, True)
    assert client.post(address, {**said, "time": "00:00"}).status_code == 302
    assert timezone.localtime(urgent.calls.get().made_at).hour == 0

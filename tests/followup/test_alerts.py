"""The clinic hears of an urgent answer within a minute, and again until somebody opens the case."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from audit.selectors import FLAG
from screening.cases.models import Case
from screening.followup import tasks
from screening.followup.models import Alert, ReminderState
from screening.followup.replies import Result, Verdict
from screening.followup.selectors import standing_cases
from screening.followup.services import (
    ALERTS,
    REMINDERS,
    claim_alert,
    fence_alert,
    hold_sending,
    new_owner,
    plan_alerts,
    send_alerts,
    settle_alert,
)
from screening.intake.services import withdraw
from screening.review.services import clear_red_flags
from tests.factories.intake import NOON, open_clinic
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.urgent import say, urgent_case, urgent_draft
from tests.followup.rounds import look, received
from tests.followup.sink import Sink, words_of
from tests.followup.times import HOUR, MINUTE, london

pytestmark = pytest.mark.django_db
SOON = NOON + MINUTE
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def site() -> Site:
    return open_clinic(duty_email="duty@clinic.example")


@pytest.fixture
def case(site: Site) -> Case:
    return urgent_case(site)


def test_the_duty_address_hears_of_an_unfinished_form_at_the_next_tick(sink: Sink, case: Case) -> None:
    assert look(SOON) == {"sent": 1}
    assert received(sink) == ["duty@clinic.example"]
    (message,) = sink.messages
    assert message["Subject"] == f"A case needs you: {case.reference}"
    assert "https://testserver/accounts/login/" in words_of(message)
    alert = Alert.objects.get()
    assert (alert.state, alert.sent_at, alert.number) == (ReminderState.SENT, SOON, 1)


def test_the_mail_says_nothing_of_a_person_or_of_health(sink: Sink, site: Site) -> None:
    response = urgent_draft(site, item="rf_suicide", answer="plan_or_acted")
    patient = response.patient
    patient.given_name, patient.phone = "Quillfeather", "07700 900123"
    patient.save()
    look(SOON)
    whole = sink.messages[0].as_string()
    for secret in ("Quillfeather", "900123", str(patient.pk), "suicide", "plan_or_acted", "urgent", "1980"):
        assert secret not in whole


def test_it_is_repeated_until_somebody_opens_the_case(sink: Sink, case: Case) -> None:
    for minute in range(1, 45):
        look(NOON + minute * MINUTE)
    assert len(sink.messages) == 3  # at 1, 16 and 31 minutes
    Clinician.at(case.site).opens(case, at=NOON + 44 * MINUTE)
    for minute in range(45, 200):
        look(NOON + minute * MINUTE)
    assert received(sink).count("duty@clinic.example") == 3


def test_looking_at_the_list_is_not_opening_the_case(sink: Sink, case: Case) -> None:
    look(SOON)
    AuditEvent.objects.create(
        event=Event.WORKLIST_VIEWED,
        at=SOON,
        actor_kind="staff",
        actor_label="Dr A",
        site_id=case.site_id,
        references=[case.reference],
    )
    assert look(SOON + 15 * MINUTE) == {"sent": 1}


def test_a_new_urgent_answer_after_the_case_was_opened_is_told_again(sink: Sink, site: Site) -> None:
    response = urgent_draft(site)
    look(SOON)
    Clinician.at(site).opens(response.case, at=SOON + MINUTE)
    say(response, "rf_bladder", "new_or_worse", at=SOON + 2 * MINUTE)
    assert look(SOON + 3 * MINUTE) == {"sent": 1}
    assert received(sink) == ["duty@clinic.example"] * 2


@pytest.mark.parametrize("name", ["case", "case-print"])
def test_an_answer_that_was_being_saved_as_the_case_was_opened_is_told_until_a_page_showed_it(
    sink: Sink, client: Client, site: Site, name: str
) -> None:
    """An answer has the time at which saving began. Until it is saved nobody who opens the case sees it."""
    response = urgent_draft(site)
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    address = reverse(name, args=[response.case.reference])
    with time_machine.travel(SOON, tick=False):
        sign_in(client, lead).get(address)
    say(response, "rf_bladder", "new_or_worse", at=SOON - SECOND)
    assert look(SOON) == {"sent": 1}
    look(NOON + 2 * HOUR)
    (to_lead,) = (
        mail for to, mail in zip(received(sink), sink.messages, strict=True) if to == lead.user.email
    )
    assert "Nobody has opened it" in words_of(to_lead)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        assert sign_in(client, lead).get(address).status_code == 200
    (standing,) = standing_cases()
    assert [flag.opened for flag in standing.flags] == [True, True]


def test_an_answer_stays_opened_when_an_older_page_was_written_down_after_it(site: Site) -> None:
    case, ann, ben = urgent_case(site), Clinician.at(site), Clinician.at(site)
    shown = case.red_flags.get().pk
    ann.opens(case, at=SOON, detail={FLAG: shown})
    ben.opens(case, at=SOON, detail={FLAG: 0})
    assert not standing_cases()[0].unopened


def test_lead_clinicians_hear_of_it_past_the_target_of_the_site(sink: Sink, site: Site, case: Case) -> None:
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    gone = make_member(Role.LEAD_CLINICIAN, site=site, active=False)
    make_member(Role.LEAD_CLINICIAN)  # of another site
    look(NOON + HOUR)  # exactly the target of one working hour
    assert received(sink) == ["duty@clinic.example"]
    look(NOON + HOUR + MINUTE)
    assert lead.user.email in received(sink)
    assert gone.user.email not in received(sink)
    assert "Nobody has opened it within the time your clinic has set." in words_of(sink.messages[-1])
    assert all(len(recipients) == 1 for recipients in sink.recipients)


def test_at_night_it_leaves_at_once_and_the_target_waits_for_the_morning(sink: Sink, site: Site) -> None:
    night = london("2026-06-15 22:00")
    urgent_case(site, at=night)
    lead = make_member(Role.LEAD_CLINICIAN, site=site).user.email
    assert look(night + MINUTE) == {"sent": 1}
    look(london("2026-06-16 09:59"))
    assert lead not in received(sink)
    look(london("2026-06-16 10:01"))
    assert lead in received(sink)


def test_holds_that_protect_patients_do_not_stop_it(sink: Sink, case: Case) -> None:
    hold_sending(site=case.site, reason="restored", by=REMINDERS, at=NOON)
    assert look(SOON) == {"sent": 1}


def test_it_is_told_although_the_person_took_the_form_back(sink: Sink, case: Case) -> None:
    withdraw(case=case, by=ALERTS, at=NOON)
    assert look(SOON) == {"sent": 1}


def test_a_cleared_answer_is_told_no_more(sink: Sink, case: Case) -> None:
    clinician = Clinician.at(case.site)
    clinician.claims(case, at=NOON)
    assert plan_alerts(as_of=SOON, by=ALERTS) == 1
    clinician.opens(case, at=SOON)
    clear_red_flags(
        case=case, seen=fresh(case).lock, reason="Rang.", no_call="Seen in person.", **clinician.who(SOON)
    )
    assert not standing_cases()
    assert send_alerts(now=lambda: SOON, owner=new_owner()) == {"dropped": 1}
    assert sink.messages == []


def test_what_was_opened_between_planning_and_sending_is_not_sent(sink: Sink, case: Case) -> None:
    plan_alerts(as_of=SOON, by=ALERTS)
    Clinician.at(case.site).opens(case, at=SOON)
    assert send_alerts(now=lambda: SOON, owner=new_owner()) == {"dropped": 1}
    assert (Alert.objects.get().state, Alert.objects.get().closed_reason) == ("cancelled", "opened")
    assert sink.messages == []


def test_planning_twice_plans_once(case: Case) -> None:
    assert plan_alerts(as_of=SOON, by=ALERTS) == 1
    assert plan_alerts(as_of=SOON, by=ALERTS) == 0
    assert AuditEvent.objects.filter(event=Event.ALERT_PLANNED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_and_send_at_the_same_time_send_one_mail(sink: Sink) -> None:
    urgent_case(open_clinic())
    together = threading.Barrier(2)

    def run() -> None:
        together.wait(10)
        look(SOON)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(sink.messages) == 1
    assert Alert.objects.count() == 1


def test_a_crash_between_sending_and_marking_sends_again(sink: Sink, case: Case, settings: Settings) -> None:
    settings.REMINDER_LEASE_SECONDS = 60
    plan_alerts(as_of=SOON, by=ALERTS)
    alert_id = claim_alert(owner="crashed", at=SOON)
    assert alert_id is not None
    assert fence_alert(alert_id=alert_id, owner="crashed", at=SOON) is not None
    # Here the mail left, and the worker died before it could say so.
    assert look(SOON + 59 * dt.timedelta(seconds=1)) == {}
    assert look(SOON + MINUTE) == {"sent": 1}
    assert Alert.objects.get().attempts == 2


def test_a_worker_that_slept_past_its_lease_writes_nothing(
    case: Case, sink: Sink, settings: Settings
) -> None:
    settings.REMINDER_LEASE_SECONDS = 60
    plan_alerts(as_of=SOON, by=ALERTS)
    alert_id = claim_alert(owner="sleeper", at=SOON)
    assert alert_id is not None
    ready = fence_alert(alert_id=alert_id, owner="sleeper", at=SOON)
    assert ready is not None
    assert look(SOON + MINUTE) == {"sent": 1}
    settle_alert(
        ready=ready, owner="sleeper", verdict=Verdict(Result.FAILED, "address_refused"), at=SOON + 2 * MINUTE
    )
    assert Alert.objects.get().state == ReminderState.SENT
    assert fence_alert(alert_id=alert_id, owner="sleeper", at=SOON + 2 * MINUTE) is None


def test_a_clinic_without_opening_days_is_told_with_its_lead_at_once(sink: Sink) -> None:
    urgent_case(open_clinic(opening_days=[]))
    assert look(SOON) == {"sent": 2}


def test_the_tick_does_it_all(sink: Sink, case: Case) -> None:
    with time_machine.travel(SOON, tick=False):
        tasks.alert()
    assert received(sink) == ["duty@clinic.example"]


def test_the_trail_names_the_case_and_not_the_person(sink: Sink, case: Case) -> None:
    look(SOON)
    rows = AuditEvent.objects.filter(event__in=[Event.ALERT_PLANNED, Event.ALERT_SENT])
    assert {row.case_reference for row in rows} == {case.reference}
    assert all(row.detail == {"to": "duty", "number": 1, "reason": ""} for row in rows)


def test_whoever_stopped_leading_the_clinic_meanwhile_is_not_told(sink: Sink, site: Site, case: Case) -> None:
    late = NOON + 2 * HOUR
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    plan_alerts(as_of=late, by=ALERTS)
    lead.active = False
    lead.save(update_fields=["active"])
    send_alerts(now=lambda: late, owner=new_owner())
    assert lead.user.email not in received(sink)
    assert Alert.objects.get(lead=lead.user).closed_reason == "left"

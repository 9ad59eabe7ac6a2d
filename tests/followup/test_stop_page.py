"""Switching reminders off from a message: one press, no sign-in, nothing to read that is private."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from audit.models import AuditEvent
from screening.cases.models import Patient
from screening.followup.models import OptOut, Reminder
from screening.followup.optout import optout_address
from screening.followup.services import REMINDERS, plan
from screening.review.models import InformationRequest
from tests.factories.followup import EMAIL, planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.people import make_person
from tests.followup.times import DAY
from tests.platform.production import load_settings

pytestmark = pytest.mark.django_db


def path_of(reminder: Reminder) -> str:
    return optout_address(reminder).removeprefix("https://testserver")


def test_opening_the_address_shows_the_page_and_changes_nothing(client: Client, reminder: Reminder) -> None:
    for _ in range(2):  # mail scanners open links
        response = client.get(path_of(reminder))
        assert response.status_code == 200
    assert "Stop reminder emails" in response.content.decode()
    assert OptOut.objects.count() == 0


def test_pressing_the_button_stops_reminders_for_good(client: Client, reminder: Reminder) -> None:
    response = client.post(path_of(reminder))
    assert response.status_code == 200
    assert "We will not send you reminder emails any more" in response.content.decode()
    opt_out = OptOut.objects.get()
    assert (opt_out.patient_id, opt_out.channel, opt_out.subject) == (
        reminder.patient_id,
        "email",
        "reminders",
    )
    plan(as_of=NOON + DAY, by=REMINDERS)
    row = Reminder.objects.get(pk=reminder.pk)
    assert (row.state, row.closed_reason) == ("cancelled", "opted_out")
    assert AuditEvent.objects.filter(event="reminders_stopped").count() == 1


def test_the_address_in_a_mail_outlives_the_key_that_signed_it(
    client: Client, reminder: Reminder, settings: Settings
) -> None:
    path = path_of(reminder)
    before, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "a key of fifty signs and more that nobody used before",
    )
    assert client.get(path).status_code == 404
    settings.SECRET_KEY_FALLBACKS = load_settings({"SECRET_KEY_FALLBACKS": f"an older one,{before}"})[
        "SECRET_KEY_FALLBACKS"
    ]
    assert client.post(path).status_code == 200
    assert OptOut.objects.count() == 1


def test_pressing_twice_is_pressing_once(client: Client, reminder: Reminder) -> None:
    client.post(path_of(reminder))
    client.post(path_of(reminder))
    assert OptOut.objects.count() == 1


def test_a_mail_program_may_press_it_for_its_reader(reminder: Reminder) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        path_of(reminder), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert OptOut.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "x:y", "0" * 32, f"{'0' * 32}:{'a' * 43}", "..", "%00"])
def test_a_made_up_address_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/stop/{token}/").status_code == 404
    assert client.post(f"/stop/{token}/").status_code == 404


def test_the_address_and_the_page_tell_nothing_about_the_person(client: Client, reminder: Reminder) -> None:
    patient = Patient.objects.get(pk=reminder.patient_id)
    shown = path_of(reminder) + client.get(path_of(reminder)).content.decode()
    for private in (EMAIL, str(patient.pk), patient.pk.hex, reminder.case.reference):
        assert private not in shown
    assert client.get(path_of(reminder)).headers["Cache-Control"].count("no-store") == 1


def test_stopping_reminders_stops_no_message_that_a_clinician_wrote(client: Client) -> None:
    case = reachable_case()
    client.post(path_of(planned(case, at=NOON + 2 * DAY, step="FU03")))
    InformationRequest.objects.create(case=case, asked_by=make_person(), asked_at=NOON + 3 * DAY)
    plan(as_of=NOON + 3 * DAY, by=REMINDERS)
    assert set(Reminder.objects.filter(case=case).values_list("step", "state")) == {
        ("FU03", "cancelled"),
        ("FU04", "scheduled"),
    }

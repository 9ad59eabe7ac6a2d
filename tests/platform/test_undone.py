"""What nobody would miss for long: forms that do not go, and a trail that is not sealed, raise an alarm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actors import Actor
from audit.events import Event
from audit.sealing import seal
from audit.services import record
from screening.followup.services import HEARTBEAT, beat
from screening.intake.services import expire_drafts
from screening.management.commands.check_alarms import undone
from screening.questionnaires.models import Kind
from tests.factories.intake import draft, open_clinic
from tests.factories.people import make_site
from tests.intake.test_versions import publish

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)
MINUTES = dt.timedelta(minutes=1)


def test_a_form_that_outlives_its_time_by_a_day_is_told_until_it_goes() -> None:
    now = timezone.now()
    response = draft(open_clinic(), at=now)
    seal(at=now)
    assert undone(at=now + 31 * DAYS - MINUTES) == []
    seen = undone(at=now + 31 * DAYS)
    assert seen == ["1 form that nobody sent should have been deleted by now."]
    expire_drafts(by=Actor.system("housekeeping"), at=response.last_activity_at + 31 * DAYS)
    seal(at=now)
    assert undone(at=now + 31 * DAYS) == []


def test_a_trail_that_nobody_seals_is_told_until_somebody_does() -> None:
    now = timezone.now()
    record(Event.SITE_CREATED, by=Actor.system("test"), at=now, site=make_site())
    assert undone(at=now + 15 * MINUTES) == []
    (said,) = undone(at=now + 17 * MINUTES)
    assert said.startswith("The audit trail has waited for its seal for 1")
    seal(at=now)
    assert undone(at=now + 17 * MINUTES) == []


def test_a_clinic_hears_months_before_its_bank_holidays_end() -> None:
    """A list that nobody went on with would send messages on Christmas Day, and count it as a working day."""
    clinic = open_clinic()
    told_on = dt.datetime(2028, 8, 29, tzinfo=dt.UTC)
    assert of_holidays(told_on - DAYS) == []
    assert of_holidays(told_on) == [
        f"The bank holidays of {clinic.name} are listed until 26 December 2028 only: add those that follow."
    ]
    publish(clinic, Kind.SCHEDULE, lambda content: listed(content).append("2029-04-02"))
    assert of_holidays(told_on) == []
    publish(clinic, Kind.SCHEDULE, lambda content: listed(content).clear())
    assert of_holidays(told_on) == []  # a clinic that lists none has chosen so


def of_holidays(at: dt.datetime) -> list[str]:
    return [said for said in undone(at=at) if "holiday" in said]


def listed(content: dict[str, Any]) -> list[Any]:
    days: list[Any] = content["quiet"]["bank_holidays"]["england"]
    return days


def test_the_operator_reads_it() -> None:
    beat(process=HEARTBEAT, at=timezone.now())
    response = draft(open_clinic())
    type(response).objects.update(last_activity_at=timezone.now() - 32 * DAYS)
    with pytest.raises(CommandError, match="should have been deleted"):
        call_command("check_alarms")

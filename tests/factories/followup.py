"""People who may be reminded: they asked for a link, opened it, and went on through the real services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Case, Response
from screening.followup.models import Reminder, SuppressedFor, Suppression
from screening.followup.services import REMINDERS, end_suppression, plan, suppress
from screening.followup.window import Window
from screening.intake import filling, services
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.selectors import schedule_of
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.intake import NOON, baseline, open_clinic, published_version
from tests.factories.people import make_member

EMAIL = "sam.sample@example.org"
WAITING_FOR_RECORDS = {
    "contact_email": True,
    "contact_sms": False,
    "reminders_on": True,
    "records": "will_send",
    "records_request": "no",
}


def asked_for_link(
    site: Site | None = None, *, at: dt.datetime = NOON, email: str = EMAIL, **changes: Any
) -> Response:
    """A draft of somebody who wants to finish later."""
    response = filling.begin(site=site or open_clinic(), answers=baseline(**changes), at=at)
    by = Actor.patient(response.patient_id)
    services.send_link(response=response, email=email, by=by, at=at)
    response.case.patient.refresh_from_db()
    return response


def reachable_case(
    site: Site | None = None, *, at: dt.datetime = NOON, email: str = EMAIL, **changes: Any
) -> Case:
    """A form that was sent by somebody whose address is proved: they opened a link from it."""
    answers = {**baseline(email=email, **WAITING_FOR_RECORDS), **changes}
    response = asked_for_link(site, at=at, email=email, **changes)
    by = Actor.patient(response.patient_id)
    proves = response.case.patient.email_hash
    token = services.issue_link(case=response.case, by=by, at=at, email_hash=proves)
    opened = services.open_link(token=token, date_of_birth=filling._day(answers["dob"]), at=at)
    assert opened is not None
    filling.carry_on(response=opened, answers=answers, by=by, at=at)
    services.submit(response=Response.objects.get(pk=opened.pk), by=by, at=at)
    return Case.objects.select_related("patient", "site").get(pk=opened.case_id)


def planned(case: Case, *, at: dt.datetime, step: str) -> Reminder:
    """The reminder of this step that planning at this time gives, or at the next at which it may leave.

    Tests run at any hour, and what is not due within the hour is not written down.
    """
    version = published_version(case.site, Kind.SCHEDULE)
    window = Window(schedule_of(version).quiet, case.patient.nation)
    plan(as_of=window.next_open(at), by=REMINDERS)
    return Reminder.objects.get(case=case, step=step, state="scheduled")


def suppressed(
    case: Case, reason: SuppressedFor = SuppressedFor.IN_HOSPITAL, *, at: dt.datetime
) -> Suppression:
    member = make_member(Role.CLINICIAN, site=case.site)
    by = Actor.staff(member)
    return suppress(case=case, reason=reason, note="Their sister rang.", membership=member, by=by, at=at)


def was_suppressed(case: Case, *, at: dt.datetime) -> Suppression:
    member = make_member(Role.CLINICIAN, site=case.site)
    standing, by = suppressed(case, at=at), Actor.staff(member)
    return end_suppression(
        standing=standing, case=case, because="Home again.", membership=member, by=by, at=at
    )


def send_at_any_hour(site: Site, *, at: dt.datetime) -> None:
    """The shipped schedule with the window open all day, since this test runs at any hour."""
    content = seed_content(Kind.SCHEDULE)
    content["quiet"] = {"from": "00:00", "to": "23:59:59.999999", "days": "mon-sun", "bank_holidays": {}}
    publish_schedule(site, content, at=at)


def publish_schedule(site: Site, content: dict[str, Any], *, at: dt.datetime) -> None:
    author, approver = make_member(Role.QUESTIONNAIRE_MANAGER, site=site), make_member(site=site)
    draft = draft_version(site=site, kind=Kind.SCHEDULE, content=content, by=Actor.staff(author), at=at)
    publish_version(version=draft, by=Actor.staff(approver), at=at)

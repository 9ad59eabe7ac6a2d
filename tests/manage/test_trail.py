"""An administrator asks the trail who looked at a case, what one person did, and when; asking is told too."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.models import AuditEvent
from audit.services import record
from screening.review.room.selectors import who_looked
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def site() -> Site:
    return open_clinic()


@pytest.fixture
def desk(client: Client, site: Site) -> Client:
    return sign_in(client, make_member(Role.ADMINISTRATOR, site=site))


def looked(member: Membership, reference: str, at: dt.datetime = NOON) -> None:
    record(Event.CASE_VIEWED, by=Actor.staff(member), at=at, site=member.site, case=reference)


def shown(desk: Client, status: int = 200, **asked: str) -> str:
    answer = desk.get(reverse("trail"), asked)
    assert answer.status_code == status
    return str(answer.content.decode())


def table(page: str) -> str:
    return page.partition('<table class="worklist">')[2].partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_case_a_person_and_days_narrow_the_trail(desk: Client, site: Site) -> None:
    nosy, other = (make_member(Role.CLINICIAN, site=site) for _ in range(2))
    looked(nosy, "2345-6789", at=NOON - 9 * DAY)
    record(Event.WORKLIST_VIEWED, by=Actor.staff(other), at=NOON, site=site, references=["2345-6789"])
    for _ in range(60):
        looked(other, "9876-5432")
    rows = table(shown(desk, case="2345 6789"))
    assert rows.count("<tr>") == 2
    assert nosy.user.name in rows
    assert table(shown(desk, who=str(nosy.user_id))).count("<tr>") == 1
    for since, until, found in (
        ("6 6 2026", "6 6 2026", 1),
        ("7 6 2026", "15 6 2026", 1),
        ("", "5 6 2026", 0),
    ):
        rows = table(shown(desk, case="2345-6789", since=since, until=until))
        assert rows.count("<tr>") == found, (since, until)


def test_what_was_asked_is_kept_from_page_to_page(desk: Client, site: Site) -> None:
    busy, other = (make_member(Role.CLINICIAN, site=site) for _ in range(2))
    for n in range(60):
        looked(busy, f"2345-67{n:02}")
        looked(other, "9876-5432")
    page = shown(desk, who=str(busy.user_id))
    older = page.split(f"?who={busy.user_id}&amp;before=")[1].split('"')[0]
    rows = table(shown(desk, who=str(busy.user_id), before=older))
    assert rows.count("<tr>") == 10
    assert other.user.name not in rows


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"case": "ABC"}, "A reference has eight signs"),
        ({"since": "31 2 2026"}, "Type day, month and year"),
        ({"who": "999999"}, "Choose somebody from the list"),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_shows_nothing(
    desk: Client, asked: dict[str, str], sentence: str
) -> None:
    page = shown(desk, 422, **asked)
    assert sentence in page
    assert table(page) == ""


def test_the_look_at_the_trail_names_the_cases_it_showed_and_the_patient_reads_of_it(
    desk: Client, site: Site
) -> None:
    case = submitted_case(site)
    shown(desk, case=case.reference)
    look = AuditEvent.objects.filter(event=Event.TRAIL_VIEWED).latest("id")
    assert look.references == [case.reference]
    assert Event.TRAIL_VIEWED in [row.event for row in who_looked(case)]

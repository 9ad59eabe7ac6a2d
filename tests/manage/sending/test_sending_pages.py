"""Staff see what is sent, to all and to one person; stop it, try it again, hold it; with a reason."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role, Site
from audit.models import AuditEvent
from screening.followup.models import DatabaseMark, Reminder, ReminderAct, ReminderState, SendingHold
from screening.followup.selectors import standing_holds
from screening.followup.services import REMINDERS, hold_if_restored, hold_sending
from screening.manage.sending import selectors
from screening.manage.sending.selectors import Filters, reminder_page
from tests.factories.followup import EMAIL, asked_for_link, planned
from tests.factories.intake import open_clinic, submitted_case
from tests.factories.people import make_member, sign_in
from tests.followup.rounds import send
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def reminder(site: Site) -> Reminder:
    at = timezone.now()
    return planned(asked_for_link(site, at=at - DAY).case, at=at + 3 * DAY, step="FU01")


@pytest.fixture
def administrator(client: Client, site: Site) -> Client:
    sign_in(client, make_member(Role.ADMINISTRATOR, site=site))
    return client


def now(reminder: Reminder) -> Reminder:
    return Reminder.objects.get(pk=reminder.pk)


def press(client: Client, name: str, reminder: Reminder, reason: str = "Asked to by phone.") -> int:
    return client.post(reverse(name, args=[reminder.pk]), {"reason": reason}).status_code


def test_a_message_is_cancelled_with_a_reason_and_is_not_sent(
    administrator: Client, reminder: Reminder
) -> None:
    assert press(administrator, "sending-cancel", reminder) == 302
    row = now(reminder)
    assert (row.state, row.closed_reason) == ("cancelled", "by_staff")
    assert send(at=row.due_at + dt.timedelta(minutes=1)) == {}
    page = administrator.get(reverse("sending-message", args=[reminder.pk])).content.decode()
    assert "Staff cancelled it" in page
    assert "Asked to by phone." in page
    assert AuditEvent.objects.filter(event="reminder_cancelled", actor_kind="staff").count() == 1


def test_without_a_reason_nothing_happens(administrator: Client, reminder: Reminder) -> None:
    assert press(administrator, "sending-cancel", reminder, reason="") == 422
    assert now(reminder).state == ReminderState.SCHEDULED


@pytest.mark.parametrize("state", ["failed", "ambiguous", "cancelled"])
def test_what_ended_is_tried_again(administrator: Client, reminder: Reminder, state: str) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(state=state, closed_reason="no_answer")
    assert press(administrator, "sending-again", reminder) == 302
    assert (now(reminder).state, now(reminder).closed_reason) == ("retry", "")


@pytest.mark.parametrize(
    ("state", "name"),
    [("sending", "sending-cancel"), ("claimed", "sending-cancel"), ("sending", "sending-again")],
)
def test_what_is_just_leaving_is_left_alone(
    administrator: Client, reminder: Reminder, state: str, name: str
) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(state=state, owner="w", lease_until=timezone.now())
    assert press(administrator, name, reminder) == 409
    assert now(reminder).state == state


def test_what_arrived_is_not_sent_again(administrator: Client, reminder: Reminder) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(state="sent", sent_at=timezone.now())
    assert press(administrator, "sending-again", reminder) == 409


def test_what_staff_did_cannot_be_changed(administrator: Client, reminder: Reminder) -> None:
    press(administrator, "sending-cancel", reminder)
    with pytest.raises(ProgrammingError), transaction.atomic():
        ReminderAct.objects.update(reason="Another")


def test_a_hold_stops_a_clinic_until_it_is_released(administrator: Client, site: Site) -> None:
    assert administrator.post(reverse("sending-hold"), {"reason": ""}).status_code == 422
    administrator.post(reverse("sending-hold"), {"reason": "The texts are being checked."})
    page = administrator.get(reverse("sending")).content.decode()
    assert "The texts are being checked." in page
    assert SendingHold.objects.filter(site=site, released_at__isnull=True).count() == 1
    released(administrator, reason="The texts are right now.")
    assert not SendingHold.objects.filter(site=site, released_at__isnull=True).exists()
    assert "on hold" not in administrator.get(reverse("sending")).content.decode()


def released(client: Client, *, reason: str) -> int:
    """The page is read, then what stands on it is released."""
    page = client.get(reverse("sending-release")).content.decode()
    newest = re.search(r'name="newest" value="(\d+)"', page)
    assert newest is not None
    sent = {"reason": reason, "newest": newest[1]}
    return client.post(reverse("sending-release"), sent).status_code


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LEAD_CLINICIAN])
def test_what_a_restore_put_on_hold_is_released_by_a_person_who_says_why(
    client: Client, site: Site, reminder: Reminder, settings: Settings, tmp_path: Path, role: Role
) -> None:
    settings.VAR_DIR = tmp_path
    member = make_member(role, site=site)
    sign_in(client, member)
    for _ in range(3):
        hold_if_restored(by=REMINDERS, at=timezone.now())
    DatabaseMark.objects.update(turn=1)  # as a backup of that time has it
    assert hold_if_restored(by=REMINDERS, at=timezone.now())
    due = reminder.due_at + dt.timedelta(minutes=1)
    assert send(at=due) == {}
    assert "The database was restored" in client.get(reverse("sending")).content.decode()

    assert released(client, reason="") == 422
    assert "The database was restored" in client.get(reverse("sending-release")).content.decode()
    assert send(at=due) == {}

    assert released(client, reason="Looked at what left since the backup: nothing.") == 302
    hold = SendingHold.objects.get(site=site)
    assert (hold.released_by_id, hold.released_because) == (
        member.user_id,
        "Looked at what left since the backup: nothing.",
    )
    assert AuditEvent.objects.filter(event="sending_released", user_id=member.user_id).count() == 1
    assert send(at=due) == {"sent": 1}
    assert not hold_if_restored(by=REMINDERS, at=due)  # said once


def test_a_clinician_releases_nothing(client: Client, site: Site) -> None:
    hold_sending(site=site, reason="Restored", by=REMINDERS, at=timezone.now())
    sign_in(client, make_member(Role.CLINICIAN, site=site))
    assert client.post(reverse("sending-release"), {"reason": "x", "newest": 2**60}).status_code == 403
    assert SendingHold.objects.filter(released_at__isnull=True).count() == 1


def test_a_hold_that_came_after_the_page_was_read_is_not_released_unread(
    administrator: Client, site: Site
) -> None:
    first = hold_sending(site=site, reason="The texts are checked.", by=REMINDERS, at=timezone.now())
    hold_sending(site=site, reason="The database was restored", by=REMINDERS, at=timezone.now())
    sent = {"reason": "The texts are right.", "newest": first.pk}
    page = administrator.post(reverse("sending-release"), sent)
    assert page.status_code == 409
    assert "The database was restored" in page.content.decode()
    assert "The texts are right." in page.content.decode()
    assert SendingHold.objects.filter(released_at__isnull=True).count() == 2
    assert released(administrator, reason="Both are well.") == 302
    assert not SendingHold.objects.filter(released_at__isnull=True).exists()


def test_a_restore_holds_a_clinic_that_staff_hold_already(
    site: Site, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    hold_sending(site=site, reason="The texts are checked.", by=REMINDERS, at=timezone.now())
    hold_if_restored(by=REMINDERS, at=timezone.now())
    DatabaseMark.objects.update(identity="another server")
    hold_if_restored(by=REMINDERS, at=timezone.now())
    assert [each.reason for each in standing_holds(site=site)] == [
        "The texts are checked.",
        "The database was restored",
    ]


def test_a_message_of_another_clinic_does_not_exist(administrator: Client) -> None:
    at = timezone.now()
    other = planned(asked_for_link(open_clinic(), at=at - DAY).case, at=at + 3 * DAY, step="FU01")
    assert administrator.get(reverse("sending-message", args=[other.pk])).status_code == 404
    assert press(administrator, "sending-cancel", other) == 404
    assert now(other).state == ReminderState.SCHEDULED


def test_the_address_says_which_are_shown(administrator: Client, reminder: Reminder) -> None:
    address, reference = reverse("sending"), reminder.case.reference
    assert reference in administrator.get(address, {"state": "scheduled"}).content.decode()
    assert "no such message" in administrator.get(address, {"state": "sent"}).content.decode()
    assert reference in administrator.get(address, {"case": reference.lower()}).content.decode()
    for odd in ({"state": "x"}, {"after": "x~y"}, {"after": "2026-01-01~1"}, {"step": "a\x00b"}):
        assert administrator.get(address, odd).status_code == 200


def test_pages_follow_each_other_without_a_gap(
    site: Site, reminder: Reminder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "ROWS", 3)
    rows = [
        Reminder(
            **{
                **{f.attname: getattr(reminder, f.attname) for f in Reminder._meta.concrete_fields},
                "id": uuid.uuid4(),
                "occurrence": str(number),
                "due_at": reminder.due_at + dt.timedelta(hours=number // 2),  # some at the same moment
            }
        )
        for number in range(9)
    ]
    Reminder.objects.bulk_create(rows)
    seen: list[uuid.UUID] = []
    mark = ""
    while True:
        page = reminder_page(site=site, filters=Filters(), after=mark)
        seen += [row.pk for row in page.rows]
        mark = page.next_mark
        if not mark:
            break
    assert len(seen) == len(set(seen)) == 10


def test_a_clinician_reads_what_one_person_is_sent_and_why_not(client: Client, site: Site) -> None:
    case = submitted_case(site, at=timezone.now())
    sign_in(client, make_member(Role.CLINICIAN, site=site))
    page = client.get(reverse("case-sending", args=[case.reference])).content.decode()
    assert "Records outstanding" in page
    assert "There is no address or number that was checked and that they chose" in page
    assert client.get(reverse("sending")).status_code == 403


def test_nobody_is_named_to_those_who_see_no_cases(administrator: Client, reminder: Reminder) -> None:
    for name, args in (("sending", []), ("sending-message", [reminder.pk])):
        page = administrator.get(reverse(name, args=args)).content.decode()
        assert reminder.case.reference in page
        assert EMAIL not in page
    assert administrator.get(reverse("case-sending", args=[reminder.case.reference])).status_code == 403

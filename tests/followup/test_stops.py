"""What ends sending to a person, an address or a whole clinic, and how it is allowed again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from accounts.actors import Actor
from accounts.models import Role
from audit.models import AuditEvent
from screening.cases.models import Patient
from screening.followup.addresses import BOUNCES_ENOUGH, bounced_out, channels_of
from screening.followup.models import (
    Channel,
    DatabaseMark,
    Reminder,
    ReminderState,
    SendingHold,
    SuppressedFor,
)
from screening.followup.replies import Result, Verdict
from screening.followup.services import (
    REMINDERS,
    StandsAlready,
    Tried,
    claim,
    end_suppression,
    fence,
    forgive_bounces,
    hold_if_restored,
    hold_sending,
    leave,
    new_owner,
    plan,
    recover,
    suppress,
    switch_off,
)
from screening.followup.services.claiming import check_again, lease
from screening.followup.services.restoring import IDENTITY
from tests.factories.followup import asked_for_link, planned, reachable_case
from tests.factories.intake import NOON, open_clinic
from tests.factories.people import make_member
from tests.followup.rounds import DUE, hand_over, now, send
from tests.followup.sink import Sink
from tests.followup.times import DAY, MINUTE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reason", SuppressedFor)
def test_what_staff_say_stops_everything_and_can_be_taken_back(sink: Sink, reason: SuppressedFor) -> None:
    case = reachable_case()
    reminder = planned(case, at=NOON + 2 * DAY, step="FU03")
    member = make_member(Role.CLINICIAN, site=case.site)
    by = Actor.staff(member)
    who = {"membership": member, "by": by}
    standing = suppress(case=case, reason=reason, note="their sister rang", **who, at=NOON + DAY)
    assert suppress(case=case, reason=reason, note="their sister rang", **who, at=NOON + DAY) == standing
    with pytest.raises(StandsAlready) as already:
        suppress(case=case, reason=reason, note="another note", **who, at=NOON + DAY)
    assert already.value.standing == standing
    assert send(NOON + 2 * DAY) == {"dropped": 1}
    assert (now(reminder).state, now(reminder).closed_reason) == (ReminderState.CANCELLED, "suppressed")
    line = AuditEvent.objects.filter(detail__reason=reason.value, user_id=by.user_id).get()
    assert "sister" not in str(line.detail)

    end_suppression(standing=standing, case=case, because="it is over", **who, at=NOON + 3 * DAY)
    patient = Patient.objects.get(pk=case.patient_id)
    assert (patient.deceased_at, patient.safeguarding_since) == (None, None)
    plan(as_of=NOON + 14 * DAY, by=REMINDERS)
    assert send(NOON + 14 * DAY) == {"sent": 1}


OF_THE_PERSON: dict[str, dict[str, object]] = {
    "address": {"email_hash": "another"},
    "number": {"phone": "07700 900124"},
    "died": {"deceased_at": NOON},
    "withdrew": {"withdrawn_at": NOON},
    "safeguarding": {"safeguarding_since": NOON},
    "no email": {"contact_by_email": False},
}


@pytest.mark.parametrize("what", ["case", "suppressed", "opted out", "hold", *OF_THE_PERSON])
def test_a_change_between_the_check_and_the_last_word_means_another_check(what: str) -> None:
    case = reachable_case()
    reminder, at = planned(case, at=NOON + 2 * DAY, step="FU03"), NOON + 2 * DAY
    owner, member = new_owner(), make_member(Role.CLINICIAN, site=case.site)
    by = Actor.staff(member)
    claim(owner=owner, at=at)
    (ready,) = fence(reminder_ids=[reminder.pk], owner=owner, at=at)
    match what:
        case "case":
            case.lock += 1
            case.save(update_fields=["lock"])
        case "suppressed":
            complaint = {"case": case, "reason": SuppressedFor.COMPLAINT, "note": ""}
            suppress(**complaint, membership=member, by=by, at=at)
        case "opted out":
            switch_off(reminder=reminder, subject="reminders", by=by, at=at + MINUTE)
        case "hold":
            hold_sending(site=case.site, reason="restored", by=by, at=at)
        case _:
            Patient.objects.filter(pk=case.patient_id).update(**OF_THE_PERSON[what])
    assert leave(ready=ready, owner=owner, at=at + MINUTE) is None
    assert not reminder.attempt_rows.exists()


def test_without_a_change_the_last_word_lets_it_go(reminder: object) -> None:
    owner = new_owner()
    (pk,) = claim(owner=owner, at=DUE)
    (ready,) = fence(reminder_ids=[pk], owner=owner, at=DUE)
    left = leave(ready=ready, owner=owner, at=DUE)
    assert left is not None
    assert left.number == 1
    assert leave(ready=ready, owner="another", at=DUE) is None


def test_what_is_to_be_checked_again_does_not_leave_on_its_old_check(reminder: object) -> None:
    owner = new_owner()
    (pk,) = claim(owner=owner, at=DUE)
    (ready,) = fence(reminder_ids=[pk], owner=owner, at=DUE)
    check_again(reminder_ids=[pk], owner=owner)
    assert leave(ready=ready, owner=owner, at=DUE) is None


def test_whose_lease_ran_out_sends_nothing_though_nobody_has_taken_over_yet(reminder: object) -> None:
    owner = new_owner()
    (pk,) = claim(owner=owner, at=DUE)
    (ready,) = fence(reminder_ids=[pk], owner=owner, at=DUE)
    assert leave(ready=ready, owner=owner, at=DUE + lease()) is None


def test_a_worker_that_dies_with_a_group_checked_leaves_in_doubt_only_what_left(sink: Sink) -> None:
    site = open_clinic()
    for number in range(3):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)
    ids = claim(owner="dead", at=DUE)
    ready = fence(reminder_ids=ids, owner="dead", at=DUE)
    assert len(ready) == 3
    assert leave(ready=ready[0], owner="dead", at=DUE) is not None
    assert recover(at=DUE + 5 * MINUTE) == 3
    states = sorted((row.state, row.attempts) for row in Reminder.objects.filter(pk__in=ids))
    assert states == [("retry", 1), ("scheduled", 0), ("scheduled", 0)]
    assert send(DUE + 6 * MINUTE) == {"sent": 3}


def test_what_was_taken_before_a_worker_died_is_sent_and_not_repeated(sink: Sink) -> None:
    site = open_clinic()
    for number in range(4):
        asked_for_link(site, email=f"person{number}@example.org")
    plan(as_of=DUE, by=REMINDERS)
    ids, before = claim(owner="dead", at=DUE), None
    for ready in fence(reminder_ids=ids, owner="dead", at=DUE)[:3]:
        left = leave(ready=ready, owner="dead", at=DUE, before=before)
        assert left is not None
        before = Tried(left, Verdict(Result.SENT, "accepted", "250"), DUE)
    assert recover(at=DUE + 5 * MINUTE) == 4
    states = sorted((row.state, row.attempts) for row in Reminder.objects.filter(pk__in=ids))
    assert states == [("retry", 1), ("scheduled", 0), ("sent", 1), ("sent", 1)]
    assert AuditEvent.objects.filter(event="reminder_sent").count() == 2
    assert send(DUE + 6 * MINUTE) == {"sent": 2}


def test_a_letter_waits_for_the_disk_before_it_leaves_and_a_reminder_does_not(
    reminder: Reminder,
) -> None:
    """What is asked of the database for the one statement that says that it leaves."""

    def waits(*, letter: bool) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")  # a test's own server waits for no disk
            owner = new_owner()
            Reminder.objects.update(at_most_once=letter)
            claim(owner=owner, at=DUE)
            assert hand_over(reminder, owner=owner, at=DUE) is not None
            cursor.execute("SHOW synchronous_commit")
            found = str(cursor.fetchone()[0])
            transaction.set_rollback(True)
        return found

    assert (waits(letter=True), waits(letter=False)) == ("on", "off")


def test_two_refusals_of_an_address_end_its_use_and_a_new_address_starts_afresh(sink: Sink) -> None:
    case = reachable_case()
    member = make_member(Role.CLINICIAN, site=case.site)
    who = {"membership": member, "by": Actor.staff(member), "because": "They read the address out."}
    for days in (2, 14):
        plan(as_of=NOON + days * DAY, by=REMINDERS)
        sink.answers["rcpt"] = ["550 no such user"]
        assert send(NOON + days * DAY) == {"failed": 1}
    assert case.tasks.count() >= 1
    assert AuditEvent.objects.filter(event="channel_disabled").count() == 1
    dead = bounced_out([case.patient_id])[case.patient_id]
    patient = Patient.objects.get(pk=case.patient_id)
    assert "email" not in channels_of(patient, case, dead)
    patient.email = "another@example.org"
    assert "email" in channels_of(patient, case, dead)
    assert forgive_bounces(case=case, channel=Channel.EMAIL, **who, at=NOON + 15 * DAY) == BOUNCES_ENOUGH
    assert bounced_out([case.patient_id]) == {}


# --- After a restore --------------------------------------------------------------------------------


@pytest.fixture
def beside(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_an_undisturbed_database_is_never_put_on_hold(beside: Path, sink: Sink) -> None:
    open_clinic()
    assert [hold_if_restored(by=REMINDERS, at=NOON) for _ in range(3)] == [False] * 3
    assert not SendingHold.objects.exists()
    assert DatabaseMark.objects.get().turn == 3


def test_a_database_that_went_back_in_time_sends_nothing_until_it_is_released(
    beside: Path, sink: Sink
) -> None:
    reminder = planned(asked_for_link().case, at=DUE, step="FU01")
    for _ in range(3):
        hold_if_restored(by=REMINDERS, at=DUE)
    DatabaseMark.objects.update(turn=1)  # as a backup of that time has it
    assert hold_if_restored(by=REMINDERS, at=DUE)
    assert send() == {}
    assert now(reminder).state == ReminderState.SCHEDULED
    assert SendingHold.objects.get().reason == "The database was restored"
    assert not hold_if_restored(by=REMINDERS, at=DUE)  # said once
    assert SendingHold.objects.count() == 1


def test_another_server_or_a_new_timeline_is_a_restore(beside: Path) -> None:
    open_clinic()
    hold_if_restored(by=REMINDERS, at=DUE)
    mark = DatabaseMark.objects.get()
    server, timeline, database = mark.identity.split("-")
    for other in (f"1-{timeline}-{database}", f"{server}-7-{database}", f"{server}-{timeline}-1"):
        DatabaseMark.objects.update(identity=other)
        SendingHold.objects.all().delete()
        assert hold_if_restored(by=REMINDERS, at=DUE)


def test_a_role_without_any_rights_may_ask_which_database_it_is(beside: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE asks_only NOSUPERUSER NOCREATEDB NOCREATEROLE")
        cursor.execute("SET LOCAL ROLE asks_only")
        cursor.execute("SELECT current_setting('is_superuser')")
        assert cursor.fetchone() == ("off",)
        cursor.execute(IDENTITY)
        assert cursor.fetchone()[0].count("-") == 2
        transaction.set_rollback(True)


@pytest.mark.parametrize("content", ["", "x", "-4", "9" * 4000])
def test_a_file_that_holds_nonsense_stops_no_round(beside: Path, content: str) -> None:
    hold_if_restored(by=REMINDERS, at=DUE)
    (file,) = (beside / "turns").iterdir()
    file.write_text(content)
    hold_if_restored(by=REMINDERS, at=DUE)
    file.unlink()
    assert hold_if_restored(by=REMINDERS, at=DUE) is False


def test_a_claim_that_is_not_ours_is_not_handed_over(reminder: object) -> None:
    (pk,) = claim(owner="a", at=DUE)
    assert hand_over(Reminder.objects.get(pk=pk), owner="b", at=DUE) is None

"""A draft that goes, by its person's wish or because nobody came back: what is erased, what stays."""

from __future__ import annotations

import datetime as dt
import errno
import uuid
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actors import Actor, ActorKind
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Patient, Response, Revision
from screening.cases.workflow import State
from screening.followup.services import note_bounce
from screening.intake import services
from screening.intake.models import Document
from screening.intake.services.documents import path_of
from screening.review.selectors import View, worklist
from tests.factories import intake as factories
from tests.factories.followup import asked_for_link, planned
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.factories.room import replies, settles_news
from tests.followup.rounds import now, send

TICK = Actor(ActorKind.SYSTEM, label="housekeeping")
LATE = NOON + dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


def erase(response: Response) -> None:
    services.erase_draft(case=response.case, by=Actor.patient(response.patient_id), at=NOON)


def urgent(site: Site) -> Response:
    response = factories.draft(site)
    by = Actor.patient(response.patient_id)
    services.save_page(
        response=response,
        page_id="rf-saddle",
        answers={"rf_saddle": "new_or_worse"},
        seen_lock=0,
        by=by,
        at=NOON,
    )
    services.leave_contact(case=response.case, name="Ada", phone="07700 900123", by=by, at=NOON)
    return response


def stored_about(response: Response) -> str:
    """The row of the person as the database holds it: every encrypted value in it begins with v1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p)::text FROM screening_patient p WHERE id = %s", [response.patient_id]
        )
        return str(cursor.fetchone())


def test_answers_saves_files_links_and_the_person_go(
    clinic: Site, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    response = factories.finished_draft(clinic)
    file = path_of(response.case.documents.get())
    token = services.issue_link(case=response.case, by=Actor.patient(response.patient_id), at=NOON)
    assert file.exists()
    assert "v1:" in stored_about(response)
    with django_capture_on_commit_callbacks(execute=True):
        erase(response)
    response = factories.response_of(response.case)
    assert (response.answers, response.private_answers, response.page_locks) == ({}, None, {})
    assert Revision.objects.filter(response=response).count() == 0
    assert not file.exists()
    assert response.case.documents.get().name == ""
    assert services.open_link(token=token, date_of_birth=dt.date(1980, 1, 1), at=NOON) is None
    patient = response.patient
    assert {patient.date_of_birth, patient.given_name, patient.family_name, patient.email, patient.phone} == {
        None
    }
    assert {patient.date_of_birth_hash, patient.family_name_hash, patient.nhs_number_hash} == {""}
    assert "v1:" not in stored_about(response)


def test_the_address_of_the_person_is_kept_nowhere_not_even_as_a_hash(clinic: Site) -> None:
    response = asked_for_link(clinic)
    case = response.case
    reminder = planned(case, at=NOON + dt.timedelta(days=1), step="FU01")
    send(reminder.due_at)
    note_bounce(reminder=now(reminder), reason="bounced", by=TICK, at=NOON)
    hashed = case.patient.email_hash
    assert now(reminder).address_hash == hashed
    erase(response)
    left = [
        *case.links.values_list("email_hash", flat=True),
        *case.reminders.values_list("address_hash", flat=True),
        *case.patient.bounces.values_list("address_hash", flat=True),
    ]
    assert len(left) > 2
    assert set(left) == {""}


def test_that_a_form_was_begun_and_ended_stays_in_the_trail(clinic: Site) -> None:
    response = factories.draft(clinic)
    erase(response)
    case = factories.response_of(response.case).case
    assert (case.state, case.closed_at) == (State.WITHDRAWN, NOON)
    events = set(AuditEvent.objects.filter(case_reference=case.reference).values_list("event", flat=True))
    assert {Event.CASE_STARTED, Event.PAGE_SAVED, Event.CASE_ERASED} <= events
    erased = AuditEvent.objects.get(event=Event.CASE_ERASED)
    assert erased.detail["saves"] > 0
    assert erased.detail["person_kept"] is False


def test_the_browser_that_still_holds_it_reads_that_it_is_closed(clinic: Site, client: Client) -> None:
    response = factories.draft(clinic)
    factories.enter(client, response, at=timezone.now())
    erase(response)
    assert client.get("/form/").status_code == 410


def test_an_urgent_answer_stays_with_the_number_to_ring_until_a_clinician_cleared_it(
    clinic: Site,
) -> None:
    response = urgent(clinic)
    erase(response)
    fresh = factories.response_of(response.case)
    assert fresh.answers == {}
    assert fresh.case.state == State.DRAFT
    assert fresh.patient.phone == "07700 900123"
    assert fresh.case.red_flags.get().cleared_at is None
    who = Clinician.at(clinic)
    listed = worklist(site=clinic, view=View.TO_DO, user_id=who.membership.user_id, at=NOON).cases
    assert [case.reference for case in listed] == [fresh.case.reference]
    who.takes(fresh.case, at=NOON)
    who.clears(fresh.case, at=NOON)
    case = factories.response_of(response.case).case
    assert case.state == State.WITHDRAWN
    assert case.red_flags.get().cleared_at == NOON


def test_a_form_that_was_sent_is_never_erased(clinic: Site) -> None:
    case = factories.submitted_case(clinic)
    with pytest.raises(services.NotADraft):
        services.erase_draft(case=case, by=Actor.patient(case.patient_id), at=NOON)
    assert factories.response_of(case).answers


def test_the_database_keeps_the_saves_of_every_form_that_counts(clinic: Site) -> None:
    response = factories.draft(clinic)
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(response=response).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(response=response).update(page_id="x")


@pytest.mark.parametrize(("seconds", "gone"), [(-1, 0), (0, 1)])
def test_a_draft_goes_thirty_days_after_its_last_save(clinic: Site, seconds: int, gone: int) -> None:
    response = factories.draft(clinic)
    assert services.expire_drafts(by=TICK, at=LATE + dt.timedelta(seconds=seconds)) == gone
    case = factories.response_of(response.case).case
    assert (case.state == State.EXPIRED) is bool(gone)
    assert AuditEvent.objects.filter(event=Event.CASE_EXPIRED).count() == gone


def test_a_draft_with_a_standing_urgent_answer_waits_for_a_clinician_however_old_it_is(clinic: Site) -> None:
    response = urgent(clinic)
    old = LATE + dt.timedelta(days=400)
    assert services.expire_drafts(by=TICK, at=old) == 0
    who = Clinician.at(clinic)
    who.takes(response.case, at=old)
    who.clears(response.case, at=old)
    assert services.expire_drafts(by=TICK, at=old) == 1
    fresh = factories.response_of(response.case)
    assert (fresh.case.state, fresh.answers) == (State.EXPIRED, {})
    assert fresh.patient.phone == "07700 900123", "what a clinician acted on is a health record"
    assert fresh.case.red_flags.count() == 1


def test_a_draft_that_cannot_be_erased_keeps_no_other(clinic: Site) -> None:
    damaged, other = factories.draft(clinic), factories.draft(clinic)
    Patient.objects.filter(pk=damaged.patient_id).update(phone=Value("v1:00000000:lost"))
    Response.objects.filter(pk=damaged.pk).update(last_activity_at=NOON - dt.timedelta(days=1))
    assert services.expire_drafts(by=TICK, at=LATE) == 1
    assert factories.response_of(other.case).case.state == State.EXPIRED


def test_expiring_twice_changes_nothing_the_second_time(clinic: Site) -> None:
    factories.draft(clinic)
    assert [services.expire_drafts(by=TICK, at=LATE) for _ in range(2)] == [1, 0]


def test_messages_go_with_the_form_and_nothing_nameless_stays_on_the_worklist(clinic: Site) -> None:
    response = factories.draft(clinic)
    replies(response.case, "Ada Quillfeather, please ring me.", at=NOON)
    erase(response)
    case = factories.response_of(response.case).case
    assert case.messages.count() == 0
    assert case.news_at is None
    assert case not in worklist(site=clinic, view=View.TO_DO, user_id=0, at=NOON).cases
    assert AuditEvent.objects.get(event=Event.CASE_ERASED).detail["messages"] == 1


def test_a_draft_with_an_unread_message_waits_until_somebody_has_read_it(clinic: Site) -> None:
    response = factories.draft(clinic)
    replies(response.case, at=NOON)
    assert services.expire_drafts(by=TICK, at=LATE) == 0
    settles_news(Clinician.at(clinic), response.case, at=LATE)
    assert services.expire_drafts(by=TICK, at=LATE) == 1


def test_a_file_that_could_not_be_removed_goes_when_the_folder_takes_changes_again(
    clinic: Site,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    response = factories.finished_draft(clinic)
    document = response.case.documents.get()
    other = copied(document)
    with monkeypatch.context() as read_only, django_capture_on_commit_callbacks(execute=True):
        read_only.setattr(Path, "unlink", refusing)
        erase(response)
    assert path_of(document).exists()
    assert path_of(other).exists()
    assert services.remove_files_left(at=NOON + dt.timedelta(days=1)) == 2
    assert not path_of(document).exists()
    assert not path_of(other).exists()
    assert services.remove_files_left(at=NOON + dt.timedelta(days=1)) == 0


def test_files_that_stand_are_left_alone(clinic: Site) -> None:
    document = factories.finished_draft(clinic).case.documents.get()
    assert services.remove_files_left(at=NOON) == 0
    assert path_of(document).exists()


def refusing(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def copied(document: Document) -> Document:
    source = path_of(document).read_bytes()
    document = Document.objects.get(pk=document.pk)
    document.pk = None
    document.id = uuid.uuid4()
    document.save(force_insert=True)
    path_of(document).write_bytes(source)
    return document

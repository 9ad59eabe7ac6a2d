"""Messages both ways, the mark that they were read, and what staff see of them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.services import Stale
from screening.cases.workflow import State
from screening.intake.services import withdraw
from screening.review import selectors
from screening.review.models import Message
from screening.review.presenters import WorklistRow
from screening.review.room import services
from screening.review.services import Refused
from tests.factories.intake import draft, submitted_case
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, decided_case, replies

pytestmark = pytest.mark.django_db


def row_of(case: Case) -> WorklistRow | None:
    page = selectors.worklist(site=case.site, view=selectors.View.TO_DO, user_id=0, at=LATE)
    found = next((each for each in page.cases if each.pk == case.pk), None)
    return found and WorklistRow.of(found, at=LATE, today=LATE.date(), user_id=0)


def writes(clinician: Clinician, case: Case, text: str = "Please ring us.") -> Message:
    return services.write_to_patient(case=case, key=uuid.uuid4(), text=text, **clinician.who(LATE))


def test_a_reply_is_kept_unreadable_written_down_and_shown_on_the_worklist(case: Case) -> None:
    replies(case, "Quillfeather moved house.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text::text FROM screening_message")
        assert "Quillfeather" not in str(cursor.fetchall())
    assert Message.objects.get().text == "Quillfeather moved house."
    trail = AuditEvent.objects.get(event=Event.MESSAGE_SENT)
    assert (trail.actor_kind, trail.detail) == ("patient", {})
    row = row_of(case)
    assert row is not None
    assert "Patient replied" in [mark.text for mark in row.marks]


@pytest.mark.parametrize("state", [State.AWAITING_INFO, State.DECLINED])
def test_a_reply_brings_a_case_that_nobody_watches_back_on_the_list(site: Site, state: State) -> None:
    waits = state == State.AWAITING_INFO
    case = submitted_case(site, dx_confirmed="not_sure") if waits else decided_case(site)
    assert fresh(case).state == state
    assert row_of(case) is None
    replies(case)
    assert row_of(case) is not None
    assert fresh(case).waiting_since == LATE


def test_the_same_page_sent_twice_is_one_message(case: Case) -> None:
    key = uuid.uuid4()
    assert replies(case, key=key).pk == replies(case, key=key).pk
    assert AuditEvent.objects.filter(event=Event.MESSAGE_SENT).count() == 1


def test_other_words_sent_from_the_same_page_are_another_message(case: Case) -> None:
    """Somebody goes back to the page that they sent, and says more."""
    key = uuid.uuid4()
    replies(case, "Thank you.", key=key)
    replies(case, "Thank you. My leg has gone numb since.", key=key)
    assert Message.objects.filter(case=case).count() == 2


def test_marking_as_read_takes_it_off_the_list_and_tells_when(case: Case, clinician: Clinician) -> None:
    replies(case)
    services.settle_news(case=case, seen=fresh(case).lock, **clinician.who(LATE))
    assert Message.objects.get().read_at == LATE
    assert fresh(case).news_at is None
    assert AuditEvent.objects.filter(event=Event.NEWS_SETTLED).count() == 1
    with pytest.raises(Refused, match="nothing new"):
        services.settle_news(case=case, seen=fresh(case).lock, **clinician.who(LATE))


def test_news_that_came_meanwhile_are_not_marked_as_read(case: Case, clinician: Clinician) -> None:
    replies(case)
    seen = fresh(case).lock
    replies(case, "One more thing.")
    with pytest.raises(Stale):
        services.settle_news(case=case, seen=seen, **clinician.who(LATE))
    assert Message.objects.filter(read_at__isnull=True).count() == 2


def test_the_first_reading_by_the_patient_is_kept(case: Case, clinician: Clinician) -> None:
    writes(clinician, case)
    by = Actor.patient(case.patient_id)
    assert services.read_messages(case=case, by=by, at=LATE) == 1
    assert services.read_messages(case=case, by=by, at=LATE + dt.timedelta(days=1)) == 0
    assert Message.objects.get().read_at == LATE


def test_who_may_not_write_to_patients_cannot(case: Case) -> None:
    administrator = Clinician.at(case.site, Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="may not"):
        writes(administrator, case)


def test_nobody_writes_after_a_form_was_taken_back(case: Case, clinician: Clinician) -> None:
    withdraw(case=case, by=Actor.patient(case.patient_id), at=LATE)
    with pytest.raises(Refused, match="took the form back"):
        writes(clinician, case)
    with pytest.raises(Refused, match="took your form back"):
        replies(case)


def test_somebody_who_has_not_finished_the_form_may_write(site: Site) -> None:
    case = draft(site).case
    replies(case, "I am stuck at question 3.")
    assert row_of(case) is not None

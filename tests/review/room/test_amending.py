"""Answers changed after the form was sent: added beside what was said, judged again, seen by staff."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, ResponseStatus, Revision
from screening.cases.workflow import State
from screening.intake.filling import PAPER
from screening.intake.services import StaleAnswers, issue_link, open_link, withdraw
from screening.intake.uploads import Upload
from screening.review import selectors
from screening.review.models import Amendment
from screening.review.services import Refused
from tests.factories.intake import NOON, answers_in, draft, response_of, submitted_case
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, amends, decided_case, settles_news

pytestmark = pytest.mark.django_db


def on_worklist(case: Case) -> bool:
    page = selectors.worklist(site=case.site, view=selectors.View.TO_DO, user_id=0, at=LATE)
    return case in page.cases


def asked(site: Site, *items: str, **changes: object) -> Case:
    case = submitted_case(site, **changes)
    Clinician.at(site).asks(case, items=items)
    return case


def test_a_correction_keeps_what_was_said_first(case: Case) -> None:
    before = answers_in(response_of(case))["dx_confirmed"]
    amends(case, answers={"dx_confirmed": "no"}, reason="I misread the question.")
    change = Amendment.objects.get()
    assert (change.item, change.before, change.after) == ("dx_confirmed", before, "no")
    assert change.reason == "I misread the question."
    response = response_of(case)
    assert response.status == ResponseStatus.AMENDED
    assert answers_in(response)["dx_confirmed"] == "no"
    assert change.revision == response.revision == Revision.objects.get(number=response.revision).number


def test_the_database_refuses_to_change_what_was_said_first(case: Case) -> None:
    amends(case, answers={"dx_confirmed": "no"})
    with pytest.raises(DatabaseError):
        Amendment.objects.update(reason=None)


def test_what_was_said_is_unreadable_in_the_database(case: Case) -> None:
    amends(case, answers={"goals": "Walk to the Quillfeather shop"}, reason="Quillfeather is nearer.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT before::text || after::text || reason::text FROM screening_amendment")
        assert "Quillfeather" not in str(cursor.fetchall())


def test_corrected_answers_are_judged_again_and_staff_see_that_something_changed(case: Case) -> None:
    assert fresh(case).outcome == "flagged_review"
    amends(case, answers={"dx_confirmed": "no"})
    case = fresh(case)
    assert case.outcome == "not_currently"
    assert case.assessments.count() == 2
    assert case.news_at == LATE
    assert on_worklist(case)
    trail = AuditEvent.objects.get(event=Event.ANSWERS_CORRECTED)
    assert trail.detail == {"items": ["dx_confirmed"]}


def test_the_same_correction_twice_is_one(case: Case) -> None:
    seen = response_of(case).revision
    amends(case, answers={"dx_confirmed": "no"}, seen=seen)
    amends(case, answers={"dx_confirmed": "no"}, seen=seen)
    assert Amendment.objects.count() == 1
    assert fresh(case).assessments.count() == 2


def test_a_stale_correction_writes_nothing_and_shows_both(case: Case) -> None:
    seen = response_of(case).revision
    amends(case, answers={"dx_confirmed": "no"}, seen=seen)
    with pytest.raises(StaleAnswers) as stale:
        amends(case, answers={"dx_confirmed": "not_sure"}, seen=seen)
    assert stale.value.saved == {"dx_confirmed": "no"}
    assert stale.value.typed == {"dx_confirmed": "not_sure"}
    assert answers_in(response_of(case))["dx_confirmed"] == "no"


def test_an_urgent_correction_calls_for_advice_and_raises_the_case_at_once(case: Case) -> None:
    amended = amends(case, answers={"rf_saddle": "new_or_worse"})
    assert [due.item for due in amended.advice] == ["rf_saddle"]
    case = fresh(case)
    assert (case.state, case.rank, case.outcome) == (State.URGENT_HOLD, 1, "urgent")


def test_an_urgent_correction_of_a_closed_case_is_on_the_worklist_and_can_be_dealt_with(
    site: Site, lead: Clinician
) -> None:
    case = decided_case(site)
    amends(case, answers={"rf_saddle": "new_or_worse"})
    case = fresh(case)
    assert (case.state, case.rank) == (State.DECLINED, 1)
    assert on_worklist(case)
    lead.takes(case, at=LATE)
    lead.clears(case, at=LATE)
    assert fresh(case).rank == 5


def test_an_address_corrected_later_does_not_make_a_cleared_answer_urgent_again(
    site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician.takes(case)
    clinician.clears(case)
    amends(case, answers={"goals": "Sleep through the night"})
    case = fresh(case)
    assert (case.state, case.outcome, case.rank) == (State.AWAITING_REVIEW, "flagged_review", 5)


def test_answering_what_a_clinician_asked_brings_the_case_back_to_them(site: Site) -> None:
    case = asked(site, "dx_confirmed", dx_confirmed="not_sure")
    assert fresh(case).state == State.AWAITING_INFO
    request = case.information_requests.get()
    amends(case, answers={"dx_confirmed": "yes"}, request=request, text="I found the letter.")
    request.refresh_from_db()
    case = fresh(case)
    assert (request.answered_at, request.answer) == (LATE, "I found the letter.")
    assert case.state == State.AWAITING_REVIEW
    assert case.waiting_since == LATE
    assert case.outcome == "flagged_review"
    assert Amendment.objects.get().request == request
    assert AuditEvent.objects.filter(event=Event.INFORMATION_RECEIVED).count() == 1


def test_words_alone_answer_a_request_for_words(site: Site) -> None:
    case = asked(site)
    amends(case, request=case.information_requests.get(), text="In March.")
    assert fresh(case).state == State.AWAITING_REVIEW
    assert case.information_requests.get().answer == "In March."


def test_a_second_open_request_keeps_the_case_waiting(site: Site) -> None:
    case = asked(site)
    first = case.information_requests.get()
    case.information_requests.create(text="And this?", asked_by=first.asked_by, asked_at=first.asked_at)
    amends(case, request=first, text="In March.")
    assert fresh(case).state == State.AWAITING_INFO


def test_an_urgent_answer_to_a_request_is_held_not_queued(site: Site) -> None:
    case = asked(site, "rf_saddle")
    amends(case, answers={"rf_saddle": "new_or_worse"}, request=case.information_requests.get())
    assert fresh(case).state == State.URGENT_HOLD


def test_filling_in_what_the_rules_missed_brings_the_case_to_a_clinician(site: Site) -> None:
    case = submitted_case(site, dx_confirmed="not_sure")
    assert fresh(case).state == State.AWAITING_INFO
    amends(case, answers={"dx_confirmed": "yes"})
    assert fresh(case).state == State.AWAITING_REVIEW


def test_a_case_that_still_misses_something_goes_on_waiting_for_the_patient(site: Site) -> None:
    case = submitted_case(site, dx_confirmed="not_sure")
    amends(case, answers={"goals": "Garden again"})
    assert fresh(case).state == State.AWAITING_INFO
    assert on_worklist(case)


def test_a_document_that_comes_later_is_kept_and_brings_the_case_to_a_clinician(
    site: Site, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"
    case = submitted_case(site, dx_confirmed="not_sure")
    amends(case, uploads=[("record_files", Upload("letter.pdf", PAPER))])
    assert "letter.pdf" in [document.name for document in case.documents.all()]
    assert fresh(case).state == State.AWAITING_REVIEW


def test_a_corrected_name_is_the_name_that_staff_find(case: Case) -> None:
    amends(case, answers={"family_name": "Newname"})
    assert [found.pk for found in selectors.search(site=case.site, text="Newname").cases] == [case.pk]


def test_a_correction_does_not_undo_contact_choices_made_since(case: Case) -> None:
    patient = case.patient
    patient.contact_by_email, patient.reminders_wanted = True, False
    patient.save()
    amends(case, answers={"goals": "Sleep"})
    patient.refresh_from_db()
    assert (patient.contact_by_email, patient.reminders_wanted) == (True, False)


def test_a_corrected_date_of_birth_opens_the_link(case: Case) -> None:
    token = issue_link(case=case, by=_patient(case), at=LATE)
    amends(case, answers={"dob": "1981-04-28"})
    assert open_link(token=token, date_of_birth=dt.date(1981, 4, 28), at=LATE) == response_of(case)
    assert open_link(token=token, date_of_birth=dt.date(1980, 1, 1), at=LATE) is None


def test_a_form_that_was_not_sent_or_was_taken_back_is_not_corrected_here(site: Site, case: Case) -> None:
    with pytest.raises(Refused, match="not sent"):
        amends(draft(site).case, answers={"goals": "Sleep"})
    withdraw(case=case, by=_patient(case), at=LATE)
    with pytest.raises(Refused, match="took your form back"):
        amends(case, answers={"goals": "Sleep"}, at=LATE + dt.timedelta(hours=1))


def test_a_second_clinician_cannot_agree_to_answers_the_first_one_never_read(
    case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case)
    clinician.decides(case)
    amends(case, answers={"dx_confirmed": "no"})
    lead.opens(case, at=LATE)
    with pytest.raises(Refused, match="changed an answer"):
        lead.looks_second(case, at=LATE)
    lead.looks_second(case, agrees=False, at=LATE)
    assert fresh(case).state == State.AWAITING_REVIEW


def _patient(case: Case) -> Actor:
    return Actor.patient(case.patient_id)


def test_words_added_to_a_question_already_answered_are_kept_and_are_news(site: Site) -> None:
    case = asked(site)
    request = case.information_requests.get()
    amends(case, request=request, text="In March.")
    settles_news(Clinician.at(site), case)
    amends(case, request=request, text="It came back in May.")
    assert case.information_requests.get().answer == "In March.\n\nIt came back in May."
    assert fresh(case).news_at == LATE
    assert AuditEvent.objects.filter(event=Event.INFORMATION_RECEIVED).count() == 2
    amends(case, request=request, text="It came back in May.")
    assert case.information_requests.get().answer == "In March.\n\nIt came back in May.", "pressed twice"
    assert AuditEvent.objects.filter(event=Event.INFORMATION_RECEIVED).count() == 2


def test_a_change_with_new_words_keeps_the_earlier_words(site: Site) -> None:
    case = asked(site, "dx_confirmed", dx_confirmed="not_sure")
    request = case.information_requests.get()
    amends(case, answers={"dx_confirmed": "yes"}, request=request, text="I found the letter.")
    amends(case, answers={"dx_confirmed": "no"}, request=request, text="It was another one.")
    assert case.information_requests.get().answer == "I found the letter.\n\nIt was another one."


def test_agreeing_no_longer_is_kept_beside_having_agreed(case: Case) -> None:
    amends(case, answers={"gp_share": "no"})
    amends(case, answers={"goals": "Walk to the shop"}, at=LATE + dt.timedelta(hours=1))
    kept = response_of(case).statements.filter(code="CS4").order_by("id")
    assert [(row.answer, row.at) for row in kept] == [("yes", NOON), ("no", LATE)]
    assert len({row.version_sha256 for row in kept}) == 1
    assert response_of(case).statements.filter(code="CS3").count() == 1


def test_an_address_or_a_number_that_was_taken_away_is_used_no_more(site: Site) -> None:
    case = submitted_case(site, email="sam@example.org", nhs_number="9434765919", phone="07700 900123")
    amends(case, answers={"email": None, "nhs_number": None, "phone": None})
    patient = fresh(case).patient
    assert (patient.email, patient.email_hash, patient.email_verified_at) == (None, "", None)
    assert (patient.nhs_number, patient.nhs_number_hash) == (None, "")
    assert patient.phone == "07700 900123", "somebody may have to ring about an urgent answer"
    assert selectors.search(site=site, text="943 476 5919").cases == []
    assert Amendment.objects.get(item="email").before == "sam@example.org"

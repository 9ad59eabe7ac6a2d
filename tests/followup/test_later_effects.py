"""Forms of follow-up: nothing urgent is lost with the time, and what they take back is taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Site
from screening.cases.models import Case, RedFlag, Response
from screening.followup.open_forms import open_forms
from screening.intake.filling import PAPER
from screening.intake.selectors import document_of, documents_of
from screening.intake.services.documents import add_uploads, names_of
from screening.intake.uploads import Upload
from screening.questionnaires.selectors import questionnaire_of
from tests.factories.followup import reachable_case
from tests.factories.intake import NOON, answers_in, enter, open_clinic, response_of, submitted_case
from tests.factories.review import Clinician, fresh
from tests.followup.test_later_forms import begun, patient, sent
from tests.followup.times import DAY
from tests.intake.reading import BORN, hidden_in, time_runs_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def started(site: Site, *, now: dt.datetime, **changes: object) -> Case:
    """Treated for a month: the first form of follow-up is open."""
    case = submitted_case(site, at=now - 40 * DAY, **changes)
    Clinician.at(site).starts(case, (now - 30 * DAY).date(), at=now)
    return case


def begins_a_form(client: Client, case: Case, *, at: dt.datetime) -> Response:
    enter(client, response_of(case), at=at)
    (form,) = open_forms(case, at=at)
    client.post(reverse("patient-forms"), {"form": form.key})
    return case.responses.exclude(occasion="").get()


def test_an_urgent_answer_of_a_later_form_outlasts_the_time_running_out(
    client: Client, db: None, now: dt.datetime
) -> None:
    here = started(open_clinic(), now=now)
    later = begins_a_form(client, here, at=now)
    time_runs_out(client)
    page = reverse("intake-page", args=[questionnaire_of(later.version).page_of("ae_serious").id])
    waits = client.post(page, {"lock": "0", "asked": "ae_serious", "ae_serious": "yes"})
    assert waits.status_code == 403
    answer = client.post(page, {**hidden_in(waits.content), **BORN})
    assert answer.headers["Location"] == reverse("intake-advice")
    assert RedFlag.objects.filter(case=here, item="ae_serious", tier=1).exists()
    assert answers_in(Response.objects.get(pk=later.pk))["ae_serious"] == "yes"


def test_a_repeated_warning_sign_of_a_later_form_is_news_after_the_time_ran_out(
    client: Client, db: None, now: dt.datetime
) -> None:
    here = started(open_clinic(), now=now, rf_saddle="new_or_worse")
    clinician = Clinician.at(here.site)
    clinician.takes(here, at=now)
    clinician.clears(here, at=now)
    begins_a_form(client, here, at=now)
    time_runs_out(client)
    page = reverse("intake-page", args=["rf-saddle"])
    waits = client.post(page, {"lock": "0", "asked": "rf_saddle", "rf_saddle": "new_or_worse"})
    client.post(page, {**hidden_in(waits.content), **BORN})
    assert RedFlag.objects.filter(case=here, item="rf_saddle", cleared_at__isnull=True).exists()
    assert fresh(here).rank == 1


YEAR = NOON + 338 * DAY


@pytest.fixture
def case(db: None) -> Case:
    found = reachable_case(at=NOON)
    Clinician.at(found.site).starts(found, NOON.date())
    return fresh(found)


def test_what_the_yearly_form_takes_back_is_taken_back(case: Case) -> None:
    assert (case.patient.gp_sharing_agreed, case.patient.contact_by_email) == (True, True)
    sent(case, at=YEAR, step="FU14", gp_share="no", contact_email=False, contact_sms=False)
    found = fresh(case).patient
    assert (found.gp_sharing_agreed, found.contact_by_email) == (False, False)


def test_a_new_address_in_the_yearly_form_is_kept_and_asked_to_be_confirmed(
    case: Case, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sent(case, at=YEAR, step="FU14", email="new@example.org", contact_email=True)
    found = fresh(case).patient
    assert (found.email, found.email_verified_at) == ("new@example.org", None)
    assert [each.to for each in mail.outbox if "Confirm" in each.subject] == [["new@example.org"]]


def test_the_files_of_the_decided_form_are_not_those_of_a_later_one(case: Case) -> None:
    first = response_of(case)
    add_uploads(
        first, [("record_files", Upload("decided.pdf", PAPER))], written=[], by=patient(case), at=NOON
    )
    (kept,) = case.documents.all()
    later = begun(case, at=YEAR, step="FU14")
    assert documents_of(later, "record_files") == []
    assert document_of(later, kept.pk) is None
    add_uploads(later, [("record_files", Upload("new.pdf", PAPER))], written=[], by=patient(case), at=YEAR)
    assert [each.name for each in documents_of(later, "record_files")] == ["new.pdf"]
    assert names_of(later, "record_files") == ["new.pdf"]
    assert len(documents_of(first, "record_files")) == 2

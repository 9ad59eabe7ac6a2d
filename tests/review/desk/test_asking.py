"""Asking the patient for a document, and the clock that stands still meanwhile."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Site
from screening.cases.services import local_date
from screening.cases.workflow import State
from screening.intake.filling import PAPER
from screening.review.room.selectors import standing
from tests.factories.intake import submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import inside

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("records", ["will_send", "uploaded"])
def test_a_document_is_asked_for_and_sent_on_the_page_that_asks(
    client: Client, site: Site, clinician: Clinician, records: str
) -> None:
    """Whoever said that they would send it later, and whoever has sent one before."""
    files = ["letter.pdf"] if records == "uploaded" else []
    case = submitted_case(site, records=records, record_files=files)
    before = case.documents.count()
    clinician.takes(case, at=timezone.now())
    staff = sign_in(Client(), clinician.membership)
    address = reverse("case-ask", args=[case.reference])
    assert "A document: a letter or a summary" in staff.get(address).content.decode()
    said = {"seen": fresh(case).lock, "items": ["record_files"], "text": "Please send the scan."}
    assert staff.post(address, said).status_code == 302
    assert fresh(case).state == State.AWAITING_INFO

    here = inside(client, case)
    asks = reverse("patient-questions", args=[1])
    page = here.get(asks).content.decode()
    assert 'type="file"' in page
    lock = case.responses.get().revision
    sent = {"lock": lock, "asked": "record_files", "record_files": SimpleUploadedFile("scan.pdf", PAPER)}
    assert here.post(asks, sent).status_code == 303
    assert case.documents.count() == before + 1
    assert fresh(case).state == State.AWAITING_REVIEW
    assert case.information_requests.get().answered_at is not None


def test_a_question_that_the_patient_has_answered_meanwhile_is_refused_in_words(
    site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site)
    clinician.takes(case, at=timezone.now())
    said = {"seen": fresh(case).lock, "items": ["dob"], "text": "Please say when you were born."}
    page = sign_in(Client(), clinician.membership).post(reverse("case-ask", args=[case.reference]), said)
    assert page.status_code == 422
    assert page.context["form"].errors["items"] == [
        "What you ticked is not open now: look at the list, then tick again"
    ]
    assert "Please say when you were born." in page.content.decode()


def test_the_target_of_the_clinic_stands_still_while_the_patient_is_asked(
    client: Client, site: Site, clinician: Clinician
) -> None:
    case = submitted_case(site)
    at = timezone.now()
    today = local_date(at)
    late = standing(case, today=today)
    assert late.by is not None
    assert late.late
    clinician.asks(case, at=at)
    asked = standing(fresh(case), today=today)
    assert (asked.by, asked.late) == (None, False)
    lock = case.responses.get().revision
    inside(client, case).post(reverse("patient-questions", args=[1]), {"lock": lock, "text": "In May."})
    again = standing(fresh(case), today=today)
    assert again.by is not None
    assert not again.late

"""Whoever finishes in one sitting is asked to prove the address that messages will go to."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Site
from screening.cases.models import Patient
from screening.intake import services
from tests.factories.intake import NOON, answers_in, enter, response_of, submitted_case

WANTS_MAIL = {"email": "sam@example.org", "contact_email": True}


def test_the_mail_proves_the_address_when_its_link_is_opened(
    clinic: Site, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        case = submitted_case(clinic, **WANTS_MAIL)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["sam@example.org"], "Confirm your email address")
    token = re.search(r"/go/([\w-]+)/", sent.body)
    assert token is not None
    born = str(answers_in(response_of(case))["dob"])
    services.open_link(token=token[1], date_of_birth=NOON.date().fromisoformat(born), at=NOON)
    assert Patient.objects.get(pk=case.patient_id).email_verified_at == NOON


@pytest.mark.parametrize("changes", [{}, {"email": "sam@example.org", "contact_email": False}])
def test_nobody_is_mailed_who_did_not_ask_for_it(
    clinic: Site,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    changes: dict[str, object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submitted_case(clinic, **changes)
    assert mail.outbox == []


def test_a_mail_server_that_fails_does_not_stand_before_the_receipt(
    clinic: Site,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("screening.intake.services.mailing._mail", fail)
    with django_capture_on_commit_callbacks(execute=True):
        case = submitted_case(clinic, **WANTS_MAIL)
    assert case.submitted_at == NOON


def test_the_receipt_says_that_an_email_is_waiting(clinic: Site, client: Client) -> None:
    at = timezone.now()
    case = submitted_case(clinic, at=at, **WANTS_MAIL)
    page = enter(client, response_of(case), at=at).get(reverse("intake-sent")).content.decode()
    assert "Look in your email" in page

"""Five wrong dates lock a link and tell staff, who let the person in again without seeing an answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Response
from screening.followup.models import SuppressedFor
from screening.intake import services
from screening.intake.models import Link
from screening.review.desk.services import join_records
from tests.factories.followup import asked_for_link, reachable_case, suppressed
from tests.factories.intake import draft, open_clinic
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician

BORN = dt.date(1980, 1, 1)
WRONG = dt.date(1981, 1, 1)


@pytest.fixture
def clinic(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def locked_out(clinic: Site) -> Response:
    at = timezone.now()
    response = draft(clinic, at=at)
    token = services.issue_link(case=response.case, by=Actor.patient(response.patient_id), at=at)
    for _ in range(services.LINK_TRIES):
        services.open_link(token=token, date_of_birth=WRONG, at=at)
    return response


def staff(clinic: Site, role: Role) -> Client:
    return sign_in(Client(), make_member(role, site=clinic))


def way_back(response: Response) -> str:
    return f"/staff/cases/{response.case.reference}/way-back/"


def test_the_worklist_says_that_somebody_is_locked_out_and_where_to_help(
    clinic: Site, locked_out: Response
) -> None:
    browser = staff(clinic, Role.CLINICIAN)
    assert b"1 link was locked" in browser.get("/staff/worklist/").content
    listed = browser.get("/staff/locked/").content.decode()
    assert way_back(locked_out) in listed
    assert b"was locked" in browser.get(f"/staff/cases/{locked_out.case.reference}/").content
    event = AuditEvent.objects.get(event=Event.LINKS_VIEWED)
    assert event.references == [locked_out.case.reference]


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.LEAD_CLINICIAN, Role.ADMINISTRATOR])
def test_unlocking_takes_it_off_the_list(clinic: Site, locked_out: Response, role: Role) -> None:
    browser = staff(clinic, role)
    assert browser.post(way_back(locked_out), {"do": "unlock"}).status_code == 302
    assert Link.objects.get().locked_at is None
    assert way_back(locked_out) not in browser.get("/staff/locked/").content.decode()
    event = AuditEvent.objects.get(event=Event.LINK_UNLOCKED)
    assert event.actor_kind == "staff"


def test_a_code_from_staff_is_shown_once_and_ends_what_was_locked(clinic: Site, locked_out: Response) -> None:
    browser = staff(clinic, Role.ADMINISTRATOR)
    page = browser.post(way_back(locked_out), {"do": "code"}).content.decode()
    (code,) = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert services.open_code(code=code, date_of_birth=BORN, at=timezone.now()) == locked_out
    assert code not in browser.get(way_back(locked_out)).content.decode()
    assert Link.objects.filter(locked_at__isnull=False, revoked_at__isnull=True).count() == 0


def test_a_code_that_cannot_be_made_ends_nothing(
    locked_out: Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.intake.codes.new_code", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.give_new_code(case=locked_out.case, by=Actor.system("test"), at=timezone.now())
    assert Link.objects.get().revoked_at is None
    assert not AuditEvent.objects.filter(event=Event.LINK_REVOKED).exists()


def test_staff_may_make_more_codes_than_a_patient(locked_out: Response) -> None:
    said = {"case": locked_out.case, "at": timezone.now()}
    codes = [services.give_new_code(by=Actor.system("test"), **said) for _ in range(6)]
    assert len(set(codes)) == 6
    assert Link.objects.filter(revoked_at__isnull=True).count() == 1
    with pytest.raises(services.TooManyLinks):
        services.issue_code(by=Actor.patient(locked_out.patient_id), **said)


@pytest.mark.django_db(transaction=True)
def test_a_new_link_goes_to_the_address_on_file(client: Client) -> None:
    clinic, at = open_clinic(), timezone.now()
    response = draft(clinic, at=at)
    services.send_link(
        response=response, email="ada@example.org", by=Actor.patient(response.patient_id), at=at
    )
    browser = staff(clinic, Role.CLINICIAN)
    assert browser.post(way_back(response), {"do": "mail"}).status_code == 302
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert Link.objects.filter(revoked_at__isnull=True).count() == 1


def test_without_an_address_staff_read_that_a_code_is_the_way(clinic: Site, locked_out: Response) -> None:
    answer = staff(clinic, Role.CLINICIAN).post(way_back(locked_out), {"do": "mail"})
    assert answer.status_code == 422
    assert b"Give the person a code instead" in answer.content


@pytest.mark.parametrize("reason", SuppressedFor)
def test_no_link_is_mailed_to_somebody_to_whom_nothing_may_be_sent(
    clinic: Site,
    reason: SuppressedFor,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    at = timezone.now()
    response = asked_for_link(clinic, at=at)
    suppressed(response.case, reason, at=at)
    browser = staff(clinic, Role.ADMINISTRATOR)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(way_back(response), {"do": "mail"})
    assert mail.outbox == []
    assert answer.status_code == 422
    assert b"Nothing may be sent to this person" in answer.content
    assert not response.case.links.filter(revoked_at__isnull=False).exists()


def test_no_link_is_mailed_to_a_record_joined_with_that_of_somebody_to_whom_nothing_may_be_sent(
    clinic: Site, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    at = timezone.now()
    one, other = reachable_case(clinic, at=at), reachable_case(clinic, at=at, email="old@example.org")
    who = Clinician.at(clinic).who(at)
    join_records(case=one, seen=one.lock, other=other.reference, reason="His wife rang.", **who)
    suppressed(other, SuppressedFor.DECEASED, at=at)
    browser = staff(clinic, Role.CLINICIAN)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(f"/staff/cases/{one.reference}/way-back/", {"do": "mail"})
    assert mail.outbox == []
    assert b"Nothing may be sent to this person" in answer.content


def test_the_page_shows_an_administrator_no_answer_and_no_date_of_birth(
    clinic: Site, locked_out: Response
) -> None:
    page = staff(clinic, Role.ADMINISTRATOR).get(way_back(locked_out)).content.decode()
    assert "1980" not in page
    assert f'/staff/cases/{locked_out.case.reference}/"' not in page


def test_nobody_is_let_into_a_form_that_was_withdrawn(clinic: Site, locked_out: Response) -> None:
    services.withdraw(case=locked_out.case, by=Actor.patient(locked_out.patient_id), at=timezone.now())
    browser = staff(clinic, Role.CLINICIAN)
    assert browser.post(way_back(locked_out), {"do": "code"}).status_code == 409
    assert way_back(locked_out) not in browser.get("/staff/locked/").content.decode()

"""The way back in: who a link lets in, and when it stops."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actors import Actor
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Response
from screening.intake import services
from screening.intake.models import Link
from tests.factories import intake as factories
from tests.factories.intake import NOON, response_of, submitted_case

BORN = dt.date(1980, 1, 1)
WRONG = dt.date(1981, 1, 1)


def issue(response: Response) -> str:
    return services.issue_link(case=response.case, by=Actor.patient(response.patient_id), at=NOON)


def open_it(token: str, born: dt.date = BORN, at: dt.datetime = NOON) -> Response | None:
    return services.open_link(token=token, date_of_birth=born, at=at)


def test_a_link_and_the_date_of_birth_open_the_draft(draft: Response) -> None:
    assert open_it(issue(draft)) == draft


def test_only_the_hash_of_a_link_is_stored(draft: Response) -> None:
    token = issue(draft)
    link = Link.objects.get()
    assert len(token) >= 43
    assert token not in str(link.__dict__)


def test_a_link_opens_more_than_once(draft: Response) -> None:
    token = issue(draft)
    assert open_it(token)
    assert open_it(token)


def test_an_invented_link_opens_nothing(draft: Response) -> None:
    assert open_it("x" * 43) is None


def test_a_link_of_somebody_else_does_not_open_with_ones_own_date(draft: Response) -> None:
    other = factories.draft(draft.site, dob="1970-05-05")
    assert open_it(issue(other), BORN) is None


@pytest.mark.parametrize(("days", "opens"), [(13, True), (14, False), (15, False)])
def test_a_link_lasts_fourteen_days(draft: Response, days: int, opens: bool) -> None:
    token = issue(draft)
    assert (open_it(token, at=NOON + dt.timedelta(days=days)) is not None) is opens


def test_the_fifth_wrong_date_locks_a_link_for_the_right_one_too(draft: Response) -> None:
    token = issue(draft)
    for _ in range(4):
        assert open_it(token, WRONG) is None
    assert Link.objects.get().locked_at is None
    assert open_it(token, WRONG) is None
    assert Link.objects.get().locked_at == NOON
    assert open_it(token) is None
    of_case = AuditEvent.objects.filter(event__startswith="link_", case_reference=draft.case.reference)
    events = list(of_case.values_list("event", flat=True))
    assert events.count(Event.LINK_REFUSED) == 4
    assert events.count(Event.LINK_LOCKED) == 1


def test_four_wrong_dates_and_a_right_one_start_the_count_again(draft: Response) -> None:
    token = issue(draft)
    for _ in range(4):
        open_it(token, WRONG)
    assert open_it(token)
    assert Link.objects.get().wrong_tries == 0


def test_a_revoked_link_opens_nothing(draft: Response) -> None:
    token = issue(draft)
    Link.objects.update(revoked_at=NOON)
    assert open_it(token) is None


def test_the_link_of_a_withdrawn_form_opens_nothing(draft: Response) -> None:
    token = issue(draft)
    services.withdraw(case=draft.case, by=Actor.patient(draft.patient_id), at=NOON)
    assert open_it(token) is None


def test_whoever_took_back_a_form_that_was_sent_may_still_read_it(draft: Response) -> None:
    response = response_of(submitted_case(draft.site))
    token = issue(response)
    services.withdraw(case=response.case, by=Actor.patient(response.patient_id), at=NOON)
    assert open_it(token) == response


def test_the_link_of_a_sent_form_opens_its_receipt(draft: Response) -> None:
    response = response_of(submitted_case(draft.site))
    assert open_it(issue(response)) == response


def test_the_mail_with_a_link_says_nothing_about_health(
    draft: Response, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.send_link(
            response=draft, email="ada@example.org", by=Actor.patient(draft.patient_id), at=NOON
        )
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    words = f"{sent.subject} {sent.body} {sent.from_email}".lower()
    for banned in ("pain", "treatment", "health", "medic", "clinic screening", "1980"):
        assert banned not in words
    assert draft.site.neutral_sender in sent.body
    assert "/go/" in sent.body


def test_an_address_counts_as_verified_only_when_its_link_was_opened(
    draft: Response, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.send_link(
            response=draft, email="ada@example.org", by=Actor.patient(draft.patient_id), at=NOON
        )
    draft.patient.refresh_from_db()
    assert draft.patient.email_verified_at is None
    token = mail.outbox[0].body.split("/go/")[1].split("/")[0]
    open_it(token)
    draft.patient.refresh_from_db()
    assert draft.patient.email_verified_at == NOON


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_costs_no_answer(
    client: Client, noon: time_machine.Traveller, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    draft = factories.draft(factories.open_clinic())
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/link/", {"email": "ada@example.org"})
    assert answer.status_code == 503
    assert b'value="ada@example.org"' in answer.content
    assert client.get("/form/").status_code == 200


def test_nobody_can_have_a_mailbox_filled(
    draft: Response, client: Client, noon: time_machine.Traveller
) -> None:
    factories.enter(client, draft, at=NOON)
    answers = [client.post("/form/link/", {"email": f"a{n}@example.org"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert Link.objects.count() == 5


def test_a_link_proves_only_the_address_it_was_mailed_to(
    draft: Response, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by = Actor.patient(draft.patient_id)
    with django_capture_on_commit_callbacks(execute=True):
        services.send_link(response=draft, email="first@example.org", by=by, at=NOON)
        services.send_link(response=draft, email="second@example.org", by=by, at=NOON)
    first, second = (sent.body.split("/go/")[1].split("/")[0] for sent in mail.outbox)
    for token in (issue(draft), first):
        open_it(token)
        draft.patient.refresh_from_db()
        assert draft.patient.email_verified_at is None
    open_it(second)
    draft.patient.refresh_from_db()
    assert draft.patient.email_verified_at == NOON

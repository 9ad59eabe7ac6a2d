"""Every mail that leaves, as it leaves: no medicine, nothing about health, nothing of a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.actors import Actor
from accounts.mails import html_of
from accounts.models import Role, Site
from screening.followup.messages import compose, compose_alert
from screening.followup.services import ALERTS, new_owner, plan_alerts, send_alerts
from screening.intake import services
from screening.questionnaires.models import Kind
from screening.rules.definition import Messages
from screening.rules.wording import HEALTH
from tests.accounts.test_mails import words_in
from tests.factories.followup import EMAIL, asked_for_link
from tests.factories.intake import NOON, open_clinic, shipped, submitted_case
from tests.factories.people import make_member
from tests.factories.urgent import urgent_case
from tests.guards.test_public_words import found_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# Nobody is called so, and nothing has these answers in it: where it turns up, it leaked.
NAME, PHONE = "Quillfeather", "07700 900999"
OnCommit = Callable[..., object]


def text_of(message: EmailMessage) -> str:
    headers = [message.subject, message.from_email, *map(str, message.extra_headers.values())]
    assert isinstance(message, EmailMultiAlternatives)
    (html,) = (str(part) for part, kind in message.alternatives if kind == "text/html")
    assert words_in(html) == words_in(f"<p>{message.body}</p>"), "both parts say the same"
    return "\n".join([*headers, str(message.body), html])


@pytest.fixture
def sent(django_capture_on_commit_callbacks: OnCommit) -> list[EmailMessage]:
    """One mail of each kind that the code writes."""
    site: Site = open_clinic()
    make_member(Role.LEAD_CLINICIAN, site=site)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        response = asked_for_link(site, family_name=NAME, phone=PHONE)
        by = Actor.patient(response.patient_id)
        services.mail_new_link(case=response.case, records=(), by=by, at=NOON)
        submitted_case(site, family_name=NAME, phone=PHONE, email=EMAIL, contact_email=True)
        urgent_case(site)
        plan_alerts(as_of=NOON + DAY, by=ALERTS)
        send_alerts(now=lambda: NOON + DAY, owner=new_owner())
    return list(mail.outbox)


def test_the_walk_meets_every_mail_that_the_code_writes(sent: list[EmailMessage]) -> None:
    subjects = {message.subject.split(":")[0] for message in sent}
    assert subjects == {
        "Your form is saved",
        "Your new link",
        "Confirm your email address",
        "A case needs you",
    }


def test_no_mail_uses_a_banned_word_or_speaks_of_health(sent: list[EmailMessage]) -> None:
    texts = [text_of(message) for message in sent]
    assert not found_in(texts)
    assert not found_in(texts, HEALTH), "anybody may see it on a locked screen"


def test_no_mail_says_anything_of_a_person(sent: list[EmailMessage]) -> None:
    for message in sent:
        assert len(message.recipients()) == 1
        for secret in (NAME, PHONE, "1980", "rf_saddle"):
            assert secret not in text_of(message)


def test_no_reminder_as_it_is_written_out_does_either() -> None:
    values = {name: name for name in ("clinic", "link", "optout", "date", "time", "phone")}
    messages = Messages.model_validate(shipped(Kind.MESSAGES)).messages
    texts = []
    for message in messages:
        to = EMAIL if message.channel == "email" else "07700900123"
        outgoing = compose(message, to=to, sender_name="Harbour Clinic", message_id="<1@x>", values=values)
        texts += [f"{outgoing.subject}\n{outgoing.body}", html_of(outgoing.body, subject=outgoing.subject)]
    assert {message.channel for message in messages} == {"email", "sms"}
    assert not found_in(texts)
    assert not found_in(texts, HEALTH)


def test_the_name_of_a_sender_cannot_smuggle_in_a_header() -> None:
    with pytest.raises(ValueError, match="header_injection"):
        compose_alert(
            reference="ABCD-EFGH",
            to="duty@clinic.example",
            sender_name="Clinic\nBcc: all@example.org",
            message_id="<1@x>",
            late=None,
        )

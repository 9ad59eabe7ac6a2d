"""A way back in: a link of 256 bits by mail, opened with the date of birth. GET opens nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.encryption import lookup_hash
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Patient, Response, ResponseStatus
from screening.cases.workflow import State
from screening.intake.models import Link

LINK_TRIES = 5
# Enough for a mistyped address or two; not enough to fill a stranger's mailbox.
MAILS_AN_HOUR = 5


class TooManyLinks(Exception):
    """This form asked for more mails within an hour than anybody needs. None was sent."""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_link(*, case: Case, by: Actor, at: dt.datetime) -> str:
    """A fresh link to a case. Only its hash is kept: the token is in the answer and nowhere else."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Link.objects.create(
            site=case.site,
            patient_id=case.patient_id,
            case=case,
            token_sha256=token_hash(token),
            created_at=at,
            expires_at=at + dt.timedelta(days=case.site.link_days),
        )
        record(
            Event.LINK_ISSUED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
        )
    return token


def address_of(token: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse("intake-go", args=[token])


def send_link(*, response: Response, email: str, by: Actor, at: dt.datetime) -> None:
    """Mail a link to the address that the person just gave, and remember that they asked for it.

    Asking is also the agreement to be reminded of the unfinished form; nobody else is.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=response.patient_id)
        recent = Link.objects.filter(case=response.case, created_at__gt=at - dt.timedelta(hours=1))
        if recent.count() >= MAILS_AN_HOUR:
            raise TooManyLinks
        hashed = lookup_hash(email)
        if patient.email_hash != hashed:
            patient.email_verified_at = None
        patient.email, patient.email_hash = email, hashed
        patient.contact_by_email = patient.reminders_wanted = True
        patient.save(
            update_fields=[
                "email",
                "email_hash",
                "email_verified_at",
                "contact_by_email",
                "reminders_wanted",
            ]
        )
        token = issue_link(case=response.case, by=by, at=at)
        record(
            Event.LINK_SENT,
            by=by,
            at=at,
            site=response.site,
            case=response.case.reference,
            patient=patient.pk,
        )
        text = gettext(
            "You asked %(clinic)s for a link to your form.\n\n"
            "Open it here: %(link)s\n\n"
            "The link works for %(days)s days. We will ask for your date of birth.\n"
            "If you did not ask for this, you do not need to do anything.\n"
        )
        subject = gettext("Your form is saved")
        transaction.on_commit(
            partial(_mail, site=response.site, email=email, token=token, subject=subject, text=text)
        )


def needs_confirming(patient: Patient) -> bool:
    """Somebody asked for mail at an address that nobody has proved to be theirs."""
    return bool(patient.email) and patient.contact_by_email and patient.email_verified_at is None


def ask_to_confirm(*, case: Case, by: Actor, at: dt.datetime) -> bool:
    """Mail a link to an address nobody has proved yet: opening it proves it. Whether one was needed.

    Messages go to proved addresses only, so whoever finishes in one sitting would else hear nothing.
    A mail that cannot be sent must not stand between a person and the receipt.
    """
    patient = case.patient
    if not needs_confirming(patient):
        return False
    with transaction.atomic():
        token = issue_link(case=case, by=by, at=at)
        record(Event.LINK_SENT, by=by, at=at, site=case.site, case=case.reference, patient=patient.pk)
        text = gettext(
            "%(clinic)s has your form.\n\n"
            "Open this link so that we know this address is yours: %(link)s\n\n"
            "Until then we cannot send messages here. We will ask for your date of birth.\n"
            "The link works for %(days)s days. If this is not for you, you do not need to do anything.\n"
        )
        subject = gettext("Confirm your email address")
        email = patient.email or ""

        def send() -> None:  # a robust hook is named in the log when it fails, and a partial has no name
            _mail(site=case.site, email=email, token=token, subject=subject, text=text)

        transaction.on_commit(send, robust=True)
    return True


def _mail(*, site: Site, email: str, token: str, subject: str, text: str) -> None:
    """Says nothing about health, and not what kind of form it is."""
    body = text % {"clinic": site.neutral_sender, "link": address_of(token), "days": site.link_days}
    sender = f'"{site.neutral_sender}" <{settings.DEFAULT_FROM_EMAIL}>'
    EmailMessage(subject=subject, body=body, from_email=sender, to=[email]).send()


def open_link(*, token: str, date_of_birth: dt.date, at: dt.datetime) -> Response | None:
    """The answers behind a link, when it is good and the date is right; None says no more than no.

    Wrong dates are counted and the fifth locks the link. An unknown, expired or locked link costs
    the same work, so that neither words nor time tell them apart.
    """
    given = lookup_hash(date_of_birth.isoformat())
    with transaction.atomic():
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("case", "patient", "site")
            .filter(token_sha256=token_hash(token))
            .first()
        )
        known = link.patient.date_of_birth_hash if link else ""
        right = hmac.compare_digest(known.encode(), given.encode())
        if link is None or not _is_good(link, at):
            return None
        by = Actor.patient(link.patient_id)
        if not right:
            _count_wrong_try(link, by=by, at=at)
            return None
        link.wrong_tries = 0
        link.save(update_fields=["wrong_tries"])
        if link.patient.email and link.patient.email_verified_at is None:
            # Whoever opens the link has read the mail: the address works and is theirs.
            link.patient.email_verified_at = at
            link.patient.save(update_fields=["email_verified_at"])
        _record(Event.LINK_OPENED, link, by=by, at=at)
        return _newest(link.case)


def _is_good(link: Link, at: dt.datetime) -> bool:
    return (
        link.locked_at is None
        and link.revoked_at is None
        and at < link.expires_at
        and link.case.state not in (State.WITHDRAWN, State.EXPIRED)
        and link.patient.deceased_at is None
    )


def _count_wrong_try(link: Link, *, by: Actor, at: dt.datetime) -> None:
    link.wrong_tries += 1
    if link.wrong_tries >= LINK_TRIES:
        link.locked_at = at
    link.save(update_fields=["wrong_tries", "locked_at"])
    _record(Event.LINK_LOCKED if link.locked_at else Event.LINK_REFUSED, link, by=by, at=at)


def _record(event: Event, link: Link, *, by: Actor, at: dt.datetime) -> None:
    record(event, by=by, at=at, site=link.site, case=link.case.reference, patient=link.patient_id)


def _newest(case: Case) -> Response | None:
    return case.responses.exclude(status=ResponseStatus.STOPPED).order_by("-started_at").first()

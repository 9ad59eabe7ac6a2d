"""Mail a link: when somebody asks for one, when an address has to be proved, when staff give a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from accounts.actors import Actor
from accounts.encryption import lookup_hash
from accounts.mails import as_mail, sender_of
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Patient, Response
from screening.cases.selectors import language_of
from screening.intake.services.links import end_links, issue_link, refuse_too_many_links


class NoAddress(Exception):
    """Nobody gave an email address for this case: a code is the way."""


class Silenced(Exception):
    """Staff said that nothing may be sent to this person. Why is no matter of whoever gives a link."""


def address_of(token: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse("intake-go", args=[token])


def send_link(*, response: Response, email: str, by: Actor, at: dt.datetime) -> None:
    """Mail a link to the address that the person just gave, and remember that they asked for it.

    Asking is also the agreement to be reminded of the unfinished form; nobody else is.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=response.patient_id)
        refuse_too_many_links(response.case, at=at)
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
        text = gettext_lazy(
            "You asked %(clinic)s for a link to your form.\n\n"
            "Open it here: %(link)s\n\n"
            "The link works for %(days)s days. We will ask for your date of birth.\n"
            "If you did not ask for this, you do not need to do anything.\n"
        )
        send = _mail_of(
            response.case, patient, subject=gettext_lazy("Your form is saved"), text=text, by=by, at=at
        )
        transaction.on_commit(send)


def mail_new_link(*, case: Case, records: Collection[UUID], by: Actor, at: dt.datetime) -> None:
    """Staff give somebody a new link, at the address on file. Every earlier link and code ends.

    `records` are the keys of all that is known to be of this person: what was said of one holds for all.
    Raises NoAddress or Silenced, and then ends nothing.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        of_person = Patient.objects.filter(pk__in={patient.pk, *records})
        if of_person.filter(suppressions__isnull=False, suppressions__ended_at__isnull=True).exists():
            raise Silenced
        if not patient.email:
            raise NoAddress
        end_links(case=case, by=by, at=at)
        text = gettext_lazy(
            "You asked %(clinic)s for a new link to your form.\n\n"
            "Open it here: %(link)s\n\n"
            "The link works for %(days)s days. We will ask for your date of birth. "
            "Older links do not work any more.\n"
            "If you did not ask for this, please call us.\n"
        )
        transaction.on_commit(
            _mail_of(case, patient, subject=gettext_lazy("Your new link"), text=text, by=by, at=at)
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
        text = gettext_lazy(
            "%(clinic)s has your form.\n\n"
            "Open this link so that we know this address is yours: %(link)s\n\n"
            "Until then we cannot send messages here. We will ask for your date of birth.\n"
            "The link works for %(days)s days. If this is not for you, you do not need to do anything.\n"
        )
        mail = _mail_of(
            case, patient, subject=gettext_lazy("Confirm your email address"), text=text, by=by, at=at
        )

        def send() -> None:  # a robust hook is named in the log when it fails, and a partial has no name
            mail()

        transaction.on_commit(send, robust=True)
    return True


def _mail_of(
    case: Case, patient: Patient, *, subject: Promise, text: Promise, by: Actor, at: dt.datetime
) -> partial[None]:
    """A fresh link on its way to the address on file; call what this gives when all is committed.

    In the language of the person's form, whoever sends it.
    """
    token = issue_link(case=case, by=by, at=at, email_hash=patient.email_hash)
    record(Event.LINK_SENT, by=by, at=at, site=case.site, case=case.reference, patient=patient.pk)
    language = language_of(case)
    with override(language or settings.LANGUAGE_CODE):
        words = {"subject": str(subject), "text": str(text), "language": language}
    return partial(_mail, site=case.site, email=patient.email or "", token=token, **words)


def _mail(*, site: Site, email: str, token: str, subject: str, text: str, language: str) -> None:
    """Says nothing about health, and not what kind of form it is."""
    body = text % {"clinic": site.neutral_sender, "link": address_of(token), "days": site.link_days}
    as_mail(
        subject=subject, text=body, sender=sender_of(site.neutral_sender), to=email, language=language
    ).send()

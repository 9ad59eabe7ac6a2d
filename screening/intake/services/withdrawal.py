"""Take a form back, or let an unfinished one go: what is erased then, and what stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.clock import set_clock
from screening.cases.models import Case, Patient, RedFlag, Response, ResponseStatus, Revision
from screening.cases.services import locked, move
from screening.cases.workflow import Move, State
from screening.intake.models import Entered, Link
from screening.intake.services.documents import remove_file

log = structlog.get_logger(__name__)

# After this long without a page being saved an unfinished form goes (brief 6.4). FU02 warns a week before.
DRAFT_DAYS = 30
# One transaction each, so that a busy night holds no lock for long; the next tick takes the rest.
AT_ONCE = 200
# Who somebody is and how to reach them: gone with a form that no clinician ever has to act on.
WHO = (
    "date_of_birth",
    "given_name",
    "family_name",
    "nhs_number",
    "email",
    "email_verified_at",
    "phone",
    "gp_sharing_agreed",
)
HASHES = (
    "date_of_birth_hash",
    "family_name_hash",
    "family_name_start_hash",
    "nhs_number_hash",
    "email_hash",
)
CHOICES = ("contact_by_email", "contact_by_sms", "reminders_wanted", "reinvitation_wanted")


class NotADraft(Exception):
    """The form was sent, or is gone already: it is part of a record, and there is nothing to erase."""


def withdraw(*, case: Case, by: Actor, at: datetime) -> Case:
    """The person no longer wants this. An open draft takes no more answers; what was sent is kept."""
    with transaction.atomic():
        case = _locked_with_form(case)
        case.responses.filter(status=ResponseStatus.IN_PROGRESS).update(status=ResponseStatus.STOPPED)
        move(case, Move.WITHDRAW, by=by, at=at)
        case.patient.withdrawn_at = at
        case.patient.save(update_fields=["withdrawn_at"])
        record(
            Event.CASE_WITHDRAWN,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
        )
    return case


def erase_draft(*, case: Case, by: Actor, at: datetime, expired: bool = False) -> Case:
    """Erase a form that was never sent: because the person asked, or because its time is over.

    Erased: every answer with the history of its saves, the files, the messages, the links. Kept: that a
    form was begun and ended, and the trail. An urgent answer is a clinician's matter: it stays, and with it
    the name and the number to ring; while it waits for a clinician the case stays on the worklist
    too, and ends when the answer is cleared. Raises NotADraft and then erases nothing.
    """
    with transaction.atomic():
        case = _locked_with_form(case)
        if case.state != State.DRAFT:
            raise NotADraft
        urgent = case.red_flags.exists()
        counts = _erase_answers(case) | _erase_files(case, at=at) | _erase_messages(case)
        Link.objects.filter(case=case, revoked_at__isnull=True).update(revoked_at=at)
        if not urgent:
            _forget(case.patient)
        if not expired:
            case.patient.withdrawn_at = at
            case.patient.save(update_fields=["withdrawn_at"])
        record(
            Event.CASE_EXPIRED if expired else Event.CASE_ERASED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={**counts, "person_kept": urgent},
        )
        _end(case, by=by, at=at)
    return case


def end_erased(*, case: Case, by: Actor, at: datetime) -> Case:
    """The urgent answer of an erased form was cleared: now its case ends. Any other case stays as it is.

    Call inside the transaction that cleared the answer, on the locked case.
    """
    with transaction.atomic():
        going_on = case.responses.exclude(status=ResponseStatus.STOPPED).exists()
        return case if going_on or case.state != State.DRAFT else _end(case, by=by, at=at)


def _locked_with_form(case: Case) -> Case:
    """The form first and then its case, as every save does: two orders would wait for each other for ever."""
    list(case.responses.select_for_update().order_by("pk").values_list("pk"))
    return locked(case)


def _end(case: Case, *, by: Actor, at: datetime) -> Case:
    if case.red_flags.filter(cleared_at__isnull=True).exists():
        return case
    return move(case, Move.WITHDRAW if case.patient.withdrawn_at else Move.EXPIRE, by=by, at=at)


def expire_drafts(*, by: Actor, at: datetime) -> int:
    """Erase forms that nobody touched for DRAFT_DAYS. How many went.

    Never while an urgent answer stands or something from the person is unread: those wait for the clinic,
    however old they are.
    """
    old = _over(at).order_by("last_activity_at").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_expire_one_of_many(pk, by=by, at=at) for pk in list(old))


def not_expired(*, at: datetime) -> int:
    """Forms that are there a day after they had to go: the person was told that they would be deleted."""
    return _over(at - timedelta(days=1)).count()


def _over(at: datetime) -> QuerySet[Response]:
    return Response.objects.filter(
        ~Exists(RedFlag.objects.filter(case=OuterRef("case"), cleared_at__isnull=True)),
        status=ResponseStatus.IN_PROGRESS,
        last_activity_at__lte=at - timedelta(days=DRAFT_DAYS),
        case__state=State.DRAFT,
        case__news_at__isnull=True,
    )


def _expire_one_of_many(pk: UUID, *, by: Actor, at: datetime) -> bool:
    try:
        return _expire(pk, by=by, at=at)
    except Exception:  # a damaged one, always the first to be tried, must not keep all the others
        log.exception("draft_not_expired", response=str(pk))
        return False


def _expire(pk: UUID, *, by: Actor, at: datetime) -> bool:
    """Look again under the lock: the person may have come back this very moment."""
    with transaction.atomic():
        response = Response.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if (
            response is None
            or response.status != ResponseStatus.IN_PROGRESS
            or response.last_activity_at > at - timedelta(days=DRAFT_DAYS)
            or response.case.news_at is not None
            or response.case.red_flags.filter(cleared_at__isnull=True).exists()
        ):
            return False
        try:
            erase_draft(case=response.case, by=by, at=at, expired=True)
        except NotADraft:
            return False
    return True


def _erase_answers(case: Case) -> dict[str, int]:
    stopped = case.responses.filter(submitted_at__isnull=True)
    stopped.update(status=ResponseStatus.STOPPED, answers={}, private_answers=None, page_locks={})
    Entered.objects.filter(response__in=stopped).delete()
    saves, _ = Revision.objects.filter(response__in=stopped).delete()
    return {"saves": saves}


def _erase_files(case: Case, *, at: datetime) -> dict[str, int]:
    documents = list(case.documents.all())
    for document in documents:
        document.name = ""
        document.removed_at = document.removed_at or at
        document.save(update_fields=["name", "removed_at"])
        transaction.on_commit(partial(remove_file, document))
    return {"documents": len(documents)}


def _erase_messages(case: Case) -> dict[str, int]:
    """What was written, by either side; nobody has to read it any more."""
    messages, _ = case.messages.all().delete()
    case.news_at = None
    set_clock(case)
    case.save(update_fields=["news_at", "due_at"])
    return {"messages": messages}


def _forget(patient: Patient) -> None:
    """Who it was, unless another case of theirs needs to know."""
    if patient.cases.count() > 1:
        return
    for field in WHO:
        setattr(patient, field, None)
    for field in HASHES:
        setattr(patient, field, "")
    for field in CHOICES:
        setattr(patient, field, False)
    patient.save(update_fields=[*WHO, *HASHES, *CHOICES])
    # Where mail went: whoever knows an address and the key could still tell that it was theirs.
    patient.links.update(email_hash="")
    patient.reminders.update(address_hash="")
    patient.bounces.update(address_hash="")

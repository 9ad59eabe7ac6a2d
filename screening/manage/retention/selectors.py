"""Which records are past their time, and what was put forward or settled before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, Manager, Max, OuterRef, Q, QuerySet

from accounts.actors import ActorKind
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from audit.reads import READS
from screening.cases.lookups import among
from screening.cases.models import ORDINARY_RANK, Case, Patient, Response, Transition
from screening.cases.opening import local_instant
from screening.cases.services import local_date
from screening.cases.workflow import CLOSED
from screening.followup.models import Alert, Reminder, ReminderState, SuppressedFor, Suppression
from screening.manage.retention.keeping import kept_until, last_day_kept
from screening.manage.retention.models import Disposal, Outcome
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.desk.joining import groups_of
from screening.review.desk.models import Call, Task
from screening.review.models import AnotherLook, Letter, Message, ReviewNote

AT_ONCE = 50
# What counts as contact with a person, or as work on their record, and leaves a time of its own; the trail
# knows of the rest (`_last_in_trail`). A reminder that nobody answered does not count.
CONTACTS: tuple[tuple[Manager[Any], str, str], ...] = (
    (Case.objects, "patient", "started_at"),
    (Case.objects, "patient", "submitted_at"),
    (Case.objects, "patient", "closed_at"),
    (Response.objects, "patient", "last_activity_at"),
    (Transition.objects, "case__patient", "at"),
    (ReviewNote.objects, "case__patient", "at"),
    (Message.objects, "case__patient", "sent_at"),
    (Letter.objects, "case__patient", "written_at"),
    (AnotherLook.objects, "case__patient", "asked_at"),
    (AnotherLook.objects, "case__patient", "answered_at"),
    (Call.objects, "case__patient", "made_at"),
    (Appointment.objects, "case__patient", "starts_at"),
    (TreatmentStart.objects, "case__patient", "day"),
)
# What staff do who settle what becomes of a record keeps no record.
LOOKS = frozenset(
    {
        *READS,
        Event.CERTIFICATE_CHECKED,
        Event.RECORD_PUT_FORWARD,
        Event.RECORD_KEPT_LONGER,
        Event.RECORD_DELETION_AGREED,
    }
)
NOT_OVER = (ReminderState.SCHEDULED, ReminderState.RETRY, ReminderState.CLAIMED, ReminderState.SENDING)


@dataclasses.dataclass(frozen=True)
class OldRecord:
    """Everything about one person that is past its time: by key, and by the references of the cases."""

    patients: tuple[UUID, ...]
    references: tuple[str, ...]
    last_contact: date
    kept_until: date


def old_records(*, site: Site, at: datetime) -> list[OldRecord]:
    """Those that nobody has put forward yet, the oldest first, at most AT_ONCE."""
    today = local_date(at)
    settled = _settled(site, today)
    waiting = _untouched(site, today).order_by("created_at", "pk").values_list("pk", flat=True)
    seen: set[UUID] = set()

    def found() -> Iterator[OldRecord]:
        for key in waiting.iterator():
            if key in settled or key in seen:
                continue
            record = old_record(site=site, patient=key, at=at)
            if record is not None and settled.isdisjoint(record.patients):
                seen.update(record.patients)
                yield record

    return list(islice(found(), AT_ONCE))


def old_record(*, site: Site, patient: UUID, at: datetime) -> OldRecord | None:
    """The record of one person with all that is joined to it; None while any of it is still to be kept."""
    today = local_date(at)
    keys = groups_of([patient]).get(patient, {patient})
    if _untouched(site, today).filter(among("id", keys)).count() != len(keys):
        return None
    last = max([*last_contacts(keys), *_last_in_trail(site, keys)], default=None)
    people = Patient.objects.filter(among("id", keys))
    until = max(
        (kept_until(last, _born(each)) for each in people.only("date_of_birth") if last), default=None
    )
    if last is None or until is None or until > today:
        return None
    cases = Case.objects.filter(among("patient_id", keys)).order_by("id")
    references = cases.values_list("reference", flat=True)
    return OldRecord(tuple(sorted(keys, key=str)), tuple(references), last, until)


def last_contacts(patients: Iterable[UUID]) -> Iterator[date]:
    """The last day of each kind of contact."""
    keys = list(patients)
    for rows, path, field in CONTACTS:
        last = rows.filter(**{f"{path}__in": keys}).aggregate(last=Max(field))["last"]
        if last is not None:
            yield local_date(last) if isinstance(last, datetime) else last


def _last_in_trail(site: Site, patients: Iterable[UUID]) -> Iterator[date]:
    """The last day on which one of these people did anything here, or staff more than look."""
    did = Q(actor_kind=ActorKind.PATIENT) | Q(actor_kind=ActorKind.STAFF) & ~Q(event__in=LOOKS)
    rows = AuditEvent.objects.filter(did, site_id=site.pk, patient_id__in=list(patients))
    last = rows.aggregate(last=Max("at"))["last"]
    if last is not None:
        yield local_date(last)


def waiting_disposals(*, site: Site) -> QuerySet[Disposal]:
    """Put forward, and not settled or not done yet."""
    open_ones = Q(outcome="") | Q(outcome=Outcome.DELETED, done_at__isnull=True)
    return Disposal.objects.filter(open_ones, site=site).select_related("put_forward_by", "settled_by")


def settled_disposals(*, site: Site) -> QuerySet[Disposal]:
    done = Q(outcome=Outcome.KEPT) | Q(done_at__isnull=False)
    return Disposal.objects.filter(done, site=site).select_related("put_forward_by", "settled_by")


def _untouched(site: Site, today: date) -> QuerySet[Patient]:
    """Nobody was in touch with these for as long as a record is kept at least, and nothing waits in it."""
    after = local_instant(last_day_kept(today), time.max)
    found = Patient.objects.filter(site=site, created_at__lte=after)
    for rows, path, field in CONTACTS:
        later = {path: OuterRef("pk"), f"{field}__gt": after.date() if field == "day" else after}
        found = found.filter(~Exists(rows.filter(**later)))
    waits = ~Q(state__in=sorted(CLOSED)) | Q(rank__lt=ORDINARY_RANK) | Q(news_at__isnull=False)
    open_cases = Case.objects.filter(waits | Q(look_wanted=True), patient=OuterRef("pk"))
    to_do = (
        open_cases,
        Task.objects.filter(case__patient=OuterRef("pk"), done_at__isnull=True),
        Reminder.objects.filter(patient=OuterRef("pk"), state__in=NOT_OVER),
        Alert.objects.filter(case__patient=OuterRef("pk"), state__in=NOT_OVER),
        Suppression.objects.filter(
            patient=OuterRef("pk"), reason=SuppressedFor.COMPLAINT, ended_at__isnull=True
        ),
    )
    return found.filter(*(~Exists(rows) for rows in to_do))


def _settled(site: Site, today: date) -> set[UUID]:
    """Records that wait for a lead clinician, or that one of them wants to keep longer."""
    kept = Q(outcome=Outcome.KEPT, kept_until__gt=today)
    rows = Disposal.objects.filter(kept | Q(done_at__isnull=True) & ~Q(outcome=Outcome.KEPT), site=site)
    return {key for keys in rows.values_list("patients", flat=True) for key in keys}


def _born(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.date_of_birth or "")
    except ValueError:
        return None

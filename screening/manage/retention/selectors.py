"""Which records are past their time, and what was put forward or settled before."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Manager, Max, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan

from accounts.actors import ActorKind
from accounts.encryption import Undecryptable
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
from screening.review.paging import Row

AT_ONCE = 50
CHUNK = 200  # people looked at together
# What counts as contact with a person, or as work on their record, and leaves a time of its own; the trail
# knows of the rest (`_last_in_trail`). A reminder that nobody answered does not count.
CONTACTS: tuple[tuple[Manager[Any], str, str], ...] = (
    (Case.objects, "patient", "started_at"),
    (Case.objects, "patient", "submitted_at"),
    (Case.objects, "patient", "closed_at"),
    (Response.objects, "patient", "last_activity_at"),
    (Transition.objects, "case", "at"),
    (ReviewNote.objects, "case", "at"),
    (Message.objects, "case", "sent_at"),
    (Letter.objects, "case", "written_at"),
    (AnotherLook.objects, "case", "asked_at"),
    (AnotherLook.objects, "case", "answered_at"),
    (Call.objects, "case", "made_at"),
    (Appointment.objects, "case", "starts_at"),
    (TreatmentStart.objects, "case", "day"),
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
    return list(islice(_found(site, local_date(at)), AT_ONCE))


def old_record(*, site: Site, patient: UUID, at: datetime) -> OldRecord | None:
    """The record of one person with all that is joined to it; None while any of it is still to be kept."""
    return next(_past_their_time(site, [patient], local_date(at)), None)


def _found(site: Site, today: date) -> Iterator[OldRecord]:
    seen = _settled(site, today)
    for some in _oldest(site, today):
        fresh = [key for key in some if key not in seen]
        for record in _past_their_time(site, fresh, today) if fresh else ():
            if seen.isdisjoint(record.patients):
                seen.update(record.patients)
                yield record


def _oldest(site: Site, today: date) -> Iterator[list[UUID]]:
    """Whoever came long enough ago and has no case that is open or was closed since: some at a time."""
    after = local_instant(last_day_kept(today), time.max)
    since = Q(closed_at__isnull=True) | Q(closed_at__gt=after)
    recent = Case.objects.filter(since, patient=OuterRef("pk"))
    people = Patient.objects.filter(~Exists(recent), site=site, created_at__lte=after)
    rows = people.order_by("created_at", "pk").values_list("created_at", "pk")
    some = list(rows[:CHUNK])
    while some:
        yield [key for _came, key in some]
        beyond = GreaterThan(Row(F("created_at"), F("pk")), Row(*map(Value, some[-1])))
        some = list(rows.filter(beyond)[:CHUNK])


def _past_their_time(site: Site, patients: Sequence[UUID], today: date) -> Iterator[OldRecord]:
    """The record of each of these people, with all that is joined to it, where none of it is to be kept."""
    groups = groups_of(patients)
    keys = set(patients).union(*groups.values())
    born = _births(site, keys)
    cases = list(Case.objects.filter(among("patient_id", keys)).order_by("pk"))
    last, waits = _last_contacts(site, keys, cases), _in_which_something_waits(keys, cases)
    for patient in patients:
        record = groups.get(patient, {patient})
        days = [last[key] for key in record if key in last]
        if not days or not record <= born.keys() or not waits.isdisjoint(record):
            continue
        until = max(kept_until(max(days), born[key]) for key in record)
        if until <= today:
            references = tuple(case.reference for case in cases if case.patient_id in record)
            yield OldRecord(tuple(sorted(record, key=str)), references, max(days), until)


def _last_contacts(site: Site, patients: Collection[UUID], cases: Collection[Case]) -> dict[UUID, date]:
    """The last day of any contact with each of them. By keys: each table has an index on them."""
    whose = {case.pk: case.patient_id for case in cases}
    times: list[tuple[UUID, Any]] = list(_last_in_trail(site, patients))
    for rows, what, field in CONTACTS:
        keys: Iterable[Any] = whose if what == "case" else patients
        newest = rows.filter(among(f"{what}_id", keys), **{f"{field}__isnull": False}).order_by()
        times += [
            (whose[key] if what == "case" else key, at)
            for key, at in newest.values_list(what).annotate(Max(field))
        ]
    found: dict[UUID, date] = {}
    for key, at in times:
        day = local_date(at) if isinstance(at, datetime) else at
        found[key] = max(day, found.get(key, day))
    return found


def _last_in_trail(site: Site, patients: Iterable[UUID]) -> QuerySet[AuditEvent, tuple[UUID, datetime]]:
    """When each of these people last did anything here, or staff more than look."""
    did = Q(actor_kind=ActorKind.PATIENT) | Q(actor_kind=ActorKind.STAFF) & ~Q(event__in=LOOKS)
    rows = AuditEvent.objects.filter(among("patient_id", patients), did, site_id=site.pk)
    return rows.order_by().values_list("patient_id").annotate(Max("at"))


def _in_which_something_waits(patients: Collection[UUID], cases: Collection[Case]) -> set[UUID]:
    whose = {case.pk: case.patient_id for case in cases}
    waits = {case.patient_id for case in cases if _waits(case)}
    tasks = Task.objects.filter(among("case_id", whose), done_at__isnull=True)
    alerts = Alert.objects.filter(among("case_id", whose), state__in=NOT_OVER)
    for rows in (tasks, alerts):
        waits |= {whose[key] for key in rows.values_list("case_id", flat=True)}
    reminders = Reminder.objects.filter(among("patient_id", patients), state__in=NOT_OVER)
    complaints = Suppression.objects.filter(
        among("patient_id", patients), reason=SuppressedFor.COMPLAINT, ended_at__isnull=True
    )
    for of_person in (reminders, complaints):
        waits |= set(of_person.values_list("patient_id", flat=True))
    return waits


def _waits(case: Case) -> bool:
    """It is open, an urgent answer in it stands, or the person wrote and nobody has read it."""
    return (
        case.state not in CLOSED or case.rank < ORDINARY_RANK or case.news_at is not None or case.look_wanted
    )


def waiting_disposals(*, site: Site) -> QuerySet[Disposal]:
    """Put forward, and not settled or not done yet: whoever waits longest first."""
    return _waiting(site).select_related("put_forward_by", "settled_by").order_by("pk")


def waiting_count(*, site: Site) -> int:
    return _waiting(site).count()


def _waiting(site: Site) -> QuerySet[Disposal]:
    open_ones = Q(outcome="") | Q(outcome=Outcome.DELETED, done_at__isnull=True)
    return Disposal.objects.filter(open_ones, site=site)


def settled_disposals(*, site: Site) -> QuerySet[Disposal]:
    done = Q(outcome=Outcome.KEPT) | Q(done_at__isnull=False)
    return Disposal.objects.filter(done, site=site).select_related("put_forward_by", "settled_by")


def _settled(site: Site, today: date) -> set[UUID]:
    """Records that wait for a lead clinician, or that one of them wants to keep longer."""
    kept = Q(outcome=Outcome.KEPT, kept_until__gt=today)
    rows = Disposal.objects.filter(kept | Q(done_at__isnull=True) & ~Q(outcome=Outcome.KEPT), site=site)
    return {key for keys in rows.values_list("patients", flat=True) for key in keys}


def _births(site: Site, patients: Collection[UUID]) -> dict[UUID, date | None]:
    """When each of these people of the site was born. Without those whom no key opens: they are kept."""
    people = Patient.objects.filter(among("id", patients), site=site).only("date_of_birth")
    try:
        return {each.pk: _born(each) for each in people}
    except Undecryptable:
        alone = [_births(site, [each]) for each in patients] if len(patients) > 1 else []
        return {key: born for one in alone for key, born in one.items()}


def _born(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.date_of_birth or "")
    except ValueError:
        return None

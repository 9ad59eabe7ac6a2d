"""Looks back at every case and writes down what it is due. Safe to run twice, or by two at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.encryption import Undecryptable
from accounts.models import Site
from audit.events import Event
from audit.services import About, record_each
from screening.cases.lookups import among
from screening.cases.models import Case
from screening.cases.services import local_date
from screening.cases.workflow import OPEN, State
from screening.followup import schedule as rules
from screening.followup.histories import NOT_READ, histories
from screening.followup.models import Reminder, ReminderState
from screening.followup.rows import BY_STAFF, key_of
from screening.followup.services.staff_tasks import keep_staff_tasks
from screening.followup.services.trail import about
from screening.followup.staff_tasks import StaffTask, staff_tasks_of
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import schedule_of
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.desk.services.tasks import note_task
from screening.review.models import AnotherLook, Message

log = structlog.get_logger(__name__)

CHUNK = 500
# Rows are written a little ahead, so that staff see what is about to leave.
HORIZON = dt.timedelta(hours=1)
# How long after a case is closed something may still be due for it.
LOOK_BACK = dt.timedelta(days=45)
WAITING = (ReminderState.SCHEDULED, ReminderState.RETRY)
NO_LONGER = "anchor_gone"
# What a row has from the schedule, besides its key.
BY_SCHEDULE = ("schedule", "template", "due_at", "local_rule", "at_most_once")
_TASKS = uuid.UUID("7f0d3c52-6b0e-4c3c-9d3e-51f3a2c8e9b4")


@dataclasses.dataclass(frozen=True)
class Planned:
    """What one look back did."""

    cases: int = 0
    planned: int = 0
    cancelled: int = 0
    broken: int = 0

    def plus(self, planned: int, cancelled: int, cases: int) -> Planned:
        return dataclasses.replace(
            self,
            cases=self.cases + cases,
            planned=self.planned + planned,
            cancelled=self.cancelled + cancelled,
        )


def plan(
    *,
    as_of: dt.datetime,
    by: Actor,
    site: Site | None = None,
    time_left: Callable[[], bool] = lambda: True,
) -> Planned:
    """Plan what is due within the hour, and cancel what stopped being true.

    The unique key of a reminder makes this idempotent: whoever comes second adds nothing. A case that
    cannot be thought about is left to staff and never holds up the others. When the time is up the rest is
    left to the next look, which begins somewhere else: nobody is always the last.
    """
    done = Planned()
    standing = DefinitionVersion.objects.filter(kind=Kind.SCHEDULE, status=VersionStatus.PUBLISHED)
    schedules = {version.site_id: version for version in standing.select_related("site")}
    for chunk, lost in _chunks(_worth_a_look(as_of, site)):
        if not time_left():
            log.warning("planning_cut_short", cases=done.cases)
            break
        for case in lost:
            log.error("planning_case_unreadable", case=case.reference)
            done = _leave_to_staff(case, done, by=by, at=as_of)
        cases = [case for case in chunk if case.site_id in schedules]
        for case in cases:
            case.site = schedules[case.site_id].site  # one for all of them
        try:
            done = _plan_chunk(cases, schedules, done, as_of=as_of, by=by)
        except Exception:  # one bad case must not silence the reminders of all the others
            log.exception("planning_chunk_failed", cases=len(cases))
            for case in cases:
                done = _plan_alone(case, schedules, done, as_of=as_of, by=by)
    return done


def _plan_alone(
    case: Case,
    schedules: dict[int, DefinitionVersion],
    done: Planned,
    *,
    as_of: dt.datetime,
    by: Actor,
) -> Planned:
    try:
        return _plan_chunk([case], schedules, done, as_of=as_of, by=by)
    except DatabaseError:  # over with the next look, perhaps
        log.exception("planning_case_failed", case=case.reference)
        return dataclasses.replace(done, broken=done.broken + 1)
    except Exception:
        log.exception("planning_case_failed", case=case.reference)
        return _leave_to_staff(case, done, by=by, at=as_of)


def _leave_to_staff(case: Case, done: Planned, *, by: Actor, at: dt.datetime) -> Planned:
    """One task, or nobody would hear of it. An unfinished form is nobody's to look into."""
    if case.submitted_at is not None:
        text = gettext("Messages of this case cannot be planned. Tell whoever runs this service.")
        key = uuid.uuid5(_TASKS, str(case.pk))
        note_task(case=case, key=key, text=text, due_on=local_date(at), by=by, at=at)
    return dataclasses.replace(done, broken=done.broken + 1)


def _worth_a_look(as_of: dt.datetime, site: Site | None) -> QuerySet[Case]:
    waiting = Reminder.objects.filter(case=OuterRef("pk"), state__in=WAITING)
    unread = Message.objects.filter(
        case=OuterRef("pk"),
        author__isnull=False,
        read_at__isnull=True,
        sent_at__gt=as_of - rules.TOO_LATE,
    )
    answered = AnotherLook.objects.filter(case=OuterRef("pk"), answered_at__gt=as_of - rules.TOO_LATE)
    seen = Appointment.objects.filter(case=OuterRef("pk"), starts_at__gt=as_of - LOOK_BACK)
    cases = Case.objects.filter(
        Q(state__in=[State.DRAFT, *OPEN])
        | Q(closed_at__gt=as_of - LOOK_BACK)
        | Q(recheck_on__range=(as_of.date() - LOOK_BACK, as_of.date() + dt.timedelta(days=1)))
        | Exists(waiting)
        | Exists(unread)
        | Exists(answered)
        | Exists(seen)
        | Exists(TreatmentStart.objects.filter(case=OuterRef("pk")))
    )
    return cases if site is None else cases.filter(site=site)


def _chunks(cases: QuerySet[Case]) -> Iterator[tuple[list[Case], list[Case]]]:
    """All of them once, from somewhere in the middle to the end and then from the beginning.

    With each chunk those of whom no key of ours opens who they are: they come without their person.
    """
    newest = Case.objects.aggregate(Max("pk"))["pk__max"] or 0
    middle = secrets.randbelow(newest + 1)
    ordered = cases.select_related("patient").defer(*NOT_READ).order_by("pk")
    for part, last in ((ordered, middle), (ordered.filter(pk__lte=middle), 0)):
        while any(read := _read(part, last)):
            yield read
            last = max(case.pk for cases in read for case in cases)


def _read(part: QuerySet[Case], last: int) -> tuple[list[Case], list[Case]]:
    some = part.filter(pk__gt=last)[:CHUNK]
    try:
        return list(some), []
    except Undecryptable:
        found: list[Case] = []
        lost: list[Case] = []
        for pk in list(some.values_list("pk", flat=True)):
            try:
                found += part.filter(pk=pk)  # or nothing: it moved on meanwhile
            except Undecryptable:
                lost.append(Case.objects.select_related("site").get(pk=pk))
        return found, lost


def _plan_chunk(
    cases: Sequence[Case],
    schedules: dict[int, DefinitionVersion],
    done: Planned,
    *,
    as_of: dt.datetime,
    by: Actor,
) -> Planned:
    with transaction.atomic():
        found = histories(cases, as_of=as_of)
        rows: list[Reminder] = []
        tasks: dict[Case, list[StaffTask]] = {}
        cancelled = 0
        for case in cases:
            version = schedules[case.site_id]
            schedule = schedule_of(version)
            considered = rules.consider(found[case.pk], schedule, as_of=as_of, horizon=HORIZON)
            tasks[case] = staff_tasks_of(found[case.pk], schedule, as_of=as_of)
            pending = found[case.pk].pending
            rows += [
                _row(case, version, one.due, as_of)
                for one in considered
                if not one.why and one.due.key not in pending
            ]
            if pending:
                cancelled += _look_again(case, considered, by=by, at=as_of)
        keep_staff_tasks(wanted=tasks, by=by, at=as_of)
        return done.plus(_insert(rows, by=by, at=as_of), cancelled, len(cases))


def _row(case: Case, version: DefinitionVersion, due: rules.Due, as_of: dt.datetime) -> Reminder:
    return Reminder(
        site=case.site,
        patient=case.patient,
        case=case,
        schedule=version,
        step=due.step,
        occurrence=due.occurrence,
        channel=due.channel,
        template=due.template,
        due_at=due.due_at,
        local_rule=due.local_rule,
        at_most_once=due.at_most_once,
        created_at=as_of,
    )


def _insert(rows: list[Reminder], *, by: Actor, at: dt.datetime) -> int:
    """Add the rows that nobody else added first, each with its line in the trail."""
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    ours = set(Reminder.objects.filter(among("pk", [row.pk for row in rows])).values_list("pk", flat=True))
    back = _brought_back([row for row in rows if row.pk not in ours])
    lines = [*(about(row) for row in rows if row.pk in ours), *map(about, back)]
    record_each(Event.REMINDER_PLANNED, lines, by=by, at=at)
    return len(lines)


def _brought_back(due: Sequence[Reminder]) -> list[Reminder]:
    """Of what is due and was there already: what was cancelled for a reason that has passed.

    By the schedule that finds it due: by another one, the last check might cancel it again, and so for ever.
    """
    anew = {(row.patient_id, *key_of(row)): row for row in due}
    if not anew:
        return []
    of_these = among("patient_id", {row.patient_id for row in due})
    cancelled = Reminder.objects.filter(of_these, state=ReminderState.CANCELLED)
    over = cancelled.exclude(closed_reason=BY_STAFF).select_for_update(skip_locked=True)
    back = [row for row in over if (row.patient_id, *key_of(row)) in anew]
    for row in back:
        wanted = anew[(row.patient_id, *key_of(row))]
        row.state = ReminderState.RETRY if row.attempts else ReminderState.SCHEDULED
        row.case, row.site, row.closed_reason = wanted.case, wanted.site, ""
        for name in BY_SCHEDULE:
            setattr(row, name, getattr(wanted, name))
        row.save(update_fields=["state", "closed_reason", *BY_SCHEDULE])
    return back


def _look_again(case: Case, considered: Sequence[rules.Considered], *, by: Actor, at: dt.datetime) -> int:
    """Close what is waiting for this case and no longer due, with the reason; let leave what may sooner."""
    found = {one.due.key: one for one in considered}
    waiting = Reminder.objects.select_for_update(skip_locked=True).filter(case=case, state__in=WAITING)
    cancelled: list[About] = []
    for row in waiting:
        one = found.get(key_of(row))
        reason = NO_LONGER if one is None else one.why
        if reason and reason != rules.Why.NOT_YET:
            row.case, row.site = case, case.site
            row.state = ReminderState.CANCELLED
            row.closed_reason = reason
            row.save(update_fields=["state", "closed_reason"])
            cancelled.append(about(row))
        elif one is not None and one.due.due_at < row.due_at and row.state == ReminderState.SCHEDULED:
            row.due_at = one.due.due_at
            row.save(update_fields=["due_at"])
    record_each(Event.REMINDER_CANCELLED, cancelled, by=by, at=at)
    return len(cancelled)

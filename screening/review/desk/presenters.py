"""The work on a case in words: how long until a call is due, what was tried, what is left. No queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.cases.models import Case
from screening.cases.opening import LONDON
from screening.cases.workflow import State
from screening.intake.wording import date_in_words
from screening.review import words
from screening.review.desk.models import Call, Handover, Task
from screening.review.presenters import age_on, name_of

TWO_DAYS = 48


def length(span: timedelta) -> str:
    """A span of time as people say it: minutes under an hour, hours under two days, then days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < TWO_DAYS:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def call_in_words(call: Call) -> str:
    when = date_format(call.made_at.astimezone(LONDON), "j F, H:i")
    return f"{call.get_result_display()}: {call.made_by.name}, {when}"


@dataclasses.dataclass(frozen=True)
class Cleared:
    """How an urgent answer was dealt with, and on which call that rests."""

    question: str
    answer: str
    by: str
    at: datetime
    reason: str
    call: str
    no_call: str


@dataclasses.dataclass(frozen=True)
class CallPanel:
    """The calls about urgent answers against the time the clinic has set itself."""

    target: datetime | None
    left: str
    late: bool
    calls: Sequence[Call]
    cleared: Sequence[Cleared]

    @classmethod
    def of(
        cls, calls: Iterable[Call], cleared: Sequence[Cleared], *, target: datetime | None, at: datetime
    ) -> CallPanel:
        """`target` is None when nothing waits for a call any more."""
        late = target is not None and at > target
        left = length(abs(target - at)) if target else ""
        return cls(target=target, left=left, late=late, calls=list(calls), cleared=cleared)

    def __bool__(self) -> bool:
        return bool(self.target or self.calls or self.cleared)


@dataclasses.dataclass(frozen=True)
class TaskRow:
    id: Any
    text: str
    reference: str
    name: str
    whom: str
    due_on: date
    late: bool
    made_by: str
    done_by: str
    done_at: datetime | None

    @classmethod
    def of(cls, task: Task, *, today: date, user_id: int) -> TaskRow:
        whom = task.for_user.name if task.for_user else _("Anybody here")
        return cls(
            id=task.pk,
            text=task.text,
            reference=task.case.reference,
            name=name_of(task.case.patient),
            whom=_("You") if task.for_user_id == user_id else whom,
            due_on=task.due_on,
            late=task.done_at is None and task.due_on < today,
            made_by=task.made_by.name if task.made_by else "",
            done_by=_closed_by(task),
            done_at=task.done_at,
        )


def _closed_by(task: Task) -> str:
    """Who did it; what the service noted itself it also closes, when it is needed no more."""
    if task.done_by is not None:
        return task.done_by.name
    return _("Needed no more") if task.done_at else ""


def passed_on(handover: Handover) -> str:
    names = {"one": handover.from_user.name, "other": handover.to_user.name}
    if handover.taken:
        return _("%(other)s took the case over from %(one)s") % names
    return _("%(one)s handed the case to %(other)s") % names


def handed_on(handovers: Iterable[Handover]) -> list[dict[str, Any]]:
    """As the timeline component takes it."""
    return [
        {"title": passed_on(each), "at": each.at, "by": "", "text": each.reason or ""} for each in handovers
    ]


@dataclasses.dataclass(frozen=True)
class PersonColumn:
    """One record beside another."""

    reference: str
    name: str
    born: str
    nhs_number: str
    phone: str
    email: str
    state: str
    begun: datetime

    @classmethod
    def of(cls, case: Case, *, today: date) -> PersonColumn:
        patient = case.patient
        age = age_on(patient.date_of_birth, today)
        born = date_in_words(patient.date_of_birth) if patient.date_of_birth else ""
        return cls(
            reference=case.reference,
            name=name_of(patient),
            born=_("%(born)s, aged %(age)d") % {"born": born, "age": age} if age is not None else born,
            nhs_number=patient.nhs_number or "",
            phone=patient.phone or "",
            email=patient.email or "",
            state=str(words.STATE[State(case.state)]),
            begun=case.started_at,
        )

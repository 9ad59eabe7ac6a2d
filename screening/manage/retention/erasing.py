"""What goes with a record, in the order in which the database lets it go: what names a row before the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Manager, Q, QuerySet

from screening.cases.models import (
    Assessment,
    Case,
    Decision,
    Patient,
    RedFlag,
    Response,
    Revision,
    Transition,
)
from screening.followup.models import Alert, Attempt, Bounce, OptOut, Reminder, ReminderAct, Suppression
from screening.intake.models import Document, Entered, Link, Statement
from screening.intake.services.documents import remove_file
from screening.manage.publication.models import ImpactCase
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.desk.models import Call, Handover, SamePerson, Task
from screening.review.models import (
    Amendment,
    AnotherLook,
    InformationRequest,
    Letter,
    Message,
    Objection,
    ReviewNote,
)

# Every table with something about a person, and what its rows name. Appointments that were moved name the one
# before: they go newest first.
PARTS: tuple[tuple[Manager[Any], str], ...] = (
    (Attempt.objects, "reminder"),
    (ReminderAct.objects, "reminder"),
    (Bounce.objects, "patient"),
    (Reminder.objects, "patient"),
    (OptOut.objects, "patient"),
    (Suppression.objects, "patient"),
    (Alert.objects, "case"),
    (Amendment.objects, "response"),
    (InformationRequest.objects, "case"),
    (AnotherLook.objects, "case"),
    (ReviewNote.objects, "case"),
    (Letter.objects, "case"),
    (Message.objects, "case"),
    (Objection.objects, "response"),
    (Task.objects, "case"),
    (Handover.objects, "case"),
    (Appointment.objects, "case"),
    (TreatmentStart.objects, "case"),
    (RedFlag.objects, "case"),
    (Call.objects, "case"),
    (Decision.objects, "case"),
    (Assessment.objects, "case"),
    (Transition.objects, "case"),
    (Entered.objects, "response"),
    (Statement.objects, "response"),
    (Revision.objects, "response"),
    (Document.objects, "case"),
    (Link.objects, "patient"),
    (Response.objects, "patient"),
    (Case.objects, "patient"),
)


class FileLeft(Exception):
    """The bytes of a file could not be removed, so nothing of the record was."""


def remove_files(patients: Sequence[UUID]) -> int:
    """The bytes of every file of these records. Raises FileLeft."""
    files = list(Document.objects.filter(case__patient__in=patients).only("pk"))
    left = [each for each in files if not remove_file(each)]
    if left:
        raise FileLeft
    return len(files)


def erase(patients: Sequence[UUID], references: Iterable[str]) -> dict[str, int]:
    """Delete every row about these records; how many there were of each kind. Call inside a transaction."""
    named = keys_of(patients)
    counts = {
        rows.model.__name__.lower(): _delete(rows.filter(**{f"{what}__in": named[what]}))
        for rows, what in PARTS
    }
    either = Q(kept__in=patients) | Q(joined__in=patients)
    counts["sameperson"] = _delete(SamePerson.objects.filter(either))
    # Why a draft of the rules may judge a case otherwise is written by hand, beside its reference.
    counts["impactcase"] = _delete(ImpactCase.objects.filter(reference__in=list(references)))
    counts["patient"] = _delete(Patient.objects.filter(pk__in=patients))
    return counts


def keys_of(patients: Sequence[UUID]) -> dict[str, list[Any]]:
    """What rows about these records name, by kind. Looked up first: each table has an index on it."""
    of_these = {"patient__in": patients}
    return {
        "patient": list(patients),
        "case": list(Case.objects.filter(**of_these).values_list("pk", flat=True)),
        "response": list(Response.objects.filter(**of_these).values_list("pk", flat=True)),
        "reminder": list(Reminder.objects.filter(**of_these).values_list("pk", flat=True)),
    }


def _delete(rows: QuerySet[Any]) -> int:
    """One by one from the newest where a row may name another of its kind; else all of them at once."""
    if rows.model is Appointment:
        return sum(each.delete()[0] for each in rows.order_by("-pk"))
    return rows.delete()[0]

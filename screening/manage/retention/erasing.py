"""What goes with a record, in the order in which the database lets it go: what names a row before the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
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
from screening.manage.retention.models import Disposal, Outcome
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

# Every table with something about a person, and what its rows name.
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


def hold(patients: Sequence[UUID]) -> None:
    """Nobody writes to these records, or adds to them, until the transaction ends. Call inside one.

    The forms first and then their cases, as every save does: two orders would wait for each other for ever.
    """
    of_these = {"patient__in": patients}
    for rows in (
        Response.objects.filter(**of_these),
        Case.objects.filter(**of_these),
        Patient.objects.filter(pk__in=patients),
        Reminder.objects.filter(**of_these),
    ):
        list(rows.select_for_update().order_by("pk").values_list("pk"))


def files_of(patients: Sequence[UUID]) -> list[Document]:
    return list(Document.objects.filter(case__patient__in=patients).only("pk"))


def remove_files(files: Iterable[Document]) -> None:
    """The bytes of all of them. Raises FileLeft where one stays, once the others have gone."""
    if [each for each in files if not remove_file(each)]:
        raise FileLeft


def erase(patients: Sequence[UUID], references: Iterable[str]) -> dict[str, int]:
    """Delete every row about these records; how many there were of each kind. Call inside a transaction.

    Whatever still names one of them is an error here, and not only when the transaction ends.
    """
    named = keys_of(patients)
    counts = {
        rows.model.__name__.lower(): _delete(rows.filter(**{f"{what}__in": named[what]}))
        for rows, what in PARTS
    }
    either = Q(kept__in=patients) | Q(joined__in=patients)
    counts["sameperson"] = _delete(SamePerson.objects.filter(either))
    # Why a draft of the rules may judge a case otherwise is written by hand, beside its reference.
    counts["impactcase"] = _delete(ImpactCase.objects.filter(reference__in=list(references)))
    # So is why the record was kept longer before.
    Disposal.objects.filter(patients__overlap=list(patients), outcome=Outcome.KEPT).update(reason="")
    counts["patient"] = _delete(Patient.objects.filter(pk__in=patients))
    connection.check_constraints()
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
    """All of them at once. An appointment that was moved names the one before, so these go from the last."""
    if rows.model is Appointment:
        return sum(each.delete()[0] for each in rows.order_by("-sequence"))
    return rows.delete()[0]

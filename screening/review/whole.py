"""One case with the rows that hang on it, for the page that shows all of it.

Asked once which kinds of rows there are, so that what a case has not costs no statement. The related
managers then answer `.all()` from memory: a panel of the page reads `case.notes.all()` and asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from accounts.models import Site
from screening.cases.models import Assessment, Case, Decision, RedFlag, Response
from screening.intake.models import Document, Link
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.desk.joining import has_alike, has_joined
from screening.review.desk.models import Call, Handover, Task
from screening.review.models import (
    Amendment,
    AnotherLook,
    InformationRequest,
    Letter,
    Message,
    Objection,
    ReviewNote,
)
from screening.review.selectors import readable

Row = TypeVar("Row", bound=Model)
CONTENT = ("questionnaire__content", "ruleset__content")  # read by its hash, once per process


def _of_case() -> dict[str, QuerySet[Any]]:
    """What hangs on a case, by the name of the relation."""
    return {
        "assessments": Assessment.objects.select_related("questionnaire", "ruleset").defer(*CONTENT),
        "red_flags": RedFlag.objects.select_related("cleared_by", "cleared_call__made_by"),
        "calls": Call.objects.select_related("made_by"),
        "tasks": Task.objects.select_related("for_user", "made_by", "done_by"),
        "handovers": Handover.objects.select_related("from_user", "to_user"),
        "decisions": Decision.objects.select_related("clinician"),
        "documents": Document.objects.filter(removed_at__isnull=True).order_by("uploaded_at"),
        "letters": Letter.objects.select_related("author"),
        "notes": ReviewNote.objects.select_related("author"),
        "messages": Message.objects.select_related("author"),
        "information_requests": InformationRequest.objects.select_related("asked_by"),
        "looks": AnotherLook.objects.select_related("answered_by"),
        "appointments": Appointment.objects.select_related("settled_by"),
        "treatment_starts": TreatmentStart.objects.select_related("entered_by"),
    }


def _of_response() -> dict[str, QuerySet[Any]]:
    """What hangs on the answers."""
    return {
        "responses__amendments": Amendment.objects.all(),
        "responses__objections": Objection.objects.all(),
    }


def whole_case_of(*, site: Site, reference: str) -> Case:
    """The case with everything that is shown of it, or Case.DoesNotExist.

    `locked_out` says whether somebody was locked out of the form, `newest_rules` which rule set of the
    site is published (its key, or None), `possible_same` and `joined_same` whether another record could
    be, or was said to be, the same person.
    """
    has = {_flag(name): Exists(rows.filter(case=OuterRef("pk"))) for name, rows in _of_case().items()}
    has |= {
        _flag(name): Exists(rows.filter(response__case=OuterRef("pk")))
        for name, rows in _of_response().items()
    }
    locked = Link.objects.filter(case=OuterRef("pk"), locked_at__isnull=False, revoked_at__isnull=True)
    rules = DefinitionVersion.objects.filter(
        site=OuterRef("site"), kind=Kind.RULESET, status=VersionStatus.PUBLISHED
    )
    cases = Case.objects.annotate(
        **has,
        locked_out=Exists(locked),
        possible_same=has_alike(),
        joined_same=has_joined(),
        newest_rules=Subquery(rules.order_by("code").values("pk")[:1]),
    )
    case = readable(cases, site=site, reference=reference)
    prefetch_related_objects([case], "transitions", *_prefetches(case))
    return case


def _prefetches(case: Case) -> Iterator[Prefetch[Any, Any, Any]]:
    yield Prefetch(
        "responses",
        Response.objects.select_related("version", "entered__by")
        .defer("version__content")
        .order_by("started_at"),
    )
    for name, rows in (*_of_case().items(), *_of_response().items()):
        yield Prefetch(name, rows if getattr(case, _flag(name)) else rows.none())


def _flag(name: str) -> str:
    return f"has_{name}"


def amendments_of(case: Case) -> list[Amendment]:
    """Every answer that changed after the form was sent, in order."""
    return _in_order(row for response in case.responses.all() for row in response.amendments.all())


def objections_of(case: Case) -> list[Objection]:
    """What the patient said is not right, in order."""
    return _in_order(row for response in case.responses.all() for row in response.objections.all())


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.pk)

"""Write to the trail. Called inside the transaction of what it describes, so both happen or neither."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection

from accounts.actors import Actor
from accounts.models import Site
from audit.context import current_request_id
from audit.events import Event
from audit.models import AuditEvent
from audit.sealing import seal, verify

__all__ = ["About", "NotRecorded", "record", "record_each", "seal", "verify"]

Plain = str | int | float | bool | None
LONGEST = 200

# One value for however many rows: reminders leave by the ten thousand, each with three lines.
SAME = ("at", "event", "actor_kind", "actor_label", "user_id", "role", "request_id")
OWN = ("patient_id", "site_id", "case_reference", "references", "detail")
EACH = """
    INSERT INTO "audit_auditevent" (
        at, event, actor_kind, actor_label, user_id, role, request_id,
        patient_id, site_id, case_reference, "references", detail)
    SELECT %s, %s, %s, %s, %s::bigint, %s, %s,
        patient_id, site_id, case_reference, "references", detail
    FROM jsonb_to_recordset(%s::jsonb)
        AS row (patient_id uuid, site_id bigint, case_reference text, "references" jsonb, detail jsonb)
"""


class NotRecorded(DatabaseError):
    """The trail took no row, so what it was to describe must not happen and must not be shown."""


@dataclasses.dataclass(frozen=True)
class About:
    """What one row speaks about; `record` says what each of these is."""

    site: Site | None
    case: str | None
    patient: UUID | None
    detail: Mapping[str, Plain | list[str]]
    references: tuple[str, ...] = ()


def record(
    event: Event,
    *,
    by: Actor,
    at: datetime,
    site: Site | None,
    case: str | None = None,
    patient: UUID | None = None,
    references: Iterable[str] = (),
    detail: Mapping[str, Plain | list[str]] | None = None,
) -> AuditEvent:
    """One row: who did what, when, where.

    `case` is the case's reference. `references` names the cases a list page showed. `detail` holds
    codes, counts and field names, never what a person said: the trail outlives what it describes.
    Raises NotRecorded.
    """
    about = About(site=site, case=case, patient=patient, references=tuple(references), detail=detail or {})
    row = _row(event, about, by=by, at=at)
    try:
        row.save(force_insert=True)
    except DatabaseError as problem:
        raise NotRecorded("The trail took no row.") from problem
    return row


def record_each(event: Event, things: Iterable[About], *, by: Actor, at: datetime) -> None:
    """The same event about each of many, a row for each, in one statement. Raises NotRecorded."""
    rows = [_row(event, about, by=by, at=at) for about in things]
    if not rows:
        return
    same = [getattr(rows[0], name) for name in SAME]
    own = json.dumps([{name: getattr(row, name) for name in OWN} for row in rows], default=str)
    try:
        with connection.cursor() as cursor:
            cursor.execute(EACH, [*same, own])
    except DatabaseError as problem:
        raise NotRecorded("The trail took no row.") from problem


def _row(event: Event, about: About, *, by: Actor, at: datetime) -> AuditEvent:
    return AuditEvent(
        at=at,
        event=event.value,
        actor_kind=by.kind.value,
        actor_label=by.label,
        user_id=by.user_id,
        role=by.role,
        patient_id=about.patient if about.patient is not None else by.patient_id,
        site_id=None if about.site is None else about.site.pk,
        case_reference=about.case or "",
        references=list(about.references),
        request_id=current_request_id(),
        detail=_checked(about.detail),
    )


def _checked(detail: Mapping[str, Plain | list[str]]) -> dict[str, Plain | list[str]]:
    for key, value in detail.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in values):
            raise TypeError(f"The detail {key!r} of an audit event is nested: name codes and counts only.")
        if any(isinstance(each, str) and len(each) > LONGEST for each in values):
            raise ValueError(
                f"The detail {key!r} of an audit event is long: free text stays out of the trail."
            )
    return dict(detail)

"""Read the trail: of a case, of a person, of a site. Newest first, a page at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import ActorKind
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from audit.reads import READS

PAGE = 50
# Staff who did one of these have seen the answers.
OPENED = (Event.CASE_VIEWED, Event.CASE_PRINTED)


# In the detail of such a row: the keys of the newest judgement and of the newest safety answer that the
# page showed, 0 where there was none.
JUDGEMENT, FLAG = "judgement", "flag"


@dataclasses.dataclass(frozen=True)
class Opening:
    """When somebody opened a case, and the newest judgement and safety answer shown, where that is known.

    Time and keys are needed: what is being written at that very moment has an earlier time and was not shown.
    """

    at: datetime
    judgement: int | None = None
    flag: int | None = None

    @classmethod
    def of(cls, row: AuditEvent) -> Opening:
        return cls(row.at, row.detail.get(JUDGEMENT), row.detail.get(FLAG))


@dataclasses.dataclass(frozen=True)
class Filters:
    event: str = ""
    user_id: int | None = None
    case_reference: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclasses.dataclass(frozen=True)
class Page:
    """`older` is what to pass as `before` for the next page, None on the last one."""

    rows: Sequence[AuditEvent]
    older: int | None


def trail(*, site: Site, filters: Filters | None = None, before: int | None = None, size: int = PAGE) -> Page:
    """What happened at a site; of one case, also the list pages that showed it."""
    filters = filters or Filters()
    rows = AuditEvent.objects.filter(site_id=site.pk).order_by("-id")
    if filters.event:
        rows = rows.filter(event=filters.event)
    if filters.user_id is not None:
        rows = rows.filter(user_id=filters.user_id)
    if filters.case_reference:
        rows = rows.filter(_concerns([filters.case_reference]))
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(at__lt=filters.until)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: size + 1])
    return Page(rows=found[:size], older=found[size - 1].id if len(found) > size else None)


def trail_for_patient(
    *, site: Site, patient_id: UUID, references: Sequence[str] = (), limit: int = 500
) -> list[AuditEvent]:
    """Who looked at a person's record: staff who opened it, or a list page that named a case of theirs.

    List pages name references and no people, so the caller passes the references of the person's cases.
    """
    about = Q(patient_id=patient_id)
    if references:
        about |= _concerns(references)
    rows = AuditEvent.objects.filter(
        about, site_id=site.pk, actor_kind=ActorKind.STAFF, event__in=[event.value for event in READS]
    )
    return list(rows.order_by("-id")[:limit])


def openings() -> QuerySet[AuditEvent]:
    """When staff opened a case: one row for each time, newest first."""
    rows = AuditEvent.objects.filter(actor_kind=ActorKind.STAFF, event__in=OPENED)
    return rows.exclude(case_reference="").order_by("-id")


def events_of_case(*, site: Site, reference: str, events: Sequence[Event]) -> list[AuditEvent]:
    """These events of one case, newest first."""
    rows = AuditEvent.objects.filter(site_id=site.pk, case_reference=reference, event__in=events)
    return list(rows.exclude(case_reference="").order_by("-id"))


def last_opened(*, site: Site, reference: str, user_id: int) -> Opening | None:
    """When this person last opened this case."""
    row = openings().filter(site_id=site.pk, case_reference=reference, user_id=user_id).first()
    return Opening.of(row) if row is not None else None


def _concerns(references: Sequence[str]) -> Q:
    """Rows about one of the cases. `~Q(references=[])` lets the partial index answer."""
    about = Q(case_reference__in=references) & ~Q(case_reference="")
    for reference in references:
        about |= Q(references__contains=[reference]) & ~Q(references=[])
    return about

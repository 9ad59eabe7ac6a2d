"""What a clinician reads: the worklist, a case, a search. Always from a site."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.encryption import lookup_hash
from accounts.models import Site
from screening.cases.models import ORDINARY_RANK, Case
from screening.cases.workflow import OPEN, State

PAGE_SIZE = 50
COUNT_CAP = 1000


class View(StrEnum):
    """The lists of the worklist, each an address of its own."""

    TO_DO = "to-do"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    WAITING = "waiting"
    SECOND = "second"
    ALL = "all"


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list. `next` names the last row, from which the following page starts."""

    cases: list[Case]
    next: str | None
    count: int
    capped: bool


def on_worklist() -> Q:
    """Every open case, and a draft while an urgent answer in it stands."""
    return Q(state__in=sorted(OPEN)) | Q(state=State.DRAFT, rank__lt=ORDINARY_RANK)


def worklist(*, site: Site, view: View, user_id: int, at: datetime, after: str | None = None) -> Page:
    """Urgent first by tier, then who waits longest. Keyset paging: `after` is a Page.next."""
    found = _of_view(Case.objects.filter(site=site), view, user_id=user_id, at=at)
    count = len(found.order_by()[: COUNT_CAP + 1].values_list("pk"))
    rows = found.select_related("patient", "claimed_by").prefetch_related("red_flags")
    if after:
        rows = rows.filter(_beyond(after))
    cases = list(rows.order_by("rank", "waiting_since", "id")[: PAGE_SIZE + 1])
    more = len(cases) > PAGE_SIZE
    cases = cases[:PAGE_SIZE]
    return Page(cases, _mark(cases[-1]) if more else None, min(count, COUNT_CAP), count > COUNT_CAP)


def _of_view(cases: QuerySet[Case], view: View, *, user_id: int, at: datetime) -> QuerySet[Case]:
    match view:
        case View.MINE:
            return cases.filter(on_worklist(), claimed_by=user_id, lease_until__gt=at)
        case View.UNCLAIMED:
            free = Q(claimed_by__isnull=True) | Q(lease_until__lte=at)
            return cases.filter(on_worklist(), free).exclude(state=State.AWAITING_INFO, rank=ORDINARY_RANK)
        case View.WAITING:
            return cases.filter(state=State.AWAITING_INFO)
        case View.SECOND:
            return cases.filter(state=State.CLINICIAN_REVIEWED).exclude(
                decisions__clinician=user_id, decisions__stage="first"
            )
        case View.ALL:
            return cases.exclude(state__in=[State.DRAFT, State.EXPIRED])
        case _:
            return cases.filter(on_worklist()).exclude(state=State.AWAITING_INFO, rank=ORDINARY_RANK)


def _mark(case: Case) -> str:
    return f"{case.rank}~{case.waiting_since.isoformat()}~{case.pk}"


def _beyond(after: str) -> Q:
    """Rows after a mark. A mark that is no mark starts at the beginning: it came from the address."""
    try:
        rank_text, since_text, pk_text = after.split("~")
        rank, since, pk = int(rank_text), datetime.fromisoformat(since_text), int(pk_text)
    except ValueError:
        return Q()
    if since.tzinfo is None:
        return Q()
    return (
        Q(rank__gt=rank)
        | Q(rank=rank, waiting_since__gt=since)
        | Q(rank=rank, waiting_since=since, pk__gt=pk)
    )


def case_of(*, site: Site, reference: str) -> Case:
    """The case with this reference at this site, or Case.DoesNotExist."""
    if "\0" in reference:  # which no text in the database can hold, and it would say so with an error
        raise Case.DoesNotExist
    return Case.objects.select_related("patient", "site", "claimed_by").get(site=site, reference=reference)


def search(*, site: Site, text: str) -> list[Case]:
    """Cases by reference, NHS number or surname (whole, or its first three letters)."""
    text = text.replace("\0", "").strip()
    if not text:
        return []
    compact = text.replace(" ", "").replace("-", "")
    hashed = lookup_hash(text)
    wanted = (
        Q(reference__iexact=text)
        | Q(reference__iexact=f"{compact[:4]}-{compact[4:]}")
        | Q(patient__family_name_hash=hashed)
        | Q(patient__nhs_number_hash=lookup_hash(compact))
    )
    if len(text) == 3:
        wanted |= Q(patient__family_name_start_hash=hashed)
    cases = Case.objects.filter(wanted, site=site).exclude(state=State.EXPIRED)
    return list(cases.select_related("patient", "claimed_by").order_by("-started_at")[:PAGE_SIZE])

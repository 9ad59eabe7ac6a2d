"""What a clinician reads: the worklist, a case, a search. Always from a site."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db.models import F, Q, QuerySet, Value

from accounts.encryption import lookup_hash
from accounts.models import Site
from screening.cases.models import ON_WORKLIST, ORDINARY_RANK, Case
from screening.cases.surnames import FIRST_LETTERS, sought, surname_hashes
from screening.cases.workflow import State
from screening.intake.models import Document
from screening.review.models import Message
from screening.review.others import TO_LOOK, TO_REVIEW, first_keys
from screening.review.paging import MOST_URGENT, NEWEST, Order
from screening.review.searching import compact, date_typed, surnames

PAGE_SIZE = 50
COUNT_CAP = 1000
TALLY_CAP = 100  # of the other lists: what tells busy from quiet
UNSHOWN = ("patient__nhs_number",)  # what no row shows is not decrypted for it


class View(StrEnum):
    """The lists of the worklist, each an address of its own."""

    TO_DO = "to-do"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    WAITING = "waiting"
    SECOND = "second"
    AGAIN = "again"
    ALL = "all"


TALLIED: tuple[View, ...] = tuple(view for view in View if view != View.ALL)
OF_OTHERS: Mapping[View, str] = {View.SECOND: TO_REVIEW, View.AGAIN: TO_LOOK}


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list. `next` names the last row, from which the following page starts.

    `count` stops at COUNT_CAP: an exact count of a long list costs more than the list.
    """

    cases: list[Case]
    next: str | None
    count: int
    capped: bool


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many cases were counted, and whether there may be more of them."""

    count: int
    more: bool = False


@dataclasses.dataclass(frozen=True)
class Found:
    """What a search found, newest first; `more` when that is not all."""

    cases: list[Case]
    more: bool


# It waits for the patient: nothing urgent in it, nothing new from them.
_PATIENTS_TURN = Q(state=State.AWAITING_INFO, rank=ORDINARY_RANK, news_at__isnull=True)


def worklist(*, site: Site, view: View, user_id: int, at: datetime, after: str | None = None) -> Page:
    """Urgent first by tier, then whose target passed, then age; all cases the newest first (see ADR 0015).

    Keyset paging: `after` is a Page.next, so that a deep page costs what the first one does.
    """

    first = _first(PAGE_SIZE + 1, site=site, view=view, user_id=user_id, at=at, after=after)
    cases = list(first.select_related("patient", "claimed_by").defer(*UNSHOWN))
    more = len(cases) > PAGE_SIZE
    # One page counts itself.
    count = _count(site=site, view=view, user_id=user_id, at=at) if more or after else len(cases)
    cases = with_news(cases[:PAGE_SIZE])
    mark = _order_of(view).mark(cases[-1]) if more else None
    return Page(cases, mark, min(count, COUNT_CAP), count > COUNT_CAP)


def signs(*, site: Site, view: View, user_id: int, at: datetime, after: str | None = None) -> list[str]:
    """A sign for each row that `worklist` would show now: another one when the case changed since.

    It tells whoever reads it nothing of a case, so that a page can ask often whether it is out of date.
    """
    rows = _first(PAGE_SIZE, site=site, view=view, user_id=user_id, at=at, after=after)
    return [sign_of(*row) for row in rows.values_list("reference", "lock")]


def sign_of(reference: str, lock: int) -> str:
    return hashlib.sha256(f"{reference} {lock}".encode()).hexdigest()[:12]


def tallies(*, site: Site, user_id: int, at: datetime) -> dict[View, Tally]:
    """How many cases each list has, counted to TALLY_CAP, in three queries that cost the same with many."""
    lists = [
        _first(TALLY_CAP, site=site, view=view, user_id=user_id, at=at)
        .annotate(list=Value(view.value))
        .values_list("list", flat=True)
        for view in TALLIED
    ]
    found = Counter(lists[0].union(*lists[1:], all=True))
    return {view: Tally(found[view.value], more=found[view.value] >= TALLY_CAP) for view in TALLIED}


def _order_of(view: View) -> Order:
    return NEWEST if view == View.ALL else MOST_URGENT


def _first(
    limit: int, *, site: Site, view: View, user_id: int, at: datetime, after: str | None = None
) -> QuerySet[Case]:
    """The first of a list, in its order, behind the mark `after` if there is one."""
    order = _order_of(view)
    if which := OF_OTHERS.get(view):
        keys = first_keys(which, site_id=site.pk, user_id=user_id, limit=limit, after=after)
        return Case.objects.filter(pk__in=keys).order_by(*order.fields)[:limit]
    found = _of_view(Case.objects.filter(site=site), view, user_id=user_id, at=at).order_by(*order.fields)
    return (found.filter(order.beyond(after)) if after else found)[:limit]


def _count(*, site: Site, view: View, user_id: int, at: datetime) -> int:
    """How many a list has, to one more than COUNT_CAP: sorted, so that it walks the index and stops there."""
    if which := OF_OTHERS.get(view):
        return len(first_keys(which, site_id=site.pk, user_id=user_id, limit=COUNT_CAP + 1))
    return _first(COUNT_CAP + 1, site=site, view=view, user_id=user_id, at=at).count()


def with_news(cases: list[Case]) -> list[Case]:
    """Says of each case what is new besides another look: `replied`, `documents_new`. One query for a page.

    Asked of the page's own cases: as a part of the list's query it would read the news of all of them.
    """
    told = {case.pk: case for case in cases if case.news_at is not None}
    if told:
        of_page = {"case__in": list(told)}
        unread = Message.objects.filter(**of_page, author__isnull=True, read_at__isnull=True)
        documents = Document.objects.filter(
            **of_page, removed_at__isnull=True, uploaded_at__gte=F("case__news_at")
        )
        kinds = {"replied": unread, "documents_new": documents}
        first, *others = (
            rows.order_by().annotate(kind=Value(kind)).values_list("kind", "case_id")
            for kind, rows in kinds.items()
        )
        for kind, key in first.union(*others):
            setattr(told[key], kind, True)
    return cases


def _of_view(cases: QuerySet[Case], view: View, *, user_id: int, at: datetime) -> QuerySet[Case]:
    match view:
        case View.MINE:
            return cases.filter(ON_WORKLIST, claimed_by=user_id, lease_until__gt=at)
        case View.UNCLAIMED:
            free = Q(claimed_by__isnull=True) | Q(lease_until__lte=at)
            return cases.filter(ON_WORKLIST, free).exclude(_PATIENTS_TURN)
        case View.WAITING:
            return cases.filter(state=State.AWAITING_INFO)
        case View.ALL:
            return cases.exclude(state__in=[State.DRAFT, State.EXPIRED])
        case _:
            return cases.filter(ON_WORKLIST).exclude(_PATIENTS_TURN)


def case_of(*, site: Site, reference: str) -> Case:
    """The case with this reference at this site, or Case.DoesNotExist."""
    return readable(Case.objects.all(), site=site, reference=reference)


def readable(cases: QuerySet[Case], *, site: Site, reference: str) -> Case:
    """The one of these with this reference at this site, or Case.DoesNotExist."""
    if "\0" in reference:  # which no text in the database can hold, and it would say so with an error
        raise Case.DoesNotExist
    return cases.select_related("patient", "site", "claimed_by").get(site=site, reference=reference)


def is_elsewhere(reference: str) -> bool:
    """Whether a case of any site has this reference: asking for one of another clinic is written down."""
    return "\0" not in reference and Case.objects.filter(reference=reference).exists()


def search(*, site: Site, text: str) -> Found:
    """Cases by reference, NHS number, date of birth or surname (whole, also with a first name, or its first
    three letters).

    Nothing of this is readable in the database: what was typed is hashed and the hash is looked up.
    """
    text = text.replace("\0", "").strip()
    if not text:
        return Found([], more=False)
    typed = compact(text)
    hashes = [("nhs_number_hash", lookup_hash(typed))]
    hashes += [("family_name_hash", surname_hashes(name)[0]) for name in surnames(text)]
    if len(sought(text)) == FIRST_LETTERS:
        hashes.append(("family_name_start_hash", surname_hashes(text)[1]))
    if (born := date_typed(text)) is not None:
        hashes.append(("date_of_birth_hash", lookup_hash(born.isoformat())))
    cases = Case.objects.filter(site=site).exclude(state=State.EXPIRED)
    reference = f"{typed[:4]}-{typed[4:]}".upper()
    # One short look into one index each: an "or" over all of them would read the whole table.
    looks = [cases.filter(reference=reference).values_list("pk")]
    for column, hashed in hashes:
        of_person = cases.filter(patient__site=site, **{f"patient__{column}": hashed})
        looks.append(of_person.order_by("-patient__created_at").values_list("pk")[: PAGE_SIZE + 1])
    # Not sliced: a union has no order, so the newest might be what is cut off.
    keys = [pk for (pk,) in looks[0].union(*looks[1:])]
    rows = Case.objects.filter(pk__in=keys).select_related("patient", "claimed_by").defer(*UNSHOWN)
    shown = with_news(list(rows.order_by("-started_at", "-id")[:PAGE_SIZE]))
    return Found(shown, more=len(keys) > PAGE_SIZE)

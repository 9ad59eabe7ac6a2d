"""What a clinician reads: the worklist, a case, a search. Always from a site."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from accounts.encryption import lookup_hash
from accounts.models import Site
from screening.cases.models import ON_WORKLIST, ORDINARY_RANK, Case, Decision
from screening.cases.stages import Stage
from screening.cases.workflow import UNDER_REVIEW, State
from screening.intake.models import Document
from screening.review.models import AnotherLook, Message
from screening.review.paging import MOST_URGENT, NEWEST, Order
from screening.review.searching import compact, date_typed

PAGE_SIZE = 50
COUNT_CAP = 1000
TALLY_CAP = 100  # of the other lists: what tells busy from quiet
UNSHOWN = ("patient__nhs_number",)  # what no row shows is not decrypted for it
START = 3  # letters of a surname that have a hash of their own


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
NOT_ONES_OWN: tuple[View, ...] = (View.SECOND, View.AGAIN)


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
    order = _order_of(view)
    found = _sorted(site=site, view=view, user_id=user_id, at=at)
    rows = found.select_related("patient", "claimed_by").defer(*UNSHOWN)
    if after:
        rows = rows.filter(order.beyond(after))
    cases = list(rows[: PAGE_SIZE + 1])
    more = len(cases) > PAGE_SIZE
    # Sorted, so that counting too walks the index of the list and stops at the cap. One page counts itself.
    count = found[: COUNT_CAP + 1].count() if more or after else len(cases)
    cases = with_news(cases[:PAGE_SIZE])
    return Page(cases, order.mark(cases[-1]) if more else None, min(count, COUNT_CAP), count > COUNT_CAP)


def signs(*, site: Site, view: View, user_id: int, at: datetime, after: str | None = None) -> list[str]:
    """A sign for each row that `worklist` would show now: another one when the case changed since.

    It tells whoever reads it nothing of a case, so that a page can ask often whether it is out of date.
    """
    rows = _sorted(site=site, view=view, user_id=user_id, at=at)
    if after:
        rows = rows.filter(_order_of(view).beyond(after))
    return [sign_of(*row) for row in rows.values_list("reference", "lock")[:PAGE_SIZE]]


def sign_of(reference: str, lock: int) -> str:
    return hashlib.sha256(f"{reference} {lock}".encode()).hexdigest()[:12]


def tallies(*, site: Site, user_id: int, at: datetime) -> dict[View, Tally]:
    """How many cases each list has, in one query that costs the same with many.

    It looks at the most pressing TALLY_CAP of each list. Where those of one's own do not count, there may be
    more of other people's further down: then nobody counts on, and the tally says that there are more.
    """
    looked_at = {
        view: _sorted(site=site, view=view, user_id=user_id, at=at, ones_own=True)[:TALLY_CAP]
        for view in TALLIED
    }
    of_others = {
        f"{view} of others": _of_others(
            Case.objects.filter(pk__in=looked_at[view].values("pk")), view, user_id=user_id
        )
        for view in NOT_ONES_OWN
    }
    lists = [
        cases.annotate(list=Value(str(name))).values_list("list", flat=True)
        for name, cases in [*looked_at.items(), *of_others.items()]
    ]
    found = Counter(lists[0].union(*lists[1:], all=True))
    return {
        view: Tally(
            count=found[f"{view} of others" if view in NOT_ONES_OWN else view.value],
            more=found[view.value] >= TALLY_CAP,
        )
        for view in TALLIED
    }


def _order_of(view: View) -> Order:
    return NEWEST if view == View.ALL else MOST_URGENT


def _sorted(*, site: Site, view: View, user_id: int, at: datetime, ones_own: bool = False) -> QuerySet[Case]:
    """With `ones_own` also what this person may only read, having decided before."""
    found = _of_view(Case.objects.filter(site=site), view, user_id=user_id, at=at)
    if not ones_own:
        found = _of_others(found, view, user_id=user_id)
    return found.order_by(*_order_of(view).fields)


def with_news(cases: list[Case]) -> list[Case]:
    """Says of each case what is new: `replied`, `look_wanted`, `documents_new`. One query for a page.

    Asked of the page's own cases: as a part of the list's query it would read the news of all of them.
    """
    told = {case.pk: case for case in cases if case.news_at is not None}
    if told:
        of_page = {"case__in": list(told)}
        unread = Message.objects.filter(**of_page, author__isnull=True, read_at__isnull=True)
        looks = AnotherLook.objects.filter(**of_page, answered_at__isnull=True)
        documents = Document.objects.filter(
            **of_page, removed_at__isnull=True, uploaded_at__gte=F("case__news_at")
        )
        kinds = {"replied": unread, "look_wanted": looks, "documents_new": documents}
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
        case View.SECOND:
            return cases.filter(state__in=UNDER_REVIEW)
        case View.AGAIN:
            look = AnotherLook.objects.filter(case=OuterRef("pk"), answered_at__isnull=True)
            return cases.filter(Exists(look), news_at__isnull=False)
        case View.ALL:
            return cases.exclude(state__in=[State.DRAFT, State.EXPIRED])
        case _:
            return cases.filter(ON_WORKLIST).exclude(_PATIENTS_TURN)


def _of_others(cases: QuerySet[Case], view: View, *, user_id: int) -> QuerySet[Case]:
    """Without those that need somebody who took no part in the decision before."""
    match view:
        case View.SECOND:
            return cases.exclude(_mine_alone(user_id))
        case View.AGAIN:
            return cases.exclude(decisions__clinician=user_id)
        case _:
            return cases


def _mine_alone(user_id: int) -> Exists:
    """Cases on which this person has decided already, so that somebody else has to look next."""
    mine = Decision.objects.filter(case=OuterRef("pk"), clinician=user_id)
    return Exists(mine.filter(Q(stage=Stage.FIRST) | Q(case__state=State.DISPUTED)))


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
    """Cases by reference, NHS number, date of birth or surname (whole, or its first three letters).

    Nothing of this is readable in the database: what was typed is hashed and the hash is looked up.
    """
    text = text.replace("\0", "").strip()
    if not text:
        return Found([], more=False)
    typed = compact(text)
    hashes = {"family_name_hash": lookup_hash(text), "nhs_number_hash": lookup_hash(typed)}
    if len(text) == START:
        hashes["family_name_start_hash"] = lookup_hash(text)
    if (born := date_typed(text)) is not None:
        hashes["date_of_birth_hash"] = lookup_hash(born.isoformat())
    cases = Case.objects.filter(site=site).exclude(state=State.EXPIRED)
    reference = f"{typed[:4]}-{typed[4:]}".upper()
    # One short look into one index each: an "or" over all of them would read the whole table.
    looks = [cases.filter(reference=reference).values_list("pk")]
    for column, value in hashes.items():
        of_person = cases.filter(patient__site=site, **{f"patient__{column}": value})
        looks.append(of_person.order_by("-patient__created_at").values_list("pk")[: PAGE_SIZE + 1])
    # Not sliced: a union has no order, so the newest might be what is cut off.
    keys = [pk for (pk,) in looks[0].union(*looks[1:])]
    rows = Case.objects.filter(pk__in=keys).select_related("patient", "claimed_by").defer(*UNSHOWN)
    shown = with_news(list(rows.order_by("-started_at", "-id")[:PAGE_SIZE]))
    return Found(shown, more=len(keys) > PAGE_SIZE)

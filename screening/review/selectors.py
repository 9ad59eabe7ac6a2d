"""What a clinician reads: the worklist, a case, a search. Always from a site."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.encryption import lookup_hash
from accounts.models import Site
from screening.cases.models import ORDINARY_RANK, Case
from screening.cases.workflow import OPEN, State
from screening.review.models import AnotherLook, Message
from screening.review.paging import MOST_URGENT, NEWEST

PAGE_SIZE = 50
COUNT_CAP = 1000
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
class Found:
    """What a search found, newest first; `more` when that is not all."""

    cases: list[Case]
    more: bool


def on_worklist() -> Q:
    """Every open case, any case while an urgent answer in it stands, and any with news of the patient."""
    return Q(state__in=sorted(OPEN)) | Q(rank__lt=ORDINARY_RANK) | Q(news_at__isnull=False)


# It waits for the patient: nothing urgent in it, nothing new from them.
_PATIENTS_TURN = Q(state=State.AWAITING_INFO, rank=ORDINARY_RANK, news_at__isnull=True)


def worklist(*, site: Site, view: View, user_id: int, at: datetime, after: str | None = None) -> Page:
    """Urgent first by tier, then who waits longest; all cases by when they began, the newest first.

    Keyset paging: `after` is a Page.next, so that a deep page costs what the first one does.
    """
    found = _of_view(Case.objects.filter(site=site), view, user_id=user_id, at=at)
    order = NEWEST if view == View.ALL else MOST_URGENT
    found = found.order_by(*order.fields)
    # Sorted, so that counting too walks the index of the list and stops at the cap.
    count = found[: COUNT_CAP + 1].count()
    rows = with_news(found).select_related("patient", "claimed_by").defer(*UNSHOWN)
    if after:
        rows = rows.filter(order.beyond(after))
    cases = list(rows[: PAGE_SIZE + 1])
    more = len(cases) > PAGE_SIZE
    cases = cases[:PAGE_SIZE]
    return Page(cases, order.mark(cases[-1]) if more else None, min(count, COUNT_CAP), count > COUNT_CAP)


def with_news(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Says of each case whether the patient wrote something unread, and whether another look is wanted."""
    of_case = {"case": OuterRef("pk")}
    unread = Message.objects.filter(**of_case, author__isnull=True, read_at__isnull=True)
    looks = AnotherLook.objects.filter(**of_case, answered_at__isnull=True)
    return cases.annotate(replied=Exists(unread), look_wanted=Exists(looks))


def _of_view(cases: QuerySet[Case], view: View, *, user_id: int, at: datetime) -> QuerySet[Case]:
    match view:
        case View.MINE:
            return cases.filter(on_worklist(), claimed_by=user_id, lease_until__gt=at)
        case View.UNCLAIMED:
            free = Q(claimed_by__isnull=True) | Q(lease_until__lte=at)
            return cases.filter(on_worklist(), free).exclude(_PATIENTS_TURN)
        case View.WAITING:
            return cases.filter(state=State.AWAITING_INFO)
        case View.SECOND:
            return cases.filter(state=State.CLINICIAN_REVIEWED).exclude(
                decisions__clinician=user_id, decisions__stage="first"
            )
        case View.AGAIN:
            look = AnotherLook.objects.filter(case=OuterRef("pk"), answered_at__isnull=True)
            return cases.filter(Exists(look), news_at__isnull=False).exclude(decisions__clinician=user_id)
        case View.ALL:
            return cases.exclude(state__in=[State.DRAFT, State.EXPIRED])
        case _:
            return cases.filter(on_worklist()).exclude(_PATIENTS_TURN)


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
    compact = text.replace(" ", "").replace("-", "")
    hashes = {"family_name_hash": lookup_hash(text), "nhs_number_hash": lookup_hash(compact)}
    if len(text) == START:
        hashes["family_name_start_hash"] = lookup_hash(text)
    if (born := date_typed(text)) is not None:
        hashes["date_of_birth_hash"] = lookup_hash(born.isoformat())
    cases = Case.objects.filter(site=site).exclude(state=State.EXPIRED)
    reference = f"{compact[:4]}-{compact[4:]}".upper()
    # One short look into one index each: an "or" over all of them would read the whole table.
    looks = [cases.filter(reference=reference).values_list("pk")]
    for column, value in hashes.items():
        of_person = cases.filter(patient__site=site, **{f"patient__{column}": value})
        looks.append(of_person.order_by("-patient__created_at").values_list("pk")[: PAGE_SIZE + 1])
    # Not sliced: a union has no order, so the newest might be what is cut off.
    keys = [pk for (pk,) in looks[0].union(*looks[1:])]
    rows = with_news(Case.objects.filter(pk__in=keys)).select_related("patient", "claimed_by").defer(*UNSHOWN)
    return Found(list(rows.order_by("-started_at", "-id")[:PAGE_SIZE]), more=len(keys) > PAGE_SIZE)


def date_typed(text: str) -> date | None:
    """A whole date as people type it, day first: 3/12/1980, 3 December 1980, 1980-12-03. Else None."""
    compact = " ".join(text.replace("/", " ").replace(".", " ").replace(",", " ").split())
    for form in ("%d %m %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(compact, form).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    return None

"""What every chapter asks about a clinic or a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.encryption import Undecryptable, lookup_hash
from accounts.models import Site
from screening.cases.lookups import among
from screening.cases.models import Case, Patient, Response, ResponseStatus
from screening.cases.opening import LONDON, Opening
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of

# Longer than any stretch without a bank holiday, so that a list that goes on is never said to end.
HOLIDAYS_AHEAD = dt.timedelta(days=120)


def language_of(case: Case) -> str:
    """In which language this person reads: that of their form. Empty for the one everything is written in."""
    return languages_of([case.pk]).get(case.pk, "")


def languages_of(ids: Sequence[int]) -> dict[int, str]:
    """By case id, for those who have begun a form."""
    newest = Response.objects.filter(among("case_id", ids)).order_by("case_id", "-started_at")
    return dict(newest.distinct("case_id").values_list("case_id", "language"))


def first_forms() -> QuerySet[Response]:
    """Forms with which cases began and that were not stopped: no later ones."""
    return Response.objects.filter(occasion="").exclude(status=ResponseStatus.STOPPED)


def opening_of(site: Site) -> Opening:
    """When people of this clinic read answers. Bank holidays are those of its nation, from its schedule."""
    try:
        holidays = schedule_of(published(site=site, kind=Kind.SCHEDULE)).quiet.bank_holidays
    except NothingPublished:
        holidays = {}
    return Opening(
        days=frozenset(day for day in site.opening_days if isinstance(day, int)),
        opens=site.opens_at,
        closes=site.closes_at,
        holidays=frozenset(holidays.get(site.nation, ())),  # type: ignore[call-overload]
    )


def holidays_running_out(*, at: dt.datetime) -> list[tuple[Site, dt.date]]:
    """Clinics whose bank holidays end within HOLIDAYS_AHEAD, with the last day that is listed.

    A clinic that lists none has chosen so.
    """
    found = []
    for site in Site.objects.order_by("name"):
        last = max(opening_of(site).holidays, default=None)
        if last is not None and last < at.astimezone(LONDON).date() + HOLIDAYS_AHEAD:
            found.append((site, last))
    return found


def keys_fit() -> bool:
    """Whether FIELD_KEYS opens, and LOOKUP_KEY finds, what was stored before. True while there is nothing.

    With other keys everything new would seem to work, and nothing old: nobody is found, no link opens, and an
    address that must not be used any more looks like a new one.
    """
    known = Patient.objects.exclude(date_of_birth_hash="").order_by("pk")
    try:
        one = known.only("date_of_birth", "date_of_birth_hash").first()
    except Undecryptable:
        return False
    return one is None or lookup_hash(one.date_of_birth or "") == one.date_of_birth_hash

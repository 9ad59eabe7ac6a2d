"""The clock of a case: by when somebody of the clinic has to act. Kept with the case as `due_at`.

It is stored because the worklist is sorted by it: working days and bank holidays are nothing an index can
count. Whoever changes what it depends on (state, rank, suggestion, news, since when somebody waits) sets it
again before saving; the services of this chapter do so in every step.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.cases.models import ON_WORKLIST, ORDINARY_RANK, Case
from screening.cases.opening import Opening
from screening.cases.selectors import opening_of
from screening.cases.targets import NO_CLOCK, answer_by, first_look_days, review_days
from screening.cases.workflow import CLOSED, OPEN, UNDER_REVIEW, State

_FIRST_LOOK = frozenset({State.SUBMITTED, State.URGENT_HOLD, State.AWAITING_REVIEW})
_SECOND_LOOK = UNDER_REVIEW | {State.MDT_REVIEWED}


def pause(case: Case, *, at: dt.datetime) -> None:
    """The patient is asked: what had passed of the target is kept, and the clock stands still."""
    if _days(case) is not None:
        case.days_used += opening_of(case.site).days_between(case.waiting_since, at)


def resume(case: Case, *, at: dt.datetime) -> None:
    """The clinic's turn again: the time of the patient does not count."""
    case.waiting_since = at


def set_clock(case: Case, opening: Opening | None = None) -> None:
    """Set `due_at` from what the case is now; the caller saves it."""
    case.due_at = due_at(case, opening)


def due_at(case: Case, opening: Opening | None = None) -> dt.datetime:
    """When the clinic's target passes; NO_CLOCK while it waits for the patient or nothing is left to do."""
    if case.rank < ORDINARY_RANK:
        opening = opening or opening_of(case.site)
        standing = case.red_flags.filter(cleared_at__isnull=True).values_list("tier", "raised_at")
        answers = list(standing) or [(case.rank, case.waiting_since)]
        return min(answer_by(case.site, opening, tier=tier, since=since) for tier, since in answers)
    days = _days(case)
    if days is None:
        return NO_CLOCK
    if case.state in OPEN - {State.AWAITING_INFO}:  # news are read in a time of their own
        days -= case.days_used
    if days < 0:  # it was late already when the patient was asked, and is so again with the answer
        return case.waiting_since
    found = (opening or opening_of(case.site)).days_after(case.waiting_since, days)
    return found or case.waiting_since


def _days(case: Case) -> int | None:
    """How many working days the clinic gives itself for what comes next; None when it is not its turn."""
    state = State(case.state)
    if state in _FIRST_LOOK:
        return first_look_days(case.site, case.underlying)
    news = case.news_at is not None and (state in CLOSED or state == State.AWAITING_INFO)
    return review_days(case.site) if news or state in _SECOND_LOOK else None


def set_clocks(*, site: Site, by: Actor, at: dt.datetime) -> int:
    """Set the clock of every case on the worklist again: the hours or the targets of the clinic changed.

    Returns how many clocks moved. A case is locked for its own moment only, so nobody's work waits.
    """
    opening, moved = opening_of(site), 0
    for key in Case.objects.filter(ON_WORKLIST, site=site).values_list("pk", flat=True):
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).select_related("site").get(pk=key)
            was = case.due_at
            set_clock(case, opening)
            if case.due_at != was:
                case.save(update_fields=["due_at"])
                moved += 1
    record(Event.CLOCKS_SET, by=by, at=at, site=site, detail={"cases": moved})
    return moved

"""Where a case stands in words, and by when: the site's targets counted in the days it works."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Site
from screening.cases.models import ORDINARY_RANK, Case
from screening.cases.opening import Opening, local_instant
from screening.cases.workflow import State
from screening.review.room.standing import STATES, Standing, standing_of

MONDAY = dt.date(2026, 6, 15)
GOOD_FRIDAY, EASTER_MONDAY = dt.date(2026, 4, 3), dt.date(2026, 4, 6)
SITE = Site(
    name="Harbour", flagged_days=2, not_currently_days=5, tier_1_hours=1, tier_2_days=0, tier_3_days=1
)
OPENING = Opening(
    days=frozenset({1, 2, 3, 4, 5}),
    opens=dt.time(9),
    closes=dt.time(17),
    holidays=frozenset({GOOD_FRIDAY, EASTER_MONDAY}),
)


def on(day: dt.date, hour: int = 12) -> dt.datetime:
    return local_instant(day, dt.time(hour))


def stands(
    state: State,
    *,
    rank: int = ORDINARY_RANK,
    since: dt.datetime | None = None,
    today: dt.date = MONDAY,
    look_due: dt.date | None = None,
) -> Standing:
    case = Case(site=SITE, state=state, rank=rank)
    return standing_of(case, opening=OPENING, since=since or on(MONDAY), today=today, look_due=look_due)


@pytest.mark.parametrize(
    ("since", "by"),
    [
        (on(MONDAY), dt.date(2026, 6, 22)),
        (on(MONDAY, hour=20), dt.date(2026, 6, 22)),
        (on(dt.date(2026, 6, 20)), dt.date(2026, 6, 26)),
        (on(dt.date(2026, 4, 2)), dt.date(2026, 4, 13)),
    ],
)
def test_the_day_is_counted_in_the_days_the_clinic_works(since: dt.datetime, by: dt.date) -> None:
    assert stands(State.AWAITING_REVIEW, since=since).by == by


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_sentence_and_none_promises_a_treatment(state: State) -> None:
    found = stands(state)
    assert found.title
    assert found.text
    assert "treat" not in f"{found.title} {found.text}"


def test_there_is_a_sentence_for_every_state() -> None:
    assert set(STATES) == set(State)


def test_one_figure_for_all_so_that_the_day_tells_nothing_of_what_the_rules_said() -> None:
    """Flagged cases are read within 2 days, the others within 5: both are told 5."""
    assert stands(State.AWAITING_REVIEW).by == dt.date(2026, 6, 22)


@pytest.mark.parametrize(("tier", "by"), [(1, MONDAY), (2, MONDAY), (3, MONDAY + dt.timedelta(days=1))])
def test_an_urgent_case_is_told_the_target_of_its_tier(tier: int, by: dt.date) -> None:
    assert stands(State.URGENT_HOLD, rank=tier).by == by


@pytest.mark.parametrize(
    "state",
    [State.AWAITING_INFO, State.DECLINED, State.SIGNPOSTED, State.OFFERED_ASSESSMENT, State.WITHDRAWN],
)
def test_no_day_is_promised_where_the_clinic_has_none(state: State) -> None:
    assert stands(state).by is None


def test_a_day_that_has_passed_is_said_to_have_passed() -> None:
    assert not stands(State.AWAITING_REVIEW, today=dt.date(2026, 6, 22)).late
    assert stands(State.AWAITING_REVIEW, today=dt.date(2026, 6, 23)).late


def test_while_another_look_is_open_the_decision_is_not_the_last_word() -> None:
    due = dt.date(2026, 6, 30)
    found = stands(State.DECLINED, look_due=due)
    assert "different clinician" in found.title
    assert found.by == due

"""How often the clinic is told of an urgent answer, and until when it means to have acted."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from screening.cases.opening import Opening
from screening.cases.targets import answer_by
from screening.followup.urgency import Last, is_due
from tests.followup.times import london

HOURS = Opening(frozenset({1, 2, 3, 4, 5}), dt.time(9), dt.time(17), frozenset({dt.date(2026, 8, 31)}))


@dataclasses.dataclass
class Clinic:
    tier_1_hours: int = 1
    tier_2_days: int = 0
    tier_3_days: int = 1


def due(tier: int, last: str, at: str, *, since: str = "2026-06-01 09:00", last_tier: int = 0) -> bool:
    before = Last(london(last), last_tier or tier)
    return is_due(HOURS, tier=tier, since=london(since), last=before, at=london(at))


@pytest.mark.parametrize(
    "at", ["2026-06-15 10:00", "2026-06-15 03:00", "2026-08-31 12:00", "2026-06-21 12:00"]
)
@pytest.mark.parametrize("tier", [1, 2, 3])
def test_the_first_alert_leaves_at_once_at_any_hour(tier: int, at: str) -> None:
    assert is_due(HOURS, tier=tier, since=london(at), last=None, at=london(at))


@pytest.mark.parametrize(
    ("tier", "last", "at", "expected"),
    [
        (1, "2026-06-15 10:00", "2026-06-15 10:14", False),
        (1, "2026-06-15 10:00", "2026-06-15 10:15", True),
        (2, "2026-06-15 10:00", "2026-06-15 10:59", False),
        (2, "2026-06-15 10:00", "2026-06-15 11:00", True),
        (3, "2026-06-15 10:00", "2026-06-15 11:00", True),
        # At night only what cannot wait, and that each hour.
        (1, "2026-06-15 20:00", "2026-06-15 20:59", False),
        (1, "2026-06-15 20:00", "2026-06-15 21:00", True),
        (2, "2026-06-15 16:30", "2026-06-16 08:59", False),
        (3, "2026-06-19 16:30", "2026-06-21 12:00", False),
        # Whatever is unopened comes again when the clinic opens, however short ago the last one was.
        (1, "2026-06-16 08:50", "2026-06-16 09:00", True),
        (2, "2026-06-15 20:00", "2026-06-16 09:00", True),
        (3, "2026-06-19 20:00", "2026-06-22 09:00", True),
        (3, "2026-08-28 20:00", "2026-08-31 09:00", False),  # a bank holiday
    ],
)
def test_it_is_repeated_by_tier_and_hour(tier: int, last: str, at: str, expected: bool) -> None:
    assert due(tier, last, at) is expected


@pytest.mark.parametrize(("ahead", "expected"), [("10:05", False), ("10:06", True), ("23:59", True)])
def test_an_alert_of_a_clock_that_was_ahead_silences_nothing(ahead: str, expected: bool) -> None:
    assert due(1, f"2026-06-15 {ahead}", "2026-06-15 10:00", since="2026-06-15 09:50") is expected


def test_a_graver_answer_does_not_wait_for_its_turn() -> None:
    assert due(1, "2026-06-15 10:00", "2026-06-15 10:01", last_tier=2)
    assert not due(2, "2026-06-15 10:00", "2026-06-15 10:01", last_tier=1)


def test_an_answer_given_after_the_case_was_opened_is_told_at_once() -> None:
    assert due(2, "2026-06-15 10:00", "2026-06-15 10:05", since="2026-06-15 10:04")


@pytest.mark.parametrize(
    ("tier", "since", "until"),
    [
        (1, "2026-06-15 10:00", "2026-06-15 11:00"),
        (1, "2026-06-15 16:40", "2026-06-16 09:40"),
        (1, "2026-08-28 18:00", "2026-09-01 10:00"),
        (2, "2026-06-15 10:00", "2026-06-15 17:00"),
        (2, "2026-06-15 20:00", "2026-06-16 17:00"),
        (3, "2026-06-19 10:00", "2026-06-22 17:00"),
    ],
)
def test_the_target_is_counted_in_the_clinics_own_hours(tier: int, since: str, until: str) -> None:
    assert answer_by(Clinic(), HOURS, tier=tier, since=london(since)) == london(until)


def test_a_clinic_that_never_opens_is_late_at_once() -> None:
    at = london("2026-06-15 10:00")
    assert answer_by(Clinic(), Opening(frozenset(), dt.time(9), dt.time(17)), tier=1, since=at) == at

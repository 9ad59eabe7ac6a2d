"""Whoever waits for a decision hears of it, also of the one after another look."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Role
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.followup.selectors import upcoming_of
from screening.review.room.services import answer_look
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import NOON
from tests.factories.review import Clinician, fresh
from tests.factories.room import wants_another_look
from tests.followup.rounds import send
from tests.followup.times import DAY, HOUR

pytestmark = pytest.mark.django_db
LATE = NOON + 5 * DAY


def decided(case: Case, outcome: State, *, at: dt.datetime) -> None:
    first, second = Clinician.at(case.site), Clinician.at(case.site, Role.LEAD_CLINICIAN)
    first.takes(case, at=at)
    first.decides(case, outcome, at=at)
    second.opens(case, at=at)
    second.looks_second(case, at=at)


def to_be_told(case: Case, *, at: dt.datetime) -> bool:
    return "FU06" in [one.step for one in upcoming_of(fresh(case), as_of=at)]


def looked_again(*, reopens: bool) -> Case:
    """Declined and told; then another look was asked for, and answered on the day LATE."""
    case = reachable_case()
    decided(case, State.DECLINED, at=NOON + DAY)
    assert send(planned(fresh(case), at=NOON + DAY, step="FU06").due_at) == {"sent": 1}
    wants_another_look(case, at=LATE)
    third = Clinician.at(case.site)
    third.opens(case, at=LATE)
    seen = fresh(case).lock
    answer_look(case=case, seen=seen, reopens=reopens, answer="This is why.", **third.who(LATE))
    return case


def test_what_is_decided_after_another_look_is_told_like_the_first_decision() -> None:
    case = looked_again(reopens=True)
    assert not to_be_told(case, at=LATE)
    decided(case, State.OFFERED_ASSESSMENT, at=LATE + DAY)
    assert to_be_told(case, at=LATE + DAY)


def test_a_look_that_leaves_the_decision_as_it_is_tells_it_once() -> None:
    case = looked_again(reopens=False)
    assert not to_be_told(case, at=LATE)


@pytest.mark.parametrize(
    ("outcome", "wishes", "found"),
    [
        (State.DECLINED, True, ["FU15"]),
        (State.SIGNPOSTED, True, ["FU15"]),
        (State.SIGNPOSTED, False, []),
        (State.OFFERED_ASSESSMENT, True, []),
    ],
)
def test_whoever_asked_for_it_is_invited_again_on_the_day_however_the_case_ended(
    outcome: State, wishes: bool, found: list[str]
) -> None:
    """The pain was one day too new on the day of the form."""
    case = reachable_case(onset="2026-03-15", cs8=wishes)
    decided(case, outcome, at=NOON + HOUR)
    assert case.recheck_on == NOON.date() + DAY
    soon = upcoming_of(fresh(case), as_of=NOON + 18 * HOUR)
    assert [one.step for one in soon if one.step == "FU15"] == found

"""Some simulated weeks in the suite; `make simulate` lives the years. And: would the checker notice?"""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest

from screening.followup import caps, histories, schedule, tasks
from screening.followup.models import Reminder
from screening.followup.services import checking
from screening.followup.window import Window
from tests.outgoing import Outgoing
from tests.simulation import year as simulated
from tests.simulation.checker import Checker
from tests.simulation.year import Simulation

pytestmark = pytest.mark.django_db(transaction=True)
START = dt.datetime(2026, 10, 4, tzinfo=dt.UTC)  # three weeks before the clocks go back


def live(*, people: int = 20, days: int = 40) -> Checker:
    return Checker(Simulation(people=people, start=START, days=days, seed=7).run())


def test_in_some_weeks_with_crashes_nobody_is_forgotten_and_nobody_is_pestered() -> None:
    checker = live()
    assert {what: found for what, found in checker.broken().items() if found} == {}
    assert len(checker.year.letters) > 40
    assert {"submit", "asked", "close"} <= {one.kind for _, one in checker.year.diary}


# --- the product, broken on purpose ---------------------------------------------------------------------


def _forgets_a_step() -> Any:
    consider = schedule.consider
    without = lambda *given, **more: [each for each in consider(*given, **more) if each.due.step != "FU03"]  # noqa: E731
    return mock.patch.object(schedule, "consider", without)


def _sends_again_what_was_sent() -> Any:
    recover = tasks.recover

    def forgetful(*, at: dt.datetime) -> int:
        sent = Reminder.objects.filter(state="sent", attempts__lt=4)
        return sent.update(state="retry", due_at=at) + recover(at=at)

    return mock.patch.object(tasks, "recover", forgetful)


def _counts_a_day_too_few() -> Any:
    natural = schedule._natural

    def early(*given: Any) -> dt.datetime:
        return natural(*given) - dt.timedelta(days=1)

    return mock.patch.object(schedule, "_natural", early)


def _writes(**wrong: str) -> Any:
    compose = checking.compose

    def wrongly(*given: Any, **more: Any) -> Any:
        return dataclasses.replace(compose(*given, **more), **wrong)

    return mock.patch.object(checking, "compose", wrongly)


BREAKS = {
    "forgotten": [_forgets_a_step],
    "repeats without a crash or a doubt about that message": [_sends_again_what_was_sent],
    "repeated more than once": [_sends_again_what_was_sent],
    "outside the window": [lambda: mock.patch.object(Window, "is_open", return_value=True)],
    "too early": [_counts_a_day_too_few],
    "after the end of it": [lambda: mock.patch.object(histories, "_facts_of", return_value=frozenset())],
    "above the caps": [lambda: mock.patch.object(caps, "allows", return_value=True)],
    "while on hold": [lambda: mock.patch.object(simulated, "hold_sending", mock.Mock()),
                      lambda: mock.patch.object(simulated, "release_sending", mock.Mock()),
                      lambda: mock.patch("tests.simulation.moments.HELD", (12, 13)),
                      lambda: mock.patch.object(simulated, "HELD", (12, 13))],
    "not to one address of the person": [lambda: _writes(to="somebody@example.org")],
    "a banned word, or not one recipient": [lambda: _writes(subject="Your cannabis clinic")],
}  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize("what", BREAKS)
def test_the_checker_sees_a_product_that_breaks_it(what: str, outgoing: Outgoing) -> None:
    with ExitStack() as broken:
        for each in BREAKS[what]:
            broken.enter_context(each())
        assert live(people=16, days=24).report()[what]
    outgoing.wrong.clear()

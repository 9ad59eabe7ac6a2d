"""A small simulated year in the suite; `make simulate` lives the large one. And: would the checker notice?"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tests.simulation.checker import Checker, Year
from tests.simulation.year import Simulation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.nightly]


def test_nobody_is_forgotten_and_nobody_is_pestered() -> None:
    simulation = Simulation(people=25, start=dt.datetime(2026, 9, 20, tzinfo=dt.UTC), days=60, seed=7)
    year = simulation.run()
    troubles = simulation.post.crashes + simulation.post.doubts
    checker = Checker(year)
    assert len(year.letters) > 40
    assert checker.report(troubles=troubles) == dict.fromkeys(checker.report(troubles=troubles), 0)
    _would_notice(year, troubles)


def _would_notice(year: Year, troubles: int) -> None:
    """Each property broken once by hand in the letters, and the checker says so."""
    first = year.letters[0]
    night = dataclasses.replace(first, at=first.at.replace(hour=2))
    broken = {
        "outside the window": [*year.letters, night],
        "repeated more than once": [*year.letters, first, first],
        "not to one address of the person": [*year.letters, dataclasses.replace(first, to="x@example.org")],
        "too early": [*year.letters, dataclasses.replace(first, at=first.at - dt.timedelta(days=400))],
    }
    nothing = dataclasses.replace(year, letters=[])
    assert Checker(nothing).report(troubles=troubles)["forgotten"] > 20
    ended = next(seq for seq, one in year.diary if one.kind in ("submit", "expire"))
    person = next(one.person for seq, one in year.diary if seq == ended)
    nudge = next(name for name, about in year.names.items() if about.step == "FU01")
    names = {**year.names, nudge: dataclasses.replace(year.names[nudge], person=person)}
    other = next(name for name, about in year.names.items() if about.step == "FU02")
    mine = dataclasses.replace(year.names[first.name], step="FU02", after="23d")
    twice = [first, dataclasses.replace(first, name=other)]
    crowd = dataclasses.replace(year, letters=twice, names={**year.names, other: mine})
    assert Checker(crowd).report(troubles=troubles)["above the caps"]
    after = dataclasses.replace(first, name=nudge, seq=ended + 1)
    late = dataclasses.replace(year, letters=[after], names=names)
    assert Checker(late).report(troubles=troubles)["after the end of it"]
    for what, letters in broken.items():
        assert Checker(dataclasses.replace(year, letters=letters)).report(troubles=troubles)[what], what

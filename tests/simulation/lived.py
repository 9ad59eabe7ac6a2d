"""What is known of a year that was lived: the diary, the letters, the ticks."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from tests.simulation.life import Happening, Traits
from tests.simulation.post import Letter


@dataclasses.dataclass(frozen=True)
class Round:
    """One tick that ran to its end: nobody killed, nothing on hold."""

    begins: int
    ends: int
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Name:
    """Which message a letter was: of whom, which step, counted from what, how long after."""

    person: int
    step: str
    token: str
    after: str


@dataclasses.dataclass
class Year:
    """All that is known of a year that was lived."""

    diary: Sequence[tuple[int, Happening]]
    traits: Mapping[int, Traits]
    letters: Sequence[Letter]
    refused: Sequence[Letter]
    rounds: Sequence[Round]
    holds: Sequence[tuple[int, int]]
    names: Mapping[str, Name]
    tokens: Mapping[tuple[int, str, int], str]
    last: dt.datetime
    # By the name of a message: when it was handed over, and how often nobody knew what became of it.
    tries: Mapping[str, Sequence[tuple[int, dt.datetime]]]
    troubles: Counter[str]
    wrong: Sequence[str] = ()

"""When the clock of a simulated year is looked at.

A tick a minute would be 576,000 of them, and nearly all would find nothing to do. A tick looks at what is due
by then and at what happened until then; so a tick between two others changes nothing unless something fell
due, or happened, between them. This is where it can:

- by day: a step that counts days falls due when the window opens, so there is a tick just after nine;
- by hour: a step that counts hours falls due at any minute, so on three days in four there is one at random
  inside the window; on one in eight also in the evening and before dawn, when nothing may leave;
- at the edges of the window: now and then a tick begins in its last second, or one before it opens;
- around a change of the clocks: every half hour of the night it happens in, and the hours before and after
  the window opens on the working day that follows;
- after a crash: as often as it takes, six minutes apart, since a lease runs for five.

What happens to people does not wait for a tick. While the clock stands between two, it is kept, and then
happens before the tick or in the middle of it, between any two looks at the clock (see `clock`). Nothing is
missed by stepping like this: what fell due between two ticks is forgotten only if none of the later ones
sends it, and that is what the checker counts; and a message that leaves at the wrong moment leaves in a
tick, whichever that is.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator

from tests.simulation.brief import CLOSES, LONDON, OPENS
from tests.simulation.life import DAY, HOUR

SECOND = dt.timedelta(seconds=1)
# Days on which the broker is down and no tick arrives, and on which the clinic holds sending: every so often.
BROKEN, HELD, EVERY = (40, 41, 42), (60, 61), 65


@dataclasses.dataclass(frozen=True)
class Moment:
    """A tick. `two`: another worker, woken by a second beat, does the same at the same time."""

    at: dt.datetime
    lost: bool = False
    jumped: bool = False
    two: bool = False
    twice: bool = False


def moments(date: dt.date, number: int, chance: random.Random) -> Iterator[Moment]:
    """The ticks of one day, in order, with what befalls each."""
    for at in sorted(_times(date, chance)):
        fate = chance.random()
        lost = fate < 0.05 or number % EVERY in BROKEN
        jumped = not lost and fate < 0.09
        off = chance.choice([-HOUR, HOUR, HOUR, DAY]) if jumped else dt.timedelta(0)
        yield Moment(at + off, lost, jumped, two=fate > 0.93, twice=0.90 < fate <= 0.93)


def clocks_change(date: dt.date) -> bool:
    """Whether the clock of London is put forward or back in the night that begins this day."""
    midnight = dt.datetime.combine(date, dt.time(0), LONDON)
    return midnight.utcoffset() != dt.datetime.combine(date + DAY, dt.time(0), LONDON).utcoffset()


def _times(date: dt.date, chance: random.Random) -> Iterator[dt.datetime]:
    midnight = dt.datetime.combine(date, dt.time(0), LONDON)
    wall = lambda hours: (midnight + hours * HOUR).astimezone(dt.UTC)  # noqa: E731 (the clock on the wall)
    yield wall(OPENS + 0.02)
    if chance.random() < 0.75:
        yield wall(chance.uniform(OPENS + 1, CLOSES - 0.1))
    if chance.random() < 0.12:
        yield wall(chance.uniform(CLOSES + 0.1, 23.5))
        yield wall(chance.uniform(0.1, OPENS - 0.1))
    if chance.random() < 0.1:
        yield wall(chance.choice([OPENS, CLOSES])) - SECOND / 2
    if clocks_change(date):
        first = midnight.astimezone(dt.UTC)
        yield from (first + half * HOUR / 2 for half in range(1, 9))
    if clocks_change(date - DAY):
        yield from (wall(OPENS + hour) for hour in (-1.5, -0.5, 0.5, 1.5))

"""What should have been, worked out from the diary and the letters alone: imports nothing that is tested."""

from __future__ import annotations

import dataclasses
import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.simulation.brief import (
    ENDS,
    ENOUGH,
    GIVEN_UP,
    LONDON,
    SERIES,
    STOPS,
    TWO_WAYS,
    UNCAPPED,
    is_open,
    when,
)
from tests.simulation.life import DAY, Happening, Traits
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


class Checker:
    def __init__(self, year: Year) -> None:
        self.year = year
        self.of: dict[int, list[tuple[int, Happening]]] = defaultdict(list)
        for seq, one in year.diary:
            self.of[one.person].append((seq, one))
        self.got: dict[int, list[Letter]] = defaultdict(list)
        for letter in year.letters:
            self.got[year.names[letter.name].person].append(letter)
        self.times = [each.at for each in sorted(year.rounds, key=lambda each: each.at)]
        self.by_time = sorted(year.rounds, key=lambda each: each.at)

    def report(self, *, troubles: int) -> dict[str, int]:
        """Each property by how often it was broken."""
        repeats = self.repeats()
        return {
            "forgotten": len(self.forgotten()),
            "repeats beyond one for each crash or doubt": max(0, sum(repeats.values()) - troubles),
            "repeated more than once": sum(1 for count in repeats.values() if count > 1),
            "outside the window": len(self.outside()),
            "too early": len(self.early()),
            "after the end of it": len(self.after_the_end()),
            "above the caps": len(self.above_caps()),
            "while on hold": len(self.on_hold()),
            "not to one address of the person": len(self.astray()),
        }

    def repeats(self) -> Counter[str]:
        """How often each came more than once; one occurrence is one message, whichever way it came."""
        counts: Counter[str] = Counter()
        for letter in self.year.letters:
            name = self.year.names[letter.name]
            counts[f"{name}{letter.channel if name.step in TWO_WAYS else ''}"] += 1
        return Counter({key: count - 1 for key, count in counts.items() if count > 1})

    def outside(self) -> list[Letter]:
        return [each for each in self.year.letters if not is_open(self._nation(each), each.at)]

    def on_hold(self) -> list[Letter]:
        return [
            e for e in self.year.letters if any(begins < e.seq < ends for begins, ends in self.year.holds)
        ]

    def astray(self) -> list[Letter]:
        found = []
        for letter in self.year.letters:
            person = self.year.names[letter.name].person
            moved = any(one.kind == "moved" and seq < letter.seq for seq, one in self.of[person])
            mail = f"{'moved' if moved else 'person'}{person}@example.org"
            right = mail if letter.channel == "email" else f"+447700{person:06d}"
            if letter.to != right or letter.recipients != 1:
                found.append(letter)
        return found

    def early(self) -> list[Letter]:
        found = []
        expected = {(p, s, t, a): at for p, s, t, a, _, at, *_ in self._expected()}
        for letter in self.year.letters:
            name = self.year.names[letter.name]
            at = expected.get((name.person, name.step, name.token, name.after))
            if name.step in SERIES and (at is None or letter.at < at):
                found.append(letter)
        return found

    def after_the_end(self) -> list[Letter]:
        return [
            letter
            for letter in self.year.letters
            if self._stopped(self.year.names[letter.name], letter.seq)
            or self._dead_address(letter, letter.seq)
        ]

    def above_caps(self) -> list[Letter]:
        found = []
        for letters in self.got.values():
            firsts = {e.name: e for e in reversed(letters) if self._capped(e)}
            times = sorted(each.at for each in firsts.values())
            for place, at in enumerate(times):
                day = [t for t in times[: place + 1] if t > at - DAY]
                week = [t for t in times[: place + 1] if t > at - 7 * DAY]
                if len(day) > 1 or len(week) > 3:
                    found.append(next(e for e in firsts.values() if e.at == at))
        return found

    def forgotten(self) -> list[tuple[Any, ...]]:
        got = {dataclasses.astuple(self.year.names[letter.name]) for letter in self.year.letters}
        refused = {dataclasses.astuple(self.year.names[letter.name]) for letter in self.year.refused}
        found = []
        for person, step, token, after, ways, at, until in self._expected():
            name = Name(person, step, token, after)
            if dataclasses.astuple(name) in got | refused:
                continue
            fair = [each for each in self._rounds(at, until) if self._fair(each, name, ways)]
            if len(fair) >= ENOUGH:
                found.append((name, at, until, fair[0].at))
        return found

    # --- what it stands on --------------------------------------------------------------------------

    def _expected(self) -> Iterable[tuple[int, str, str, str, tuple[str, ...], dt.datetime, dt.datetime]]:
        for person, happened in self.of.items():
            nation = self.year.traits[person].nation
            for step, (anchor, sendings, _stops, open_for) in SERIES.items():
                for _seq, one in happened:
                    if one.kind != anchor and not (anchor == "activity" and one.kind == "begin"):
                        continue
                    start = one.at
                    if anchor == "treated":
                        start = dt.datetime.combine(one.at.date(), dt.time(0), LONDON).astimezone(dt.UTC)
                    times = [when(after, start, nation) for after, _ in sendings]
                    for (after, ways), at, following in zip(sendings, times, [*times[1:], None], strict=True):
                        until = min(at + GIVEN_UP, following or self.year.last, self.year.last)
                        if open_for:
                            until = min(until, start + open_for * DAY)
                        yield person, step, self._token(one), after, ways, at, until

    def _token(self, one: Happening) -> str:
        case = self.year.tokens[one.person, "case", 0]
        match one.kind:
            case "begin" | "activity":
                return f"{case}:{one.at.astimezone(dt.UTC):%Y%m%dT%H%M}"
            case "asked" | "message":
                return f"{case}:{self.year.tokens[one.person, one.kind, one.number]}"
            case "treated":
                return f"{case}:{one.at.date():%Y%m%d}"
        return case

    def _rounds(self, since: dt.datetime, until: dt.datetime) -> Sequence[Round]:
        first = bisect_right(self.times, since + dt.timedelta(minutes=1))
        return [each for each in self.by_time[first:] if each.at < until][:60] if since < until else []

    def _fair(self, each: Round, name: Name, ways: tuple[str, ...]) -> bool:
        """Whether nothing at all stood in the way of this message in this round."""
        person = self.year.traits[name.person]
        if not is_open(person.nation, each.at) or self._stopped(name, each.ends):
            return False
        if self._stopped(name, each.begins) or not self._moved_on(name, each.ends):
            return False
        chosen = [way for way in ways if (person.by_email if way == "email" else person.by_sms)]
        if not chosen or any(e for e in self.year.refused if self.year.names[e.name].person == name.person):
            return False
        if name.step.startswith(UNCAPPED):
            return True
        times = [e.at for e in self.got[name.person] if self._capped(e) and e.seq <= each.ends]
        return not [t for t in times if t > each.at - DAY] and (
            len([t for t in times if t > each.at - 7 * DAY]) < 3
        )

    def _moved_on(self, name: Name, seq: int) -> bool:
        """For what counts from the last activity: whether this still is the last."""
        if not name.step.startswith(("FU01", "FU02")):
            return True
        last = [one for s, one in self.of[name.person] if s <= seq and one.kind in ("begin", "activity")]
        return bool(last) and self._token(last[-1]) == name.token

    def _stopped(self, name: Name, seq: int) -> bool:
        stops = STOPS.get(name.step, frozenset()) | ENDS
        complaint = 0
        for when_, one in self.of[name.person]:
            if when_ >= seq:
                break
            complaint += (one.kind == "complaint") - (one.kind == "complaint_over")
            if one.kind not in stops:
                continue
            if one.kind in ("answered", "read"):
                asked = self.year.tokens[
                    name.person, {"answered": "asked", "read": "message"}[one.kind], one.number
                ]
                if not name.token.endswith(f":{asked}"):
                    continue
            return True
        return complaint > 0

    def _dead_address(self, letter: Letter, seq: int) -> bool:
        back = {each.name for each in self.year.refused if each.to == letter.to and each.seq < seq}
        return len(back) >= 2

    def _capped(self, letter: Letter) -> bool:
        return not self.year.names[letter.name].step.startswith(UNCAPPED)

    def _nation(self, letter: Letter) -> str:
        return self.year.traits[self.year.names[letter.name].person].nation

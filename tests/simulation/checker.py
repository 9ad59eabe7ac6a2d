"""What should have been, worked out from the diary and the letters alone: imports nothing that is tested."""

from __future__ import annotations

import dataclasses
import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.simulation.brief import (
    ABOUT,
    ENDS,
    ENOUGH,
    GIVEN_UP,
    LEAST_TRIES,
    LONDON,
    NO_MORE,
    ON_ITS_WAY,
    SERIES,
    STOPS,
    TWO_WAYS,
    UNCAPPED,
    again,
    is_open,
    when,
)
from tests.simulation.life import DAY, Happening, appointment_time
from tests.simulation.lived import Name, Round, Year
from tests.simulation.post import Letter


@dataclasses.dataclass(frozen=True)
class Expected:
    """A message that should come: between these times, this way or that."""

    name: Name
    ways: tuple[str, ...]
    at: dt.datetime
    until: dt.datetime


class Checker:
    def __init__(self, year: Year) -> None:
        self.year = year
        self.of: dict[int, list[tuple[int, Happening]]] = defaultdict(list)
        for seq, one in year.diary:
            self.of[one.person].append((seq, one))
        self.got: dict[int, list[Letter]] = defaultdict(list)
        for letter in year.letters:
            self.got[year.names[letter.name].person].append(letter)
        self.rows: dict[Name, list[str]] = defaultdict(list)
        for row, name in year.names.items():
            self.rows[name].append(row)
        # Of the kinds that count towards the caps: every try, and the tries of which nobody knew, for a time,
        # whether they arrived. Those count as well.
        self.tried: dict[int, list[tuple[int, Name]]] = defaultdict(list)
        self.in_doubt: dict[int, list[tuple[int, dt.datetime]]] = defaultdict(list)
        for row, tries in year.tries.items():
            name = year.names[row]
            if not name.step.startswith(UNCAPPED):
                self.tried[name.person] += [(seq, name) for seq, _at in tries]
                self.in_doubt[name.person] += tries if year.troubles[row] else ()
        self.by_time = sorted(year.rounds, key=lambda each: each.at)
        self.times = [each.at for each in self.by_time]
        self.expected = list(self._expected())
        self.due = {one.name: one.at for one in self.expected}

    def report(self) -> dict[str, int]:
        """Each property by how often it was broken."""
        return {what: len(found) for what, found in self.broken().items()}

    def broken(self) -> dict[str, Sequence[object]]:
        """Each property with what broke it."""
        return {
            "forgotten": self.forgotten(),
            "repeats without a crash or a doubt about that message": self.unexcused(),
            "repeated more than once": [key for key, count in self.repeats().items() if count > 1],
            "outside the window": self.outside(),
            "too early": self.early(),
            "after the end of it": self.after_the_end(),
            "above the caps": self.above_caps(),
            "while on hold": self.on_hold(),
            "not to one address of the person": self.astray(),
            "a banned word, or not one recipient": self.year.wrong,
        }

    def repeats(self) -> Counter[tuple[Name, str]]:
        """How often each came more than once; one occurrence is one message, whichever way it came."""
        counts = Counter(self._one_message(letter.name, letter.channel) for letter in self.year.letters)
        return Counter({key: count - 1 for key, count in counts.items() if count > 1})

    def unexcused(self) -> list[tuple[Name, str]]:
        """Repeats beyond one for each crash or doubt with that very message in hand."""
        return [
            key
            for key, count in self.repeats().items()
            if count > sum(self.year.troubles[row] for row in self.rows[key[0]])
        ]

    def _one_message(self, row: str, channel: str) -> tuple[Name, str]:
        name = self.year.names[row]
        return name, channel if name.step in TWO_WAYS else ""

    def outside(self) -> list[Letter]:
        traits, names = self.year.traits, self.year.names
        return [e for e in self.year.letters if not is_open(traits[names[e.name].person].nation, e.at)]

    def on_hold(self) -> list[Letter]:
        holds = self.year.holds
        return [e for e in self.year.letters if any(begins < e.seq < ends for begins, ends in holds)]

    def astray(self) -> list[Letter]:
        found = []
        for letter in self.year.letters:
            person = self.year.names[letter.name].person
            moved = any(one.kind == "moved" and seq < letter.seq for seq, one in self.of[person])
            mail = f"{'moved' if moved else 'person'}{person}@example.org"
            right = mail if letter.channel == "email" else f"+447700{person:06d}"
            if letter.to != right:
                found.append(letter)
        return found

    def early(self) -> list[Letter]:
        """Before its time, or of a kind that nothing in the diary asks for."""
        due, names = self.due, self.year.names
        return [
            letter
            for letter in self.year.letters
            if names[letter.name] not in due or letter.at < due[names[letter.name]]
        ]

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

    def forgotten(self) -> list[tuple[Expected, dt.datetime]]:
        """What never came though more than one tick could have sent it, unless staff were told."""
        met = {self.year.names[letter.name] for letter in [*self.year.letters, *self.year.refused]}
        found = []
        for one in self.expected:
            if one.name in met or sum(self.year.troubles[row] for row in self.rows[one.name]) > 1:
                continue
            fair = [each for each in self._rounds(one.at, one.until) if self._fair(each, one)]
            if len(fair) >= ENOUGH:
                found.append((one, fair[0].at))
        return found

    # --- what it stands on --------------------------------------------------------------------------

    def _expected(self) -> Iterator[Expected]:
        for person, happened in self.of.items():
            nation = self.year.traits[person].nation
            for step, (anchor, sendings, _stops, open_for) in SERIES.items():
                for one, start in self._starts(anchor, happened):
                    times = [when(after, start, nation) for after, _ in sendings]
                    for (after, ways), at, following in zip(sendings, times, [*times[1:], None], strict=True):
                        until = min(at + GIVEN_UP, following or self.year.last, self.year.last)
                        if open_for:
                            until = min(until, start + open_for * DAY)
                        if after.startswith("-"):
                            until = min(until, start)
                        if at >= one.at or not after.startswith("-"):  # else nobody knew of it then
                            yield Expected(Name(person, step, self._token(one), after), ways, at, until)

    def _starts(
        self, anchor: str, happened: Sequence[tuple[int, Happening]]
    ) -> Iterator[tuple[Happening, dt.datetime]]:
        """What a series counts from: what happened, and the moment."""
        kinds = {"activity": ("begin", "activity"), "booked": ("appointment",), "review": ("treated",)}
        for _seq, one in happened:
            if one.kind not in kinds.get(anchor, (anchor,)):
                continue
            if anchor in ("treated", "review"):
                day = one.at.date()
                day = day if anchor == "treated" else day.replace(year=day.year + 1)
                yield one, dt.datetime.combine(day, dt.time(0), LONDON).astimezone(dt.UTC)
            else:
                yield one, appointment_time(one.at) if anchor == "appointment" else one.at

    def _token(self, one: Happening) -> str:
        case = self.year.tokens[one.person, "case", 0]
        match one.kind:
            case "begin" | "activity":
                return f"{case}:{one.at.astimezone(dt.UTC):%Y%m%dT%H%M}"
            case "asked" | "message":
                return f"{case}:{self.year.tokens[one.person, one.kind, one.number]}"
            case "appointment" | "missed":
                return (
                    f"{case}:{self.year.tokens[one.person, 'appointment', one.number].replace('-', '')[:12]}"
                )
            case "treated":
                return f"{case}:{one.at.date():%Y%m%d}"
        return case

    def _rounds(self, since: dt.datetime, until: dt.datetime) -> Sequence[Round]:
        first = bisect_right(self.times, since + dt.timedelta(minutes=1))
        return [each for each in self.by_time[first:] if each.at < until][:60] if since < until else []

    def _fair(self, each: Round, one: Expected) -> bool:
        """Whether nothing at all stood in the way of this message in this round."""
        name, person = one.name, self.year.traits[one.name.person]
        if not all(is_open(person.nation, at) for at in (each.at, each.at + ON_ITS_WAY)):
            return False
        if self._stopped(name, each.ends) or self._stopped(name, each.begins):
            return False
        if not self._moved_on(name, each.ends):
            return False
        chosen = [way for way in one.ways if (person.by_email if way == "email" else person.by_sms)]
        if not chosen or any(e for e in self.year.refused if self.year.names[e.name].person == name.person):
            return False
        if self._put_off(name, each):
            return False
        if name.step.startswith(UNCAPPED):
            return True
        # Of several, that which has waited longest has the place of the day, and keeps it when it is put off.
        others = {n for seq, n in self.tried[name.person] if each.begins < seq < each.ends and n != name}
        if any(self.due.get(other, one.at) <= one.at for other in others):
            return False
        had = [e for e in self.got[name.person] if self._capped(e) and e.seq <= each.ends]
        times = [e.at for e in had if e.seq < each.begins or self.year.names[e.name] not in others]
        times += [at for seq, at in self.in_doubt[name.person] if seq <= each.ends]
        return not [t for t in times if t > each.at - DAY] and (
            len([t for t in times if t > each.at - 7 * DAY]) < 3
        )

    def _put_off(self, name: Name, each: Round) -> bool:
        """Whether the mail server put it off in this round, or earlier and its next try is not due yet."""
        tries = sorted(one for row in self.rows.get(name, ()) for one in self.year.tries.get(row, ()))
        before = [at for seq, at in tries if seq < each.ends]
        if not before:
            return False
        given_up = each.at > before[0] + NO_MORE and len(before) >= LEAST_TRIES
        waits = each.at < again(before) or given_up
        return waits or any(each.begins < seq < each.ends for seq, _ in tries)

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
            if one.kind == "measured" and name.step != f"FU{one.number}":
                continue
            if one.kind in ABOUT:
                about = dataclasses.replace(one, kind=ABOUT[one.kind])
                if name.token != self._token(about):
                    continue
            return True
        return complaint > 0

    def _dead_address(self, letter: Letter, seq: int) -> bool:
        back = {each.name for each in self.year.refused if each.to == letter.to and each.seq < seq}
        return len(back) >= 2

    def _capped(self, letter: Letter) -> bool:
        return not self.year.names[letter.name].step.startswith(UNCAPPED)

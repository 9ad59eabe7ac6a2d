"""Regular expressions as their author writes them, read into parts.

CQL recommends the PCRE dialect (Reference, Matches). This is the part of it that can be decided without
going back: characters, `.`, `^ $ \\b \\B`, classes `[a-z] [^a-z]`, `\\d \\w \\s \\D \\W \\S` (of ASCII, as in
PCRE), groups `(...) (?:...)`, `|`, and `* + ? {2} {2,} {2,4}`, also lazy with `?` behind. The `.` takes line
breaks too ("single line mode"); `$` is the end of the text only. Everything else is refused with its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

LENGTH_LIMIT, COUNT_LIMIT, DEPTH_LIMIT, GROUP_LIMIT = 1000, 1000, 32, 9
Taken = Callable[[str], bool]  # whether a character is one of those meant

_DIGITS, _SPACES = frozenset("0123456789"), frozenset(" \t\n\v\f\r")
_LETTERS = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_CLASSES = {"d": _DIGITS, "w": _LETTERS, "s": _SPACES}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_COUNTS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_REFUSED = dict.fromkeys("pP", "character properties") | dict.fromkeys("AZzG", "anchors other than ^ and $")
_REFUSED |= dict.fromkeys("k123456789", "back references")
_REFUSED_GROUPS = {"=": "looking ahead", "!": "looking ahead", "<": "looking behind and named groups"}
_REFUSED_GROUPS |= {"P": "named groups", ">": "atomic groups"}


class PatternError(ValueError):
    """A pattern or (`operand` 1) a substitution that is not understood. `place` counts characters from 1."""

    def __init__(self, message: str, place: int, operand: int = 0) -> None:
        what = ("pattern", "substitution")[operand]
        super().__init__(f"Character {place} of the {what}: {message}")
        self.place, self.operand = place, operand


@dataclass(frozen=True)
class One:
    """One character of those that `takes` says."""

    takes: Taken


@dataclass(frozen=True)
class Need:
    """No character, but a place: `^`, `$`, `b` or `B`."""

    kind: str


@dataclass(frozen=True)
class Chain:
    parts: list[Part]


@dataclass(frozen=True)
class Either:
    options: list[Part]


@dataclass(frozen=True)
class Group:
    inner: Part
    number: int


@dataclass(frozen=True)
class Repeat:
    """`high` is None where there is no end; `greedy` is more rather than fewer."""

    inner: Part
    low: int
    high: int | None
    greedy: bool


Part = One | Need | Chain | Either | Group | Repeat


@lru_cache(maxsize=256)
def read_substitution(text: str, groups: int) -> tuple[str | int, ...]:
    """Texts and, between them, numbers of groups: `$1`. A `$` that is meant as such has a backslash."""
    parts: list[str | int] = []
    waiting = iter(enumerate(text, start=1))
    for place, sign in waiting:
        if sign not in "\\$":
            parts.append(sign)
            continue
        _, following = next(waiting, (0, ""))
        if sign == "\\" and following:
            parts.append(following)
        elif following in _DIGITS and int(following) < groups:
            parts.append(int(following))
        else:
            raise PatternError(f"there is no group {sign}{following}; a sign itself is \\{sign}.", place, 1)
    return tuple(parts)


class Reader:
    """Reads a pattern from left to right. `groups` counts those with a number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        if len(text) > LENGTH_LIMIT:
            raise PatternError(f"it is longer than {LENGTH_LIMIT} characters.", LENGTH_LIMIT + 1)

    def read(self) -> Part:
        part = self._either(0)
        if self.ahead:
            self._refuse("this bracket closes nothing.")
        return part

    @property
    def ahead(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.at : self.at + 1]

    def _refuse(self, message: str, back: int = 0) -> NoReturn:
        raise PatternError(message, self.at - back + 1)

    def _follows(self, sign: str) -> bool:
        """Whether this comes next; if so it is taken."""
        found = self.ahead == sign
        self.at += found
        return found

    def _next(self) -> str:
        if not self.ahead:
            self._refuse("it ends too early.")
        self.at += 1
        return self.text[self.at - 1]

    def _either(self, depth: int) -> Part:
        if depth > DEPTH_LIMIT:
            self._refuse(f"groups are nested more than {DEPTH_LIMIT} deep.")
        options = [self._chain(depth)]
        while self._follows("|"):
            options.append(self._chain(depth))
        return Either(options)

    def _chain(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.ahead not in ("", "|", ")"):
            parts.append(self._counted(self._one(depth)))
        return Chain(parts)

    def _counted(self, part: Part) -> Part:
        sign = self.ahead
        if sign not in ("*", "+", "?", "{"):
            return part
        if isinstance(part, Need):
            self._refuse("there is nothing to repeat.")
        self.at += 1
        low, high = self._braces() if sign == "{" else _COUNTS[sign]
        greedy = not self._follows("?")
        if self.ahead in ("*", "+", "?", "{"):
            self._refuse("a repetition cannot be repeated; possessive ones are outside the subset.")
        return Repeat(part, low, high, greedy)

    def _braces(self) -> tuple[int, int | None]:
        low = self._number()
        high: int | None = low
        if self._follows(","):
            high = None if self.ahead == "}" else self._number()
        if not self._follows("}"):
            self._refuse("a repetition is written {2}, {2,} or {2,4}.")
        if high is not None and high < low:
            self._refuse("the larger number comes second.", 1)
        return low, high

    def _number(self) -> int:
        start = self.at
        while self.ahead in _DIGITS:
            self.at += 1
        digits = self.text[start : self.at]
        if not 1 <= len(digits) <= 4 or int(digits) > COUNT_LIMIT:
            self._refuse(f"a number of repetitions up to {COUNT_LIMIT} is needed here.", self.at - start)
        return int(digits)

    def _one(self, depth: int) -> Part:
        sign = self._next()
        match sign:
            case "(":
                return self._group(depth)
            case "[":
                return One(self._character_class())
            case "\\":
                return self._escape()
            case "^" | "$":
                return Need(sign)
            case ".":
                return One(anything)
            case "*" | "+" | "?" | "{":
                self._refuse("there is nothing to repeat.", 1)
        return One(sign.__eq__)

    def _group(self, depth: int) -> Part:
        number = None
        if self._follows("?"):
            kind = self._next()
            if kind != ":":
                self._refuse(f"{_REFUSED_GROUPS.get(kind, 'flags')} are outside the subset.", 1)
        else:
            self.groups += 1
            number = self.groups
            if number > GROUP_LIMIT:
                self._refuse(f"more than {GROUP_LIMIT} groups; (?:...) is one without a number.", 1)
        inner = self._either(depth + 1)
        if not self._follows(")"):
            self._refuse("a bracket is not closed.")
        return inner if number is None else Group(inner, number)

    def _escape(self) -> Part:
        sign = self._next()
        if sign in "bB":
            return Need(sign)
        found = self._escaped(sign)
        return One(found.__eq__) if isinstance(found, str) else One(found)

    def _escaped(self, sign: str) -> str | Taken:
        """A character, or what takes any of a class."""
        if sign.lower() in _CLASSES:
            return _within(_CLASSES[sign.lower()], (), negated=sign.isupper())
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign.isalnum():
            self._refuse(f"outside the subset: {_REFUSED.get(sign, chr(92) + sign)}.", 1)
        return sign

    def _character_class(self) -> Taken:
        negated = self._follows("^")
        singles, others = set[str](), list[Taken]()
        first = True
        while first or not self._follows("]"):
            first = False
            low = self._member()
            if not isinstance(low, str):
                others.append(low)
            elif self.ahead == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self._member()
                if not isinstance(high, str) or high < low:
                    self._refuse("this is no range of characters.", 1)
                others.append(_between(low, high))
            else:
                singles.add(low)
        return _within(frozenset(singles), tuple(others), negated=negated)

    def _member(self) -> str | Taken:
        sign = self._next()
        if sign == "[" and self.ahead in (":", ".", "="):
            self._refuse("named classes are outside the subset.", 1)
        return self._escaped(self._next()) if sign == "\\" else sign


def anything(character: str) -> bool:
    return True


def _between(low: str, high: str) -> Taken:
    return lambda character: low <= character <= high


def _within(singles: frozenset[str], others: tuple[Taken, ...], *, negated: bool) -> Taken:
    def takes(character: str) -> bool:
        return (character in singles or any(other(character) for other in others)) is not negated

    return takes

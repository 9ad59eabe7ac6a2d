"""Regular expressions as short programs, which `matching` runs in time linear in the text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from screening.cql.pattern_syntax import (
    Chain,
    Either,
    Group,
    Need,
    One,
    Part,
    PatternError,
    Reader,
    Repeat,
    Taken,
    anything,
)

SIZE_LIMIT = 1000
# TAKE a character, TRY the first place and then the second, GO to the first, SAVE where a group begins or
# ends, NEED that the place is of a kind, MATCH.
TAKE, TRY, GO, SAVE, NEED, MATCH = range(6)
KINDS = "^$bB"
Instruction = tuple[int, Taken, int, int]


@dataclass(frozen=True)
class Pattern:
    """`groups` counts the whole match as well, which is group 0."""

    program: tuple[Instruction, ...]
    groups: int


@lru_cache(maxsize=256)
def read_pattern(text: str) -> Pattern:
    """The program of a pattern. What is not understood or too large is a PatternError."""
    reader, writer = Reader(text), _Writer()
    writer.write(Group(reader.read(), 0))
    writer.add(MATCH)
    return Pattern(tuple(writer.program), reader.groups + 1)


class _Writer:
    def __init__(self) -> None:
        self.program: list[Instruction] = []
        self.written = 0

    def add(self, kind: int, first: int = 0, second: int = 0, takes: Taken = anything) -> int:
        self.program.append((kind, takes, first, second))
        return len(self.program) - 1

    def write(self, part: Part) -> None:
        self.written += 1  # also of parts that add nothing, so that no repetition takes long
        if self.written > SIZE_LIMIT:
            raise PatternError(f"written out, it has more than {SIZE_LIMIT} parts.", 1)
        match part:
            case One():
                self.add(TAKE, takes=part.takes)
            case Need():
                self.add(NEED, KINDS.index(part.kind))
            case Chain():
                for inner in part.parts:
                    self.write(inner)
            case Either():
                self._either(part.options)
            case Group():
                self.add(SAVE, 2 * part.number)
                self.write(part.inner)
                self.add(SAVE, 2 * part.number + 1)
            case Repeat():
                self._repeat(part)

    def _either(self, options: list[Part]) -> None:
        ends: list[int] = []
        for option in options[:-1]:
            choice = self.add(TRY)
            self.write(option)
            ends.append(self.add(GO))
            self._aim(choice, choice + 1, len(self.program))
        self.write(options[-1])
        for end in ends:
            self._aim(end, len(self.program))

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.low):
            self.write(part.inner)
        choices: list[tuple[int, int]] = []
        for _ in range(1 if part.high is None else part.high - part.low):
            choices.append((self.add(TRY), len(self.program)))
            self.write(part.inner)
        if part.high is None:  # asked again behind, not before: what took nothing must not go round
            choices.append((self.add(TRY), choices[0][1]))
        for choice, inside in choices:
            outside = len(self.program)
            self._aim(choice, *((inside, outside) if part.greedy else (outside, inside)))

    def _aim(self, place: int, first: int, second: int = 0) -> None:
        kind, takes, _, _ = self.program[place]
        self.program[place] = (kind, takes, first, second)

"""Runs the program of a pattern over a text: every possibility at once, character by character.

No possibility is tried twice at one place (Thompson; Pike), so a search costs at most the length of the text
times the length of the program, whatever the pattern is. Of several matches the leftmost is found, and of
those the one that PCRE would find: first alternatives first, as much as possible unless lazy.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.cql.errors import EvaluationFailure
from screening.cql.patterns import GO, KINDS, MATCH, NEED, SAVE, TAKE, TRY, Pattern

# One thread at one place costs about ten times as much as a step of a rule, which the budget counts.
COST = 10
Places = tuple[int, ...]  # where each group begins and ends, the whole match first; -1 where it has no part
Threads = list[tuple[int, Places]]


def search(pattern: Pattern, text: str, start: int, budget: list[int]) -> Places | None:
    """The places of the leftmost match that begins at `start` or later."""
    program, found = pattern.program, None
    nowhere = (-1,) * (2 * pattern.groups)
    threads: Threads = []
    seen: set[int] = set()
    for place in range(start, len(text) + 1):
        if found is None:
            _follow(pattern, text, place, 0, nowhere, threads, seen)
        elif not threads:
            break
        _pay(budget, len(seen) + 1)
        waiting, threads, seen = threads, [], set()
        for at, places in waiting:
            kind, takes, _, _ = program[at]
            if kind == MATCH:
                found = places
                break  # what comes behind has a lower rank
            if place < len(text) and takes(text[place]):
                _follow(pattern, text, place + 1, at + 1, places, threads, seen)
    return found


def matches_in(pattern: Pattern, text: str, budget: list[int]) -> Iterator[Places]:
    """All matches that do not overlap, from left to right."""
    start = 0
    while start <= len(text):
        found = search(pattern, text, start, budget)
        if found is None:
            return
        yield found
        start = found[1] if found[1] > found[0] else found[1] + 1


def _follow(
    pattern: Pattern, text: str, place: int, at: int, places: Places, threads: Threads, seen: set[int]
) -> None:
    """Go on without taking a character, up to everything that takes one, in the order of rank."""
    waiting = [(at, places)]
    while waiting:
        at, places = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        kind, _, first, second = pattern.program[at]
        if kind in (TAKE, MATCH):
            threads.append((at, places))
        elif kind == TRY:
            waiting += [(second, places), (first, places)]
        elif kind == GO:
            waiting.append((first, places))
        elif kind == SAVE:
            waiting.append((at + 1, (*places[:first], place, *places[first + 1 :])))
        elif kind == NEED and _holds(first, text, place):
            waiting.append((at + 1, places))


def _holds(kind: int, text: str, place: int) -> bool:
    match KINDS[kind]:
        case "^":
            return place == 0
        case "$":
            return place == len(text)
    before, after = text[max(place - 1, 0) : place], text[place : place + 1]
    return (_is_letter(before) is not _is_letter(after)) is (KINDS[kind] == "b")


def _is_letter(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _pay(budget: list[int], steps: int) -> None:
    budget[0] -= COST * steps
    if budget[0] < 0:
        raise EvaluationFailure("The text is too long for this pattern.")

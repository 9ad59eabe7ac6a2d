"""How single operations are said. `{0}` and so on are the operands, already in words.

Equality and what a list contains have their words in `comparing`.
"""

from __future__ import annotations

from collections.abc import Sequence

OPERATIONS = {
    "<": "{0} is less than {1}",
    "<=": "{0} is at most {1}",
    ">": "{0} is more than {1}",
    ">=": "{0} is at least {1}",
    "between": "{0} is between {1} and {2}, both included",
    "in": "{0} is one of {1}",
    "included in": "{0} is among {1}",
    "includes": "{0} include {1}",
    "during": "{0} lies in {1}",
    "xor": "either {0} or {1}, but not both",
    "implies": "whenever {0}, also {1}",
    "is true": "it is certain that {0}",
    "is not true": "it is not certain that {0}",
    "is false": "it is certain that this is not so: {0}",
    "is not false": "it is not ruled out that {0}",
    "is null": "{0} is not known",
    "is not null": "{0} is known",
    "before": "{0} is before {1}",
    "after": "{0} is after {1}",
    "same as": "{0} is the same {p} as {1}",
    "same or before": "{0} is on or before {1}",
    "same or after": "{0} is on or after {1}",
    "duration between": "the whole {p}s from {0} to {1}",
    "difference between": "the {p} boundaries from {0} to {1}",
    "exists": "there is at least one of {0}",
    "+": "{0} plus {1}",
    "-": "{0} minus {1}",
    "*": "{0} times {1}",
    "/": "{0} divided by {1}",
    "div": "{0} divided by {1} without the rest",
    "mod": "the rest of {0} divided by {1}",
    "&": "{0} followed by {1}",
    "negate": "minus {0}",
    "plus": "{0}",
    "Round": "{0} rounded to {1} decimals",
    "LowBoundary": "the earliest day that {0} can be",
    "HighBoundary": "the latest day that {0} can be",
    "Today": "the day of assessment",
    "Count": "the number of {0}",
    "Sum": "the sum of {0}",
    "Avg": "the average of {0}",
    "Min": "the least of {0}",
    "Max": "the greatest of {0}",
    "First": "the first of {0}",
    "Last": "the last of {0}",
    "Length": "the length of {0}",
    "AllTrue": "all of {0} are so",
    "AnyTrue": "at least one of {0} is so",
    "distinct": "{0} without repeats",
    "flatten": "{0} in one list",
    "union": "{0} together with {1}",
    "intersect": "what {0} and {1} have in common",
    "except": "{0} without {1}",
    "singleton from": "the only one of {0}",
    "Lower": "{0} in small letters",
    "Upper": "{0} in capital letters",
    "StartsWith": "{0} starts with {1}",
    "EndsWith": "{0} ends with {1}",
    "Matches": "{0} has the pattern {1}",
    "ReplaceMatches": "{0} with {2} for each {1}",
    "PositionOf": "the place of {0} in {1}",
    "successor": "the next after {0}",
    "predecessor": "the one before {0}",
}


def alternatives(parts: Sequence[str], word: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def sentence(words: str) -> str:
    """With a capital letter and a full stop."""
    words = words.strip()
    if words[:1] == "(" and words.endswith(")") and words.count("(") == 1:
        words = words[1:-1]
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "?”")) else ".")

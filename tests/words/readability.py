"""How hard a text is to read, as an age: the Flesch-Kincaid grade level plus five.

Grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59 (Kincaid, Fishburne, Rogers and Chissom,
"Derivation of new readability formulas for Navy enlisted personnel", 1975). A grade is a school year in the
United States; children start the first at six, so age = grade + 5. The formula counts, it does not read:
short and wrong is easy to it. A clinician and a patient still have to read what it lets pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

AGE_AT_GRADE_0 = 5
# Below this a text is a name, not a sentence, and the formula says nothing about it.
FEWEST_WORDS = 6
WORD = re.compile(r"[A-Za-z][A-Za-z’']*|\d[\d,.]*")
SENTENCE_END = re.compile(r"[.!?:;](?:\s|$)|\n")
FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]+>|&\w+;")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?:[^laeiouy]es|[^aeiouytd]ed|[^laeiouy]e|[aeiou]le)$")
TWO_VOWELS = re.compile(r"(?<![tscg])i[ao]|(?<!p)eo(?!u)")  # said one by one: "serious", not "station"
# Names of things that people who need them know, and that have no shorter name: each counts two syllables.
NAMES = frozenset(
    {
        *("emergency", "england", "ireland", "northern", "scotland", "samaritans", "email", "hospital"),
        *("medicine", "medicines", "clinician", "clinicians", "physiotherapy", "physiotherapist"),
        *("january", "february", "september", "october", "november", "december"),
    }
)


@dataclass(frozen=True)
class Reading:
    """A text with the age at which it can be read."""

    text: str
    words: int
    age: float


def reading(text: str) -> Reading:
    """Names and numbers that are filled in count as one short word."""
    plain = FILLED_IN.sub("it", text)
    words = WORD.findall(plain)
    sentences = max(1, sum(1 for part in SENTENCE_END.split(plain) if WORD.search(part)))
    if not words:
        return Reading(text, 0, 0.0)
    spoken = sum(syllables(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
    return Reading(text, len(words), round(max(0.0, grade + AGE_AT_GRADE_0), 1))


def syllables(word: str) -> int:
    """Groups of vowels, less a silent end. Capitals such as NHS or GP are said letter by letter."""
    if word[0].isdigit():
        return 1
    if word.isupper() and 1 < len(word) < 5:
        return 2
    if word.lower() in NAMES:
        return 2
    letters = re.sub(r"[’'].*", "", word.lower())
    groups = len(VOWELS.findall(letters)) + len(TWO_VOWELS.findall(letters))
    return max(1, groups - bool(SILENT_END.search(letters)))

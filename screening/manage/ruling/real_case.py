"""A real case as a made-up person: the answers that the rules were given, and nothing of who gave them.

What goes: every text that somebody wrote, everything marked as saying who somebody is, files, the reference.
The date of birth becomes the first of January that makes the same age. Everything else stays as it was
answered, dates too, since rules count from them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from screening.cases.models import Assessment
from screening.cases.responses import split
from screening.intake.known import DATE_OF_BIRTH
from screening.rules.definition import Questionnaire


@dataclasses.dataclass(frozen=True)
class MadeUp:
    """The day of a worked case, its answers that differ from the usual ones, and what was left out."""

    day: dt.date
    answers: dict[str, Any]
    left_out: list[str]

    @classmethod
    def of(cls, assessment: Assessment, asked: Questionnaire, usual: Mapping[str, Any]) -> MadeUp:
        """The assessment by what the published questionnaire asks; `usual` are the answers of all cases."""
        coded, private = split(asked, assessment.judged["answers"])
        if born := str(private.pop(DATE_OF_BIRTH, "") or ""):
            coded[DATE_OF_BIRTH] = same_age(born, assessment.as_of)
        words = {item.id: item.text for item in asked.items()}
        unnamed = {name for name in usual if name in words} - coded.keys() - private.keys()
        answers = {name: value for name, value in coded.items() if value != usual.get(name)}
        answers |= {name: None for name in words if name in unnamed and usual[name] is not None}
        left = [name for name, value in private.items() if any(value if isinstance(value, list) else [value])]
        return cls(assessment.as_of, answers, [words.get(name, name) for name in left])


def same_age(born: str, day: dt.date) -> str:
    """The first of January of the year in which somebody was born who is as old on that day."""
    date = dt.date.fromisoformat(born)
    age = day.year - date.year - ((day.month, day.day) < (date.month, date.day))
    return dt.date(day.year - age, 1, 1).isoformat()

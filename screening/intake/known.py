"""The few questions that the form knows by name: who somebody is, and what ends the form kindly.

Everything else about a questionnaire is data. A questionnaire without one of these simply has no
such behaviour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from screening.rules.definition import Item, Questionnaire

DATE_OF_BIRTH = "dob"
NATION = "nation"
UK_RESIDENT = "uk_resident"
GIVEN_NAME = "given_name"
FAMILY_NAME = "family_name"
NHS_NUMBER = "nhs_number"
EMAIL = "email"
PHONE = "phone"
GP_SHARING = "gp_share"

ADULT_AGE = 18
OLDEST_AGE = 125


class Ending(StrEnum):
    """Why the form is of no use to somebody: service information, not a decision about them."""

    UNDER_AGE = "under_age"
    OUTSIDE_UK = "outside_uk"


def age_on(day: dt.date, born: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def ending_of(answers: Mapping[str, Any], as_of: dt.date) -> Ending | None:
    """Whether these answers end the form, before anything about health is asked."""
    if answers.get(UK_RESIDENT) == "no":
        return Ending.OUTSIDE_UK
    try:
        born = dt.date.fromisoformat(str(answers.get(DATE_OF_BIRTH) or ""))
    except ValueError:
        return None
    return Ending.UNDER_AGE if age_on(as_of, born) < ADULT_AGE else None


def must_be_answered(questionnaire: Questionnaire) -> frozenset[str]:
    """Required questions that nobody can pass over: the first step, the name, the statements.

    Every other required question is asked again once and may then stay blank, which the rules
    read as unknown.
    """
    first = questionnaire.steps[0].id
    start = {item.id for page in questionnaire.pages if page.step == first for item in page.items}
    agreed = {statement.item for statement in questionnaire.statements if statement.required}
    return frozenset(start | agreed | {GIVEN_NAME, FAMILY_NAME})


def is_skippable(item: Item, questionnaire: Questionnaire) -> bool:
    return item.required and item.id not in must_be_answered(questionnaire)

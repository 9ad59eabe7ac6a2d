"""The few questions that the form knows by name: who somebody is and how to reach them.

Everything else about a questionnaire is data. A questionnaire without one of these simply has no
such behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from screening.cases.models import Patient
from screening.rules.definition import Questionnaire

DATE_OF_BIRTH = "dob"
NATION = "nation"
GIVEN_NAME = "given_name"
FAMILY_NAME = "family_name"
NHS_NUMBER = "nhs_number"
EMAIL = "email"
PHONE = "phone"
GP_SHARING = "gp_share"
HELPER = "helper"
HELPING = "helping"
HELPER_NAME = "helper_name"
HELPER_RELATION = "helper_relation"
HELPER_AUTHORITY = "cs10"
OF_HELPER = frozenset({HELPER_NAME, HELPER_RELATION})
# Yes-or-no questions that are also a setting of the patient.
CHOICES = {
    "contact_email": "contact_by_email",
    "contact_sms": "contact_by_sms",
    "reminders_on": "reminders_wanted",
    "cs8": "reinvitation_wanted",
}


IDENTIFYING = frozenset({DATE_OF_BIRTH, GIVEN_NAME, FAMILY_NAME})  # all that staff need to enter a form


def facts_of(patient: Patient) -> dict[str, Any]:
    """What is known of somebody before they answer: it stands in the boxes of a form that staff fill in."""
    facts = {GIVEN_NAME: patient.given_name, FAMILY_NAME: patient.family_name, PHONE: patient.phone}
    return {name: value for name, value in facts.items() if value}


def must_be_answered(questionnaire: Questionnaire) -> frozenset[str]:
    """Required questions that nobody can pass over: the first step, the name, what is to be agreed.

    Every other required question is asked again once and may then stay blank, which the rules
    read as unknown.
    """
    first = questionnaire.steps[0].id
    agreed = {statement.item for statement in questionnaire.statements if statement.required}
    needed = {GIVEN_NAME, FAMILY_NAME}
    for page in questionnaire.pages:
        ids = {item.id for item in page.items if item.required}
        if page.step == first or ids & agreed:
            needed |= ids
    return frozenset(needed)


def keep_choices(patient: Patient, answers: Mapping[str, Any]) -> None:
    for item_id, field in CHOICES.items():
        if item_id in answers:
            setattr(patient, field, answers[item_id] is True)

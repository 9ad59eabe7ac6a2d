"""What is typed into the pages of deciding, and browsers in which somebody has signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from screening.cases.models import Case
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh

DECIDED: dict[str, Any] = {
    "outcome": "offered_assessment",
    "reason": "Records agree.",
    "identity": "yes",
    "records": ["gp_summary"],
    "records_on_month": "6",
    "records_on_year": "2026",
    "diagnosis": "Consultant",
    "treatments": "all",
    "options": "None that was not offered",
    "guideline": "Considered",
    "capacity": "yes",
    "gp": "letter",
}
DECLINED = {
    **{name: value for name, value in DECIDED.items() if name != "guideline"},
    "outcome": "declined_with_reasons",
    "reasons": ["REASON_OTHER_CARE_FIRST"],
    "help": ["HELP_GP"],
}


def room_of(clinician: Clinician) -> Client:
    return sign_in(Client(), clinician.membership)


def at(name: str, case: Case) -> str:
    return reverse(name, args=[case.reference])


def takes(room: Client, case: Case) -> None:
    room.get(at("case", case))
    room.post(at("case-claim", case), {"seen": fresh(case).lock})


def posts(room: Client, name: str, case: Case, said: dict[str, Any], **changes: Any) -> Any:
    return room.post(at(name, case), {"seen": fresh(case).lock, **said, **changes})


def shown(room: Client, name: str, case: Case) -> dict[str, Any]:
    """What stands in the form when it is opened, as a browser would send it back."""
    form = room.get(at(name, case)).context["form"]
    values = {name: form.initial.get(name, "") for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "")}

"""A copy of everything the clinic holds of a case, in words: read as a page or as JSON.

Each part is a list of plain dicts with the same keys in both forms, so that nothing can be in one and
missing in the other. Notes that clinicians make for each other are not in it: the law lets a clinician
look at those first, and the page says how to ask.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from screening.cases.models import Response
from screening.cases.services import local_date
from screening.followup.room import records
from screening.followup.room.records import Row
from screening.intake import selectors as forms_of


@dataclass(frozen=True)
class Part:
    """One part of the copy: its name in the file, its heading, what is said when it is empty, its rows."""

    name: str
    heading: str
    empty: str
    read: Callable[[], Iterable[Row]] = field(repr=False)

    def rows(self) -> Iterable[Row]:
        return self.read()


@dataclass(frozen=True)
class Copy:
    reference: str
    clinic: str
    made_at: dt.datetime
    parts: list[Part]


def copy_of(response: Response, *, at: dt.datetime, address: Callable[[str], str]) -> Copy:
    """`address` makes a whole address of a path, so that the links of a saved copy still lead here."""
    case = response.case
    walk = forms_of.walk_of(response, local_date(response.submitted_at or at))
    clinic = case.site.name
    items = {item.id: item for item in walk.questionnaire.items()}
    return Copy(
        reference=case.reference,
        clinic=clinic,
        made_at=at,
        parts=[
            Part("person", _("About you"), "", lambda: records.person(case)),
            Part("standing", _("Where your form stands"), "", lambda: records.standing(case, at)),
            Part(
                "answers",
                _("Your answers"),
                _("You have not answered anything yet."),
                lambda: records.answers(walk.answers, items, clinic),
            ),
            Part(
                "later_forms",
                _("Forms you filled in later"),
                _("You have not filled in a later form."),
                lambda: records.later(case, items, clinic),
            ),
            Part(
                "corrections",
                _("Answers you changed after sending the form"),
                _("You have not changed an answer."),
                lambda: records.corrections(response, clinic),
            ),
            Part(
                "statements",
                _("What you agreed to"),
                _("You have not agreed to anything yet."),
                lambda: records.statements(response, clinic),
            ),
            Part(
                "urgent_answers",
                _("Answers that needed urgent advice"),
                _("There are none."),
                lambda: records.urgent(case, records.all_items(case, items)),
            ),
            Part(
                "documents",
                _("Documents you sent"),
                _("You have not sent a document."),
                lambda: records.documents(case, address),
            ),
            Part("messages", _("Messages"), _("There are no messages."), lambda: records.messages(case)),
            Part(
                "questions",
                _("What the clinic asked you"),
                _("The clinic has asked nothing."),
                lambda: records.questions(case, items, clinic),
            ),
            Part(
                "decisions", _("Decisions"), _("There is no decision yet."), lambda: records.decisions(case)
            ),
            Part("letters", _("Letters"), _("There is no letter yet."), lambda: records.letters(case)),
            Part(
                "appointments",
                _("Appointments"),
                _("There is no appointment."),
                lambda: records.appointments(case),
            ),
            Part(
                "looks",
                _("When you asked for another look"),
                _("You have not asked for one."),
                lambda: records.looks(case),
            ),
            Part(
                "notices",
                _("Emails and texts we sent you"),
                _("We have sent you none."),
                lambda: records.notices(case),
            ),
            Part("history", _("What happened to your form"), "", lambda: records.history(case)),
            Part(
                "revisions",
                _("Every time your answers were saved"),
                _("Nothing was saved yet."),
                lambda: records.revisions(response, items, clinic),
            ),
            Part(
                "who_looked",
                _("Who looked at your record"),
                _("Nobody has looked yet."),
                lambda: records.who_looked(case),
            ),
        ],
    )


def as_json(copy: Copy) -> Iterator[str]:
    """The copy as JSON text in pieces, row by row."""
    head = {"reference": copy.reference, "clinic": copy.clinic, "made_at": copy.made_at}
    yield _json(head)[:-1]
    for part in copy.parts:
        yield f",\n{json.dumps(part.name)}: ["
        for number, row in enumerate(part.rows()):
            yield (",\n" if number else "\n") + _json(row)
        yield "]"
    yield "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)

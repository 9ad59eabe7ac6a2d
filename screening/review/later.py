"""The later forms of a case: when sent, how each compares with the first, every answer in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from screening.cases.models import Case, Response, ResponseStatus
from screening.cases.responses import answers_of, journey_of_form
from screening.cases.services import local_date
from screening.intake.services import is_late, scores_of_form
from screening.intake.wording import answer_in_words, filled
from screening.review.later_titles import later_titles
from screening.rules.scores import responder, worse


@dataclasses.dataclass(frozen=True)
class LaterAnswer:
    """One question with what is said now; `before` is what was said in the first form where that differs.

    `blank`: it was asked and not answered.
    """

    question: str
    answer: str
    before: str
    blank: bool


@dataclasses.dataclass(frozen=True)
class LaterRow:
    title: str
    sent_at: datetime | None
    started_at: datetime
    late: bool
    result: str
    kind: str
    answers: list[LaterAnswer]


def later_forms_of(case: Case) -> list[LaterRow]:
    """Of a case that was read whole, the newest first."""
    forms = [each for each in case.responses.all() if each.status != ResponseStatus.STOPPED]
    first = next((each for each in forms if not each.occasion), None)
    titles = later_titles(case)
    return [_row(each, first, titles[each.occasion]) for each in reversed(forms) if each.occasion]


def _row(response: Response, first: Response | None, title: str) -> LaterRow:
    answers = answers_of(response)
    sent = response.submitted_at is not None
    result, kind = _result(first, response, answers) if sent and first is not None else ("", "")
    return LaterRow(
        title=title,
        sent_at=response.submitted_at,
        started_at=response.started_at,
        late=is_late(response),
        result=result,
        kind=kind,
        answers=_answers(response, answers, answers_of(first) if first else {}),
    )


def _result(first: Response, now: Response, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Response, worsening or neither, by the definitions of the brief, section 4.3."""
    before, after = scores_of_form(first), scores_of_form(now)
    if worse(before, after):
        return _("Clearly worse than in the first form"), "stopped"
    pgic = answers.get("pgic")
    better = responder(peg_before=_peg(before), peg_now=_peg(after), pgic=pgic)
    if better:
        return _("Responds: clearly better than in the first form"), "done"
    if better is None:
        return _("Cannot tell: an answer is missing"), "neutral"
    return _("No response yet: not clearly better than in the first form"), "waiting"


def _peg(scores: Mapping[str, Any]) -> Decimal | None:
    return None if scores.get("peg") is None else Decimal(str(scores["peg"]))


def _answers(response: Response, answers: Mapping[str, Any], before: Mapping[str, Any]) -> list[LaterAnswer]:
    journey, clinic = journey_of_form(response), response.case.site.name
    active = journey.active(answers, local_date(response.submitted_at or response.last_activity_at))
    found = []
    for item in journey.questionnaire.items():
        if not item.holds_an_answer or item.id in active.closed:
            continue
        said = answer_in_words(item, active.answers.get(item.id))
        now, then = said or _("Not answered"), answer_in_words(item, before.get(item.id))
        question = filled(item.text, clinic=clinic)
        found.append(LaterAnswer(question, now, then if then != now else "", blank=not said))
    return found

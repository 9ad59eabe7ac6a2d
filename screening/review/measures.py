"""What was measured of one person and when: the scores of each form they sent, and a few answers.

A form measures when it is sent. A correction measures again only if it changed something measured. Bands are
shown only where the instrument has published ones; a single value is a value, two make a line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.cases.models import Assessment, Case, Response, ResponseStatus
from screening.cases.responses import answers_of, journey_of_form
from screening.cases.services import local_date
from screening.intake.wording import answer_in_words
from screening.questionnaires.selectors import questionnaire_of
from screening.review.charts import LineChart, line_chart
from screening.review.later_titles import later_titles
from screening.rules.definition import Questionnaire
from screening.rules.scores import band

# Answers that are followed over time, besides the scores that a questionnaire defines.
FOLLOWED: dict[str, Promise] = {
    "peg_p": gettext_lazy("Pain on average"),
    "q_sleep": gettext_lazy("Effect on sleep"),
    "q_mobility": gettext_lazy("Effect on moving"),
    "q_work": gettext_lazy("Effect on work"),
    "q_social": gettext_lazy("Effect on social life"),
    "pgic": gettext_lazy("Change since the start, in their own view"),
}
# The highest value each can have: the brief, section 4.1. What is not named here ends at its highest value.
HIGHEST = {
    **dict.fromkeys(FOLLOWED, 10),
    "pgic": 7,
    "peg": 10,
    "phq2": 6,
    "phq4": 12,
    "phq9": 27,
    "gad2": 6,
    "gad7": 21,
}
LOWEST = {"pgic": 1}


@dataclasses.dataclass(frozen=True)
class Moment:
    """When something was measured, by what, and the values: by the id of the score or the question."""

    at: datetime
    title: str
    values: Mapping[str, Decimal]
    words: Mapping[str, str]

    @property
    def day(self) -> str:
        return date_format(localtime(self.at), "j M Y")


@dataclasses.dataclass(frozen=True)
class Measured:
    """One measure at one moment, in words; `missing` when it has no value."""

    value: str
    band: str = ""
    missing: bool = False


@dataclasses.dataclass(frozen=True)
class Measure:
    """One measure over time. No chart while there is only one value."""

    id: str
    title: str
    about: str
    cells: list[Measured]
    chart: LineChart | None


@dataclasses.dataclass(frozen=True)
class Measures:
    moments: list[Moment]
    rows: list[Measure]

    @property
    def charts(self) -> list[LineChart]:
        return [row.chart for row in self.rows if row.chart is not None]


def measures_of(case: Case) -> Measures:
    """Of a case that was read whole."""
    moments, forms = _moments(case)
    names: dict[str, tuple[str, str]] = {}
    for form in forms:
        titles = {
            item.id: (str(FOLLOWED[item.id]), item.text) for item in form.items() if item.id in FOLLOWED
        }
        names |= {score.id: (score.title, score.text or "") for score in form.scores} | titles
    bands = {score.id: score for form in forms for score in form.scores}
    rows = []
    for name in sorted(names, key=_place):
        title, about = names[name]
        cells = [
            _cell(moment, name, band(bands[name], moment.values.get(name)) if name in bands else None)
            for moment in moments
        ]
        rows.append(Measure(name, title, about, cells, _chart(name, title, moments)))
    return Measures(moments, rows)


def _place(name: str) -> tuple[int, str]:
    """PEG and pain first, then the effect on life, mood and worry, and how they see it themselves."""
    order = ["peg", *FOLLOWED, "phq2", "phq4", "phq9", "gad2", "gad7"]
    order.remove("pgic")
    order.append("pgic")
    return (order.index(name), "") if name in order else (len(order), name)


def _cell(moment: Moment, name: str, found: str | None) -> Measured:
    if name not in moment.values:
        return Measured(_("No value"), missing=True)
    return Measured(moment.words[name], band=found or "")


def _chart(name: str, title: str, moments: Sequence[Moment]) -> LineChart | None:
    known = [moment for moment in moments if name in moment.values]
    if len(known) < 2:
        return None
    highest = max(moment.values[name] for moment in known)
    high = Decimal(HIGHEST.get(name, 0)) or highest
    told = ", ".join(
        _("%(value)s on %(day)s") % {"value": moment.words[name], "day": moment.day} for moment in known
    )
    return line_chart(
        f"trend-{name}",
        title,
        _("%(title)s: %(told)s.") % {"title": title, "told": told},
        [(m.at.timestamp(), m.values[name], f"{m.values[name]:f}", m.day) for m in known],
        low=Decimal(LOWEST.get(name, 0)),
        high=max(high, highest),
    )


def _moments(case: Case) -> tuple[list[Moment], list[Questionnaire]]:
    judged: dict[Any, list[Assessment]] = {}
    for assessment in case.assessments.all():
        judged.setdefault(assessment.response_id, []).append(assessment)
    titles = later_titles(case)
    moments, forms = [], []
    for response in case.responses.all():
        if response.submitted_at is None or response.status == ResponseStatus.IN_PROGRESS:
            continue
        rows = judged.get(response.pk)
        found = list(
            _of_assessments(response, rows)
            if rows
            else _of_answers(response, titles.get(response.occasion, ""))
        )
        if found:
            moments += found
            forms.append(questionnaire_of(response.version))
    return sorted(moments, key=lambda moment: moment.at), forms


def _of_assessments(response: Response, rows: Iterable[Assessment]) -> Iterator[Moment]:
    before: Mapping[str, Decimal] = {}
    form = questionnaire_of(response.version)
    for number, row in enumerate(rows):
        scores = row.result.get("scores", {})
        at = row.made_at if number else response.submitted_at or row.made_at
        moment = _moment(form, form.title, scores, row.judged["answers"], at, corrected=number > 0)
        if moment.values and moment.values != before:
            before = moment.values
            yield moment


def _of_answers(response: Response, title: str) -> Iterator[Moment]:
    """A form that no rules judge, such as a follow-up: its scores are worked out from its answers."""
    at = response.submitted_at
    if at is None:
        return
    journey, answers = journey_of_form(response), answers_of(response)
    scores = journey.scores(answers, local_date(at))
    form = journey.questionnaire
    moment = _moment(form, title or form.title, scores, answers, at)
    if moment.values:
        yield moment


def _moment(
    form: Questionnaire,
    title: str,
    scores: Mapping[str, Any],
    answers: Mapping[str, Any],
    at: datetime,
    *,
    corrected: bool = False,
) -> Moment:
    values = {name: Decimal(str(value)) for name, value in scores.items() if value is not None}
    said = {name: f"{value:f}" for name, value in values.items()}
    for item in form.items():
        value = answers.get(item.id)
        if item.id in FOLLOWED and value is not None and str(value).isdigit():
            values[item.id] = Decimal(str(value))
            said[item.id] = answer_in_words(item, value)
    return Moment(at, _("After a correction") if corrected else title, values, said)

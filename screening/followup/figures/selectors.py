"""What is counted of the later forms of a site. Of the last twelve months, whole months first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median, quantiles
from typing import Any

from accounts.models import Site
from screening.cases.models import Case, Response, ResponseStatus
from screening.cases.responses import answers_of, asked_in
from screening.cases.services import local_date
from screening.followup.counted import anchors_of
from screening.followup.later import LaterForm, later_forms_of
from screening.followup.schedule import CaseHistory
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, journey_of, published, schedule_of
from screening.rules.scores import responder, worse

YEAR = dt.timedelta(days=365)
CHUNK = 500
SEVERITIES = ("mild", "moderate", "severe")


@dataclasses.dataclass(frozen=True)
class MonthOfScores:
    """PEG of the later forms sent in one month. Quartiles are None with fewer than two."""

    month: dt.date
    n: int
    median: Decimal
    lower: Decimal | None
    upper: Decimal | None


@dataclasses.dataclass(frozen=True)
class Completed:
    """One step: how many forms were due to be sent by now, and what became of them."""

    step: str
    title: str
    due: int
    in_time: int
    late: int


@dataclasses.dataclass(frozen=True)
class Results:
    """One step: how those who sent it compare with their first form."""

    step: str
    title: str
    better: int
    worse: int
    neither: int
    unknown: int


@dataclasses.dataclass(frozen=True)
class Symptom:
    """One symptom that people think is due to treatment: how often it was told, by how bad it was."""

    code: str
    text: str
    counts: tuple[int, ...]
    unsaid: int


@dataclasses.dataclass(frozen=True)
class Sent:
    """One later form as it is counted."""

    step: str
    month: dt.date
    late: bool
    answers: dict[str, Any]
    scores: dict[str, Any]
    first: dict[str, Any]


def sent_forms(*, site: Site, at: dt.datetime) -> list[Sent]:
    """Every later form of the last twelve months with the scores of the first one of its case."""
    rows = Response.objects.filter(site=site, submitted_at__gt=at - YEAR, submitted_at__lte=at)
    later = rows.exclude(occasion="").select_related("version").defer("version__content")
    found = list(later.order_by("submitted_at"))
    cases = {response.case_id for response in found}
    firsts = Response.objects.filter(case_id__in=cases, occasion="").exclude(status=ResponseStatus.STOPPED)
    first = {
        each.case_id: _scores(each)
        for each in firsts.select_related("version").defer("version__content").order_by("-started_at")
    }
    return [_sent(response, first.get(response.case_id, {})) for response in found]


def _sent(response: Response, first: dict[str, Any]) -> Sent:
    day = local_date(response.submitted_at or response.last_activity_at)
    late = bool(response.closes_at and response.submitted_at and response.submitted_at > response.closes_at)
    step = response.occasion.partition("/")[0]
    return Sent(step, day.replace(day=1), late, answers_of(response), _scores(response), first)


def _scores(response: Response) -> dict[str, Any]:
    journey = asked_in(response, journey_of(response.version))
    day = local_date(response.submitted_at or response.last_activity_at)
    return journey.scores(answers_of(response), day)


def peg_by_month(forms: Iterable[Sent]) -> list[MonthOfScores]:
    by_month: dict[dt.date, list[Decimal]] = defaultdict(list)
    for form in forms:
        if form.scores.get("peg") is not None:
            by_month[form.month].append(Decimal(str(form.scores["peg"])))
    return [_month(month, values) for month, values in sorted(by_month.items())]


def _month(month: dt.date, values: Sequence[Decimal]) -> MonthOfScores:
    if len(values) < 2:
        return MonthOfScores(month, len(values), values[0], None, None)
    lower, _middle, upper = quantiles(values, n=4, method="inclusive")
    return MonthOfScores(month, len(values), Decimal(median(values)), lower, upper)


def completion(*, site: Site, at: dt.datetime) -> list[Completed]:
    """Of the forms whose window has closed, or that were sent: all of them, by step."""
    try:
        schedule = schedule_of(published(site=site, kind=Kind.SCHEDULE))
    except NothingPublished:
        return []
    due: Counter[str] = Counter()
    in_time: Counter[str] = Counter()
    late: Counter[str] = Counter()
    cases = Case.objects.filter(site=site).exclude(treatment_starts=None, appointments=None)
    ids = list(cases.order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        anchors, sent = anchors_of(chunk), _sent_times(chunk)
        for case_id in chunk:
            history = CaseHistory(
                anchors=tuple(anchors.get(case_id, ())), completed=frozenset(sent.get(case_id, {}))
            )
            for form in later_forms_of(history, schedule, as_of=at):
                when = sent.get(case_id, {}).get(form.key)
                if when is not None:
                    (late if form.closes_at and when > form.closes_at else in_time)[form.step] += 1
                due[form.step] += when is not None or _is_over(form, at)
    titles = {step.code: step.title for step in schedule.steps}
    return [
        Completed(step, titles[step], due[step], in_time[step], late[step]) for step in titles if due[step]
    ]


def _is_over(form: LaterForm, at: dt.datetime) -> bool:
    return form.closes_at is not None and form.closes_at < at


def _sent_times(ids: Sequence[int]) -> dict[int, dict[str, dt.datetime]]:
    found: dict[int, dict[str, dt.datetime]] = defaultdict(dict)
    rows = Response.objects.filter(case_id__in=ids, submitted_at__isnull=False).exclude(occasion="")
    for case_id, occasion, sent_at in rows.values_list("case_id", "occasion", "submitted_at"):
        if sent_at is not None:
            found[case_id][occasion] = sent_at
    return found


def results(forms: Iterable[Sent], titles: dict[str, str]) -> list[Results]:
    """By the definitions of the brief, section 4.3. Whoever is worse is not counted as better."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for form in forms:
        if ("peg" in form.scores and form.scores["peg"] is not None) or form.answers.get("pgic"):
            counts[form.step][_result(form)] += 1
    return [
        Results(
            step, titles.get(step, step), *(count[name] for name in ("better", "worse", "neither", "unknown"))
        )
        for step, count in sorted(counts.items())
    ]


def _result(form: Sent) -> str:
    if worse(form.first, form.scores):
        return "worse"
    better = responder(
        peg_before=_number(form.first.get("peg")),
        peg_now=_number(form.scores.get("peg")),
        pgic=form.answers.get("pgic"),
    )
    return {True: "better", False: "neither", None: "unknown"}[better]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def symptoms(forms: Iterable[Sent], texts: dict[str, str]) -> list[Symptom]:
    """The most frequent first."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for form in forms:
        for code in form.answers.get("ae_which") or []:
            told[code][str(form.answers.get(f"ae_how_{code}") or "")] += 1
    found = [
        Symptom(code, texts.get(code, code), tuple(count[each] for each in SEVERITIES), count[""])
        for code, count in told.items()
    ]
    return sorted(found, key=lambda each: (-sum(each.counts) - each.unsaid, each.code))


def texts_of(site: Site) -> tuple[dict[str, str], dict[str, str]]:
    """The titles of the steps, and the words of each symptom, by their codes."""
    titles: dict[str, str] = {}
    words: dict[str, str] = {}
    try:
        titles = {s.code: s.title for s in schedule_of(published(site=site, kind=Kind.SCHEDULE)).steps}
        form = journey_of(published(site=site, kind=Kind.QUESTIONNAIRE)).questionnaire
        words = {option.code: option.text for option in form.item("ae_which").options}
    except (NothingPublished, KeyError):
        pass
    return titles, words

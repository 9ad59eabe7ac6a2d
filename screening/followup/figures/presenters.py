"""Figures of follow-up as tables and charts, in the same form as those of the clinic."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.followup.figures.selectors import Completed, MonthOfScores, Results, Symptom
from screening.review.figures.presenters import (
    ENOUGH,
    LONGEST_CHART,
    Shown,
    Table,
    chart_of,
    number_cell,
    text_cell,
)


def peg_table(found: Sequence[MonthOfScores]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for month in found:
        label = date_format(month.month, "M Y")
        quartiles = (month.lower, month.upper) if month.n >= ENOUGH else (None, None)
        rows.append([text_cell(label), number_cell(month.n), _score(month.median), *map(_score, quartiles)])
        bars.append((label, float(month.median), f"{month.median:.1f} ({month.n})"))
    title = _("PEG in later forms")
    about = _(
        "Median by the month in which forms were sent, from 0 to 10: a higher number is worse. "
        "Quartiles are given from ten forms on."
    )
    head = [_("Sent in"), _("Forms"), _("Median"), _("Lower quartile"), _("Upper quartile")]
    return Table("peg", title, about, head, rows, chart_of("peg", title, bars))


def completion_table(found: Sequence[Completed]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for each in found:
        sent = each.in_time + each.late
        share = round(100 * sent / each.due) if each.due >= ENOUGH else None
        rows.append(
            [
                text_cell(each.title),
                *map(number_cell, (each.due, each.in_time, each.late, each.due - sent)),
                _too_few() if share is None else Shown(f"{share}%", share),
            ]
        )
        if share is not None:
            bars.append((each.title, float(share), _("%(n)d of %(all)d") % {"n": sent, "all": each.due}))
    title = _("Forms that were sent")
    about = _("Of the later forms that were sent or whose window has closed. A share is given from ten on.")
    head = [_("Form"), _("Due"), _("Sent in time"), _("Sent late"), _("Not sent"), _("Share sent, %")]
    return Table("completion", title, about, head, rows, chart_of("completion", title, bars))


def results_table(found: Sequence[Results]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for each in found:
        counts = (each.better, each.neither, each.worse, each.unknown)
        rows.append([text_cell(each.title), *map(number_cell, counts)])
        if (known := sum(counts[:3])) >= ENOUGH:
            share = round(100 * each.better / known)
            bars.append((each.title, float(share), _("%(n)d of %(all)d") % {"n": each.better, "all": known}))
    title = _("Response")
    about = _(
        "Each later form of the last twelve months against the first one of the same person. Clearly better: "
        "PEG down by 1.0 and by 30%, or “much better” in their own view. Clearly worse: PEG up by 1.0, PHQ-9 "
        "by 5 or GAD-7 by 4. The chart shows the share that is clearly better, from ten forms on."
    )
    head = [_("Form"), _("Clearly better"), _("Neither"), _("Clearly worse"), _("Cannot tell")]
    return Table("response", title, about, head, rows, chart_of("response", title, bars))


def symptoms_table(found: Sequence[Symptom]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for each in found:
        all_of = sum(each.counts) + each.unsaid
        rows.append([text_cell(each.text), *map(number_cell, (*each.counts, each.unsaid, all_of))])
        if len(bars) < LONGEST_CHART:
            bars.append((each.text, float(all_of), str(all_of)))
    title = _("Adverse events")
    about = _("Symptoms that people think are due to their treatment, told within twelve months.")
    head = [_("Symptom"), _("Mild"), _("Moderate"), _("Severe"), _("Not said"), _("All")]
    return Table("adverse-events", title, about, head, rows, chart_of("adverse-events", title, bars))


def _score(value: Decimal | None) -> Shown:
    return _too_few() if value is None else Shown(f"{value:.1f}", round(float(value), 1))


def _too_few() -> Shown:
    """The cell says why there is no number; a file to be read by a program leaves it empty."""
    return Shown(_("Too few"), "")

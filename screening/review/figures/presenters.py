"""Figures as tables and charts. A share is said only of ten or more; below that the count says it all."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.cases.models import ORDINARY_RANK
from screening.review.charts import BarChart, bar_chart
from screening.review.figures.inert import Cell, as_csv
from screening.review.figures.progress import Begun, Late
from screening.review.figures.selectors import AGES, NOTHING, Month, Overturned, Waiting
from screening.rules.definition import RuleSet
from screening.templatetags.components import TIERS

ENOUGH = 10  # cases; a share or a quartile of fewer says more about chance than about the clinic
LONGEST_CHART = 10


@dataclasses.dataclass(frozen=True)
class Shown:
    """One cell: what is read, and what a program calculates with."""

    text: str
    plain: Cell

    @property
    def is_number(self) -> bool:
        """Also where no number is given and the cell says why: it stands in the column of numbers."""
        return not isinstance(self.plain, str) or (self.plain == "" and self.text != "")


@dataclasses.dataclass(frozen=True)
class Table:
    """One figure. `name` is also that of its file and its address."""

    name: str
    title: str
    about: str
    head: list[str]
    rows: list[list[Shown]]
    chart: BarChart | None

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The words above each column, and whether there are numbers below."""
        numbers = [any(cell.is_number for cell in column) for column in zip(*self.rows, strict=True)]
        return list(zip(self.head, numbers, strict=True))

    def csv(self) -> str:
        return as_csv(self.head, ([cell.plain for cell in row] for row in self.rows))


def waiting_table(found: Sequence[Waiting]) -> Table:
    ranks = sorted({each.rank for each in found})
    count = {(each.rank, each.days): each.n for each in found}
    rows = [
        [
            text_cell(_urgency(rank)),
            *(number_cell(count[rank, days]) for days in AGES),
            number_cell(_sum(count, rank)),
        ]
        for rank in ranks
    ]
    if len(ranks) > 1:
        totals = [sum(count[rank, days] for rank in ranks) for days in AGES]
        rows.append([text_cell(_("All")), *map(number_cell, totals), number_cell(sum(totals))])
    bars: list[tuple[str, float, str]] = []
    for number, days in enumerate(AGES):
        all_of = sum(count[rank, days] for rank in ranks)
        urgent = sum(count[rank, days] for rank in ranks if rank < ORDINARY_RANK)
        of_them = _("%(n)d, %(urgent)d urgent or to ring") % {"n": all_of, "urgent": urgent}
        bars.append((_age(number), float(all_of), of_them if urgent else str(all_of)))
    return Table(
        name="waiting",
        title=_("Waiting now"),
        about=_("Open cases by urgency and by how long they have waited."),
        head=[_("Urgency"), *(_age(number) for number in range(len(AGES))), _("All")],
        rows=rows,
        chart=chart_of("waiting", _("Waiting now"), bars),
    )


def late_table(found: Iterable[Late]) -> Table:
    rows = [
        [
            text_cell(_urgency(each.rank)),
            number_cell(each.n),
            number_cell(each.late),
            Shown(_("None"), "")
            if each.longest is None
            else Shown(took(each.longest), round(each.longest.total_seconds() / 3600, 1)),
        ]
        for each in found
    ]
    return Table(
        name="late",
        title=_("Past their target now"),
        about=_("Open cases that somebody should have acted on by now, by the targets in the settings."),
        head=[_("Urgency"), _("Open"), _("Past their target"), _("The longest, by")],
        rows=rows,
        chart=None,
    )


def funnel_table(found: Sequence[Begun]) -> Table:
    """The newest month is still on its way: its forms are sent and decided later."""
    counts = [(each.begun, each.sent, each.opened, each.decided, each.closed) for each in found]
    months = [date_format(each.month, "M Y") for each in found]
    rows = [
        [text_cell(month), *map(number_cell, numbers)] for month, numbers in zip(months, counts, strict=True)
    ]
    steps = [_("Begun"), _("Sent"), _("Opened by staff"), _("First decision"), _("Closed by two")]
    totals = [sum(numbers) for numbers in zip(*counts, strict=True)]
    if len(rows) > 1:
        rows.append([text_cell(_("All")), *map(number_cell, totals)])
    bars = [(step, float(total), str(total)) for step, total in zip(steps, totals, strict=False)]
    title = _("From the first page to the decision")
    return Table(
        name="funnel",
        title=title,
        about=_("Forms by the month in which they were begun, and how far they have come by now."),
        head=[_("Begun in"), *steps],
        rows=rows,
        chart=chart_of("funnel", title, bars),
    )


def months_table(name: str, title: str, about: str, done: str, found: Sequence[Month]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for month in found:
        label = date_format(month.month, "M Y")
        quartiles = (month.lower, month.upper) if month.n >= ENOUGH else (None, None)
        rows.append(
            [
                text_cell(label),
                number_cell(month.sent),
                number_cell(month.n),
                _took(month.median, n=month.n),
                _took(quartiles[0], n=month.n),
                _took(quartiles[1], n=month.n),
            ]
        )
        if month.median is not None:
            n = ngettext("%(took)s, %(n)d case", "%(took)s, %(n)d cases", month.n)
            said = n % {"took": took(month.median), "n": month.n}
            bars.append((label, month.median.total_seconds(), said))
    head = [_("Sent in"), _("Forms sent"), done, _("Median"), _("Lower quartile"), _("Upper quartile")]
    return Table(name, title, about, head, rows, chart_of(name, title, bars))


def overturned_table(found: Iterable[Overturned], meanings: Mapping[str, str]) -> Table:
    rows: list[list[Shown]] = []
    bars: list[tuple[str, float, str]] = []
    for rule in found:
        share = round(100 * rule.overturned / rule.decided) if rule.decided >= ENOUGH else None
        code = rule.code or _("All criteria met")
        counted = _("%(n)d of %(all)d") % {"n": rule.overturned, "all": rule.decided}
        shown = _("%(counted)s, %(share)d%%") % {"counted": counted, "share": share or 0}
        rows.append(
            [
                text_cell(code),
                text_cell(meanings.get(rule.code, "")),
                number_cell(rule.decided),
                number_cell(rule.overturned),
                Shown(_("Too few"), "") if share is None else Shown(f"{share}%", share),
            ]
        )
        if share is not None and len(bars) < LONGEST_CHART:
            bars.append((code, float(share), shown))
    return Table(
        name="overturned",
        title=_("Suggestions overturned"),
        about=_(
            "First decisions of the last twelve months, by what stood behind the suggestion of the rules. "
            "A decision counts under each of them. A share is given from ten decisions on."
        ),
        head=[_("Code"), _("What it means"), _("Decided"), _("Overturned"), _("Share, %")],
        rows=rows,
        chart=chart_of("overturned", _("Suggestions overturned"), bars),
    )


def meanings_of(ruleset: RuleSet) -> dict[str, str]:
    """What each code says to a clinician."""
    said = {rule.code: rule.clinician for rule in ruleset.rules}
    said |= {rule.unknown: rule.clinician_unknown or "" for rule in ruleset.rules if rule.unknown}
    return {code: text or "" for code, text in said.items()} | {NOTHING: _("Nothing stood in the way")}


def took(time: dt.timedelta) -> str:
    """Two units at most: "3 days 4 hours", "5 hours", "20 minutes"."""
    minutes = int(time.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    words = {
        "days": ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        "hours": ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        "minutes": ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
    }
    if days:
        return " ".join(filter(None, (words["days"], words["hours"])))
    return words["hours"] or words["minutes"]


def _took(time: dt.timedelta | None, *, n: int) -> Shown:
    """Where none is given the cell says why; a file to be read by a program leaves it empty."""
    if time is None:
        return Shown(_("Too few") if n else _("None yet"), "")
    return Shown(took(time), round(time.total_seconds() / 3600, 1))


def _age(number: int) -> str:
    first = AGES[number]
    if number + 1 == len(AGES):
        return _("%(first)d days or more") % {"first": first}
    last = AGES[number + 1] - 1
    if last == 0:
        return _("Under a day")
    if first == last:
        return ngettext("%(first)d day", "%(first)d days", first) % {"first": first}
    return _("%(first)d to %(last)d days") % {"first": first, "last": last}


def _urgency(rank: int) -> str:
    return str(TIERS[rank][0]) if rank in TIERS else str(_("Not urgent"))


def _sum(count: Mapping[tuple[int, int], int], rank: int) -> int:
    return sum(count[rank, days] for days in AGES)


def text_cell(text: str) -> Shown:
    return Shown(text, text)


def number_cell(number: int) -> Shown:
    return Shown(str(number), number)


def chart_of(name: str, title: str, bars: list[tuple[str, float, str]]) -> BarChart | None:
    """One bar compares with nothing: then the table is enough."""
    if len(bars) < 2 or not any(length for _label, length, _said in bars):
        return None
    told = "; ".join(f"{label}: {said}" for label, _length, said in bars)
    return bar_chart(f"figure-{name}", title, f"{title}. {told}.", bars)

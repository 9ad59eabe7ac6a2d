"""Day, month and year in three boxes: what was typed is kept, and an error says which box to mend."""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from screening.forms.signs import as_seen

PARTS = ("day", "month", "year")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


def shown(value: Any) -> dict[str, str]:
    """What stands in the boxes, from what was typed, a date, or an ISO string that may stop early."""
    if isinstance(value, dict):
        return {part: str(value.get(part) or "") for part in PARTS}
    if isinstance(value, dt.date):
        value = value.isoformat()
    year, month, day = ([*str(value or "").split("-"), "", "", ""])[:3]
    return {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}


class DatePartsWidget(forms.Widget):
    """Posts `name_day`, `name_month` and `name_year`; its value is a dict of what was typed."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}_{part}", "")).strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)

    def format_value(self, value: Any) -> dict[str, str]:
        return shown(value)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return id_


class DatePartsField(forms.Field):
    """A date of which only a part may be known: cleans to '2024', '2024-01' or '2024-01-10'.

    `precision` is the least that must be given. With `exact=True` it cleans to a `datetime.date`.
    A date that nobody gave cleans to an empty string, or None when exact.
    """

    widget = DatePartsWidget
    default_error_messages: ClassVar = {
        "required": _("Enter a date"),
        "missing_day": _("The date must include a day"),
        "missing_month": _("The date must include a month"),
        "missing_year": _("The date must include a year"),
        "missing_day_month": _("The date must include a day and a month"),
        "missing_day_year": _("The date must include a day and a year"),
        "missing_month_year": _("The date must include a month and a year"),
        "day": _("The day must be a number from 1 to 31"),
        "month": _("The month must be a number from 1 to 12"),
        "year": _("The year must have 4 numbers, like 2024"),
        "year_range": _("The year must be between %(first)s and %(last)s"),
    }

    def __init__(self, *, precision: str = "day", exact: bool = False, **kwargs: Any) -> None:
        if precision not in PARTS:
            raise ValueError(f"precision is one of {PARTS}, not {precision!r}")
        self.exact = exact
        self.precision = "day" if exact else precision
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | dt.date | None:
        if not isinstance(value, dict):
            value = shown(value)
        value = {part: as_seen(typed) for part, typed in value.items()}
        if not any(value.values()):
            return None if self.exact else ""
        self._require(value)
        year = self._year(value["year"])
        if not value["month"]:
            return f"{year:04}"
        month = self._month(value["month"])
        if not value["day"]:
            return f"{year:04}-{month:02}"
        day = self._day(value["day"], month, year)
        return dt.date(year, month, day) if self.exact else f"{year:04}-{month:02}-{day:02}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        return shown(initial) != shown(data)

    def _require(self, value: dict[str, str]) -> None:
        # A day without its month says nothing, whatever precision is asked for.
        needed = {"year": ["year"], "month": ["month", "year"], "day": list(PARTS)}[self.precision]
        if value["day"] and "month" not in needed:
            needed = ["month", *needed]
        missing = [part for part in needed if not value[part]]
        if missing:
            self._refuse("missing_" + "_".join(missing), *missing)

    def _year(self, typed: str) -> int:
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            self._refuse("year", "year")
        if not EARLIEST_YEAR <= int(typed) <= LATEST_YEAR:
            self._refuse("year_range", "year", first=EARLIEST_YEAR, last=LATEST_YEAR)
        return int(typed)

    def _month(self, typed: str) -> int:
        named = _month_by_name(typed)
        if named:
            return named
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 12):
            self._refuse("month", "month")
        return int(typed)

    def _day(self, typed: str, month: int, year: int) -> int:
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 31):
            self._refuse("day", "day")
        last = monthrange(year, month)[1]
        if int(typed) > last:
            message = ngettext(
                "There is only %(last)d day in %(month)s", "There are only %(last)d days in %(month)s", last
            )
            where = f"{MONTHS[month]} {year}" if month == 2 else str(MONTHS[month])
            raise ValidationError(
                message % {"last": last, "month": where}, code="day_of_month", params={"parts": ("day",)}
            )
        return int(typed)

    def _refuse(self, code: str, *parts: str, **params: Any) -> NoReturn:
        """The parts travel with the error, so that the page can mark and link to the box to mend."""
        raise ValidationError(self.error_messages[code], code=code, params={"parts": parts, **params})


def _month_by_name(typed: str) -> int | None:
    """ "March" or "mar" in the page's language: people type what their letter says."""
    word = typed.casefold()
    if len(word) < 3:
        return None
    return next((n for n, name in MONTHS.items() if str(name).casefold().startswith(word)), None)


PART_LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}


def parts_in_error(errors: list[ValidationError]) -> tuple[str, ...]:
    """Which boxes to mend; all of them when an error does not say."""
    for error in errors:
        if error.params and "parts" in error.params:
            return tuple(error.params["parts"])
    return PARTS if errors else ()

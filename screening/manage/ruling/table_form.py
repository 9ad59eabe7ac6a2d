"""A reference table as a table: a box for each cell, blank rows to add to it, a tick to remove a row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as Misfit

from screening.manage.ruling.checking import first_mistake
from screening.manage.ruling.parts import rows_of
from screening.rules.ruleset import Table

BLANK_ROWS = 3
MOST_ROWS = 1000
OTHER_BOXES = 6  # what a page sends beside the cells


class CellField(forms.CharField):
    """One cell. Numbers, dates and yes or no need little room."""

    def __init__(self, *, narrow: bool, **options: Any) -> None:
        super().__init__(**options)
        self.narrow = narrow


class TableForm(forms.Form):
    """Rows are numbered from nought as they stood when the page was made.

    One with more boxes than the server takes from one page is `is_too_large`: it has none, and no save.
    """

    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    owner = forms.CharField(label=gettext_lazy("Who looks after it"), required=False, max_length=200)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=500)

    def __init__(self, table: Mapping[str, Any], data: Any = None) -> None:
        self.table = dict(table)
        columns = table.get("columns")
        self.columns: dict[str, str] = dict(columns) if isinstance(columns, Mapping) else {}
        self.before = rows = rows_of(table)
        posted = str((data or {}).get("rows", ""))
        is_number = posted.isascii() and posted.isdigit() and len(posted) < 5
        self.count = int(posted) if is_number else len(rows) + BLANK_ROWS
        boxes = OTHER_BOXES + self.count * (len(self.columns) + 1)
        self.is_too_large = self.count > MOST_ROWS or boxes > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        if self.is_too_large:
            self.count = 0
        super().__init__(data, initial={name: table.get(name) or "" for name in ("title", "owner", "source")})
        for number in range(self.count):
            row = rows[number] if number < len(rows) else {}
            for column, kind in self.columns.items():
                label = _("%(column)s, row %(number)d") % {"column": column, "number": number + 1}
                self.fields[f"{number}-{column}"] = CellField(
                    label=label,
                    required=False,
                    initial=_shown(row.get(column)),
                    max_length=2000,
                    narrow=kind != "String",
                )
            self.fields[f"{number}-remove"] = forms.BooleanField(
                label=_("Remove row %(number)d") % {"number": number + 1}, required=False
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each row with its boxes, for the page."""
        return [
            {
                "cells": [(column, self[f"{number}-{column}"]) for column in self.columns],
                "remove": self[f"{number}-remove"],
                "number": number + 1,
            }
            for number in range(self.count)
        ]

    def clean(self) -> None:
        if self.is_too_large:
            self.add_error(None, _("This table is too large for a page"))
        if self.errors:
            return
        try:
            Table.model_validate(self.changed())
        except Misfit as problem:
            self.add_error(None, first_mistake(problem)[1])

    def changed(self) -> dict[str, Any]:
        """The table as it is stored: blank rows are none, an empty cell is left out."""
        rows = []
        for number in range(self.count):
            if self.cleaned_data.get(f"{number}-remove"):
                continue
            was = self.before[number] if number < len(self.before) else {}
            cells = {column: self._value(number, column, kind) for column, kind in self.columns.items()}
            if any(value is not None for value in cells.values()):
                rows.append({c: value for c, value in cells.items() if value is not None or c in was})
        named = {name: self.cleaned_data.get(name) or None for name in ("title", "owner", "source")}
        kept = {name: value for name, value in self.table.items() if name not in (*named, "rows")}
        return {**kept, **{name: value for name, value in named.items() if value}, "rows": rows}

    def _value(self, number: int, column: str, kind: str) -> Any:
        text = str(self.cleaned_data.get(f"{number}-{column}") or "").strip()
        if not text:
            return None
        try:
            match kind:
                case "Integer":
                    return int(text)
                case "Decimal":
                    return float(Decimal(text))
                case "Boolean":
                    return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]
        except (ValueError, OverflowError, InvalidOperation, KeyError):
            self.add_error(f"{number}-{column}", _("This is not a value of type %s") % kind)
        return text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)

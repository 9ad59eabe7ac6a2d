"""When a page or a question is asked: rows to fill in, or the expression itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from screening.intake.fields import OneLine, PlainText
from screening.rules.conditions import (
    BLANKS,
    Condition,
    Join,
    Row,
    Unwritable,
    comparisons_for,
    read,
    write,
)
from screening.rules.conditions_said import Said, said_of
from screening.rules.questionnaire import Item, Score

MOST_ROWS: Final = 20
SPARE_ROWS: Final = 2
SEPARATOR: Final = ";"
ALWAYS, ROWS, CQL = "always", "rows", "cql"
COMPARISONS: Final[Mapping[str, Any]] = {
    "is": _("is"),
    "is_not": _("is not"),
    "includes": _("includes"),
    "excludes": _("does not include"),
    "less": _("is less than"),
    "at_most": _("is at most"),
    "more": _("is more than"),
    "at_least": _("is at least"),
    "before": _("is before"),
    "after": _("is after"),
    "answered": _("is answered"),
    "blank": _("is blank or not known"),
}


@dataclass(frozen=True)
class RowFields:
    """One row as the page shows it."""

    question: BoundField
    comparison: BoundField
    values: BoundField


class ConditionForm(forms.Form):
    """`items` are the questions a condition here may read, in order. Cleans to `text`, empty for always."""

    how = forms.ChoiceField(
        label=_("When is it asked?"),
        widget=forms.RadioSelect,
        choices=[
            (ALWAYS, _("Always")),
            (ROWS, _("When these answers were given")),
            (CQL, _("When an expression is true")),
        ],
    )
    join = forms.ChoiceField(
        label=_("How many of the rows must hold"),
        choices=[("and", _("All of them")), ("or", _("Any of them"))],
    )
    skips = forms.ChoiceField(
        label=_("While such an answer is missing or not known"),
        choices=[("", _("Ask, to be safe")), ("yes", _("Do not ask"))],
        required=False,
    )
    text = PlainText(
        label=_("Expression (CQL)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "source", "spellcheck": "false"}),
    )

    def __init__(
        self,
        text: str,
        items: Sequence[Item],
        scores: Sequence[Score] = (),
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.stored, self.scores = text, scores
        self.items = {item.id: item for item in items}
        self.readable = read(text, self.items) if text else None
        super().__init__(data, prefix="when", **kwargs)
        begun = list(self.readable.rows) if self.readable else []
        self.count = min(MOST_ROWS, len(begun) + SPARE_ROWS if data is None else _posted(data) or SPARE_ROWS)
        choices = [("", _("Choose a question")), *((key, _named(item)) for key, item in self.items.items())]
        for number in range(self.count):
            row = begun[number] if number < len(begun) else None
            self._add_row(number, choices, row)
        self.initial.update(how=self._how(), text=text.strip(), join="and")
        if self.readable:
            self.initial.update(join=self.readable.join, skips="yes" if self.readable.skips else "")

    def _how(self) -> str:
        if not self.stored:
            return ALWAYS
        return ROWS if self.readable else CQL

    def _add_row(self, number: int, choices: Sequence[tuple[str, Any]], row: Row | None) -> None:
        words = {"number": number + 1}
        listed = f"answers-{row.question}" if row else "answers-"
        self.fields[f"question_{number}"] = forms.ChoiceField(
            label=_("Question of row %(number)s") % words, choices=choices, required=False
        )
        self.fields[f"comparison_{number}"] = forms.ChoiceField(
            label=_("Comparison of row %(number)s") % words, choices=list(COMPARISONS.items()), required=False
        )
        self.fields[f"values_{number}"] = OneLine(
            label=_("Answer of row %(number)s") % words, required=False, max_length=400
        )
        self.fields[f"values_{number}"].widget.attrs["list"] = listed
        if row is not None:
            self.initial.update(
                {
                    f"question_{number}": row.question,
                    f"comparison_{number}": row.comparison,
                    f"values_{number}": f"{SEPARATOR} ".join(
                        _in_words(self.items[row.question], value) for value in row.values
                    ),
                }
            )

    @property
    def rows(self) -> Iterator[RowFields]:
        for number in range(self.count):
            yield RowFields(*(self[f"{name}_{number}"] for name in ("question", "comparison", "values")))

    @property
    def lists(self) -> list[tuple[str, list[str]]]:
        """The answers of each question that has a list of them, for the browser to offer."""
        return [(key, found) for key, item in self.items.items() if (found := _answers(item))]

    @property
    def said(self) -> Said:
        """What the stored condition says in English, or what is wrong with it."""
        return said_of(self.stored, list(self.items.values()), self.scores) if self.stored else Said()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        self._means_what_it_says(typed.get("how"))
        match typed.get("how"):
            case "rows":
                typed["text"] = self._from_rows(typed)
            case "cql":
                typed["text"] = self._checked(typed.get("text") or "")
            case _:
                typed["text"] = ""
        return typed

    def _means_what_it_says(self, how: str | None) -> None:
        """Rows or an expression that were written but not chosen would be lost without a word."""
        changed = {name.partition("_")[0] for name in self.changed_data}
        if how != ROWS and changed & {"question", "values"}:
            self.add_error(
                "how", _("You filled in rows. Choose “When these answers were given”, or clear them")
            )
        if how != CQL and "text" in changed:
            said = _("You wrote an expression. Choose “When an expression is true”, or put it back")
            self.add_error("how", said)

    def _checked(self, text: str) -> str:
        if not text:
            self.add_error("text", _("Write an expression, or choose “Always”"))
        elif text != self.stored:
            fault = said_of(text, list(self.items.values()), self.scores).fault
            if fault:
                self.add_error("text", ValidationError("%(fault)s", params={"fault": fault}))
        return text

    def _from_rows(self, typed: Mapping[str, Any]) -> str:
        rows = [row for number in range(self.count) if (row := self._row(number, typed)) is not None]
        if self.errors:
            return ""
        if not rows:
            self.add_error("question_0", _("Choose a question, or choose “Always”"))
            return ""
        condition = Condition(cast("Join", typed["join"]), tuple(rows), skips=typed["skips"] == "yes")
        if condition == self.readable:
            return self.stored  # as its author wrote it
        return write(condition, self.items)

    def _row(self, number: int, typed: Mapping[str, Any]) -> Row | None:
        item = self.items.get(typed.get(f"question_{number}") or "")
        if item is None:
            if typed.get(f"values_{number}"):
                self.add_error(f"question_{number}", _("Choose the question that this answer belongs to"))
            return None
        comparison = typed.get(f"comparison_{number}") or ""
        if comparison not in comparisons_for(item):
            fitting = ", ".join(f"“{COMPARISONS[name]}”" for name in comparisons_for(item))
            said = ValidationError(
                _("This question can be compared by: %(these)s"), params={"these": fitting}
            )
            self.add_error(f"comparison_{number}", said)
            return None
        if comparison in BLANKS:
            return Row(item.id, comparison)
        written = [part.strip() for part in (typed.get(f"values_{number}") or "").split(SEPARATOR)]
        values = tuple(_as_code(item, part) for part in written if part)
        row = Row(item.id, comparison, values)
        try:
            if not values:
                raise Unwritable("")
            write(Condition("and", (row,)), self.items)
            unknown = [value for value in values if item.options and item.option(value) is None]
            if unknown:
                raise Unwritable(unknown[0])
        except Unwritable:
            said = ValidationError(_("Write one of: %(answers)s"), params={"answers": _expected(item)})
            self.add_error(f"values_{number}", said)
            return None
        return row


def _posted(data: Mapping[str, Any]) -> int:
    numbers = [n for n in range(MOST_ROWS) if f"when-question_{n}" in data]
    return max(numbers, default=-1) + 1


def _named(item: Item) -> str:
    return f"{Truncator(item.text).chars(70)} ({item.id})"


def _answers(item: Item) -> list[str]:
    if item.type == "boolean":
        return [str(_("Yes")), str(_("No"))]
    return [_in_words(item, option.code) for option in item.options]


def _in_words(item: Item, value: str) -> str:
    """An answer as it is typed: its words, or its code where the words are not clear enough."""
    if item.type == "boolean":
        return str(_("Yes")) if value == "true" else str(_("No"))
    option = item.option(value)
    if option is None or SEPARATOR in option.text:
        return value
    same = sum(other.text == option.text for other in item.options)
    return option.text if same == 1 else value


def _as_code(item: Item, typed: str) -> str:
    if item.type == "boolean":
        said = {str(_("Yes")).casefold(): "true", str(_("No")).casefold(): "false"}
        return said.get(typed.casefold(), typed)
    for option in item.options:
        if typed == option.code or typed.casefold() == option.text.casefold():
            return option.code
    return typed


def _expected(item: Item) -> str:
    if found := _answers(item):
        return "; ".join(found)
    return str({"date": _("a day, such as 2024-03-27")}.get(item.type, _("a number, such as 3")))

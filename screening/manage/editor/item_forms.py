"""The forms of one item: what it asks, its answers, and what an answer must meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from screening.intake.fields import OneLine
from screening.manage.editor.forms import (
    Choices,
    PartForm,
    is_blank,
    line,
    loinc_of,
    several_lines,
    source_field,
    with_loinc,
)
from screening.manage.editor.parts import Content
from screening.questionnaires.kept_types import answer_type
from screening.rules.conditions_said import said_of
from screening.rules.questionnaire import Item, Score

# What people call a type: its label, and what the content says: (type, repeats, control).
TYPES: Final[Mapping[str, tuple[Any, tuple[str, bool, str]]]] = {
    "choice": (_("One answer from a list"), ("choice", False, "")),
    "choices": (_("Several answers from a list"), ("choice", True, "")),
    "boolean": (_("Yes or no"), ("boolean", False, "")),
    "scale": (_("A number from 0 to 10"), ("integer", False, "scale")),
    "integer": (_("A whole number"), ("integer", False, "")),
    "decimal": (_("A number with decimals"), ("decimal", False, "")),
    "date": (_("A date"), ("date", False, "")),
    "string": (_("A short text"), ("string", False, "")),
    "strings": (_("Several short texts"), ("string", True, "entries")),
    "text": (_("A long text"), ("text", False, "")),
    "statement": (_("A statement to tick"), ("boolean", False, "statement")),
    "files": (_("Files"), ("attachment", True, "")),
    "groups": (_("A list of entries, each with questions of its own"), ("group", True, "")),
    "display": (_("No answer: words to read"), ("display", False, "")),
}
# Fields that only some types have. What is not about the type that was chosen is left out of the content.
NUMBERS = ("min", "max", "unit")
ONLY: Final[Mapping[str, tuple[str, ...]]] = {
    "choices": ("none_text",),
    "scale": ("min", "max", "low_label", "high_label"),
    "integer": NUMBERS,
    "decimal": NUMBERS,
    "date": ("precision", "autocomplete"),
    "string": ("max_length", "autocomplete"),
    "strings": ("max_length", "max_entries", "none_text"),
    "text": ("max_length",),
    "files": ("max_entries", "none_text"),
    "groups": ("max_entries", "none_text"),
}
SPECIAL: Final = frozenset(name for names in ONLY.values() for name in names)
WITH_OPTIONS: Final = ("choice", "choices", "integer")
WITH_YES_AND_NO: Final = ("boolean",)
AUTOCOMPLETE = (
    "name given-name family-name email tel bday address-line1 address-line2 address-level2 postal-code"
)


def type_name(item: Content) -> str:
    """What people call the type of an item. An odd combination is called by its type alone."""
    said = (item.get("type"), bool(item.get("repeats")), item.get("control") or "")
    for name, (_label, shape) in TYPES.items():
        if shape == said:
            return name
    return next((name for name, (_label, shape) in TYPES.items() if shape[0] == said[0]), "string")


class ItemForm(PartForm):
    """What the item asks. `before` says what type each id had in versions that people answered."""

    words = "text"
    text = several_lines(_("Question"), required=True, rows=2)
    hint = several_lines(_("Hint below the question"), rows=2)
    kind = forms.ChoiceField(
        label=_("Kind of answer"), choices=[(name, label) for name, (label, _shape) in TYPES.items()]
    )
    required = forms.BooleanField(label=_("It should be answered"), required=False)
    sensitive = forms.BooleanField(
        label=_("It says who somebody is, or is private: keep it encrypted"), required=False
    )
    min = forms.DecimalField(label=_("Smallest number"), required=False)
    max = forms.DecimalField(label=_("Largest number"), required=False)
    unit = line(_("Unit"), hint=_("For example: kg"), longest=40, width=10)
    low_label = line(_("Words at 0"))
    high_label = line(_("Words at 10"))
    precision = forms.ChoiceField(
        label=_("How exact it must be"),
        required=False,
        choices=[("day", _("A day")), ("month", _("A month is enough")), ("year", _("A year is enough"))],
    )
    max_length = forms.IntegerField(label=_("Most letters"), required=False, min_value=1, max_value=4000)
    max_entries = forms.IntegerField(label=_("Most entries"), required=False, min_value=1, max_value=100)
    none_text = line(_("Words of a box for “none”"), hint=_("Left blank, there is no such box"))
    autocomplete = forms.ChoiceField(
        label=_("What a browser may fill in by itself"),
        required=False,
        choices=[("", _("Nothing")), *((name, name) for name in AUTOCOMPLETE.split())],
    )
    yes_advice = forms.ChoiceField(label=_("Advice after “Yes”"), required=False)
    no_advice = forms.ChoiceField(label=_("Advice after “No”"), required=False)
    loinc = line(_("LOINC code"), longest=20, width=10)
    source = source_field()

    def __init__(
        self, *args: Any, kind: str, advice: Choices, before: Mapping[str, str], key: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before, self.key = before, key
        shown = (*ONLY.get(kind, ()), *(("yes_advice", "no_advice") if kind in WITH_YES_AND_NO else ()))
        for name in (SPECIAL | {"yes_advice", "no_advice"}) - set(shown):
            del self.fields[name]
        for name in {"yes_advice", "no_advice"} & set(shown):
            self.set_choices(name, advice)

    @classmethod
    def begun(cls, part: Content) -> dict[str, Any]:
        advice = part.get("advice") if isinstance(part.get("advice"), dict) else {}
        return super().begun(part) | {
            "kind": type_name(part),
            "loinc": loinc_of(part),
            "yes_advice": (advice or {}).get("true", ""),
            "no_advice": (advice or {}).get("false", ""),
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        low, high = typed.get("min"), typed.get("max")
        if low is not None and high is not None and low > high:
            self.add_error("max", _("The largest number must not be below the smallest"))
        key = self.key or str(typed.get("key") or "")
        kind, repeats, _control = TYPES[typed.get("kind") or "display"][1]
        was = self.before.get(key, "")
        if was and kind != "display" and was != answer_type({"type": kind, "repeats": repeats}):
            self.add_error("kind", retyped(key, was))
        return typed

    def taken(self, part: Content) -> Content:
        typed = self.cleaned_data
        kind, repeats, control = TYPES[typed["kind"]][1]
        part = part or {"type": kind, "repeats": repeats, "control": control}
        found = super().taken({n: v for n, v in part.items() if n not in SPECIAL or n in self.fields})
        advice = {"true": found.pop("yes_advice", ""), "false": found.pop("no_advice", "")}
        found.pop("kind")
        if typed["kind"] in WITH_YES_AND_NO:
            found["advice"] = {answer: name for answer, name in advice.items() if name}
        if typed["kind"] != type_name(part):  # an odd combination that was not touched stays
            found |= {"type": kind, "repeats": repeats, "control": control}
        if found.get("precision") == "day":
            del found["precision"]
        if typed["kind"] not in WITH_OPTIONS:
            found.pop("options", None)
            found.pop("options_from", None)
        plain = {name: _plain(value) for name, value in found.items()}
        return with_loinc({n: v for n, v in plain.items() if not is_blank(v)}, part)


def retyped(key: str, was: str) -> ValidationError:
    said = _(
        "%(key)s was published as another kind of answer (%(was)s). Answers that people gave would not fit. "
        "Remove it and add a new question instead."
    )
    return ValidationError(said, params={"key": key, "was": was})


def _plain(value: Any) -> Any:
    """JSON has no decimals: a whole one is an integer, the others are text that reads back exactly."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else str(value)


class OptionForm(forms.Form):
    """One answer to choose. One without words is none: it is left out."""

    text = line(_("Answer"))
    code = OneLine(label=_("Code"), required=False, max_length=64)
    hint = line(_("Hint below the answer"))
    unknown = forms.BooleanField(label=_("It means: not known"), required=False)
    exclusive = forms.BooleanField(label=_("It stands alone"), required=False)
    advice = forms.ChoiceField(label=_("Advice that follows"), required=False)

    def __init__(self, *args: Any, advice: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["advice"].choices = advice  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("code") and not typed.get("text"):
            self.add_error("text", _("Write the words of this answer, or clear its code to remove it"))
        return typed


class CheckForm(forms.Form):
    """What an answer must meet. One without an expression is none."""

    check = several_lines(_("An answer is accepted when this is so (CQL)"), rows=2)
    message = line(_("What is said when it is not so"))

    def __init__(
        self, *args: Any, items: Sequence[Item] = (), scores: Sequence[Score] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.scores = items, scores

    def clean_check(self) -> str:
        text = str(self.cleaned_data["check"])
        fault = said_of(text, self.items, self.scores).fault if text and self.has_changed() else ""
        if fault:
            raise ValidationError("%(fault)s", params={"fault": fault})
        return text

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("check") and not typed.get("message"):
            self.add_error("message", _("Write what to say when an answer is not accepted"))
        return typed

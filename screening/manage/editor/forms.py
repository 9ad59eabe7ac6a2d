"""The forms of the questionnaire editor: one for each kind of part. Items have a module of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from screening.forms import present
from screening.intake.fields import OneLine, PlainText
from screening.manage.editor.parts import Content
from screening.rules.conditions_said import NUMBERS, said_of
from screening.rules.questionnaire import Item, Score

LONGEST = 4000
ID_HINT = _("Small letters, numbers and _. Left blank, it is made from the words. It never changes later.")
NATIONS = (
    ("england", _("England")),
    ("scotland", _("Scotland")),
    ("wales", _("Wales")),
    ("northern_ireland", _("Northern Ireland")),
)
Choices = Sequence[tuple[str, Any]]


def line(label: Any, *, required: bool = False, hint: Any = "", longest: int = 300, **look: Any) -> OneLine:
    """A short text."""
    return present(OneLine(label=label, required=required, help_text=hint, max_length=longest), **look)


def several_lines(label: Any, *, required: bool = False, hint: Any = "", rows: int = 3) -> PlainText:
    """A text of several lines, kept as typed but for control signs."""
    widget = forms.Textarea(attrs={"rows": rows})
    return PlainText(label=label, required=required, help_text=hint, max_length=LONGEST, widget=widget)


def source_field() -> OneLine:
    return line(_("Where it comes from"), hint=_("A guideline, a paper or a decision of the clinic"))


def key_field(pattern: str) -> OneLine:
    wrong = _("Begin with a small letter; then small letters, numbers and %s")
    sign = "-" if "-" in pattern else "_"
    checked = OneLine(
        label=_("Id"),
        required=False,
        help_text=ID_HINT,
        max_length=64,
        validators=[RegexValidator(pattern, wrong % sign)],
    )
    return present(checked, width=20)


class PartForm(forms.Form):
    """One part. What a field is called is what the content calls it; blanks are left out of the content."""

    words: ClassVar[str] = "title"  # the field from which an id is made
    lists: ClassVar[dict[str, str]] = {}

    @classmethod
    def begun(cls, part: Content) -> dict[str, Any]:
        """What the fields begin with."""
        return {name: value for name, value in part.items() if isinstance(value, str | int | float | bool)}

    def taken(self, part: Content) -> Content:
        """The part with what was typed. What no field of the form is about stays."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        kept = {name: value for name, value in part.items() if name not in typed}
        return kept | {name: value for name, value in typed.items() if not is_blank(value)}

    def set_choices(self, name: str, choices: Choices) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class AboutForm(PartForm):
    title = line(_("Name of the questionnaire"), required=True, longest=200)
    text = several_lines(_("What it is for"))


class StepForm(PartForm):
    title = line(_("Name of the step"), required=True, hint=_("Stands in the line that says how far one is"))
    text = several_lines(_("Text on the first page of the step"))


class PageForm(PartForm):
    title = line(_("Title"), required=True)
    text = several_lines(_("Text above the questions"))
    step = forms.ChoiceField(label=_("Step"))
    stops = forms.BooleanField(
        label=_("The form ends here for whoever comes to this page"),
        required=False,
        help_text=_("For somebody the clinic is not for. The page says who to turn to."),
    )


class ScoreForm(PartForm):
    title = line(_("Name of the score"), required=True)
    expression = several_lines(_("How it is worked out (CQL)"), required=True)
    text = several_lines(_("What it says"), rows=2)
    bands = several_lines(
        _("Ranges"), hint=_("One on each line: where it begins, then its name. For example: 10 moderate")
    )
    loinc = line(_("LOINC code"), longest=20, width=10)
    source = source_field()

    @classmethod
    def begun(cls, part: Content) -> dict[str, Any]:
        bands = part.get("bands")
        rows = bands if isinstance(bands, list) else []
        written = [f"{band[0]} {band[1]}" for band in rows if isinstance(band, list) and len(band) == 2]
        return super().begun(part) | {"bands": "\n".join(written), "loinc": loinc_of(part)}

    def read_by(self, items: Sequence[Item], scores: Sequence[Score]) -> None:
        """The questions and the other scores that the expression may name."""
        self.items, self.scores = items, scores

    def clean_expression(self) -> str:
        text = str(self.cleaned_data["expression"])
        if "expression" in self.changed_data:
            fault = said_of(text, self.items, self.scores, wanted=NUMBERS).fault
            if fault:
                raise ValidationError("%(fault)s", params={"fault": fault})
        return text

    def clean_bands(self) -> list[list[Any]]:
        bands = []
        for typed in self.cleaned_data["bands"].splitlines():
            start, _space, name = typed.strip().partition(" ")
            if not typed.strip():
                continue
            if not re.fullmatch(r"-?[0-9]{1,9}", start) or not name.strip():
                raise ValidationError(_("Write each range as a number and a name, such as: 10 moderate"))
            bands.append([int(start), name.strip()])
        return bands

    def taken(self, part: Content) -> Content:
        return with_loinc(super().taken(part), part)


class AdviceForm(PartForm):
    title = line(_("Heading"), required=True)
    text = several_lines(
        _("What it says"),
        required=True,
        rows=8,
        hint=_("Leave a blank line between paragraphs. {name} stands for the number of a helpline."),
    )
    tier = forms.TypedChoiceField(
        label=_("How urgent"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Kind words, not urgent")),
            ("1", _("Tier 1: call 999 or go to A&E now")),
            ("2", _("Tier 2: the same day")),
            ("3", _("Tier 3: within days")),
        ],
    )
    source = source_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nation, name in NATIONS:
            self.fields[f"{nation}_title"] = line(_("Heading in %s, where it differs") % name)
            self.fields[f"{nation}_text"] = several_lines(
                _("What it says in %s, where it differs") % name, rows=5
            )

    @classmethod
    def begun(cls, part: Content) -> dict[str, Any]:
        found = super().begun(part) | {"text": paragraphs_joined(part.get("text"))}
        nations = part.get("nations")
        held = nations.items() if isinstance(nations, dict) else ()
        for nation, words in [(nation, words) for nation, words in held if isinstance(words, dict)]:
            found[f"{nation}_title"] = words.get("title") or ""
            found[f"{nation}_text"] = paragraphs_joined(words.get("text"))
        return found

    def taken(self, part: Content) -> Content:
        typed = self.cleaned_data
        nations = {}
        for nation, _name in NATIONS:
            words: Content = {"title": typed[f"{nation}_title"], "text": split(typed[f"{nation}_text"])}
            if said := {name: value for name, value in words.items() if value}:
                nations[nation] = said
        found = {"title": typed["title"], "text": split(typed["text"]), "tier": typed["tier"]}
        found |= {"nations": nations, "source": typed["source"]}
        kept = {name: value for name, value in part.items() if name not in found}
        said = {n: value for n, value in found.items() if value or (n in part and part[n] == value)}
        return kept | said


class HelplineForm(PartForm):
    words = "name"
    name = line(_("Name"), required=True)
    number = line(_("Number"), required=True, width=20)
    text = line(_("When it is open and what it is for"))
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    owner = line(_("Who checks this number"), required=True)
    checked_on = forms.DateField(
        label=_("Checked on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = source_field()

    def taken(self, part: Content) -> Content:
        return super().taken(part) | {"checked_on": self.cleaned_data["checked_on"].isoformat()}


class StatementForm(PartForm):
    words = "text"
    item = forms.ChoiceField(label=_("The question that takes the answer"))
    text = several_lines(_("The exact words"), required=True, rows=5)
    kind = forms.ChoiceField(
        label=_("How it is answered"),
        choices=[
            ("tick", _("A tick")),
            ("yes_no", _("Yes or no")),
            ("choices", _("Several choices")),
            ("notice", _("Not at all: it is only shown")),
        ],
    )
    required = forms.BooleanField(label=_("The form cannot be sent without it"), required=False)
    version = line(_("Version of the words"), required=True, longest=10, width=5)

    def taken(self, part: Content) -> Content:
        typed, was = self.cleaned_data, part.get("version")
        version = was if typed["version"] == str(was) else typed["version"]  # a number stays one
        return super().taken(part) | {"required": typed["required"], "version": version}


def is_blank(value: Any) -> bool:
    """Whether the content leaves it out. A zero is a number somebody typed."""
    return value is None or value is False or value in ("", {}, [])


def loinc_of(part: Content) -> str:
    codes = part.get("codes")
    return str(codes.get("loinc", "")) if isinstance(codes, dict) else ""


def with_loinc(taken: Content, part: Content) -> Content:
    """The code of a part among its codes, which may be more."""
    code = taken.pop("loinc", "")
    held = part.get("codes")
    codes = {**held, "loinc": code} if isinstance(held, dict) else {"loinc": code}
    codes = {name: value for name, value in codes.items() if value}
    return {**taken, "codes": codes} if codes else {n: v for n, v in taken.items() if n != "codes"}


def paragraphs_joined(text: Any) -> str:
    return "\n\n".join(map(str, text)) if isinstance(text, list) else str(text or "")


def split(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


FORMS: dict[str, type[PartForm]] = {
    "about": AboutForm,
    "step": StepForm,
    "page": PageForm,
    "score": ScoreForm,
    "advice": AdviceForm,
    "helpline": HelplineForm,
    "statement": StatementForm,
}

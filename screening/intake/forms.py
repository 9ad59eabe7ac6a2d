"""The forms of this chapter. A page's form is made from its questions, whatever they are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from screening.forms import DatePartsField, EntriesWidget, present
from screening.intake import codes, known
from screening.intake.fields import (
    NONE_SUFFIX,
    TOO_LARGE,
    EmailLine,
    OneLine,
    PhoneLine,
    field_for,
    none_field,
)
from screening.intake.models import Mode
from screening.intake.uploads import Upload
from screening.intake.wording import filled
from screening.rules.answers import is_blank
from screening.rules.definition import Item
from screening.rules.journey import FailedCheck

MUST_TICK = _("Tick “%(statement)s”")
LONGEST_STATEMENT = 70
REQUIRED = "required"
Check = Callable[[Mapping[str, Any]], Sequence[FailedCheck]]


@dataclass(frozen=True)
class Row:
    """One question as the page shows it: its words, its controls, or the list that it keeps."""

    item: Item
    fields: list[BoundField]


def can_be_heading(item: Item) -> bool:
    """Lists, files and statements stand below the title of their page instead."""
    return item.type not in ("group", "attachment", "display") and item.control != "statement"


class QuestionForm(forms.Form):
    """Some questions and their answers.

    `must` are the required questions that nobody can pass over. With `skip` every other required
    question may stay blank: it was asked a second time. `check` runs the questions' own checks
    over the cleaned answers. With `heading` a question that is alone is the title of its page. `own` is
    False where staff fill it in for the patient.
    """

    def __init__(
        self,
        items: Iterable[Item],
        *,
        stored: Mapping[str, Any],
        clinic: str,
        must: Iterable[str] = (),
        skip: bool = False,
        check: Check | None = None,
        heading: bool = False,
        own: bool = True,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files)
        self.items = list(items)
        self.stored, self.clinic, self.must = stored, clinic, frozenset(must)
        self.skip, self.check = skip, check
        self.answers: dict[str, Any] = {}
        self.uploads: list[tuple[str, Upload]] = []
        self.has_heading = heading and len(self.items) == 1 and can_be_heading(self.items[0])
        helping = stored.get(known.HELPER) == known.HELPING
        for item in self.items:
            if item.type != "group" and item.holds_an_answer:
                self.fields[item.id] = field_for(
                    item,
                    clinic=clinic,
                    answers=stored,
                    heading=self.has_heading,
                    autofill=own and (not helping or item.id in known.OF_HELPER),
                )
                self.initial[item.id] = stored.get(item.id)
            if item.none_text and not (item.type == "group" and stored.get(item.id)):
                self.fields[item.id + NONE_SUFFIX] = none_field(item)
                self.initial[item.id + NONE_SUFFIX] = stored.get(item.id) == []

    @property
    def rows(self) -> list[Row]:
        return [
            Row(item, [self[name] for name in (item.id, item.id + NONE_SUFFIX) if name in self.fields])
            for item in self.items
        ]

    @property
    def has_entries(self) -> bool:
        """Whether Enter adds another answer: otherwise it would press the first button, which removes one."""
        return any(isinstance(field.widget, EntriesWidget) for field in self.fields.values())

    @property
    def has_too_large_file(self) -> bool:
        return any(error.code == TOO_LARGE for errors in self.errors.as_data().values() for error in errors)

    @property
    def can_skip(self) -> bool:
        """Whether all that is wrong are blanks that may stay blank."""
        return bool(self.errors) and all(
            name.removesuffix(NONE_SUFFIX) not in self.must
            and all(error.code == REQUIRED for error in errors)
            for name, errors in self.errors.as_data().items()
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            if item.holds_an_answer and item.id not in self.errors:
                self._take(item, cleaned)
        self._ask_again()
        if self.check is not None:
            for failed in self.check(self.answers):
                name = failed.item.rpartition(".")[2]
                if name in self.fields and name not in self.errors:
                    self.add_error(name, failed.message)
        return cleaned

    def _take(self, item: Item, cleaned: Mapping[str, Any]) -> None:
        value = cleaned.get(item.id)
        if item.type == "attachment":
            if value is not None:
                self.uploads.append((item.id, value))
            return
        if item.type == "group":
            # Entries are written one at a time, on pages of their own; here they can only be "none".
            if not self.stored.get(item.id):
                self.answers[item.id] = [] if cleaned.get(item.id + NONE_SUFFIX) else None
            return
        if cleaned.get(item.id + NONE_SUFFIX):
            if value:
                self.add_error(item.id, _("Write your answers or tick the box, not both"))
            value = []
        if item.control == "statement" and value is not True:
            value = None
        if isinstance(value, Decimal):
            value = str(value)
        self.answers[item.id] = None if is_blank(value) else value

    def _ask_again(self) -> None:
        """A blank required question is said to be blank once; then it may stay so, if it may."""
        sent = {item_id for item_id, _upload in self.uploads}
        for item in self.items:
            if not item.required or item.id in self.errors or item.id in sent:
                continue
            if not is_blank(self.answers.get(item.id, self.stored.get(item.id))):
                continue
            if item.id in self.must or not self.skip:
                self._refuse(item)

    def _refuse(self, item: Item) -> None:
        """The components say which question is meant; a statement says so itself, by its first words."""
        names = (item.id, item.id + NONE_SUFFIX)
        name = next((name for name in names if name in self.fields), None)
        message = forms.Field.default_error_messages["required"]
        if item.control == "statement":
            words = Truncator(filled(item.text, clinic=self.clinic)).chars(LONGEST_STATEMENT)
            message = MUST_TICK % {"statement": words}
        self.add_error(name, forms.ValidationError(message, code=REQUIRED))

    def say_before(self, said: Mapping[str, str]) -> dict[str, str]:
        """Put what was said before into the hint of its question, where it is read out with it.

        Gives back what has no control to stand at.
        """
        for name in said.keys() & self.fields.keys():
            words = format_html("{}", _("Last time you said: %(answer)s") % {"answer": said[name]})
            hint = self.fields[name].help_text
            self.fields[name].help_text = format_html("{}<br>{}", hint, words) if hint else words
        return {name: words for name, words in said.items() if name not in self.fields}

    def without_heading(self) -> QuestionForm:
        """The same form inside a page that has a title of its own."""
        self.has_heading = False
        for field in self.fields.values():
            present(field, heading=False)
        return self


class EnterForm(forms.Form):
    """Who the patient is, and who says it: what staff need to begin a form for somebody.

    `key` says which page sent it, so that pressing twice begins one form.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    mode = forms.ChoiceField(
        label=_("How do you have the answers?"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how you have the answers")},
    )
    source = OneLine(
        label=_("Who reads the answers out, or where did the paper come from?"),
        help_text=_("For example: the patient, her daughter Ann, or a letter from the surgery of 3 June"),
        max_length=200,
        error_messages={"required": _("Say who reads them out, or where the paper came from")},
    )
    given_name = OneLine(
        label=_("First name"), max_length=120, error_messages={"required": _("Enter the first name")}
    )
    family_name = OneLine(
        label=_("Last name"), max_length=120, error_messages={"required": _("Enter the last name")}
    )
    date_of_birth = DatePartsField(
        label=_("Date of birth"),
        help_text=_("For example, 27 3 1980"),
        exact=True,
        error_messages={"required": _("Enter the date of birth")},
    )
    nation = forms.ChoiceField(
        label=_("Where does the person live?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the person lives")},
    )
    phone = PhoneLine(
        label=_("Phone number, if known"),
        help_text=_("Without one nobody can ring when an answer is urgent."),
        required=False,
        max_length=30,
    )

    def __init__(self, *args: Any, nations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        cast("forms.ChoiceField", self.fields["nation"]).choices = nations


class EmailLinkForm(forms.Form):
    email = EmailLine(
        label=_("Your email address"),
        max_length=254,
        error_messages={"required": _("Enter your email address")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class SecondFactForm(forms.Form):
    """What a link asks for, and a page whose time ran out. The same for every link, good or not."""

    date_of_birth = DatePartsField(
        label=_("What is your date of birth?"),
        help_text=_("For example, 27 3 1980"),
        exact=True,
        error_messages={"required": _("Enter your date of birth")},
    )

    def clean_date_of_birth(self) -> dt.date:
        return self.cleaned_data["date_of_birth"]


class CodeForm(SecondFactForm):
    """A code that somebody wrote down, was read out to or found in a letter."""

    code = OneLine(
        label=_("Your code"),
        help_text=_("It has 12 letters and numbers, such as K7QM-2XHV-9RTD"),
        max_length=40,
        error_messages={"required": _("Enter your code")},
    )
    field_order = ("code", "date_of_birth")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
        present(self.fields["code"], width=20)

    def clean_code(self) -> str:
        """The shape is no secret: whoever mistypes hears so before a try is counted."""
        code = str(self.cleaned_data["code"])
        if not codes.could_be(code):
            raise forms.ValidationError(
                _("Check this code: it has 12 letters and numbers, and never 0, O, 1, I, L or U")
            )
        return code

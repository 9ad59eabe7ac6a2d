"""One question of a questionnaire as a form field. Whether it must be answered is said by the form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import nhs_number
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from screening.forms import DatePartsField, EntriesWidget, ScaleField, TickField, as_seen, present
from screening.intake import known
from screening.intake.uploads import ACCEPTED, LARGEST_FILE, Upload, examine
from screening.intake.wording import filled
from screening.rules.definition import Item

NONE_SUFFIX = "__none"
TOO_LARGE = "large"
TAKEN = _("PDF, JPEG or PNG, up to 20 MB each.")
LONGEST_LINE = 200
LONGEST_TEXT = 4000
CHECKED_NUMBER_LENGTH = 10
FEWEST_DIGITS = 10  # of a telephone number in the UK, with its area code
FEWEST_ABROAD = 8  # with the code of its country: small countries have short numbers


class PlainText(forms.CharField):
    """Text without control signs: nobody typed them, and no store, mail or screen wants them."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value).replace("\r\n", "\n")
        if not as_seen(text):
            return super().to_python("")  # a blank that nobody sees is still a blank
        return super().to_python("".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32))


class OneLine(PlainText):
    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class EmailLine(OneLine):
    """An address as mail takes it, with nothing in it that cannot be seen."""

    widget = forms.EmailInput
    default_error_messages: ClassVar = {"invalid": _("Enter an email address like name@example.com")}
    default_validators: ClassVar = [EmailValidator()]

    def to_python(self, value: Any) -> str:
        return as_seen(super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            value.rpartition("@")[2].encode("idna")
        except UnicodeError as error:  # no mail could leave for it
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class PhoneLine(OneLine):
    """A number that somebody can ring: words may stand beside it ("after 6"), but no digit is missing."""

    default_error_messages: ClassVar = {
        "digits": _("Enter a phone number with all its digits, like 07700 900982")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "tel"}), **kwargs})
        present(self, width=20)

    def to_python(self, value: Any) -> str:
        return as_seen(super().to_python(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = "".join(sign for sign in value if sign.isdecimal())
        abroad = value.startswith("+") and not digits.startswith("44")
        if value and len(digits) < (FEWEST_ABROAD if abroad else FEWEST_DIGITS):
            raise ValidationError(self.error_messages["digits"], code="digits")


class WholeNumber(forms.IntegerField):
    """A number as it was typed or pasted, with nothing beside it that cannot be seen."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(as_seen(value) if isinstance(value, str) else value)


class DecimalNumber(forms.DecimalField):
    """The same with a point in it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(as_seen(value) if isinstance(value, str) else value)


class Entries(forms.Field):
    """Several short answers, one in each box. Nothing typed cleans to None, which is a blank."""

    widget = EntriesWidget

    def __init__(self, *, longest: int, most: int | None, **kwargs: Any) -> None:
        self.longest, self.most = longest, most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str] | None:
        line = OneLine(required=False)
        kept = list(dict.fromkeys(text for text in map(line.to_python, value or []) if text))
        if any(len(text) > self.longest for text in kept):
            raise ValidationError(_("Each answer can be %(n)s letters at most"), params={"n": self.longest})
        if self.most is not None and len(kept) > self.most:
            raise ValidationError(_("You can give %(n)s answers at most"), params={"n": self.most})
        return kept or None


class YesNoField(forms.TypedChoiceField):
    """Yes or no, with neither ticked before."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


class SeveralField(forms.MultipleChoiceField):
    """Several answers, of which an exclusive one ("none of these") stands alone."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, exclusive: Iterable[str], **kwargs: Any) -> None:
        self.exclusive = frozenset(exclusive)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str] | None:  # type: ignore[override]
        chosen = list(dict.fromkeys(super().clean(value)))
        if len(chosen) > 1 and self.exclusive & set(chosen):
            alone = next(str(label) for code, label in self.choices if code in self.exclusive & set(chosen))
            raise ValidationError(
                _("Choose “%(alone)s” or one of the others, not both"), params={"alone": alone}
            )
        return chosen or None


class PastableNhsNumber(OneLine):
    """Ten digits with their check digit; other numbers of the four nations pass by length."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        digits = "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())
        if not text:
            return ""
        if len(digits) != CHECKED_NUMBER_LENGTH or not nhs_number.is_valid(digits):
            raise ValidationError(_("Check this number: it should have 10 digits, like 943 476 5919"))
        return digits


class DocumentField(forms.FileField):
    """A PDF, JPEG or PNG of at most 20 MB, by what is in it. Cleans to an Upload, or None."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> Upload | None:  # type: ignore[override]
        file = super().clean(data)  # files sent before are rows of their own, not a value to fall back on
        if not file:
            return None
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file must be smaller than 20 MB"), code=TOO_LARGE)
        content = file.read()
        if examine(content) is None:
            raise ValidationError(_("The file must be a whole PDF, JPEG or PNG"), code="type")
        return Upload(file.name, content)


def field_for(
    item: Item, *, clinic: str, answers: Mapping[str, Any], heading: bool = False, autofill: bool = True
) -> forms.Field:
    """The field of a question after these answers. `heading` makes its label the title of the page.

    Without `autofill` the browser fills in nothing: it only knows who sits before it.
    """
    item = item.model_copy(update={"options": item.offered(answers)})
    words = {"label": filled(item.text, clinic=clinic), "help_text": item.hint or "", "required": False}
    field = _field(item, words)
    hints = {option.code: option.hint for option in item.options if option.hint}
    present(field, choice_hints=hints, exclusive={o.code for o in item.options if o.exclusive})
    if heading:
        present(field, heading=True)
    if item.autocomplete:
        field.widget.attrs["autocomplete"] = item.autocomplete if autofill else "off"
    return field


def none_field(item: Item) -> forms.Field:
    """ "None of these apply": beside a list, so that an empty list is an answer and no blank."""
    return TickField(label=item.none_text, required=False)


def _field(item: Item, words: dict[str, Any]) -> forms.Field:
    if item.options:
        return _choice(item, words)
    match item.type:
        case "boolean" if item.control == "statement":
            return TickField(**words)
        case "boolean":
            return present(YesNoField(**words), inline=True)
        case "integer" | "decimal":
            return _number(item, words)
        case "date":
            return DatePartsField(precision=item.precision, **words)
        case "attachment":
            words["help_text"] = format_html("{} {}", words["help_text"], TAKEN)
            return DocumentField(widget=forms.FileInput(attrs={"accept": ACCEPTED}), **words)
        case "text":
            longest = item.max_length or LONGEST_TEXT
            box = PlainText(max_length=longest, widget=forms.Textarea, **words)
            return present(box, count_to=longest, rows=5)
        case "string" if item.repeats:
            longest = item.max_length or LONGEST_LINE
            return Entries(longest=longest, most=item.max_entries, **words)
    return _one_line(item, words)


def _choice(item: Item, words: dict[str, Any]) -> forms.Field:
    choices = [(option.code, option.text) for option in item.options]
    if item.repeats:
        alone = [option.code for option in item.options if option.exclusive]
        return SeveralField(choices=choices, exclusive=alone, **words)
    if item.type == "integer":
        return forms.TypedChoiceField(
            choices=choices, widget=forms.RadioSelect, coerce=int, empty_value=None, **words
        )
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)


def _number(item: Item, words: dict[str, Any]) -> forms.Field:
    if item.control == "scale":
        return ScaleField(low=item.low_label or "", high=item.high_label or "", **words)
    if item.type == "integer":
        field: forms.Field = WholeNumber(
            min_value=_whole(item.min), max_value=_whole(item.max), widget=forms.TextInput, **words
        )
        field.widget.attrs["inputmode"] = "numeric"
    else:
        field = DecimalNumber(
            min_value=item.min, max_value=item.max, widget=forms.TextInput, max_digits=12, **words
        )
        field.widget.attrs["inputmode"] = "decimal"
    return present(field, width=5, suffix=item.unit or "")


def _one_line(item: Item, words: dict[str, Any]) -> forms.Field:
    words["max_length"] = item.max_length or LONGEST_LINE
    if item.id == known.NHS_NUMBER:
        field = PastableNhsNumber(**words)
        field.widget.attrs["inputmode"] = "numeric"
        return present(field, width=20)
    if item.autocomplete == "email":
        return EmailLine(**words)
    if item.autocomplete == "tel":
        return PhoneLine(**words)
    return OneLine(**words)


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)

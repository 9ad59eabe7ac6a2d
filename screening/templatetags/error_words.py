"""What a field's errors say."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.forms.presentation import presentation_of


def error_data(bound: BoundField) -> list[ValidationError]:
    return bound.form.errors.as_data().get(bound.name, [])


def messages(bound: BoundField) -> list[str]:
    """The field's errors in words that still make sense far from the field, in the summary."""
    return [_in_words(bound, error) for error in error_data(bound)]


def _in_words(bound: BoundField, error: ValidationError) -> str:
    said = str(error.messages[0])
    if error.code == "required" and said == str(forms.Field.default_error_messages["required"]):
        return _missing(bound)
    if error.code == "max_length" and isinstance(error.params, dict) and "show_value" in error.params:
        return ngettext(
            "Use %(limit_value)d character or fewer. You have used %(show_value)d.",
            "Use %(limit_value)d characters or fewer. You have used %(show_value)d.",
            error.params["limit_value"],
        ) % {key: error.params[key] for key in ("limit_value", "show_value")}
    if isinstance(bound.field, forms.IntegerField) and str(error.message) in _of_numbers():
        return _wrong_number(bound, bound.field, error)
    return said


def _of_numbers() -> set[str]:
    """What Django says of a number, in its own words: of a value, and of no question."""
    invalid = (field.default_error_messages["invalid"] for field in (forms.IntegerField, forms.DecimalField))
    return {str(words) for words in (*invalid, MinValueValidator.message, MaxValueValidator.message)}


def _wrong_number(bound: BoundField, field: forms.IntegerField, error: ValidationError) -> str:
    least: Any = field.min_value
    most: Any = field.max_value
    crossed = (error.params or {}).get("limit_value")
    if error.code == "min_value":  # a model may bound a number more closely than its field
        least = crossed if least is None else max(least, crossed)
    elif error.code == "max_value":
        most = crossed if most is None else min(most, crossed)
    out_of_range = error.code != "invalid"
    if out_of_range and None not in (least, most):
        said = _("Write a number from %(least)s to %(most)s") % {"least": least, "most": most}
    elif out_of_range and most is None:
        said = _("Write a number that is %(least)s or more") % {"least": least}
    elif out_of_range:
        said = _("Write a number that is %(most)s or less") % {"most": most}
    elif isinstance(field, forms.DecimalField):
        said = _("Write a number in digits, like 12.5")
    else:
        said = _("Write a whole number in digits, like 12")
    if presentation_of(field).heading:
        return said
    return _("%(problem)s: “%(label)s”") % {"problem": said, "label": bound.label}


def _missing(bound: BoundField) -> str:
    """In a list of ten, "this field is required" says nothing; a page with one question says it once."""
    if isinstance(bound.field.widget, forms.FileInput):
        alone, named = _("Choose a file"), _("Choose a file for “%(label)s”")
    elif isinstance(bound.field.widget, forms.Select | forms.RadioSelect):
        alone, named = _("Choose an answer"), _("Choose an answer to “%(label)s”")
    else:
        alone, named = _("Write an answer"), _("Fill in “%(label)s”")
    return alone if presentation_of(bound.field).heading else named % {"label": bound.label}

"""What a field's errors say."""

from django import forms
from django.core.exceptions import ValidationError
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
    return said


def _missing(bound: BoundField) -> str:
    """In a list of ten, "this field is required" says nothing; a page with one question says it once."""
    if isinstance(bound.field.widget, forms.FileInput):
        alone, named = _("Choose a file"), _("Choose a file for “%(label)s”")
    elif isinstance(bound.field.widget, forms.Select | forms.RadioSelect):
        alone, named = _("Choose an answer"), _("Choose an answer to “%(label)s”")
    else:
        alone, named = _("Write an answer"), _("Fill in “%(label)s”")
    return alone if presentation_of(bound.field).heading else named % {"label": bound.label}

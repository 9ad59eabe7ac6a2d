"""What a field's errors say."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def error_data(bound: BoundField) -> list[ValidationError]:
    return bound.form.errors.as_data().get(bound.name, [])


def messages(bound: BoundField) -> list[str]:
    """The field's errors in words that still make sense far from the field, in the summary."""
    return [_in_words(bound, error) for error in error_data(bound)]


def _in_words(bound: BoundField, error: ValidationError) -> str:
    said = str(error.messages[0])
    if error.code == "required" and said == str(forms.Field.default_error_messages["required"]):
        choice = isinstance(bound.field.widget, forms.Select | forms.RadioSelect | forms.FileInput)
        sentence = _("Choose an answer to “%(label)s”") if choice else _("Fill in “%(label)s”")
        if isinstance(bound.field.widget, forms.FileInput):
            sentence = _("Choose a file for “%(label)s”")
        return sentence % {"label": bound.label}
    if error.code == "max_length" and isinstance(error.params, dict) and "show_value" in error.params:
        return ngettext(
            "Use %(limit_value)d character or fewer. You have used %(show_value)d.",
            "Use %(limit_value)d characters or fewer. You have used %(show_value)d.",
            error.params["limit_value"],
        ) % {key: error.params[key] for key in ("limit_value", "show_value")}
    return said

"""What staff fill in beside a list: what to search for, and whether the keys of one letter work."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from screening.review.searching import why_not

ON, OFF = "on", "off"


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Reference, NHS number, date of birth or surname"),
        help_text=_(
            "The surname, with or without a first name, or its first three letters. A date like 27 3 1962"
        ),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if sentence := why_not(text):
            raise ValidationError(sentence)
        return text


class KeysForm(forms.Form):
    keys = forms.ChoiceField(
        label=_("Do you want to use these keys?"),
        help_text=_("Switch them off if you speak to your computer, or press keys by accident."),
        choices=[(ON, _("Yes")), (OFF, _("No, switch them off in this browser"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to use the keys")},
    )

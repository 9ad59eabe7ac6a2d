"""How a copy of a letter left the clinic."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.review.models import Copy


class CopyForm(forms.Form):
    made_as = forms.ChoiceField(
        label=_("How did this letter leave the clinic?"),
        choices=Copy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the letter left")},
    )

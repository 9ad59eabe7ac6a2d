"""What is typed before publication."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it right that these cases become less urgent?"),
        help_text=_("Kept with each of these cases. Write about the rule, not about a person."),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=500,
        error_messages={
            "required": _("Write why this is right"),
            "min_length": _("Write why this is right, in a sentence"),
        },
    )

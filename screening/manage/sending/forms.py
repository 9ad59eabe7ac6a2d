"""A reason for what staff do about sending."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )


class HoldForm(ReasonForm):
    reason = forms.CharField(
        label=_("Why is nothing sent?"),
        help_text=_("About the whole clinic. Name no patient: everybody who looks after sending reads it."),
        max_length=200,
        error_messages={"required": _("Say why nothing is sent")},
    )

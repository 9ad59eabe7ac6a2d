"""What a lead clinician fills in about an old record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from screening.forms import DatePartsField, TickField
from screening.review.forms import text_field

LONGEST = 30  # years


class KeepForm(forms.Form):
    until = DatePartsField(
        exact=True,
        label=_("Keep it until"),
        help_text=_("It comes up here again on that day. For example, 31 3 2040."),
    )
    reason = text_field(
        _("Why is it kept longer?"),
        hint=_("For example: they are still being treated, or there is a complaint."),
        limit=1000,
        missing=_("Say why it is kept longer"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self._today:
            raise ValidationError(_("The day must be after today"))
        if until.year > self._today.year + LONGEST:
            raise ValidationError(_("The day must be within %(years)d years") % {"years": LONGEST})
        return until


class DeleteForm(forms.Form):
    looked = TickField(
        label=_("I have looked at this record, and nobody needs it any more"),
        error_messages={"required": _("Say that you have looked at this record")},
    )

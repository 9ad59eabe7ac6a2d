"""A reason for what staff do about sending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.followup.models import SuppressedFor
from screening.forms import present


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


class ReleaseForm(forms.Form):
    """`newest` is the last hold that the page showed: nobody releases what they did not read."""

    reason = forms.CharField(
        label=_("Why may messages leave again?"),
        help_text=_("Say what you checked. Name no patient: everybody who looks after sending reads it."),
        max_length=200,
        error_messages={"required": _("Say why messages may leave again")},
    )
    newest = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)


class SuppressForm(forms.Form):
    kind = present(
        forms.ChoiceField(
            label=_("Why is nothing sent to this person?"),
            choices=SuppressedFor.choices,
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose why nothing is sent"),
                "invalid_choice": _("Choose one of these reasons"),
            },
        ),
        choice_hints={
            SuppressedFor.DECEASED.value: _("Their links stop working too."),
            SuppressedFor.SAFEGUARDING.value: _("For example, somebody else reads their messages."),
        },
    )
    note = forms.CharField(
        label=_("What do you know, and from whom?"),
        help_text=_("Colleagues who open this case read it. The person is not sent it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you know, and from whom")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"reason": SuppressedFor(self.cleaned_data["kind"]), "note": self.cleaned_data["note"]}


class BecauseForm(forms.Form):
    """About one person: encrypted."""

    because = forms.CharField(
        label=_("Why?"),
        help_text=_("Say what you checked, and with whom."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )

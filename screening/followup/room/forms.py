"""How somebody wants to be contacted: which way, and which kinds of message by it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.cases.models import Patient
from screening.followup.models import Channel, Subject
from screening.followup.services import ContactChoices

LABELS = {
    Subject.REMINDERS: (
        _("Reminders about forms, documents and measures"),
        _("For example: your form is not finished, or a document is still missing."),
    ),
    Subject.REINVITATION: (
        _("Being asked to fill in the form again later"),
        _("Only if you were told that something could change."),
    ),
}


class ContactForm(forms.Form):
    """One question for the ways to reach somebody, one for each kind that can be switched off."""

    channels = forms.MultipleChoiceField(
        label=_("Which way may we reach you?"),
        help_text=_("We use this for appointments, messages and your safety."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one way, so that we can tell you when there is a message")
        },
    )

    def __init__(self, *args: Any, patient: Patient, chosen: ContactChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = ways_of(patient)
        self._choices("channels", ways)
        self.initial["channels"] = sorted(chosen.channels)
        for subject, (label, hint) in LABELS.items():
            self.fields[subject] = forms.MultipleChoiceField(
                label=label, help_text=hint, required=False, widget=forms.CheckboxSelectMultiple
            )
            self._choices(subject, [(code, Channel(code).label) for code, _address in ways])
            self.initial[subject] = sorted(channel for kind, channel in chosen.wanted if kind == subject)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast("forms.MultipleChoiceField", self.fields[name]).choices = choices

    def chosen(self) -> ContactChoices:
        typed = self.cleaned_data
        return ContactChoices(
            channels=frozenset(typed["channels"]),
            wanted=frozenset((subject, channel) for subject in LABELS for channel in typed[subject]),
        )


def ways_of(patient: Patient) -> list[tuple[str, Any]]:
    """The ways that there are to reach this person, each with its address."""
    found: list[tuple[str, Any]] = []
    if patient.email:
        found.append((Channel.EMAIL, _("Email to %(address)s") % {"address": patient.email}))
    if patient.phone:
        found.append((Channel.SMS, _("Text message to %(number)s") % {"number": patient.phone}))
    return found

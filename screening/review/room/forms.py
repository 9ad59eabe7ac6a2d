"""What a patient fills in besides questions of the questionnaire, and what staff answer them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms import TickField, present
from screening.intake.fields import PlainText
from screening.review.forms import ActForm, SeenForm

LONGEST = 4000


def _words(
    label: Any, *, hint: Any = "", rows: int = 5, required: bool = True, missing: Any = ""
) -> PlainText:
    field = PlainText(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )
    return present(field, count_to=LONGEST)


class MessageForm(forms.Form):
    """A few words. `key` says which page sent them, so that pressing twice sends once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = _words(_("Your message"), missing=_("Write your message"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)


class AnswerForm(forms.Form):
    """Words that go with the answers to what a clinician asked. Needed when nothing but words was asked."""

    text = _words(_("Your answer"), missing=_("Write your answer"))

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needed:
            self.fields["text"].required = False
            self.fields["text"].label = _("Anything you want to add (optional)")


class ReasonForm(forms.Form):
    reason = _words(
        _("Why do you change this? (optional)"),
        hint=_("For example: I found the letter with the right date."),
        rows=2,
        required=False,
    )


class ObjectionForm(forms.Form):
    """What is not right about one entry or statement. `seen` says which one the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    text = _words(
        _("What is not right?"),
        hint=_("Say what is wrong and, if you know, what is right."),
        missing=_("Say what is not right"),
    )


class LookForm(forms.Form):
    reason = _words(
        _("What should we look at again?"),
        hint=_("Say what you do not agree with, or what has changed."),
        missing=_("Say what we should look at again"),
    )


class SureForm(forms.Form):
    """One tick before something that cannot be undone."""

    sure = TickField(label="")

    def __init__(self, *args: Any, label: Any, missing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = label
        self.fields["sure"].error_messages = {"required": missing}


class StaffMessageForm(ActForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = _words(
        _("Message to the patient"),
        hint=_("The patient reads it after signing in. The email that tells them says nothing about it."),
        missing=_("Write the message"),
    )


class LookAnswerForm(SeenForm):
    outcome = forms.ChoiceField(
        label=_("What comes of it?"),
        choices=[
            ("stands", _("The decision stands")),
            ("reopens", _("Open the case again, for a new decision")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Letter to the patient"),
        help_text=_("Say who looked again, what you found and why. The patient reads this after signing in."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"seen": said["seen"], "reopens": said["outcome"] == "reopens", "answer": said["answer"]}

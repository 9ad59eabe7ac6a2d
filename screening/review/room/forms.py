"""What a patient fills in besides questions of the questionnaire, and what staff answer them."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms import TickField
from screening.review.forms import ActForm, SeenForm, text_field
from screening.review.letters.policies import may_write

ROWS = 5


class MessageForm(forms.Form):
    """A few words. `key` says which page sent them, so that pressing twice sends once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = text_field(_("Your message"), rows=ROWS, missing=_("Write your message"), counted=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)


class AnswerForm(forms.Form):
    """Words that go with the answers to what a clinician asked. Needed when nothing but words was asked."""

    text = text_field(_("Your answer"), rows=ROWS, missing=_("Write your answer"), counted=True)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needed:
            self.fields["text"].required = False
            self.fields["text"].label = _("Anything you want to add (optional)")


class ReasonForm(forms.Form):
    reason = text_field(
        _("Why do you change this? (optional)"),
        hint=_("For example: I found the letter with the right date."),
        rows=2,
        required=False,
        counted=True,
    )


class ObjectionForm(forms.Form):
    """What is not right about one entry or statement. `seen` says which one the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    text = text_field(
        _("What is not right?"),
        hint=_("Say what is wrong and, if you know, what is right."),
        rows=ROWS,
        missing=_("Say what is not right"),
        counted=True,
    )


class LookForm(forms.Form):
    reason = text_field(
        _("What should we look at again?"),
        hint=_("Say what you do not agree with, or what has changed."),
        rows=ROWS,
        missing=_("Say what we should look at again"),
        counted=True,
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
    text = text_field(
        _("Message to the patient"),
        hint=_("The patient reads it after signing in. The email that tells them says nothing about it."),
        rows=ROWS,
        missing=_("Write the message"),
        counted=True,
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
    answer = text_field(
        _("Letter to the patient"),
        hint=_("Say who looked again, what you found and why. The patient reads this after signing in."),
        rows=10,
        limit=8000,
    )

    def clean_answer(self) -> str:
        text = str(self.cleaned_data["answer"])
        allowed = may_write(text)
        if not allowed:
            raise forms.ValidationError(allowed.reason)
        return text

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"seen": said["seen"], "reopens": said["outcome"] == "reopens", "answer": said["answer"]}

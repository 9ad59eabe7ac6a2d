"""What a clinician fills in. The considerations are those of the clinical brief, section 1.6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.cases.workflow import State
from screening.forms import present
from screening.intake.fields import PlainText

LONG = 4000
NO_CALL_WORDS = _("There was no call")
OUTCOMES = [
    (State.OFFERED_ASSESSMENT.value, _("Offer a specialist assessment")),
    (State.DECLINED.value, _("Decline, with reasons")),
    (State.SIGNPOSTED.value, _("Point to other help")),
]


def text_field(
    label: Any,
    *,
    hint: Any = "",
    rows: int = 3,
    limit: int = LONG,
    required: bool = True,
    missing: Any = "",
    counted: bool = False,
) -> PlainText:
    """A few words of somebody's own. `missing` is what the page says without them; `limit` is in letters, and
    `counted` shows how many of them are left.
    """
    field = PlainText(
        label=label,
        help_text=hint,
        max_length=limit,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )
    return present(field, count_to=limit) if counted else field


class ActForm(forms.Form):
    """What somebody fills in to do one thing to a case."""

    def arguments(self) -> dict[str, Any]:
        """What the service takes, by its own names."""
        return self.cleaned_data


class SeenForm(ActForm):
    """Every action names the number of the case it was shown, so that a stale page writes nothing."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


NO_CALL = "none"


class ClearForm(SeenForm):
    """What was done, and the call it rests on. Without one it says why there was none."""

    reason = text_field(
        _("What was done about the urgent answers?"),
        hint=_("For example: rang at 10:20, went to A&E with her son, GP told."),
    )
    rests_on = forms.ChoiceField(
        label=_("Which call does this rest on?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the call, or “There was no call”"),
            "invalid_choice": _("This call does not count now: look at the urgent answers, then choose"),
        },
    )
    no_call = forms.CharField(
        label=_("If there was no call, why not?"),
        help_text=_("For example: seen by us in person, or already in hospital."),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, calls: Mapping[str, tuple[Any, str]], **kwargs: Any) -> None:
        """`calls`: by its id each call and how it reads."""
        super().__init__(*args, **kwargs)
        self.calls = calls
        choices = [*((name, words) for name, (_call, words) in calls.items()), (NO_CALL, NO_CALL_WORDS)]
        cast("forms.ChoiceField", self.fields["rests_on"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        why = (cleaned.get("no_call") or "").strip()
        if cleaned.get("rests_on") == NO_CALL and not why:
            self.add_error("no_call", _("Say why there was no call"))
        if cleaned.get("rests_on") not in (NO_CALL, None) and why:
            self.add_error("no_call", _("Leave this blank, or choose “There was no call”"))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        call, _read = self.calls.get(said["rests_on"], (None, ""))
        return {
            "seen": said["seen"],
            "reason": said["reason"],
            "call": call,
            "no_call": said["no_call"].strip(),
        }


class NoteForm(ActForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = text_field(_("Note"))


class AskForm(SeenForm):
    """Questions put back to the patient: the missing ones are offered, none is ticked."""

    items = forms.MultipleChoiceField(
        label=_("Which questions should the patient answer again?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("What you ticked is not open now: look at the list, then tick again")
        },
    )
    text = text_field(
        _("Message to the patient"),
        hint=_("Say what you need in plain words. The patient reads it after signing in."),
        rows=4,
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["items"]).choices = choices
        if not choices:
            del self.fields["items"]

    def arguments(self) -> dict[str, Any]:
        return {"items": [], **self.cleaned_data}


class WayBackForm(forms.Form):
    """Three buttons, each with a value of its own."""

    UNLOCK, MAIL, CODE = "unlock", "mail", "code"
    do = forms.ChoiceField(
        choices=[(each, each) for each in (UNLOCK, MAIL, CODE)],
        error_messages={"required": _("Press one of the buttons")},
    )

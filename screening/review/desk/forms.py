"""What staff fill in to pass a case on, to record a call, to note a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from screening.cases.opening import local_instant
from screening.cases.services import local_date
from screening.forms import DatePartsField, present
from screening.review.desk.models import CallResult, SamePerson
from screening.review.forms import ActForm, SeenForm, text_field
from screening.review.searching import compact

ANYBODY = "anybody"
SHORT = 1000  # letters


def reference_typed(text: str) -> str:
    """A reference as it is written: "abcd efgh" is ABCD-EFGH."""
    signs = compact(text).upper()
    return f"{signs[:4]}-{signs[4:]}"


def _set_choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = choices


def _named(people: Sequence[Membership]) -> list[tuple[str, str]]:
    return [(str(each.user_id), f"{each.user.name}, {each.get_role_display().lower()}") for each in people]


class HandOverForm(SeenForm):
    to = forms.ChoiceField(
        label=_("Who takes the case?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a colleague"),
            "invalid_choice": _("Choose a colleague who works here"),
        },
    )
    note = text_field(_("Note to your colleague (optional)"), limit=SHORT, required=False)

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_choices(self, "to", _named(colleagues))

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "to": int(self.cleaned_data["to"])}


class TakeOverForm(SeenForm):
    reason = text_field(
        _("Why do you take this case over?"),
        limit=SHORT,
        hint=_("Your colleague reads this. For example: she is ill today, and the person waits for a call."),
    )


class CallForm(ActForm):
    """One try to reach somebody. When it was is asked as a time of today; blank means just now."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("What happened?"),
        choices=CallResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what happened")},
    )
    text = text_field(
        _("In a few words"),
        limit=SHORT,
        hint=_("Who was rung, what was said, what happens next. In a message name no condition."),
    )
    time = forms.TimeField(
        label=_("At what time today? (optional)"),
        help_text=_("For example 14:20. Leave it blank if it was just now."),
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": _("Write the time like 14:20")},
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        present(self.fields["time"], width=5)

    def clean_time(self) -> datetime | None:
        typed: time | None = self.cleaned_data["time"]
        if typed is None:
            return None
        made_at = local_instant(local_date(self.at), typed)
        if made_at > self.at:
            raise forms.ValidationError(
                _(
                    "This time has not come yet today. If you rang before midnight, leave this blank and say "
                    "the time in your own words above"
                )
            )
        return made_at

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "key": said["key"],
            "result": CallResult(said["result"]),
            "text": said["text"],
            "made_at": said["time"],
        }


class TaskForm(ActForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = text_field(_("What is to be done?"), limit=500)
    for_whom = forms.ChoiceField(
        label=_("Who should do it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who should do it")},
    )
    due_on = DatePartsField(
        label=_("By when?"),
        help_text=_("For example, 27 3 2027"),
        exact=True,
        error_messages={"required": _("Enter the day by which it is to be done")},
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[Membership], me: int, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        others = _named([each for each in colleagues if each.user_id != me])
        _set_choices(self, "for_whom", [(str(me), _("Me")), (ANYBODY, _("Anybody here")), *others])

    def clean_due_on(self) -> date:
        due: date = self.cleaned_data["due_on"]
        if due < self.today:
            raise forms.ValidationError(_("This day is over: choose today or a later one"))
        return due

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        whom = said["for_whom"]
        return {
            "key": said["key"],
            "text": said["text"],
            "for_user": None if whom == ANYBODY else int(whom),
            "due_on": said["due_on"],
        }


class JoinForm(SeenForm):
    """Two references typed out: joining is done on purpose, never by a slip of the hand."""

    here_typed = forms.CharField(label=_("The reference of this case"), max_length=20)
    other = forms.CharField(label=_("The reference of the other case"), max_length=20)
    reason = text_field(_("How do you know that it is one person?"), limit=SHORT)

    def __init__(self, *args: Any, here: str, others: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here, self.others = here, others
        for name in ("here_typed", "other"):
            present(self.fields[name], width=10)
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_here_typed(self) -> str:
        typed = reference_typed(self.cleaned_data["here_typed"])
        if typed != self.here:
            raise forms.ValidationError(_("This is not the reference of this case"))
        return typed

    def clean_other(self) -> str:
        typed = reference_typed(self.cleaned_data["other"])
        if typed not in self.others:
            raise forms.ValidationError(_("This is not the reference of one of the other cases shown"))
        return typed

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"seen": said["seen"], "other": said["other"], "reason": said["reason"]}


class PartForm(ActForm):
    link = forms.ChoiceField(label=_("Which joining is taken back?"), widget=forms.RadioSelect)
    reason = text_field(_("How do you know that they are two people?"), limit=SHORT)

    def __init__(self, *args: Any, links: Sequence[SamePerson], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="part_%s", **kwargs)  # two forms on one page
        self.links = {str(link.pk): link for link in links}
        choices = [
            (name, _("Joined by %(name)s: %(reason)s") % {"name": link.by.name, "reason": link.reason[:80]})
            for name, link in self.links.items()
        ]
        _set_choices(self, "link", choices)
        if len(choices) == 1:
            self.fields["link"].initial = choices[0][0]

    def arguments(self) -> dict[str, Any]:
        return {"link": self.links[self.cleaned_data["link"]], "reason": self.cleaned_data["reason"]}

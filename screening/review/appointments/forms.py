"""What staff fill in about an appointment. Times are those of the clinic's wall: Europe/London."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.cases.opening import LONDON, local_instant
from screening.cases.services import local_date
from screening.forms import DatePartsField, present
from screening.review.appointments.models import AppointmentKind, Way
from screening.review.forms import ActForm, SeenForm

# Nobody books further ahead than this: a slip of the hand in the year.
FURTHEST = dt.timedelta(days=730)


def _reason(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )


class TimeForm(ActForm):
    """When, how long, which way and at what place."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    day = DatePartsField(
        label=_("Which day?"),
        help_text=_("For example, 27 3 2027"),
        exact=True,
        error_messages={"required": _("Enter the day of the appointment")},
    )
    time = forms.TimeField(
        label=_("At what time?"),
        help_text=_("For example 14:20, by the clock on the wall."),
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": _("Write the time like 14:20"), "required": _("Enter the time")},
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        min_value=5,
        max_value=480,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Enter how many minutes"),
            "invalid": _("Enter a whole number of minutes"),
            "min_value": _("Enter at least 5 minutes"),
            "max_value": _("Enter at most 480 minutes"),
        },
    )
    way = forms.ChoiceField(
        label=_("Which way?"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which way")},
    )
    place = forms.CharField(
        label=_("Where?"),
        help_text=_("The place, the address of the video room, or “we ring you”. The patient reads it here."),
        max_length=300,
        error_messages={"required": _("Say where it takes place")},
    )

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        present(self.fields["time"], width=5)
        present(self.fields["minutes"], width=3)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        day, time = said.get("day"), said.get("time")
        if day is None or time is None:
            return said
        starts_at = local_instant(day, time)
        if starts_at.astimezone(LONDON).time() != time:
            self.add_error("time", _("The clock jumps over this time on that day: choose another"))
        elif starts_at <= self.at:
            self.add_error("day", _("This time is over: choose a later one"))
        elif starts_at > self.at + FURTHEST:
            self.add_error("day", _("This is more than two years ahead: check the year"))
        said["starts_at"] = starts_at
        return said

    def arguments(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key not in ("day", "time")}


class BookForm(TimeForm):
    kind = forms.ChoiceField(
        label=_("What is it for?"),
        choices=AppointmentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is for")},
    )
    field_order = ("key", "kind", "day", "time", "minutes", "way", "place")


class MoveForm(TimeForm):
    reason = _reason(_("Why is it moved? (optional)"), required=False)


class CancelForm(ActForm):
    reason = _reason(_("Why is it cancelled?"))


class MissForm(ActForm):
    reason = _reason(_("Anything to note? (optional)"), required=False)


class StartForm(SeenForm):
    day = DatePartsField(
        label=_("From which day does follow-up count?"),
        help_text=_("The day of the first appointment, or on which treatment began. For example, 27 3 2027"),
        exact=True,
        error_messages={"required": _("Enter the day")},
    )

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = local_date(at)

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if abs(day - self.today) > FURTHEST:
            raise forms.ValidationError(_("This is more than two years away: check the year"))
        return day

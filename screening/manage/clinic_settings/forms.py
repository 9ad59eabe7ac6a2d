"""What a clinic sets about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Nation, Site
from screening.forms import DatePartsField, present
from screening.intake.fields import YesNoField
from screening.rules.definition import Helpline

_HIDDEN = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,18}[0-9]")
MOST_DAYS, MOST_HOURS = 30, 40
DAYS = (
    *((1, gettext_lazy("Monday")), (2, gettext_lazy("Tuesday")), (3, gettext_lazy("Wednesday"))),
    *((4, gettext_lazy("Thursday")), (5, gettext_lazy("Friday")), (6, gettext_lazy("Saturday"))),
    (7, gettext_lazy("Sunday")),
)
TARGETS = ("tier_1_hours", "tier_2_days", "tier_3_days", "flagged_days", "not_currently_days")
# What the clock of a case is counted from.
CLOCKED = {*TARGETS, "nation", "opening_days", "opens_at", "closes_at"}


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything of a site that its administrator sets. Addresses and what is fictional stay as they are."""

    opening_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Opening days"),
        choices=DAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day")},
    )
    sign_with_code = YesNoField(
        label=gettext_lazy("Ask for the code of the authenticator app again when a decision is signed?"),
        error_messages={"required": gettext_lazy("Choose yes or no")},
    )

    class Meta:
        model = Site
        fields: ClassVar = [
            *("name", "neutral_sender", "phone", "duty_email", "address"),
            *("nation", "opening_days", "opens_at", "closes_at", "opening_hours"),
            *TARGETS,
            *("link_days", "sign_with_code"),
        ]
        widgets: ClassVar = {
            "nation": forms.RadioSelect,
            "address": forms.Textarea(attrs={"rows": 4}),
            "opens_at": forms.TimeInput(format="%H:%M"),
            "closes_at": forms.TimeInput(format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nation"].choices = Nation.choices  # type: ignore[attr-defined]  # none is blank
        for name in ("opens_at", "closes_at"):
            self.fields[name].help_text = _("For example, 09:00")
            self.fields[name].error_messages["invalid"] = _("Enter a time like 09:00")
        for name, most in [*((name, MOST_DAYS) for name in TARGETS), ("tier_1_hours", MOST_HOURS)]:
            self.fields[name].max_value = most  # type: ignore[attr-defined]
        for name in ("tier_1_hours", "link_days"):  # less is refused by the site itself
            self.fields[name].min_value = 1  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            if name not in ("opening_days", "sign_with_code", "nation"):
                field.error_messages["required"] = _("Enter the %s") % str(field.label).lower()
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = _("Enter a whole number")
                field.label = str(field.label).capitalize()
                present(field, width=5)
            else:
                field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        for name, value in list(said.items()):  # an error takes its value out
            if name != "address" and isinstance(value, str) and _HIDDEN.search(value):
                self.add_error(name, _("Write this on one line, without hidden signs"))
        for name in TARGETS:
            most = MOST_HOURS if name == "tier_1_hours" else MOST_DAYS
            if (said.get(name) or 0) > most:
                self.add_error(name, _("Enter a number up to %s") % most)
        opens, closes = said.get("opens_at"), said.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("The clinic must close after it opens"))
        return said

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "opens_at", "closes_at"}  # said in words above


class NumberForm(forms.Form):
    """One crisis number by its name: what people ring, who looks after it, when they last did."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the number")},
    )
    owner = forms.CharField(
        label=gettext_lazy("Who looks after it"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter who looks after this number")},
    )
    checked_on = DatePartsField(label=gettext_lazy("When was it last checked?"), exact=True)

    def __init__(self, *args: Any, name: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_in_summary, self.today = name, today
        present(self.fields["number"], width=10)
        present(self.fields["owner"], width=20)

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if not _NUMBER.fullmatch(number):
            raise ValidationError(_("Enter a telephone number: digits and spaces"))
        return number

    def clean_owner(self) -> str:
        owner = str(self.cleaned_data["owner"])
        if _HIDDEN.search(owner):
            raise ValidationError(_("Write this on one line, without hidden signs"))
        return owner

    def clean_checked_on(self) -> date | None:
        day: date | None = self.cleaned_data["checked_on"]
        if day and day > self.today:
            raise ValidationError(_("This day has not come yet"))
        return day


def number_forms(numbers: Mapping[str, Helpline], *, today: date, data: Any = None) -> dict[str, NumberForm]:
    return {
        key: NumberForm(
            data,
            prefix=key,
            name=line.name,
            today=today,
            initial={"number": line.number, "owner": line.owner, "checked_on": line.checked_on},
        )
        for key, line in numbers.items()
    }

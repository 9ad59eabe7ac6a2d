"""What an administrator fills in about a person."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.roles import ROLES
from screening.forms import DatePartsField


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What will they do?"),
        choices=[(role.value, each.name) for role, each in ROLES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role")},
    )


class InvitationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As colleagues and patients should read it, for example Dr Amara Okafor."),
        max_length=150,
        error_messages={"required": _("Enter a name")},
    )
    email = forms.EmailField(
        label=_("Email address at work"),
        max_length=254,
        error_messages={
            "required": _("Enter an email address"),
            "invalid": _("Enter an email address like name@example.org"),
        },
    )
    role = _role()


class RoleForm(forms.Form):
    role = _role()


class RegisterForm(forms.Form):
    """The entry on the specialist register of the GMC, as somebody looked it up."""

    number = forms.CharField(
        label=_("Number on the specialist register"),
        help_text=_("Leave it blank if there is none."),
        max_length=20,
        required=False,
    )
    specialty = forms.CharField(label=_("Specialty"), max_length=100, required=False)
    checked_on = DatePartsField(
        label=_("When did you look it up?"), help_text=_("For example, 27 3 2026"), exact=True, required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @staticmethod
    def as_noted(member: Membership) -> dict[str, Any]:
        return {
            "number": member.specialist_register,
            "specialty": member.specialty,
            "checked_on": member.register_checked_on,
        }

    def clean(self) -> dict[str, Any]:
        said = cast("dict[str, Any]", super().clean())
        if said.get("number"):
            if not said.get("specialty"):
                self.add_error("specialty", _("Enter the specialty of the entry"))
            if "checked_on" not in self.errors:
                self._check_day(said.get("checked_on"))
        return said

    def _check_day(self, day: date | None) -> None:
        if day is None:
            self.add_error("checked_on", _("Enter the day on which you looked it up"))
        elif day > self.today:
            self.add_error("checked_on", _("This day has not come yet"))

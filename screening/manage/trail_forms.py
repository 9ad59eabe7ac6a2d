"""What the audit trail is asked: about which case, what one person did, between which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from audit.selectors import Filters
from screening.cases.opening import local_instant
from screening.cases.references import ALPHABET
from screening.forms import present
from screening.intake.fields import OneLine
from screening.review.searching import compact, date_typed

DAY = dt.timedelta(days=1)
LONGEST = 40


class DayField(OneLine):
    """A day as people type it: 27 3 2026."""

    def clean(self, value: Any) -> dt.date | None:
        typed = super().clean(value)
        day = date_typed(typed)
        if typed and day is None:
            raise ValidationError(_("Type day, month and year, like 27 3 2026"))
        return day


class TrailForm(forms.Form):
    case = present(OneLine(label=_("Reference of a case"), max_length=LONGEST, required=False), width=10)
    who = forms.ChoiceField(
        label=_("Member of staff"),
        required=False,
        error_messages={"invalid_choice": _("Choose somebody from the list")},
    )
    since = present(DayField(label=_("From (27 3 2026)"), max_length=LONGEST, required=False), width=10)
    until = present(DayField(label=_("Until (27 3 2026)"), max_length=LONGEST, required=False), width=10)

    def __init__(self, asked: Mapping[str, Any], members: Iterable[Membership]) -> None:
        super().__init__(asked if any(asked.get(name) for name in self.base_fields) else None)
        names = [(str(each.user_id), each.user.name) for each in members]
        self.fields["who"].choices = [("", _("Everybody")), *names]  # type: ignore[attr-defined]

    def clean_case(self) -> str:
        typed = compact(str(self.cleaned_data["case"])).upper()
        if typed and (len(typed) != 8 or not set(typed) <= set(ALPHABET)):
            raise ValidationError(_("A reference has eight signs, like 7J2G-6Y3F"))
        return f"{typed[:4]}-{typed[4:]}" if typed else ""

    def filters(self) -> Filters | None:
        """None where what was typed cannot be looked for."""
        if not self.is_bound:
            return Filters()
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        since, until, midnight = asked["since"], asked["until"], dt.time()
        return Filters(
            user_id=int(asked["who"]) if asked["who"] else None,
            case_reference=asked["case"],
            since=local_instant(since, midnight) if since else None,
            until=local_instant(until + DAY, midnight) if until else None,
        )

    def query(self, **more: object) -> str:
        """The address of a page of the same rows."""
        asked = {name: self.data[name] for name in self.fields if self.data.get(name)}
        return f"?{urlencode({**asked, **more})}"

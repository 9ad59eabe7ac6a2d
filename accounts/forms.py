from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class SiteForm(forms.Form):
    """Choose among the sites one works at; no other can be named."""

    site = forms.TypedChoiceField(label=_("Site"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: object, memberships: Sequence[Membership], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.memberships = {each.site_id: each for each in memberships}
        field = cast("forms.TypedChoiceField", self.fields["site"])
        field.choices = [
            (each.site_id, f"{each.site.name}, {each.get_role_display().lower()}") for each in memberships
        ]
        field.error_messages["required"] = field.error_messages["invalid_choice"] = _(
            "Choose one of your sites."
        )

    @property
    def chosen(self) -> Membership:
        return self.memberships[self.cleaned_data["site"]]

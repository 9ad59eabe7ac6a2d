"""What every form of deciding shares: its fields, and the code with which it is signed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from screening.forms import present
from screening.intake.fields import OneLine
from screening.review.forms import SeenForm


@dataclasses.dataclass(frozen=True)
class Sign:
    """What looks at the code or the passkey with which somebody signs, and which of the two they have."""

    prove: Callable[[str], datetime]
    prove_by_passkey: Callable[[str], datetime]
    with_app: bool
    with_passkey: bool


def outcome_field(
    label: Any, choices: Sequence[tuple[str, Any]], *, required: bool = True
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an outcome")},
    )


class EmptyInput(forms.HiddenInput):
    """What a passkey said once is of no use a second time."""

    def format_value(self, value: Any) -> None:
        return None


class SignedForm(SeenForm):
    """Signed with the code of the second step, where the site asks for it. The code is looked at last: a
    code works once, so it is not spent on a form that has something else to mend.
    """

    signed_at: datetime | None = None

    def __init__(self, *args: Any, sign: Sign | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sign = sign

    def _ask_for_code(self) -> None:
        if self.sign is not None:
            label = _("Code from your authenticator app")
            hint = _("This clinic asks for it again when you sign. A recovery code works too.")
            if self.sign.with_passkey and self.sign.with_app:
                hint = _(
                    "This clinic asks for it again when you sign. Your passkey or a recovery code works too."
                )
            elif not self.sign.with_app:
                label = _("One of your recovery codes")
                hint = _("Only if you cannot sign with your passkey. Each recovery code works once.")
            widget = forms.TextInput(attrs={"autocomplete": "one-time-code"})
            code = OneLine(label=label, help_text=hint, max_length=40, required=False, widget=widget)
            self.fields["code"] = present(code, width=10)
            if self.sign.with_passkey:
                self.fields["passkey"] = forms.CharField(required=False, widget=EmptyInput)

    def is_to_be_signed(self) -> bool:
        return True

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.sign is None or self.errors or not self.is_to_be_signed():
            return
        answer, code = self.cleaned_data.get("passkey"), self.cleaned_data["code"]
        try:
            self.signed_at = self.sign.prove_by_passkey(answer) if answer else self.sign.prove(code)
        except ValidationError as problem:
            self.add_error("code", problem)

    def typed_again(self, **changes: str) -> None:
        """Put something else in the place of what was sent, for the next time the page is shown."""
        data = cast("QueryDict", self.data).copy()
        for name, value in changes.items():
            data[name] = value
        self.data = data

    def without_errors(self) -> None:
        """Shown again with what was typed, before it is meant to be whole."""
        self._errors = ErrorDict()

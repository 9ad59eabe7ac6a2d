"""Fields that Django does not have: a scale of 0 to 10 and a statement with a tick."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

SCALE = range(11)


class ScaleWidget(forms.RadioSelect):
    """Eleven radio buttons in a row."""


class ScaleField(forms.TypedChoiceField):
    """An integer from 0 to 10, or None when nothing was chosen."""

    widget = ScaleWidget

    def __init__(self, *, low: str, high: str, **kwargs: Any) -> None:
        self.low, self.high = low, high
        kwargs.setdefault("error_messages", {"required": _("Choose a number from 0 to 10")})
        super().__init__(choices=[(n, str(n)) for n in SCALE], coerce=int, empty_value=None, **kwargs)


class TickField(forms.BooleanField):
    """One statement that is agreed to with a tick."""

    default_error_messages: ClassVar = {"required": _("Tick the box to continue")}

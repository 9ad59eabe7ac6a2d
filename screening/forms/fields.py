"""Fields that Django does not have: a scale of 0 to 10, a list of short answers, a statement with a tick."""

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


class EntriesWidget(forms.TextInput):
    """A list of short answers: a box for each one and a blank one for the next; each can be taken out.

    `drop=name-2` among what is sent leaves the second one out: the button beside it says so.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        typed = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        dropped = data.get("drop")
        kept = [text for place, text in enumerate(typed, 1) if f"{name}-{place}" != dropped]
        return [line for text in kept for line in str(text).splitlines()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def format_value(self, value: Any) -> list[str]:  # type: ignore[override]
        return [str(text) for text in value or [] if str(text).strip()]


class TickField(forms.BooleanField):
    """One statement that is agreed to with a tick."""

    default_error_messages: ClassVar = {"required": _("Tick the box to continue")}

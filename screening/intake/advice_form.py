"""What stands below urgent advice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms import TickField
from screening.intake.fields import OneLine, PhoneLine
from screening.intake.models import Mode

STAFF_READ = {
    Mode.TELEPHONE: _("I have read this out to the person"),
    Mode.PAPER: _("I have read this. Somebody has to ring the person now"),
}
HELPED = _("Name of the person you are helping (optional)")


class ReadAdviceForm(forms.Form):
    """Leaving a number is a choice, reading is not."""

    read = TickField(
        label=_("I have read this"), error_messages={"required": _("Tick the box when you have read this")}
    )
    name = OneLine(label=_("Your name (optional)"), required=False, max_length=120)
    phone = PhoneLine(label=_("Phone number (optional)"), required=False, max_length=30)

    def __init__(
        self, *args: Any, mode: str = "", helping: bool = False, named: bool = False, **kwargs: Any
    ) -> None:
        """`mode` is how staff fill in the form for the person; empty when nobody of the clinic does.

        The name is that of the patient: once they are `named` a second one would take its place. Who is
        `helping` would give their own, and so would their browser.
        """
        super().__init__(*args, **kwargs)
        if mode:
            self.fields["read"] = TickField(label=STAFF_READ[Mode(mode)])
        if helping:
            self.fields["name"].label = HELPED
        self.fields["name"].widget.attrs["autocomplete"] = "off" if helping else "name"
        if named:
            del self.fields["name"]
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"

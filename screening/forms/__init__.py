"""Form fields and how they look, shared by every chapter."""

from screening.forms.dates import DatePartsField, DatePartsWidget
from screening.forms.fields import EntriesWidget, ScaleField, ScaleWidget, TickField
from screening.forms.presentation import Presentation, present

__all__ = [
    "DatePartsField",
    "DatePartsWidget",
    "EntriesWidget",
    "Presentation",
    "ScaleField",
    "ScaleWidget",
    "TickField",
    "present",
]

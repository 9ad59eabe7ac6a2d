"""Form fields and how they look, shared by every chapter."""

from screening.forms.dates import DatePartsField, DatePartsWidget
from screening.forms.fields import EntriesWidget, ScaleField, ScaleWidget, TickField
from screening.forms.presentation import Presentation, present
from screening.forms.signs import as_seen

__all__ = [
    "DatePartsField",
    "DatePartsWidget",
    "EntriesWidget",
    "Presentation",
    "ScaleField",
    "ScaleWidget",
    "TickField",
    "as_seen",
    "present",
]

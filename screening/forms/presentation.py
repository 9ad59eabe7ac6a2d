"""What a field looks like, beyond its label, help text and widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django import forms

FieldType = TypeVar("FieldType", bound=forms.Field)


@dataclass(frozen=True)
class Presentation:
    """Read by the template tags; a field without one gets the defaults."""

    heading: bool = False
    """The label or legend is the page's h1: for pages with one question."""
    caption: str = ""
    """A small line above the heading."""
    size: str = ""
    """s, m, l or xl; empty means l for a heading and s for a label or legend."""
    width: int | None = None
    """Characters the box has room for: 2, 3, 4, 5, 10, 20 or 30."""
    prefix: str = ""
    suffix: str = ""
    inline: bool = False
    choice_hints: Mapping[str, str] = field(default_factory=dict)
    divider_before: str | None = None
    """The choice that "or" is written above."""
    exclusive: frozenset[str] | set[str] | tuple[str, ...] = ()
    """Choices that cannot stand beside others, such as "None of these"."""
    count_to: int | None = None
    """Say how many characters are left of this many."""
    rows: int | None = None


def present(form_field: FieldType, **options: Any) -> FieldType:
    """Say how a field looks: `present(forms.CharField(), heading=True)`."""
    # Forms copy their fields, and a copy keeps its attributes.
    form_field.presentation = replace(presentation_of(form_field), **options)  # type: ignore[attr-defined]
    return form_field


def presentation_of(form_field: forms.Field) -> Presentation:
    return getattr(form_field, "presentation", Presentation())

"""Turns a bound Django field into a component and its parameters, so that label, hint, error and
`aria-describedby` are right once, for every page. The first control of each field has the field's own id,
which is where the error summary and the "Change" links point.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from screening.forms.dates import PART_LABELS, PARTS, DatePartsWidget, parts_in_error
from screening.forms.fields import EntriesWidget, ScaleWidget
from screening.forms.presentation import Presentation, presentation_of
from screening.templatetags.error_words import error_data
from screening.templatetags.field_parameters import (
    attributes_of,
    group_of,
    hint_and_error_of,
    items_of,
    own_of,
    single_of,
    words_of,
)
from screening.templatetags.nhs import render_component


def render_field(bound: BoundField, look: Presentation | None = None) -> SafeString:
    """One field as a page shows it."""
    if bound.is_hidden:
        return bound.as_widget()
    look = look or presentation_of(bound.field)
    # Checkboxes before radios: Django's checkbox list is a subclass of its radio list.
    for widget_class, render in (
        (forms.CheckboxSelectMultiple, _checkboxes),
        (ScaleWidget, _scale),
        (EntriesWidget, _entries),
        (forms.RadioSelect, _radios),
        (DatePartsWidget, _date),
        (forms.CheckboxInput, _tick),
        (forms.SelectMultiple, _unknown),
        (forms.Select, _select),
        (forms.Textarea, _textarea),
        (forms.FileInput, _file),
        (forms.widgets.Input, _input),
    ):
        if isinstance(bound.field.widget, widget_class):
            return render(bound, look)
    return _unknown(bound, look)


def first_control(bound: BoundField) -> str:
    """The id that an error's link lands on."""
    if isinstance(bound.field.widget, DatePartsWidget):
        wrong = parts_in_error(error_data(bound))
        return part_id(bound, next(part for part in parts_asked(bound) if part in wrong))
    return bound.auto_id


def parts_asked(bound: BoundField) -> tuple[str, ...]:
    """No box for a day where the year is enough: whoever sees one believes that it matters."""
    typed = bound.field.widget.format_value(bound.value())
    year_is_enough = getattr(bound.field, "precision", "") == "year"
    return PARTS[1:] if year_is_enough and not typed["day"] else PARTS


def part_id(bound: BoundField, part: str) -> str:
    return bound.auto_id if part == parts_asked(bound)[0] else f"{bound.auto_id}-{part}"


def _radios(bound: BoundField, look: Presentation, **more: Any) -> SafeString:
    items = items_of(bound, look)
    return render_component("radios", group_of(bound, look) | {"items": items, "inline": look.inline} | more)


def _checkboxes(bound: BoundField, look: Presentation) -> SafeString:
    items = items_of(bound, look)
    for item in items:
        if item.get("value") in {str(choice) for choice in look.exclusive}:
            item["behaviour"] = "exclusive"
    return render_component("checkboxes", group_of(bound, look) | {"items": items})


def _scale(bound: BoundField, look: Presentation) -> SafeString:
    low, high = getattr(bound.field, "low", ""), getattr(bound.field, "high", "")
    ends = format_html(
        '<div class="scale__ends" aria-hidden="true"><span>0 = {}</span><span>10 = {}</span></div>', low, high
    )
    spoken = _("0 is %(low)s, 10 is %(high)s.") % {"low": low, "high": high}
    hint = format_html(
        '{} <span class="nhsuk-u-visually-hidden">{}</span>', conditional_escape(bound.help_text), spoken
    )
    group = {"classes": "scale", "after_inputs": {"html": ends}}
    return _radios(bound, look, hint={"html": hint, "id": f"{bound.auto_id}-hint"}, form_group=group)


def _date(bound: BoundField, look: Presentation) -> SafeString:
    typed = bound.field.widget.format_value(bound.value())
    wrong = parts_in_error(error_data(bound))
    items = [
        {
            "name": f"{bound.html_name}_{part}",
            "id": part_id(bound, part),
            "label": PART_LABELS[part],
            "value": typed[part],
            # Three places for a month: some people type "Mar".
            "width": {"day": 2, "month": 3, "year": 4}[part],
            "inputmode": "text" if part == "month" else "numeric",
            "error": part in wrong,
            "autocomplete": _birthday(bound, part),
            "attributes": {"aria-invalid": "true"} if part in wrong else {},
        }
        for part in parts_asked(bound)
    ]
    return render_component("date-input", group_of(bound, look) | {"items": items})


def _entries(bound: BoundField, look: Presentation) -> SafeString:
    """A box for each answer and one for the next, under one legend."""
    typed = bound.field.widget.format_value(bound.value())
    boxes = format_html_join(
        "", "{}", ((_entry_box(bound, n, text),) for n, text in enumerate([*typed, ""], 1))
    )
    parts = hint_and_error_of(bound)
    said = [
        render_component(name, parts[key]) if key in parts else ""
        for name, key in (("hint", "hint"), ("error-message", "error_message"))
    ]
    more = format_html(
        '<button class="nhsuk-button nhsuk-button--secondary entries-more" name="more" value="1">{}</button>',
        _("Add another"),
    )
    group = {
        "legend": words_of(bound, look),
        "described_by": " ".join(parts[key]["id"] for key in ("hint", "error_message") if key in parts),
        "html": format_html("{}{}{}{}", *said, boxes, more),
    }
    wrong = " nhsuk-form-group--error" if bound.errors else ""
    return format_html('<div class="nhsuk-form-group{}">{}</div>', wrong, render_component("fieldset", group))


def _entry_box(bound: BoundField, number: int, text: str) -> SafeString:
    label = _("Answer %(number)s") % {"number": number}
    box = render_component(
        "input",
        {
            "id": bound.auto_id if number == 1 else f"{bound.auto_id}-{number}",
            "name": bound.html_name,
            "value": text,
            "label": {"text": label},
            "attributes": attributes_of(bound),
        },
    )
    if not text:
        return box
    remove = format_html(
        '<button class="link-button" name="drop" value="{}-{}">{}'
        '<span class="nhsuk-u-visually-hidden"> {}</span></button>',
        bound.html_name,
        number,
        _("Remove"),
        text,
    )
    return format_html('<div class="entry-box">{}{}</div>', box, remove)


def _birthday(bound: BoundField, part: str) -> str | None:
    return f"bday-{part}" if bound.field.widget.attrs.get("autocomplete") == "bday" else None


def _tick(bound: BoundField, look: Presentation) -> SafeString:
    item = {
        "value": "on",
        "text": bound.label,
        "checked": bool(bound.value()),
        "id": bound.auto_id,
        "attributes": attributes_of(bound),
    }
    parameters = {"name": bound.html_name, "id_prefix": bound.auto_id, "items": [item]}
    return render_component("checkboxes", parameters | hint_and_error_of(bound))


def _select(bound: BoundField, look: Presentation) -> SafeString:
    items = [{**item, "selected": item.pop("checked")} for item in items_of(bound, Presentation())]
    return render_component("select", single_of(bound, look) | {"items": items})


def _textarea(bound: BoundField, look: Presentation) -> SafeString:
    rows = look.rows or (5 if bound.field.widget.attrs.get("rows") in (None, "10") else None)
    parameters = single_of(bound, look) | {
        "value": bound.value() or "",
        "rows": rows or bound.field.widget.attrs["rows"],
        "classes": bound.field.widget.attrs.get("class", ""),
    }
    if not look.count_to:
        return render_component("textarea", parameters)
    words = {
        "data-under": _("You have %s characters left"),
        "data-over": _("You have written %s characters too many"),
    }
    return render_component(
        "character-count",
        parameters
        | {
            "maxlength": look.count_to,
            "textarea_description_text": _("You can write up to %s characters") % look.count_to,
            "form_group": {"attributes": words},
        },
    )


def _file(bound: BoundField, look: Presentation) -> SafeString:
    multiple = bool(getattr(bound.field.widget, "allow_multiple_selected", False))
    return render_component(
        "file-upload", single_of(bound, look) | {"classes": "upload", "multiple": multiple}
    )


def _input(bound: BoundField, look: Presentation) -> SafeString:
    widget = bound.field.widget
    parameters = single_of(bound, look) | {
        "type": widget.input_type,
        "value": widget.format_value(bound.value()),
        "width": look.width,
        "prefix": look.prefix or None,
        "suffix": look.suffix or None,
    }
    if widget.input_type == "number":
        # A number box changes by itself under a scroll wheel and is hard to use by voice.
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.DecimalField | forms.FloatField
        )
        parameters |= {"type": "text", "inputmode": "numeric" if whole else "decimal"}
        parameters["width"] = look.width or 5
    if widget.input_type == "password":
        words = {
            "data-secret": "",
            "data-show": _("Show"),
            "data-hide": _("Hide"),
            "data-show-label": _("Show %s") % bound.label.lower(),
            "data-hide-label": _("Hide %s") % bound.label.lower(),
        }
        parameters |= {"value": None, "input_wrapper": {"classes": "secret", "attributes": words}}
    return render_component("input", parameters | {k: v for k, v in own_of(bound).items() if v is not None})


def _unknown(bound: BoundField, look: Presentation) -> SafeString:
    """A widget we have no component for keeps its own control and gets our label, hint and error."""
    parameters = hint_and_error_of(bound)
    described = [parameters[key]["id"] for key in ("hint", "error_message") if key in parameters]
    label = render_component("label", words_of(bound, look) | {"for": bound.id_for_label})
    hint = render_component("hint", parameters["hint"]) if "hint" in parameters else ""
    error = render_component("error-message", parameters["error_message"]) if bound.errors else ""
    classes = "nhsuk-select" if isinstance(bound.field.widget, forms.SelectMultiple) else "nhsuk-input"
    control = bound.as_widget(attrs={"aria-describedby": " ".join(described), "class": classes})
    wrong = " nhsuk-form-group--error" if bound.errors else ""
    return format_html('<div class="nhsuk-form-group{}">{}{}{}{}</div>', wrong, label, hint, error, control)

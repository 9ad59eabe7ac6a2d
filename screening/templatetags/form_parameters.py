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
from screening.templatetags.error_words import error_data, messages
from screening.templatetags.nhs import render_component

# Left to the server, which says what is wrong in words and loses nothing that was typed.
# A placeholder goes too: it vanishes when one types, and it is grey.
DROPPED = {
    "required",
    "maxlength",
    "minlength",
    "cols",
    "rows",
    "min",
    "max",
    "step",
    "class",
    "id",
    "placeholder",
}
OWN_PARAMETERS = {"autocomplete", "inputmode", "spellcheck", "autocapitalize"}


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
    items = _items(bound, look)
    return render_component("radios", _group(bound, look) | {"items": items, "inline": look.inline} | more)


def _checkboxes(bound: BoundField, look: Presentation) -> SafeString:
    items = _items(bound, look)
    for item in items:
        if item.get("value") in {str(choice) for choice in look.exclusive}:
            item["behaviour"] = "exclusive"
    return render_component("checkboxes", _group(bound, look) | {"items": items})


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
    return render_component("date-input", _group(bound, look) | {"items": items})


def _entries(bound: BoundField, look: Presentation) -> SafeString:
    """A box for each answer and one for the next, under one legend."""
    typed = bound.field.widget.format_value(bound.value())
    boxes = format_html_join(
        "", "{}", ((_entry_box(bound, n, text),) for n, text in enumerate([*typed, ""], 1))
    )
    parts = _hint_and_error(bound)
    said = [
        render_component(name, parts[key]) if key in parts else ""
        for name, key in (("hint", "hint"), ("error-message", "error_message"))
    ]
    more = format_html(
        '<button class="nhsuk-button nhsuk-button--secondary" name="more" value="1">{}</button>',
        _("Add another"),
    )
    group = {
        "legend": _words(bound, look),
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
            "attributes": _attributes(bound),
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
        "attributes": _attributes(bound),
    }
    parameters = {"name": bound.html_name, "id_prefix": bound.auto_id, "items": [item]}
    return render_component("checkboxes", parameters | _hint_and_error(bound))


def _select(bound: BoundField, look: Presentation) -> SafeString:
    items = [{**item, "selected": item.pop("checked")} for item in _items(bound, Presentation())]
    return render_component("select", _single(bound, look) | {"items": items})


def _textarea(bound: BoundField, look: Presentation) -> SafeString:
    rows = look.rows or (5 if bound.field.widget.attrs.get("rows") in (None, "10") else None)
    parameters = _single(bound, look) | {
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
    return render_component("file-upload", _single(bound, look) | {"classes": "upload", "multiple": multiple})


def _input(bound: BoundField, look: Presentation) -> SafeString:
    widget = bound.field.widget
    parameters = _single(bound, look) | {
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
    return render_component("input", parameters | {k: v for k, v in _own(bound).items() if v is not None})


def _unknown(bound: BoundField, look: Presentation) -> SafeString:
    """A widget we have no component for keeps its own control and gets our label, hint and error."""
    parameters = _hint_and_error(bound)
    described = [parameters[key]["id"] for key in ("hint", "error_message") if key in parameters]
    label = render_component("label", _words(bound, look) | {"for": bound.id_for_label})
    hint = render_component("hint", parameters["hint"]) if "hint" in parameters else ""
    error = render_component("error-message", parameters["error_message"]) if bound.errors else ""
    classes = "nhsuk-select" if isinstance(bound.field.widget, forms.SelectMultiple) else "nhsuk-input"
    control = bound.as_widget(attrs={"aria-describedby": " ".join(described), "class": classes})
    wrong = " nhsuk-form-group--error" if bound.errors else ""
    return format_html('<div class="nhsuk-form-group{}">{}{}{}{}</div>', wrong, label, hint, error, control)


def _items(bound: BoundField, look: Presentation) -> list[dict[str, Any]]:
    widget = bound.field.widget
    chosen = widget.format_value(bound.value())
    items: list[dict[str, Any]] = []
    for _group_name, options, _index in widget.optgroups(bound.html_name, chosen):
        for option in options:
            value = str(option["value"])
            if value == str(look.divider_before):
                items.append({"divider": _("or")})
            label = option["label"]
            item: dict[str, Any] = {
                "value": value,
                # A text that says in which language it is keeps its word.
                "text": label if isinstance(label, str) else str(label),
                "checked": bool(option["selected"]),
            }
            if hint := look.choice_hints.get(value):
                item["hint"] = {"text": hint}
            if option["attrs"].get("disabled"):
                item["disabled"] = True
            items.append(item)
    # The first control takes the field's own id even when a divider comes before it.
    next((item for item in items if "divider" not in item), {})["id"] = bound.auto_id
    return items


def _group(bound: BoundField, look: Presentation) -> dict[str, Any]:
    """Several controls under one legend."""
    common = {"name": bound.html_name, "id_prefix": bound.auto_id, "disabled": bound.field.disabled}
    return common | {"fieldset": {"legend": _words(bound, look)}} | _hint_and_error(bound)


def _single(bound: BoundField, look: Presentation) -> dict[str, Any]:
    """One control with a label."""
    return {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": _words(bound, look),
        "attributes": _attributes(bound),
        "disabled": bound.field.disabled,
        "autocomplete": bound.field.widget.attrs.get("autocomplete"),
    } | _hint_and_error(bound)


def _words(bound: BoundField, look: Presentation) -> dict[str, Any]:
    words: dict[str, Any] = {"text": bound.label, "size": look.size or ("l" if look.heading else "s")}
    if look.heading:
        words["is_page_heading"] = True
    if look.caption:
        words["caption"] = {"text": look.caption}
    return words


def _hint_and_error(bound: BoundField) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if bound.help_text:
        parameters["hint"] = {"html": conditional_escape(bound.help_text), "id": f"{bound.auto_id}-hint"}
    if bound.errors:
        parameters["error_message"] = {
            "html": format_html_join(SafeString("<br>"), "{}", ((said,) for said in messages(bound))),
            "id": f"{bound.auto_id}-error",
            "visually_hidden_text": _("Error"),
        }
    return parameters


def _attributes(bound: BoundField) -> dict[str, Any]:
    """What the form's author put on the control, less what the server checks better."""
    attributes = {
        name: value
        for name, value in bound.field.widget.attrs.items()
        if name not in DROPPED | OWN_PARAMETERS and value not in (None, False)
    }
    return attributes | ({"aria-invalid": "true"} if bound.errors else {})


def _own(bound: BoundField) -> dict[str, Any]:
    return {name: bound.field.widget.attrs[name] for name in OWN_PARAMETERS & bound.field.widget.attrs.keys()}

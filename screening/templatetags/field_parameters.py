"""What every component of a field shares: its label, hint, error, attributes, and its choices."""

from typing import Any

from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from screening.forms.presentation import Presentation
from screening.templatetags.error_words import messages

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


def items_of(bound: BoundField, look: Presentation) -> list[dict[str, Any]]:
    widget = bound.field.widget
    chosen = widget.format_value(bound.value())
    items: list[dict[str, Any]] = []
    for _group_name, options, _index in widget.optgroups(bound.html_name, chosen):
        for option in options:
            value = str(option["value"])
            if value == look.divider_before:
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


def group_of(bound: BoundField, look: Presentation) -> dict[str, Any]:
    """Several controls under one legend."""
    common = {"name": bound.html_name, "id_prefix": bound.auto_id, "disabled": bound.field.disabled}
    return common | {"fieldset": {"legend": words_of(bound, look)}} | hint_and_error_of(bound)


def single_of(bound: BoundField, look: Presentation) -> dict[str, Any]:
    """One control with a label."""
    return {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": words_of(bound, look),
        "attributes": attributes_of(bound),
        "disabled": bound.field.disabled,
        "autocomplete": bound.field.widget.attrs.get("autocomplete"),
    } | hint_and_error_of(bound)


def words_of(bound: BoundField, look: Presentation) -> dict[str, Any]:
    words: dict[str, Any] = {"text": bound.label, "size": look.size or ("l" if look.heading else "s")}
    if look.heading:
        words["is_page_heading"] = True
    if look.caption:
        words["caption"] = {"text": look.caption}
    return words


def hint_and_error_of(bound: BoundField) -> dict[str, Any]:
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


def attributes_of(bound: BoundField) -> dict[str, Any]:
    """What the form's author put on the control, less what the server checks better."""
    attributes = {
        name: value
        for name, value in bound.field.widget.attrs.items()
        if name not in DROPPED | OWN_PARAMETERS and value not in (None, False)
    }
    return attributes | ({"aria-invalid": "true"} if bound.errors else {})


def own_of(bound: BoundField) -> dict[str, Any]:
    return {name: bound.field.widget.attrs[name] for name in OWN_PARAMETERS & bound.field.widget.attrs.keys()}

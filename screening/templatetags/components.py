"""`{% load components %}`: every component a page can use. templates/components/README.md lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from screening.forms.presentation import presentation_of
from screening.templatetags.error_words import messages
from screening.templatetags.form_parameters import first_control, render_field
from screening.templatetags.icons import labelled, shape
from screening.templatetags.nhs import nested, render_component

register = template.Library()

VERDICTS = {
    "met": (gettext_lazy("Met"), "tick"),
    "not_met": (gettext_lazy("Not met"), "cross"),
    "unknown": (gettext_lazy("Cannot tell"), "question"),
}
OUTCOMES = {
    "urgent": (gettext_lazy("Urgent"), "alert"),
    "flagged_review": (gettext_lazy("For specialist review"), "arrow-right"),
    "more_info": (gettext_lazy("More information needed"), "question"),
    "not_currently": (gettext_lazy("Criteria not met at present"), "dash"),
}
TIERS = {
    1: (gettext_lazy("Emergency: 999 or A&E now"), "alert"),
    2: (gettext_lazy("Same day"), "clock"),
    3: (gettext_lazy("Within a few days"), "clock"),
    4: (gettext_lazy("Call due"), "phone"),
}
STATES = {"neutral": "", "active": "arrow-right", "waiting": "clock", "done": "tick", "stopped": "dash"}
# What a row of the worklist says beside its urgency: a word always, a shape, and only then a colour.
MARKS = {
    "late": "clock",
    "senior": "alert",
    "news": "info",
    "documents": "document",
    "contact": "phone",
    "open": "lock",
}
BANNER_ICONS = {"info": "info", "success": "tick", "warning": "alert", "error": "alert"}


@register.filter
def dialled(number: str) -> str:
    """A telephone number, whose groups keep their order among words that run from right to left."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{number}\N{POP DIRECTIONAL ISOLATE}" if get_language_bidi() else number


@register.simple_tag
def component(name: str, **options: Any) -> SafeString:
    """Any component of nhsuk-frontend: `{% component "button" text="Save" %}`."""
    return render_component(name, nested(options))


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One form field; options override how the field says it looks."""
    return render_field(bound, replace(presentation_of(bound.field), **options))


@register.simple_tag
def error_summary(*forms_or_formsets: BaseForm | BaseFormSet[Any] | list[BaseForm]) -> SafeString:
    """What is wrong, with a link to the control that mends it. Shown once a page, by whoever asks first.

    A form that is one of several alike has a `name_in_summary`.
    """
    problems: list[dict[str, str]] = []
    for item in chain.from_iterable(x if isinstance(x, list) else [x] for x in forms_or_formsets):
        if not item or getattr(item, "error_summary_shown", False):
            continue
        item.error_summary_shown = True  # type: ignore[union-attr]
        if isinstance(item, BaseFormSet):
            problems += [{"text": str(error)} for error in item.non_form_errors()]
            for form in item.forms:
                problems += _problems(form)
        else:
            problems += _problems(item)
    if not problems:
        return SafeString("")
    return render_component("error-summary", {"heading": _("There is a problem"), "error_list": problems})


def _problems(form: BaseForm) -> list[dict[str, str]]:
    if not form.is_bound:
        return []
    visible = form.visible_fields()
    problems = [
        {"text": str(error), "href": f"#{visible[0].auto_id}"} if visible else {"text": str(error)}
        for error in form.non_field_errors()
    ]
    for bound in form:
        for said in messages(bound):
            name = getattr(form, "name_in_summary", "")
            problem = {"text": f"{name}: {said}" if name else said}
            if not bound.is_hidden:
                problem["href"] = f"#{first_control(bound)}"
            problems.append(problem)
    return problems


@register.inclusion_tag("components/form.html", takes_context=True)
def page_form(context: Context, form: BaseForm, **options: Any) -> dict[str, Any]:
    """A whole form without a layout."""
    return {
        "form": form,
        "submit": options.get("submit") or _("Save and continue"),
        "action": options.get("action", ""),
        "method": options.get("method", "post"),
        "with_summary": options.get("error_summary", True),
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.simple_tag
def verdict(value: str) -> SafeString:
    return labelled(value, *VERDICTS[value])


@register.simple_tag
def outcome_tag(value: str) -> SafeString:
    return labelled(value, *OUTCOMES[value])


@register.simple_tag
def urgency_tag(tier: int) -> SafeString:
    return labelled(f"tier-{int(tier)}", *TIERS[int(tier)])


@register.simple_tag
def status_tag(text: str, kind: str = "neutral") -> SafeString:
    return labelled(kind, text, STATES[kind])


@register.simple_tag
def mark_tag(text: str, kind: str) -> SafeString:
    return labelled(kind, text, MARKS[kind])


@register.simple_tag
def icon(name: str) -> SafeString:
    return shape(name)


@register.inclusion_tag("components/progress.html")
def progress(step: int, total: int, name: str = "") -> dict[str, Any]:
    return {"step": step, "total": total, "name": name}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("components/pager.html")
def pager(first_href: str = "", next_href: str = "", label: str = "") -> dict[str, Any]:
    return {"first_href": first_href, "next_href": next_href, "label": label}


@register.inclusion_tag("components/messages.html", takes_context=True)
def flash_messages(context: Context) -> dict[str, Any]:
    return {"messages": context.get("messages")}


def _block(name: str, content: str, **values: Any) -> SafeString:
    return render_to_string(f"components/{name}.html", {"content": content, **values})


@register.simple_block_tag(end_name="endcard")
def card(content: str, heading: str = "", level: int = 2, classes: str = "") -> SafeString:
    return _block("card", content, heading=heading, level=level, classes=classes)


@register.simple_block_tag(end_name="end_urgent_panel")
def urgent_panel(content: str, tier: int | str = 1, heading: str = "", level: int = 2) -> SafeString:
    return _block("urgent", content, tier=int(tier), heading=heading, level=level)


@register.simple_block_tag(end_name="endinset")
def inset(content: str) -> SafeString:
    return _block("inset", content)


@register.simple_block_tag(end_name="enddisclosure")
def disclosure(content: str, summary: str, *, opened: bool = False) -> SafeString:
    return _block("disclosure", content, summary=summary, opened=opened)


@register.simple_block_tag(end_name="endcallout")
def callout(content: str, heading: str = "", level: int = 2) -> SafeString:
    return _block("callout", content, heading=heading, level=level)


@register.simple_block_tag(end_name="endbanner")
def banner(content: str, heading: str = "", kind: str = "info", level: int = 2) -> SafeString:
    return _block("banner", content, heading=heading, kind=kind, icon=BANNER_ICONS[kind], level=level)


@register.simple_block_tag(end_name="end_empty_state")
def empty_state(content: str, heading: str, level: int = 2) -> SafeString:
    return _block("empty", content, heading=heading, level=level)


@register.simple_block_tag(end_name="end_back_link")
def back_link(content: str) -> SafeString:
    """The content is the address, so that a page can give it by filling a block; no address, no link."""
    href = mark_safe(content.strip())  # noqa: S308 - rendered by a template, so escaped once already
    if not href:
        return href
    # A landmark of its own: a screen reader that goes from region to region must not jump over it.
    link = '<nav aria-label="{}"><a class="nhsuk-back-link" href="{}">{}</a></nav>'
    return format_html(link, _("Previous page"), href, _("Back"))

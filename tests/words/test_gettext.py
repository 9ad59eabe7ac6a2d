"""Every text that a person reads can be translated: none stands in a template or in the code as it is."""

from __future__ import annotations

import ast
import gettext
from pathlib import Path

import pytest

from tests.guards.source import modules
from tests.words.extraction import Message, in_python, in_template, messages, template_files
from tests.words.plain import in_arguments, in_markup
from tests.words.plain import in_python as plain_in_python
from tests.words.pseudo import pseudo, write_catalogue

# Where people read what the code says. Rules, commands and the demo speak to those who write them.
READ = ("accounts/", "audit/sentences.py", "clinic/middleware.py", "clinic/navigation.py")
READ += tuple(
    f"screening/{chapter}/"
    for chapter in (
        "cases",
        "forms",
        "followup",
        "intake",
        "manage",
        "questionnaires",
        "review",
        "templatetags",
    )
)
NOT_READ = ("/management/", "screening/manage/demo.py", "screening/intake/filling.py")
# Sentences that stay as they are, each with the reason.
KEPT = {
    "Monday to Friday, 9am to 5pm": "what a new site starts with; an administrator writes it anew",
    "Alex Example": "a made-up name in the preview of a letter",
    "Begun | None": "a type",
    "D j M": "a format of a date",
    "D j M, H:i": "a format of a date",
    "A relative rang and told us.": "what made-up staff of the demo wrote",
    "We ring the number on your form.": "what made-up staff of the demo wrote",
    "Value error,": "what a library says, taken off before anybody reads it",
}
DATA = {"demo/components.html": {"TH-4F7K-29", "Dr Imran Example"}}  # made-up cases in the gallery


def test_no_template_says_anything_that_cannot_be_translated() -> None:
    found = {}
    for name, path in template_files().items():
        source = path.read_text(encoding="utf-8")
        plain = {*in_markup(source), *in_arguments(source)} - {"Threshold"} - DATA.get(name, set())
        if plain:
            found[name] = plain
    assert not found, 'wrap these in {% translate %} or _("…")'


def test_no_sentence_in_the_code_is_shown_as_it_stands() -> None:
    found = {
        path: plain
        for path, tree in modules().items()
        if path.startswith(READ) and not any(part in path for part in NOT_READ)
        if (plain := {text for text in plain_in_python(tree) if text not in KEPT})
    }
    assert not found, "wrap these in gettext, or say in KEPT why not"


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<a aria-label="Hello" href="#">{{ name }}</a>',
        '{% load components %}{% component "button" text="Save this" %}',
        "{% load i18n %}{% if a %}{% translate 'Good' %} but not this{% endif %}",
    ],
)
def test_the_scan_finds_plain_words(source: str) -> None:
    assert in_markup(source) or in_arguments(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% load i18n %}<p>{% translate 'Hello there' %}: {{ name }} ({{ n }})</p>",
        '<h{{ level }} class="nhsuk-heading-m">{{ heading }}</h{{ level }}>',
        '{% load components %}{% component "button" text=_("Save this") %}',
    ],
)
def test_the_scan_lets_translated_words_pass(source: str) -> None:
    assert not in_markup(source)
    assert not in_arguments(source)


def test_messages_are_read_from_templates_and_code() -> None:
    source = (
        "{% load i18n components %}{% translate 'One' %}{% blocktranslate with a=b %}Two {{ a }}"
        "{% endblocktranslate %}{% if x %}{% component 'button' text=_('Three') %}{% endif %}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    assert set(in_template(source)) == {
        Message("One"),
        Message("Two %(a)s"),
        Message("Three"),
        Message("%(n)s day", "%(n)s days"),
    }
    tree = ast.parse('ngettext("a day", "days", n); _("Four"); pgettext("month", "May")')
    assert set(in_python(tree)) == {
        Message("a day", "days"),
        Message("Four"),
        Message("May", context="month"),
    }


def test_the_catalogue_is_one_that_gettext_reads(tmp_path: Path) -> None:
    assert len(messages()) > 1000
    with write_catalogue(messages(), tmp_path).open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Save and continue") == "[Šáṽé áñð çóñţíñúé ~ ~]"
    assert read.ngettext("%(n)s text is approved.", "%(n)s texts are approved.", 2) % {"n": 2} == (
        "[2 ţéẋţš áŕé áþþŕóṽéð. ~ ~ ~]"
    )


def test_the_pseudo_language_keeps_what_is_no_word() -> None:
    words = pseudo('Call {samaritans} or <a href="tel:999">999</a>, %(name)s &amp; co')
    assert words.startswith('[Çáļļ {samaritans} óŕ <a href="tel:999">999</a>, %(name)s &amp; çó ~')
    assert pseudo("10") == "10"

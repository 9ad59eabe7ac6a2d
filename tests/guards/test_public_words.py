"""What the public reads names no medicine, promises nothing, and never says "eligible" (brief 6.5)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from screening.questionnaires.models import Kind
from screening.rules.wording import BANNED, CLINICAL_STEPS, HEALTH, PROMISED
from tests.factories.intake import shipped
from tests.guards.public_routes import PUBLIC
from tests.guards.routes import PATIENT, ROWS, by_name
from tests.guards.source import modules, templates
from tests.guards.world import Who, World
from tests.platform.production import ROOT

# Templates that only staff or a demo see; the others, the door of the staff too, are the public's.
STAFF_TEMPLATES = ("accounts/", "mfa/", "manage/", "review/", "demo/", "layouts/staff.html")
PATIENT_REVIEW = "templates/review/room/"


def words(value: Any) -> Iterator[str]:
    """Every text in a definition, whatever it hangs on."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)


def found_in(texts: Iterator[str] | list[str], banned: re.Pattern[str] = BANNED) -> list[str]:
    return [f"{match[0]!r} in {text[:80]!r}" for text in texts for match in banned.finditer(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Medical cannabis",
        "CBD oil",
        "You are eligible",
        "find out your eligibility",
        "not eligible",
        "You qualify",
    ],
)
def test_the_list_would_find_it(text: str) -> None:
    assert BANNED.search(text)


@pytest.mark.parametrize(
    "text", ["Specialist assessment for long-term pain", "Weeds? No: weekend", "the criteria"]
)
def test_the_list_lets_plain_words_pass(text: str) -> None:
    assert not BANNED.search(text.replace("Weeds? ", ""))


def _public(name: str) -> bool:
    below = name.removeprefix("templates/")
    return name.startswith(PATIENT_REVIEW) or not below.startswith(STAFF_TEMPLATES)


def test_no_template_of_the_public_uses_a_banned_word() -> None:
    public = {name: text for name, text in templates().items() if _public(name)}
    assert {"templates/intake/clinic.html", "templates/base.html", "templates/intake/ending.html"} <= set(
        public
    )
    assert not {name: hits for name, text in public.items() if (hits := found_in([text]))}


def test_no_sentence_in_the_code_of_the_public_chapters_uses_a_banned_word() -> None:
    texts = [
        node.value
        for path, tree in modules().items()
        if path.startswith(("screening/intake/", "screening/followup/", "screening/forms/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(texts) > 500
    assert not found_in(texts)


def test_no_message_uses_a_banned_word_or_speaks_of_health() -> None:
    texts = list(words(shipped(Kind.MESSAGES)["messages"]))
    assert len(texts) > 20
    assert not found_in(texts)
    assert not found_in(texts, HEALTH), "a message can be read on a locked screen by anybody"


def test_no_page_of_the_form_outside_the_clinical_step_names_a_substance() -> None:
    form = shipped(Kind.QUESTIONNAIRE)
    open_pages = [page for page in form["pages"] if page["step"] not in CLINICAL_STEPS]
    assert 10 < len(open_pages) < len(form["pages"])
    rest = [value for key, value in form.items() if key != "pages"]
    assert not found_in(list(words([_shown(page) for page in open_pages])) + list(words(rest)))


def test_nothing_a_patient_reads_promises_or_claims_anything() -> None:
    texts = list(words(_shown(shipped(Kind.QUESTIONNAIRE)["pages"])))
    texts += [rule["patient"] for rule in shipped(Kind.RULESET)["rules"] if rule.get("patient")]
    assert len(texts) > 400
    assert not found_in(texts, PROMISED)


def _shown(value: Any) -> Any:
    """A definition without what nobody reads: ids, codes, conditions, sources."""
    hidden = {"id", "code", "codes", "source", "show_when", "check", "page", "step", "item", "advice"}
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items() if key not in hidden}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


def test_no_address_names_a_substance_or_a_condition() -> None:
    pages = [page["id"] for page in shipped(Kind.QUESTIONNAIRE)["pages"]]
    routes = [str(route.pattern) for route in by_name()]
    assert not found_in(pages + routes)


def test_no_file_that_the_public_loads_uses_a_banned_word() -> None:
    files = [path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    assert files, "the scan found no files"
    assert not {Path(path).name: hits for path in files if (hits := found_in([path.read_text("utf-8")]))}


@pytest.mark.django_db
def test_no_public_page_as_it_is_served_uses_a_banned_word(world: World) -> None:
    """Titles, metadata, alternative texts and all: the whole answer."""
    served: dict[str, str] = {}
    for row in ROWS:
        if row.get == 200 and (row.name in PUBLIC or row.audience is PATIENT):
            browser = world.browser(Who.PATIENT, holding=row.holding) if row.audience is PATIENT else Client()
            answer = browser.get(reverse(row.name, kwargs=row.arguments(world)))
            if not isinstance(answer, FileResponse):  # their own paper, in their own words
                served[row.name] = answer.getvalue().decode()
    assert len(served) > 20
    # These list every question, those of the clinical step too; they are behind the session.
    behind = ("intake-check", "patient-answers", "patient-copy", "patient-copy-json")
    pattern = dict.fromkeys(behind, PROMISED)
    assert not {
        name: hits for name, text in served.items() if (hits := found_in([text], pattern.get(name, BANNED)))
    }

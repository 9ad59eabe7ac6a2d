"""A patient who reads a language that nobody speaks: every word on the way is in it, and nothing breaks.

The words of the product come from a catalogue generated here, those of the questions from a translation that
was sent in as a file, approved by a lead clinician and offered, as for any other language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.models import Response
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import journey_of
from screening.questionnaires.services import (
    Written,
    add_translations,
    approve_translations,
    offer_translation,
)
from screening.rules.translation import places_of
from tests.factories.intake import NOON, published_version, shipped
from tests.factories.people import make_member
from tests.system.answers import ANSWERS
from tests.system.looking import PHONE
from tests.system.walker import Patient, Staff
from tests.words.extraction import messages
from tests.words.pseudo import CODE, pseudo, write_catalogue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
NAME = "[Þšéûðö]"
PLAIN = re.compile(r"[A-Za-z]{2,}")
# Everything that is read or read aloud, but for what says itself to be in another language.
READ = """() => {
    const said = [];
    const visit = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return said.push(node.textContent);
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches('script, style, [lang]:not(html)')) return;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-under', 'data-over'])
            if (node.hasAttribute(name)) said.push(node.getAttribute(name));
        node.childNodes.forEach(visit);
    };
    visit(document.documentElement);
    return said.map((text) => text.trim()).filter(Boolean);
}"""


class Reader(Patient):
    """Finds buttons and links by their words in the pseudo-language, and plain English anywhere."""

    data: frozenset[str]
    english: dict[str, set[str]]

    def presses(self, button: str) -> None:
        self.reads_on()
        super().presses(pseudo(button))

    def follows(self, link: str) -> None:
        self.reads_on()
        super().follows(pseudo(link))

    def reads_on(self) -> None:
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE, self.path
        assert self.page.locator("html").get_attribute("lang") == CODE, self.path
        if found := plain_words(self.page) - self.data:
            self.english.setdefault(self.path, set()).update(found)


def plain_words(page: Page) -> set[str]:
    return {word for text in page.evaluate(READ) for word in PLAIN.findall(text)}


def words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from PLAIN.findall(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from words_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from words_in(inner)


@pytest.fixture
def catalogue(settings: Settings, tmp_path: Path) -> None:
    write_catalogue(messages(), tmp_path / "locale")
    settings.LOCALE_PATHS = [tmp_path / "locale"]


@pytest.fixture
def offered(clinic: Site, catalogue: None) -> Site:
    """The clinic offers the pseudo-language: written by one person, approved by another."""
    writer = make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic)
    lead = make_member(Role.LEAD_CLINICIAN, site=clinic)
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    texts = [
        Written(place.name, place.source, pseudo(place.source))
        for place in places_of(journey_of(version).questionnaire)
    ]
    translation = add_translations(
        version=version, language=CODE, texts=texts, by=Actor.staff(writer), at=NOON
    )
    rows = list(translation.texts.values_list("pk", flat=True))
    approve_translations(translation=translation, texts=rows, by=Actor.staff(lead), at=NOON)
    offer_translation(translation=translation, offered=True, by=Actor.staff(lead), at=NOON)
    return clinic


def reader(patient: Callable[..., Patient], site: Site, **changes: Any) -> Reader:
    sam = patient(Reader, **changes)
    sources = [
        item["source"]
        for page in shipped(Kind.QUESTIONNAIRE)["pages"]
        for item in page["items"]
        if "codes" in item
    ]
    about = [site.name, site.phone, site.opening_hours, site.neutral_sender, sources, "Threshold TH"]
    sam.data, sam.english = frozenset(words_in([ANSWERS, about])), {}
    return sam


@pytest.mark.nightly
def test_the_whole_form_is_read_and_sent_in_the_language_that_was_chosen(
    patient: Callable[..., Patient], staff: Callable[..., Staff], offered: Site
) -> None:
    sam = reader(patient, offered, records="will_send")
    sam.goes_to("/clinic/harbour/")
    assert sam.page.locator("html").get_attribute("lang") == "en-gb"
    with sam.page.expect_navigation():
        sam.page.get_by_role("button", name=NAME).click()
    sam.looks("pseudo-start")
    sam.follows("Start now")
    sam.presses("Continue")
    sam.looks("pseudo-two-facts-blank")
    sam.fills({name: sam.answers[name] for name in ("dob", "nation")})
    sam.presses("Continue")
    sam.goes_on_to("your-name")
    sam.presses("Save and continue")
    sam.looks_at_error("pseudo-blank") if sam.page.title().startswith("Error:") else sam.looks("pseudo-blank")
    sam.goes_on_to("check")
    sam.looks("pseudo-check")
    sam.presses("Send my answers")
    sam.data |= frozenset(words_in(Response.objects.get().case.reference))
    sam.reads_on()
    sam.looks("pseudo-receipt")
    sam.goes_to("/form/")
    sam.reads_on()
    for page in ("privacy", "accessibility"):
        sam.goes_to(f"/clinic/harbour/{page}/")
        sam.reads_on()
    assert sam.english == {}

    # Who reads the case sees which language was used, and the answers in their own
    response = Response.objects.get()
    assert response.language == CODE
    clinician = staff(make_member(site=offered))
    clinician.opens_case(response.case.reference)
    clinician.reads(NAME, "Naproxen")
    assert clinician.page.locator("html").get_attribute("lang") == "en-gb"


def test_urgent_advice_is_read_in_the_language_too(patient: Callable[..., Patient], offered: Site) -> None:
    kim = reader(patient, offered, rf_saddle="new_or_worse")
    kim.goes_to("/clinic/harbour/")
    with kim.page.expect_navigation():
        kim.page.get_by_role("button", name=NAME).click()
    kim.follows("Start now")
    kim.fills({name: kim.answers[name] for name in ("dob", "nation")})
    kim.presses("Continue")
    kim.goes_on_to("rf-saddle")
    kim.answers_page()
    assert kim.question == "advice"
    kim.reads("999")
    kim.looks("pseudo-advice")
    kim.presses("Continue")
    kim.looks("pseudo-advice-not-read")
    kim.reads_on()
    assert kim.english == {}


def test_without_approval_a_warning_sign_is_read_in_the_source_and_says_so(
    patient: Callable[..., Patient], clinic: Site, catalogue: None
) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    writer, lead = (
        make_member(role, site=clinic) for role in (Role.QUESTIONNAIRE_MANAGER, Role.LEAD_CLINICIAN)
    )
    texts = [
        Written(p.name, p.source, pseudo(p.source)) for p in places_of(journey_of(version).questionnaire)
    ]
    made = add_translations(version=version, language=CODE, texts=texts, by=Actor.staff(writer), at=NOON)
    offer_translation(translation=made, offered=True, by=Actor.staff(lead), at=NOON)
    lee = reader(patient, clinic)
    lee.goes_to("/clinic/harbour/")
    with lee.page.expect_navigation():
        lee.page.get_by_role("button", name=NAME).click()
    lee.follows("Start now")
    lee.fills({name: lee.answers[name] for name in ("dob", "nation")})
    lee.presses("Continue")
    lee.goes_on_to("rf-saddle")
    lee.looks("pseudo-not-approved")
    legend = lee.page.locator("legend")
    assert "Have you noticed numbness" in legend.inner_text()
    assert legend.locator("[lang='en-GB']").count() == 1
    assert lee.page.locator(".nhsuk-radios__label [lang='en-GB']").count() == 4
    assert lee.page.title().startswith("Numbness")
    lee.reads_on()
    assert {word for path, found in lee.english.items() if path == "/form/rf-saddle/" for word in found} <= {
        "Numbness"
    }


def test_the_page_where_the_words_are_approved(staff: Callable[..., Staff], clinic: Site) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    writer = make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic)
    texts = [
        Written(place.name, place.source, pseudo(place.source))
        for place in places_of(journey_of(version).questionnaire)
        if place.unit in ("item.rf_saddle", "page.rf-saddle", "item.goals", "advice.ae_spine")
    ]
    add_translations(version=version, language=CODE, texts=texts, by=Actor.staff(writer), at=NOON)
    lead = staff(make_member(Role.LEAD_CLINICIAN, site=clinic))
    lead.goes_to(f"/staff/manage/versions/questionnaire/{version.code}/{version.number}/")
    lead.follows(NAME)
    lead.looks("language")
    lead.presses("Approve the ticked words")
    lead.reads("Tick the words that you have read.")
    lead.page.get_by_label("I have read these words, and they are right: item.rf_saddle").check()
    lead.presses("Approve the ticked words")
    lead.reads("texts are approved.", "In use")
    lead.presses("Offer this language")
    lead.reads("Patients can choose this language on the first page.")
    lead.looks("language-offered")

    author = staff(writer)
    author.goes_to(lead.path)
    author.presses("Add these translations")
    author.looks_at_error("language-no-file")

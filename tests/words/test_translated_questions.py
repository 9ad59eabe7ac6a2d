"""The words of a version in another language: what is shown of them, and when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.models import AuditEvent
from screening.questionnaires.models import DefinitionVersion, Kind, TranslatedText, Translation
from screening.questionnaires.selectors import journey_in, journey_of, languages_offered
from screening.questionnaires.services import (
    Written,
    add_translations,
    approve_translations,
    draft_version,
    offer_translation,
    publish_version,
)
from screening.rules.definition import Questionnaire
from screening.rules.translation import Foreign, Place, Words, places_of, same_placeholders, translated
from tests.factories.intake import NOON, open_clinic, published_version, shipped
from tests.factories.people import make_member
from tests.words.pseudo import CODE, pseudo

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def form() -> Questionnaire:
    return Questionnaire.model_validate(shipped(Kind.QUESTIONNAIRE))


def said(places: list[Place], **changes: Any) -> dict[str, Words]:
    return {p.name: Words(pseudo(p.source), p.source_sha256, **{"approved": True} | changes) for p in places}


# --- pure ------------------------------------------------------------------------------------------


def test_every_text_of_the_form_has_a_place_of_its_own(form: Questionnaire) -> None:
    names = [place.name for place in places_of(form)]
    assert len(names) == len(set(names)) > 600
    sources = {place.source for place in places_of(form)}
    assert {item.text for item in form.items()} <= sources
    assert {o.text for i in form.items() for part in (i, *i.items) for o in part.options} <= sources


def test_with_all_words_everything_is_said_in_the_other_language(form: Questionnaire) -> None:
    other = translated(form, said(places_of(form)))
    assert [place.source for place in places_of(other)] == [pseudo(p.source) for p in places_of(form)]
    assert not [place for place in places_of(other) if isinstance(place.source, Foreign)]


def test_ids_conditions_and_advice_stay_what_they_are(form: Questionnaire) -> None:
    other = translated(form, said(places_of(form)))
    for one, two in zip(form.items(), other.items(), strict=True):
        assert (one.id, one.show_when, one.advice, one.option_codes()) == (
            two.id,
            two.show_when,
            two.advice,
            two.option_codes(),
        )


@pytest.mark.parametrize("missing", ["item.peg_p.text", "item.rf_saddle.option.not_sure.text"])
def test_a_question_is_said_whole_or_not_at_all(form: Questionnaire, missing: str) -> None:
    words = said(places_of(form))
    del words[missing]
    item = translated(form, words).item(missing.split(".")[1])
    assert all(isinstance(text, Foreign) for text in (item.text, *(o.text for o in item.options)))
    assert str(item.text) == form.item(item.id).text
    assert item.text.__html__().startswith('<span lang="en-GB">')  # type: ignore[attr-defined]


def test_words_whose_source_changed_are_not_shown(form: Questionnaire) -> None:
    words = said(places_of(form))
    words["item.goals.text"] = Words("[Ólð]", "0" * 64, approved=True)
    assert isinstance(translated(form, words).item("goals").text, Foreign)


def test_warning_signs_advice_and_statements_wait_for_a_name(form: Questionnaire) -> None:
    other = translated(form, said(places_of(form), approved=False))
    assert not isinstance(other.item("peg_p").text, Foreign)
    assert isinstance(other.item("rf_saddle").text, Foreign)
    assert isinstance(other.page("rf-saddle").title, Foreign)
    assert isinstance(other.item("cs1").text, Foreign)
    assert all(isinstance(advice.title, Foreign) for advice in other.advice.values())
    asked = {place.unit for place in places_of(form) if place.guarded}
    assert {f"item.{i.id}" for i in form.items() if i.advice} <= asked
    assert {f"item.{s.item}" for s in form.statements} <= asked


def test_a_number_or_a_name_is_never_lost_in_translation() -> None:
    assert same_placeholders("Call {samaritans}", "Ring {samaritans} an")
    assert not same_placeholders("Call {samaritans}", "Ring an")
    assert not same_placeholders("Call {samaritans}", "Ring {samariter} an")
    assert not same_placeholders("Call us", "Ring {samaritans} an")
    assert not same_placeholders("Call us", "Ring {Samariter} an")


# --- stored ----------------------------------------------------------------------------------------


@pytest.fixture
def clinic(db: None) -> Site:
    return open_clinic()


def writer_of(site: Site) -> Membership:
    return make_member(Role.QUESTIONNAIRE_MANAGER, site=site)


def write(version: DefinitionVersion, writer: Membership, **changes: str) -> Translation:
    places = places_of(journey_of(version).questionnaire)
    texts = [Written(p.name, p.source, changes.get(p.name, pseudo(p.source))) for p in places]
    return add_translations(version=version, language=CODE, texts=texts, by=Actor.staff(writer), at=NOON)


def approve_all(translation: Translation, lead: Membership) -> int:
    texts = list(translation.texts.values_list("pk", flat=True))
    return approve_translations(translation=translation, texts=texts, by=Actor.staff(lead), at=LATER)


def test_safety_words_are_shown_from_the_moment_a_second_person_approves_them(clinic: Site) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    translation = write(version, writer_of(clinic))
    source = journey_of(version).questionnaire.item("rf_saddle").text
    assert str(journey_in(version, CODE).questionnaire.item("rf_saddle").text) == source
    lead = make_member(Role.LEAD_CLINICIAN, site=clinic)
    assert approve_all(translation, lead) > 600
    assert journey_in(version, CODE).questionnaire.item("rf_saddle").text == pseudo(source)
    assert AuditEvent.objects.filter(event="translation_approved", user_id=lead.user_id).count() == 1


def test_whoever_wrote_the_words_cannot_approve_them(clinic: Site) -> None:
    writer = writer_of(clinic)
    translation = write(published_version(clinic, Kind.QUESTIONNAIRE), writer)
    with pytest.raises(DatabaseError, match="writer_never_approves"), transaction.atomic():
        approve_all(translation, writer)


def test_approved_words_cannot_be_changed_or_taken_away_only_followed(clinic: Site) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    translation = write(version, writer_of(clinic))
    approve_all(translation, make_member(Role.LEAD_CLINICIAN, site=clinic))
    rows = TranslatedText.objects.filter(translation=translation, place="item.rf_saddle.text")
    for change in ({"text": "[Šóḿéţĥíñĝ éļšé]"}, {"approved_by": None, "approved_at": None}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    # New words are a new row: nobody has approved them, so patients read the source again.
    write(version, writer_of(clinic), **{"item.rf_saddle.text": "[Ñéŵ]"})
    assert rows.count() == 2
    assert isinstance(journey_in(version, CODE).questionnaire.item("rf_saddle").text, Foreign)


def test_sending_the_same_file_again_writes_nothing(clinic: Site) -> None:
    version, writer = published_version(clinic, Kind.QUESTIONNAIRE), writer_of(clinic)
    count = write(version, writer).texts.count()
    assert write(version, writer).texts.count() == count


def test_a_new_version_begins_with_the_words_of_the_last_and_marks_what_is_stale(clinic: Site) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    writer, lead = writer_of(clinic), make_member(Role.LEAD_CLINICIAN, site=clinic)
    approve_all(write(version, writer), lead)
    content = shipped(Kind.QUESTIONNAIRE)
    pages = [
        {
            **page,
            "items": [
                {**i, "text": "What matters to you?"} if i["id"] == "goals" else i for i in page["items"]
            ],
        }
        for page in content["pages"]
    ]
    draft = draft_version(
        site=clinic,
        kind=Kind.QUESTIONNAIRE,
        content={**content, "pages": pages},
        by=Actor.staff(writer),
        at=LATER,
    )
    publish_version(version=draft, by=Actor.staff(lead), at=LATER)
    form = journey_in(draft, CODE).questionnaire
    assert form.item("goals").text == "What matters to you?"
    assert isinstance(form.item("goals").text, Foreign)
    assert form.item("rf_saddle").text == pseudo(journey_of(draft).questionnaire.item("rf_saddle").text)


def test_a_language_that_patients_can_choose_stays_when_a_new_version_is_published(clinic: Site) -> None:
    version = published_version(clinic, Kind.QUESTIONNAIRE)
    writer, lead = writer_of(clinic), make_member(Role.LEAD_CLINICIAN, site=clinic)
    offer_translation(translation=write(version, writer), offered=True, by=Actor.staff(lead), at=LATER)
    for title in ("A form that nobody translated again", "A form whose draft has words of its own"):
        content = {**shipped(Kind.QUESTIONNAIRE), "title": title}
        draft = draft_version(
            site=clinic, kind=Kind.QUESTIONNAIRE, content=content, by=Actor.staff(writer), at=LATER
        )
        if "own" in title:
            write(draft, writer, **{"item.goals.text": "[Ñéŵ]"})
        publish_version(version=draft, by=Actor.staff(lead), at=LATER)
        assert languages_offered(site=clinic) == [CODE]
    assert journey_in(draft, CODE).questionnaire.item("goals").text == "[Ñéŵ]"
    assert Translation.objects.filter(version=draft).count() == 1


def test_only_what_is_offered_can_be_chosen(clinic: Site) -> None:
    by = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=clinic))
    translation = write(published_version(clinic, Kind.QUESTIONNAIRE), writer_of(clinic))
    assert languages_offered(site=clinic) == []
    offer_translation(translation=translation, offered=True, by=by, at=LATER)
    assert languages_offered(site=clinic) == [CODE]
    assert languages_offered(site=open_clinic()) == []
    offer_translation(translation=translation, offered=False, by=by, at=LATER)
    assert languages_offered(site=clinic) == []


def test_the_cookie_of_a_language_goes_where_the_settings_let_it(
    client: Client, clinic: Site, settings: Settings
) -> None:
    settings.LANGUAGE_COOKIE_SAMESITE = "Strict"
    client.post(reverse("intake-language", args=[clinic.slug]), {"language": ""})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME]["samesite"] == "Strict"

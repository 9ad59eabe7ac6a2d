"""A questionnaire in other words: what is said together, what must be approved, and what stays as it was."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.rules.canonical import sha256_of
from screening.rules.definition import Questionnaire
from screening.rules.translation import (
    Foreign,
    Words,
    places_of,
    same_placeholders,
    translated,
    untranslated_units,
)
from tests.rules.content import SMALL


def form() -> Questionnaire:
    """The small form with every kind of text somewhere."""
    content = copy.deepcopy(SMALL)
    content["text"] = "About it."
    content["steps"][0]["text"] = "The first step."
    flag, day = content["pages"][0]["items"]
    flag["options"][1]["hint"] = "Since last week."
    day["hint"] = "A year will do."
    much = content["pages"][1]["items"][0]
    much |= {"low_label": "none", "high_label": "most", "unit": "points"}
    much["validate"] = [
        {"check": "much < 9", "message": "Too much."},
        {"check": "much > 1", "message": "Few."},
    ]
    tries, agree = content["pages"][2]["items"][:2]
    tries["none_text"] = "No tries"
    tries["items"][0]["hint"] = "As on the box."
    agree["control"] = "statement"
    content["pages"].append(
        {
            "id": "fourth",
            "step": "two",
            "title": "Fourth",
            "items": [
                {"id": "last", "type": "text", "text": "Anything?"},
                {
                    "id": "more",
                    "type": "choice",
                    "text": "More?",
                    "options": [{"code": "a", "text": "A", "hint": "First"}, {"code": "b", "text": "B"}],
                },
            ],
        }
    )
    return Questionnaire.model_validate(content)


SOURCES = {
    # name, unit, text, guarded
    "form.title": ("form", "Small", False),
    "form.text": ("form", "About it.", False),
    "step.one.title": ("step.one", "One", False),
    "step.one.text": ("step.one", "The first step.", False),
    "page.first.title": ("page.first", "First", True),
    "item.flag.text": ("item.flag", "Is it new?", True),
    "item.flag.option.yes.text": ("item.flag", "Yes", True),
    "item.flag.option.yes.hint": ("item.flag", "Since last week.", True),
    "item.day.hint": ("item.day", "A year will do.", True),
    "page.second.title": ("page.second", "Second", False),
    "item.much.text": ("item.much", "How much?", False),
    "item.much.low_label": ("item.much", "none", False),
    "item.much.high_label": ("item.much", "most", False),
    "item.much.unit": ("item.much", "points", False),
    "item.much.check.1.message": ("item.much", "Too much.", False),
    "item.much.check.2.message": ("item.much", "Few.", False),
    "item.tries.none_text": ("item.tries", "No tries", True),
    "item.tries.name.text": ("item.tries.name", "Name", True),
    "item.tries.name.hint": ("item.tries.name", "As on the box.", True),
    "item.words.text": ("item.words", "Words", True),
    "page.fourth.title": ("page.fourth", "Fourth", False),
    "item.more.option.a.hint": ("item.more", "First", False),
    "advice.soon.title": ("advice.soon", "Soon", True),
    "advice.soon.text.1": ("advice.soon", "Tomorrow.", True),
    "advice.now.text.1": ("advice.now", "Go.", True),
    "advice.now.wales.text.1": ("advice.now", "Cer.", True),
}


def test_every_text_has_a_place_with_what_it_is_read_with_and_whether_it_needs_approval() -> None:
    places = {place.name: (place.unit, place.source, place.guarded) for place in places_of(form())}
    assert {name: places.get(name) for name in SOURCES} == SOURCES
    assert len(places) == len(places_of(form()))
    assert all(source for _, source, _ in places.values())


def test_places_come_in_the_order_of_the_form_and_a_question_before_its_answers() -> None:
    names = [place.name for place in places_of(form())]
    order = ["form.title", "item.flag.text", "item.flag.option.no.text", "item.flag.option.yes.text"]
    assert [name for name in names if name in order] == order


def words(*, approved: bool = True) -> dict[str, Words]:
    return {
        place.name: Words(f"<{place.source}>", place.source_sha256, approved=approved or not place.guarded)
        for place in places_of(form())
    }


def test_with_all_words_good_everything_is_said_in_them() -> None:
    said = translated(form(), words())
    assert [place.source for place in places_of(said)] == [f"<{each.source}>" for each in places_of(form())]
    assert not any(isinstance(place.source, Foreign) for place in places_of(said))
    assert said.item("flag").option_codes() == form().item("flag").option_codes()
    assert said.advice["now"].nations["wales"].text == ("<Cer.>",)


@pytest.mark.parametrize(
    "name", ["item.flag.option.yes.hint", "item.much.check.2.message", "advice.now.title"]
)
@pytest.mark.parametrize("how", ["missing", "of another text"])
def test_one_text_that_is_not_good_keeps_its_whole_unit_as_it_was(name: str, how: str) -> None:
    known = words()
    if how == "missing":
        del known[name]
    else:
        known[name] = Words("<old>", sha256_of("old"), approved=True)
    unit = SOURCES[name][0] if name in SOURCES else "advice.now"
    assert untranslated_units(places_of(form()), known) == {unit}
    for before, after in zip(places_of(form()), places_of(translated(form(), known)), strict=True):
        if before.unit == unit:
            assert isinstance(after.source, Foreign)
            assert (after.source, after.source.lang) == (before.source, "en-GB")
        else:
            assert after.source == f"<{before.source}>"


def test_what_stays_untranslated_is_in_the_language_of_its_form() -> None:
    welsh = form().model_copy(update={"language": "cy"})
    assert {place.source.lang for place in places_of(translated(welsh, {}))} == {"cy"}  # type: ignore[attr-defined]


def test_words_about_safety_or_agreeing_are_said_only_when_somebody_approved_them() -> None:
    kept = untranslated_units(places_of(form()), words(approved=False))
    assert kept == {place.unit for place in places_of(form()) if place.guarded}
    assert {"item.flag", "item.agree", "advice.now"} <= kept
    assert not {"item.much", "item.more", "form"} & kept


def test_a_page_is_guarded_for_what_is_agreed_to_or_advised_anywhere_on_it() -> None:
    plain = form().model_dump(by_alias=True)

    def guarded(change: Any) -> set[str]:
        content = copy.deepcopy(plain)
        change(content)
        return {p.unit for p in places_of(Questionnaire.model_validate(content)) if p.guarded}

    listed = [{"id": "CS1", "required": True, "kind": "tick", "item": "last", "text": "I agree"}]
    assert "item.more" not in guarded(lambda content: None)
    assert "item.more" in guarded(lambda content: content.update(statements=listed))
    assert "item.more" in guarded(lambda content: content["pages"][3].update(stops=True))

    def group(content: Any) -> None:
        content["pages"][2]["items"][1]["control"] = None
        name = content["pages"][2]["items"][0]["items"][0]
        name |= {"type": "choice", "options": [{"code": "a", "text": "A"}], "advice": {"a": "now"}}

    def entry(content: Any) -> None:
        content["pages"][2]["items"][1]["control"] = None
        name = content["pages"][2]["items"][0]["items"][0]
        name |= {"type": "boolean", "control": "statement"}

    def without(content: Any) -> None:
        content["pages"][2]["items"][1]["control"] = None

    assert "item.words" in guarded(group)
    assert "item.words" in guarded(entry)
    assert "item.words" not in guarded(without)


def test_a_text_in_another_language_says_so_in_a_page() -> None:
    text = Foreign("a < b", 'e"n')
    assert text == "a < b"
    assert text.__html__() == '<span lang="e&quot;n">a &lt; b</span>'


@pytest.mark.parametrize(
    ("source", "text", "same"),
    [
        ("Call {samaritans}.", "Galwch {samaritans}.", True),
        ("Call {samaritans}.", "Galwch.", False),
        ("Call {samaritans}.", "Galwch {samaritan}.", False),
        ("Call {a} or {b}.", "{b} neu {a}.", True),
        ("Call {a}.", "{a} {a}.", False),
        ("Call.", "Galwch {.", False),
        ("Call.", "Galwch }.", False),
        ("Call {a}.", "Galwch {a} {!}.", False),
        ("Call.", "Galwch.", True),
    ],
)
def test_a_translation_names_the_same_numbers_and_nothing_half_written(
    source: str, text: str, same: bool
) -> None:
    assert same_placeholders(source, text) is same

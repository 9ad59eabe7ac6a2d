"""The texts of letters: what each must hold, what none may say, and how its places are filled."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from screening.rules.letters import ABOUT, Letters, LetterText, filled
from tests.rules.content import ROOT, read

SHIPPED = read(ROOT / "seed/letters/default.yml")
MISSING = next(about for about in ABOUT if about != SHIPPED["letters"][0]["about"])
OFFER = {"about": "offered_assessment", "to": "patient"}
DECLINED = {"about": "declined_with_reasons", "to": "patient"}


def test_what_ships_is_whole() -> None:
    letters = Letters.model_validate(SHIPPED)
    found = letters.letter("declined_with_reasons", "patient")
    assert found is not None
    assert "{reasons}" in found.text
    assert letters.letter("declined_with_reasons", "nobody") is None


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [
        ({**OFFER, "text": "Dear {name}, of {diagnosis}"}, "{diagnosis} may not be used in a letter"),
        ({**OFFER, "text": "Take {}"}, "{} may not be used in a letter"),
        ({**DECLINED, "text": "Dear {name}"}, "the letter has to give the {reasons}"),
    ],
)
def test_a_letter_with_a_place_for_something_else_is_refused(letter: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        LetterText.model_validate(letter)
    assert sentence in str(refused.value)


def test_places_that_are_known_are_taken() -> None:
    for letter in ({**OFFER, "text": "Dear {name}"}, {**DECLINED, "text": "{reasons}"}):
        assert LetterText.model_validate(letter).text == letter["text"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"letters": [*SHIPPED["letters"], SHIPPED["letters"][0]]}, "is there twice"),
        ({"reasons": [SHIPPED["reasons"][0]] * 2}, "is there twice"),
        ({"reasons": [SHIPPED["reasons"][0]], "help": [SHIPPED["reasons"][0]]}, "is there twice"),
        (
            {"letters": [each for each in SHIPPED["letters"] if each["about"] != "offered_assessment"]},
            "there is no letter to the patient about offered_assessment",
        ),
        ({"letters": SHIPPED["letters"][:1]}, f"there is no letter to the patient about {MISSING}"),
        ({"reasons": [{**SHIPPED["reasons"][0], "text": "You are eligible."}]}, "a letter may not say"),
        ({"reasons": [{**SHIPPED["reasons"][0], "change": "You qualify."}]}, "a letter may not say"),
        ({"help": [{**SHIPPED["help"][0], "text": "Tramadol helps."}]}, "a letter may not say"),
        ({"letters": [{**each, "text": f"{each['text']} Guaranteed."} for each in SHIPPED["letters"]]},
         "a letter may not say"),
    ],
)  # fmt: skip
def test_letters_that_lack_something_or_promise_something_are_refused(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Letters.model_validate({**SHIPPED, **changes})
    assert sentence in str(refused.value)


NOT_SAID = """
    cannabis; cannabinoids; marijuana; hemp; CBD; THC; CBPM; CBPMs; nabilone; nabiximols; dronabinol; sativex
    epidyolex; paracetamol; ibuprofen; naproxen; diclofenac; codeine; co-codamol; tramadol; morphine
    oxycodone; fentanyl; buprenorphine; tapentadol; gabapentin; pregabalin; amitriptyline; nortriptyline
    duloxetine; venlafaxine; carbamazepine; baclofen; diazepam; methotrexate; eligible; ineligible
    not eligible; eligibility; you qualify; you are suitable; guarantee; guaranteed
"""


@pytest.mark.parametrize(
    "word", [word.strip() for line in NOT_SAID.strip().splitlines() for word in line.split(";")]
)
def test_no_letter_names_a_medicine_or_makes_a_promise(word: str) -> None:
    for said in (word, word.upper()):
        with pytest.raises(ValidationError, match=f"a letter may not say “{said}”"):
            Letters.model_validate({**SHIPPED, "help": [{**SHIPPED["help"][0], "text": f"Oh, {said}."}]})
    Letters.model_validate(
        {**SHIPPED, "help": [{**SHIPPED["help"][0], "text": f"Oh, re{word.replace(' ', '')}x."}]}
    )


def test_every_place_of_the_template_may_be_used_in_a_letter() -> None:
    places = "{clinic} {name} {born} {reference} {date} {phone} {hours} {reasons} {change} {help}"
    assert LetterText.model_validate({**DECLINED, "text": places}).text == places


def test_titles_may_be_left_out() -> None:
    bare = {name: SHIPPED[name] for name in ("code", "title", "letters")}
    letters = Letters.model_validate(bare)
    assert (letters.change_title, letters.help_title, letters.reasons, letters.help) == ("", "", (), ())
    assert letters.text is None
    reason = {name: SHIPPED["reasons"][0][name] for name in ("code", "title", "text")}
    assert Letters.model_validate({**SHIPPED, "reasons": [reason]}).reasons[0].change is None


def test_each_place_is_filled_once_and_a_paragraph_that_comes_out_empty_is_left_out() -> None:
    text = "Dear {name},\n\n{reasons}\n  \n{help}\n\nFrom {clinic}"
    said = filled(text, {"name": "{clinic}", "reasons": "One.\nTwo.", "clinic": "Us"})
    assert said == "Dear {clinic},\n\nOne.\nTwo.\n\nFrom Us"


def test_a_paragraph_that_comes_out_empty_is_left_out_at_either_end_too() -> None:
    assert filled("{help}\n\nDear {name}\n\n{change}", {"name": "you"}) == "Dear you"
    assert filled("{help}\n\n{change}", {}) == ""

"""What a patient reads can be read at about eleven; what cannot is named, with the reason."""

from __future__ import annotations

import pytest

from tests.words.given import GIVEN, is_given
from tests.words.readability import FEWEST_WORDS, Reading, reading, syllables
from tests.words.reading import readings, texts

AGE = 11
SHARE = 0.95
# One sentence with two long words that it needs may be harder, but not by much.
HARDEST = 14.5


def ours() -> list[tuple[str, Reading]]:
    return [(place, found) for place, found in readings() if not is_given(place)]


def average(found: list[tuple[str, Reading]]) -> float:
    """The age of all texts, each as heavy as it is long."""
    return sum(one.age * one.words for _place, one in found) / sum(one.words for _place, one in found)


def test_texts_that_are_ours_are_easy_enough() -> None:
    found = ours()
    assert len(found) > 250
    hard = [(one.age, place, one.text) for place, one in found if one.age > AGE]
    assert len(hard) <= (1 - SHARE) * len(found), hard
    assert not [entry for entry in hard if entry[0] > HARDEST]
    assert average(found) < 9


def test_the_form_as_a_whole_is_easy_enough_with_the_words_that_were_given() -> None:
    assert len(readings()) > 400
    assert average(readings()) < AGE - 1


def test_every_exception_is_needed() -> None:
    hard = [place for place, found in readings() if found.age > AGE]
    assert {start for start in GIVEN if not any(place.startswith(start) for place in hard)} == set()


def test_everything_a_patient_reads_is_measured() -> None:
    places = {place for place, _text in texts()}
    assert {
        "templates/intake/clinic.html",
        "templates/components/safety.html",
        "templates/review/room/home.html",
        "item.rf_saddle.text",
        "item.treatments.name.text",
        "messages",
    } <= places
    assert any(place.startswith("rule ") for place in places)
    assert any(place.startswith("screening/intake/") for place in places)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("make", 1),
        ("table", 2),
        ("answer", 2),
        ("treatment", 2),
        ("medicine", 2),  # a name: everybody says it
        ("information", 4),
        ("asked", 1),
        ("needed", 2),
        ("GP", 2),
        ("1,500", 1),
        ("constipation", 4),
    ],
)
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("We save your answers. You can stop and come back. The link works for two weeks.", 3, 7),
        ("The utilisation of multidisciplinary pharmacotherapy necessitates authorisation.", 25, 60),
        (
            "Your answers will be reviewed by a clinician who has specialist training in long-term pain.",
            9,
            14,
        ),
    ],
)
def test_the_age_follows_the_formula(text: str, lowest: float, highest: float) -> None:
    assert reading(text).words >= FEWEST_WORDS
    assert lowest <= reading(text).age <= highest

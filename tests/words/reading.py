"""Every text that a patient reads: pages, questions, advice, statements, messages, sentences of the rules."""

from __future__ import annotations

from collections.abc import Iterator

from screening.questionnaires.models import Kind
from screening.rules.definition import Questionnaire
from screening.rules.translation import places_of
from tests.factories.intake import shipped
from tests.guards.test_public_words import words
from tests.words.extraction import messages
from tests.words.readability import FEWEST_WORDS, Reading, reading

# Pages and modules whose words patients read.
READ_BY_PATIENTS = (
    "templates/intake/",
    "templates/followup/stop",
    "templates/followup/room/",
    "templates/review/room/",
    "templates/layouts/patient",
    "templates/components/",
    "templates/errors/",
    "templates/base",
    "templates/4",
    "templates/5",
    "screening/intake/",
    "screening/review/room/standing.py",
    "screening/forms/",
    "screening/templatetags/",
)


def texts() -> Iterator[tuple[str, str]]:
    """Each text with where it stands."""
    for message, place in messages().items():
        if place.startswith(READ_BY_PATIENTS):
            yield place, message.text
    for stands in places_of(Questionnaire.model_validate(shipped(Kind.QUESTIONNAIRE))):
        yield stands.name, stands.source
    for text in words(shipped(Kind.MESSAGES)["messages"]):
        yield "messages", text
    for rule in shipped(Kind.RULESET)["rules"]:
        for field in ("patient", "patient_unknown"):
            if rule.get(field):
                yield f"rule {rule['code']}", rule[field]


def readings() -> list[tuple[str, Reading]]:
    """The texts that are long enough to judge, hardest first."""
    found = {text: (place, reading(text)) for place, text in texts()}
    judged = [entry for entry in found.values() if entry[1].words >= FEWEST_WORDS]
    return sorted(judged, key=lambda entry: -entry[1].age)

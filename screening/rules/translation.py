"""What a patient reads of a definition in another language, each text tied to the one it translates. Pure.

A definition is a questionnaire, the sentences of a rule set for patients, or a set of messages.

A unit is what is read together: a question with its hints and answers, the title of a page, one advice. A
unit is said in the other language only when every text of it is there, translates what is written now and,
where it is about safety or about agreeing, was approved by a named person. Otherwise all of it stays as it
was written and says which language that is: half a question in each language would be read wrong.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from screening.rules.base import Frozen
from screening.rules.canonical import sha256_of
from screening.rules.questionnaire import (
    PLACEHOLDER,
    Advice,
    AdviceWords,
    Check,
    Item,
    Option,
    Page,
    Questionnaire,
    Step,
)
from screening.rules.ruleset import Rule, RuleSet
from screening.rules.schedule import Message, Messages

# What a patient reads of each part. Helplines are numbers; statements are read as the words of their item.
_TEXTS: Final[Mapping[type[Frozen], tuple[str, ...]]] = {
    Questionnaire: ("title", "text"),
    Step: ("title", "text"),
    Page: ("title", "text"),
    Item: ("text", "hint", "low_label", "high_label", "unit", "none_text"),
    Option: ("text", "hint"),
    Check: ("message",),
    Advice: ("title", "text"),
    AdviceWords: ("title", "text"),
    Rule: ("patient", "patient_unknown"),
    Message: ("subject", "text"),
}
_Part = TypeVar("_Part", bound=Frozen)
Read = Questionnaire | RuleSet | Messages
Definition = TypeVar("Definition", bound=Read)
# Rule sets and messages do not say in which language they are written.
WRITTEN_IN: Final = "en-GB"


class Foreign(str):
    """A text in another language than the page around it. In HTML it says in which."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str) -> Foreign:
        said = super().__new__(cls, text)
        said.lang = lang
        return said

    def __html__(self) -> str:
        return f'<span lang="{html.escape(self.lang)}">{html.escape(self)}</span>'


@dataclass(frozen=True)
class Place:
    """One text: where it stands, what it says, what it is read with, and whether it must be approved."""

    unit: str
    name: str
    source: str
    guarded: bool

    @property
    def source_sha256(self) -> str:
        return sha256_of(self.source)


@dataclass(frozen=True)
class Words:
    """The newest words for one place: which text they translate, and whether a named person approved them."""

    text: str
    source_sha256: str
    approved: bool = False


Say = Callable[[Place], str]


def places_of(definition: Read) -> list[Place]:
    """Every text that a patient reads, in the order of the definition."""
    found: list[Place] = []

    def note(place: Place) -> str:
        found.append(place)
        return place.source

    _reworded(definition, note)
    return found


def translated(definition: Definition, words: Mapping[str, Words]) -> Definition:
    """The same definition in other words; what cannot be said yet stays, as `Foreign`."""
    kept = untranslated_units(places_of(definition), words)
    written_in = definition.language if isinstance(definition, Questionnaire) else WRITTEN_IN

    def say(place: Place) -> str:
        if place.unit in kept:
            return Foreign(place.source, written_in)
        return words[place.name].text

    return cast("Definition", _reworded(definition, say))


def untranslated_units(places: Iterable[Place], words: Mapping[str, Words]) -> frozenset[str]:
    """The units that stay in the language they were written in."""
    return frozenset(place.unit for place in places if not is_good(place, words.get(place.name)))


def is_good(place: Place, words: Words | None) -> bool:
    if words is None or words.source_sha256 != place.source_sha256:
        return False
    return words.approved or not place.guarded


def same_placeholders(source: str, text: str) -> bool:
    """Whether a translation names the same numbers and names: `{samaritans}` is no word to translate."""
    return sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(text)) and not re.search(
        r"[{}]", PLACEHOLDER.sub("", text)
    )


# --- one walk over everything that is read ---------------------------------------------------------


def _reworded(definition: Read, say: Say) -> Read:
    if isinstance(definition, Questionnaire):
        return _questionnaire(definition, say)
    if isinstance(definition, RuleSet):
        return definition.model_copy(update={"rules": tuple(_rule(rule, say) for rule in definition.rules)})
    said = tuple(_message(message, say) for message in definition.messages)
    return definition.model_copy(update={"messages": said})


def _rule(rule: Rule, say: Say) -> Rule:
    return _said(rule, f"rule.{rule.code}", say, guarded=rule.effect == "urgent")


def _message(message: Message, say: Say) -> Message:
    """Anybody may see a message on a locked screen: a person vouches that it says nothing about health."""
    return _said(message, f"message.{message.code}.{message.channel}", say, guarded=True)


def _questionnaire(questionnaire: Questionnaire, say: Say) -> Questionnaire:
    said = _said(questionnaire, "form", say)
    statements = {statement.item for statement in questionnaire.statements}
    pages = tuple(_page(page, statements, say) for page in questionnaire.pages)
    changes = {
        "steps": tuple(_said(step, f"step.{step.id}", say) for step in questionnaire.steps),
        "pages": pages,
        "advice": {
            key: _advice(advice, f"advice.{key}", say) for key, advice in questionnaire.advice.items()
        },
    }
    return said.model_copy(update=changes)


def _page(page: Page, statements: set[str], say: Say) -> Page:
    """On a page with a warning sign or something to agree to, every word is guarded."""
    guarded = page.stops or any(_is_guarded(item, statements) for item in page.items)
    said = _said(page, f"page.{page.id}", say, guarded=guarded)
    items = tuple(_item(item, f"item.{item.id}", say, guarded=guarded) for item in page.items)
    return said.model_copy(update={"items": items})


def _is_guarded(item: Item, statements: set[str]) -> bool:
    if item.id in statements:
        return True
    return any(part.control == "statement" or part.advice for part in (item, *item.items))


def _item(item: Item, unit: str, say: Say, *, guarded: bool) -> Item:
    def part(name: str) -> Callable[[Any, str], Any]:
        return lambda each, key: _said(each, unit, say, guarded=guarded, below=f"{name}.{key}")

    said = _said(item, unit, say, guarded=guarded)  # the question before its answers
    changes = {
        "options": tuple(part("option")(option, option.code) for option in item.options),
        "checks": tuple(part("check")(check, str(place)) for place, check in enumerate(item.checks, 1)),
        "items": tuple(_item(inner, f"{unit}.{inner.id}", say, guarded=guarded) for inner in item.items),
    }
    return said.model_copy(update=changes)


def _advice(advice: Advice, unit: str, say: Say) -> Advice:
    said = _said(advice, unit, say, guarded=True)
    nations = {
        nation: _said(words, unit, say, guarded=True, below=nation)
        for nation, words in advice.nations.items()
    }
    return said.model_copy(update={"nations": nations})


def _said(part: _Part, unit: str, say: Say, *, guarded: bool = False, below: str = "") -> _Part:
    changes: dict[str, Any] = {}
    for field in _TEXTS[type(part)]:
        name = ".".join(filter(None, (unit, below, field)))
        value = getattr(part, field)
        if isinstance(value, tuple):
            changes[field] = tuple(
                say(Place(unit, f"{name}.{number}", text, guarded)) for number, text in enumerate(value, 1)
            )
        elif value:
            changes[field] = say(Place(unit, name, value, guarded))
    return part.model_copy(update=changes)

"""The words of a version in another language, as the people see them who write and approve them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Site
from screening.followup.samples import refusal_of
from screening.intake.language import name_for_staff
from screening.questionnaires.mistakes import MISTAKES
from screening.questionnaires.models import DefinitionVersion, TranslatedText, Translation
from screening.questionnaires.selectors import READ_BY_PATIENTS, newest_texts, texts_of
from screening.rules.definition import Message
from screening.rules.translation import Place

MISSING, STALE, WAITING, GOOD = "missing", "stale", "waiting", "good"
KINDS = {MISSING: "stopped", STALE: "stopped", WAITING: "waiting", GOOD: "done"}


def words_for(state: str) -> str:
    return {
        MISSING: _("Not translated"),
        STALE: _("Out of date: the source changed"),
        WAITING: _("Waits for approval"),
        GOOD: _("In use"),
    }[state]


@dataclasses.dataclass(frozen=True)
class LanguageRow:
    """One language that this installation has, and whether patients can choose it for this version."""

    code: str
    name: str
    offered: bool

    @classmethod
    def all_of(cls, version: DefinitionVersion) -> list[LanguageRow]:
        if version.kind not in READ_BY_PATIENTS:
            return []
        offered = set(version.translations.filter(offered=True).values_list("language", flat=True))
        return [cls(code, name_for_staff(code), code in offered) for code in other_languages()]


def other_languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@dataclasses.dataclass(frozen=True)
class TextRow:
    """One text and its words in the other language."""

    place: Place
    words: str
    state: str
    pk: int | None
    writer: int | None
    approved: str

    @classmethod
    def of(cls, place: Place, text: TranslatedText | None) -> TextRow:
        if text is None:
            return cls(place, "", MISSING, None, None, "")
        if text.source_sha256 != place.source_sha256:
            state = STALE
        else:
            state = WAITING if place.guarded and text.approved_at is None else GOOD
        approved = text.approved_by.name if text.approved_by else ""
        return cls(place, text.text, state, text.pk, text.written_by_id, approved)


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is read together, and so is shown in the other language together or not at all."""

    name: str
    rows: list[TextRow]

    @property
    def state(self) -> str:
        return next((state for state in KINDS if any(row.state == state for row in self.rows)), GOOD)

    @property
    def in_words(self) -> str:
        return words_for(self.state)

    @property
    def kind(self) -> str:
        return KINDS[self.state]

    @property
    def guarded(self) -> bool:
        return any(row.place.guarded for row in self.rows)

    @property
    def waiting(self) -> list[int]:
        return [row.pk for row in self.rows if row.state == WAITING and row.pk is not None]

    @property
    def writers(self) -> set[int | None]:
        return {row.writer for row in self.rows if row.state == WAITING and row.writer is not None}

    @property
    def approved_by(self) -> str:
        return ", ".join(dict.fromkeys(row.approved for row in self.rows if row.approved))


def units_of(version: DefinitionVersion, translation: Translation | None) -> list[Unit]:
    """Everything a patient reads, in the order of the form, each with its words in the language."""
    texts: Mapping[str, TranslatedText] = newest_texts(translation) if translation else {}
    units: dict[str, Unit] = {}
    for place in texts_of(version):
        unit = units.setdefault(place.unit, Unit(place.unit, []))
        unit.rows.append(TextRow.of(place, texts.get(place.name)))
    return list(units.values())


def refusal_of_words(place: str, words: str, site: Site) -> str:
    """The code with which sending would refuse a message that says this; empty for what is no message."""
    kind, *rest = place.split(".")
    if kind != "message":
        return ""
    _code, channel, part = rest
    subject = words if part == "subject" else "Subject" if channel == "email" else None
    text = "Text" if part == "subject" else words
    message = Message.model_construct(code="sample", channel=channel, subject=subject, text=text)
    return refusal_of(message, site)


def can_be_read(version: DefinitionVersion) -> bool:
    if version.kind not in READ_BY_PATIENTS:
        return False
    try:
        texts_of(version)
    except MISTAKES:
        return False
    return True


def counts(units: list[Unit]) -> list[tuple[str, int]]:
    """How many texts stand where: (in words, number)."""
    rows = [row for unit in units for row in unit.rows]
    return [(words_for(state), sum(row.state == state for row in rows)) for state in KINDS]

"""Definitions and the trail in the words of the people who look after them."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.events import Event
from audit.models import AuditEvent
from audit.sentences import sentence_of
from screening.manage.editor.item_forms import TYPES, type_name
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import (
    letters_of,
    messages_of,
    questionnaire_of,
    ruleset_of,
    schedule_of,
)
from screening.rules.definition import Rule
from screening.rules.questionnaire import Item

EDITORS = {Kind.QUESTIONNAIRE: "editor", Kind.RULESET: "rules", Kind.SCHEDULE: "schedule-steps"}


def edited_at(version: DefinitionVersion) -> str:
    """The address at which a draft of this kind is changed."""
    name = EDITORS.get(Kind(version.kind), "version-texts")
    return reverse(name, args=[version.kind, version.code, version.number])


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading and rows under it: (what, detail, code)."""

    title: str
    rows: list[tuple[str, str, str]]


@dataclasses.dataclass(frozen=True)
class VersionPage:
    """A definition to be read, whatever its kind."""

    sections: list[Section]
    source: str = ""
    problem: str = ""

    @classmethod
    def of(cls, version: DefinitionVersion) -> VersionPage:
        """A draft that cannot be read has a page too: whoever mends it reads there what is wrong."""
        try:
            page: VersionPage = READERS[Kind(version.kind)](version)
        except MISTAKES as error:
            return cls([], problem=sentence(error))
        return page


def _questionnaire(version: DefinitionVersion) -> VersionPage:
    definition = questionnaire_of(version)
    sections = []
    for step in definition.steps:
        rows = [
            (item.text, "; ".join(option.text for option in item.options) or _answer_name(item), item.id)
            for page in definition.pages
            if page.step == step.id
            for item in page.items
        ]
        sections.append(Section(step.title, rows))
    return VersionPage(sections)


def _answer_name(item: Item) -> str:
    """What somebody answers it with, where there is no list of answers."""
    said = {"type": item.type, "repeats": item.repeats, "control": item.control}
    return str(TYPES[type_name(said)][0])


def _rule_detail(rule: Rule) -> str:
    if isinstance(rule.when, str):
        return rule.when
    return f"{rule.when.question}: {', '.join(rule.when.answers)}"


EFFECTS = {
    "urgent": gettext_lazy("Urgent"),
    "exclude": gettext_lazy("Criteria not met"),
    "more_info": gettext_lazy("Needs more information"),
    "contradiction": gettext_lazy("Contradiction"),
    "high_caution": gettext_lazy("High caution"),
    "caution": gettext_lazy("Caution"),
    "note": gettext_lazy("Note"),
}


def _ruleset(version: DefinitionVersion) -> VersionPage:
    definition = ruleset_of(version)
    sections = [
        Section(
            str(title),
            [(r.clinician, _rule_detail(r), r.code) for r in definition.rules if r.effect == effect],
        )
        for effect, title in EFFECTS.items()
    ]
    return VersionPage([section for section in sections if section.rows], source=definition.definitions)


def _schedule(version: DefinitionVersion) -> VersionPage:
    definition = schedule_of(version)
    rows = [
        (
            step.title,
            ", ".join(f"{sending.after} {sending.channel}" for sending in step.when_to_send),
            step.code,
        )
        for step in definition.steps
    ]
    return VersionPage([Section(_("Steps"), rows)])


def _messages(version: DefinitionVersion) -> VersionPage:
    definition = messages_of(version)
    rows = [
        (m.subject or m.text, m.text if m.subject else "", f"{m.code} ({m.channel})")
        for m in definition.messages
    ]
    return VersionPage([Section(_("Messages"), rows)])


def _letters(version: DefinitionVersion) -> VersionPage:
    definition = letters_of(version)
    letters = [(letter.text, "", f"{letter.about} ({letter.to})") for letter in definition.letters]
    sections = [Section(_("Letters"), letters)]
    for title, choices in ((_("Reasons"), definition.reasons), (_("Other help"), definition.help)):
        rows = [(each.title, " ".join(filter(None, (each.text, each.change))), each.code) for each in choices]
        sections.append(Section(title, rows))
    return VersionPage(sections)


READERS: dict[Kind, Any] = {
    Kind.QUESTIONNAIRE: _questionnaire,
    Kind.RULESET: _ruleset,
    Kind.SCHEDULE: _schedule,
    Kind.MESSAGES: _messages,
    Kind.LETTERS: _letters,
}


@dataclasses.dataclass(frozen=True)
class TrailRow:
    at: datetime
    who: str
    role: str
    sentence: str
    about: str
    references: tuple[str, ...]

    @classmethod
    def of(cls, event: AuditEvent) -> TrailRow:
        """Of a list page the first cases that it showed are named, and how many more there were."""
        named = [event.case_reference] if event.case_reference else event.references[:3]
        about, more = ", ".join(named), len(event.references) - 3
        return cls(
            at=event.at,
            who=event.actor_label,
            role=event.role.replace("_", " "),
            sentence=sentence_of(Event(event.event)),
            about=f"{about} {_('and %(n)d more') % {'n': more}}" if more > 0 else about,
            references=tuple(named),
        )

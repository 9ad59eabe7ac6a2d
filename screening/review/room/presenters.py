"""Words of a room's pages. Values in, words out; nothing is read here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from audit.events import Event
from audit.models import AuditEvent
from audit.sentences import sentence_of
from screening.intake.walk import Walk
from screening.intake.wording import answer_in_words, apart, filled
from screening.review.models import Amendment, Message, Objection
from screening.review.room import policies
from screening.review.room.selectors import may_be_corrected, objected_whole
from screening.rules.definition import Item, Page, Questionnaire


@dataclasses.dataclass(frozen=True)
class Change:
    """One answer that changed after the form was sent: both values side by side."""

    question: str
    before: str
    after: str
    at: datetime
    reason: str
    asked: bool
    objects: bool = False

    @classmethod
    def about(cls, objection: Objection, items: Mapping[str, Item], *, clinic: str) -> Change:
        """What was said first, and that the patient says it is not right: no other value takes its place."""
        item = items.get(objection.item)
        return cls(
            question=filled(item.text, clinic=clinic) if item else objection.item,
            before=objected(objection, item),
            after=_("Not right"),
            at=objection.at,
            reason=objection.text,
            asked=False,
            objects=True,
        )

    @classmethod
    def of(cls, amendment: Amendment, items: Mapping[str, Item], *, clinic: str) -> Change:
        item = items.get(amendment.item)
        before, after = both_in_words(item, amendment.before, amendment.after)
        return cls(
            question=filled(item.text, clinic=clinic) if item else amendment.item,
            before=before,
            after=after,
            at=amendment.at,
            reason=amendment.reason or "",
            asked=amendment.request_id is not None,
        )


def in_words(item: Item | None, value: Any) -> str:
    words = answer_in_words(item, value) if item else str(value or "")
    return words or _("Not answered")


def both_in_words(item: Item | None, before: Any, after: Any) -> tuple[str, str]:
    """Two values of one answer, so that it shows where they differ."""
    was, now = apart(item, before, after) if item else (str(before or ""), str(after or ""))
    return was or _("Not answered"), now or _("Not answered")


def value_in_words(item: Item, value: Any, *, whole: bool) -> str:
    """An answer, or one entry of a list."""
    return in_words(item, value if whole else [value])


def objected(objection: Objection, item: Item | None) -> str:
    whole = item is None or not item.repeats or isinstance(objection.value, list)
    return value_in_words(item, objection.value, whole=whole) if item else str(objection.value)


def changes(
    amendments: Iterable[Amendment],
    objections: Iterable[Objection],
    questionnaire: Questionnaire,
    *,
    clinic: str,
) -> list[Change]:
    """What the patient changed or called not right after sending the form, in order of time."""
    items = {item.id: item for item in questionnaire.items()}
    changed = [Change.of(amendment, items, clinic=clinic) for amendment in amendments]
    called = [Change.about(objection, items, clinic=clinic) for objection in objections]
    return sorted([*changed, *called], key=lambda change: change.at)


@dataclasses.dataclass(frozen=True)
class AnswerRow:
    """One question of the form with the answer that counts, and the first one when it was corrected."""

    question: str
    answer: str
    first: str
    href: str
    not_right: list[str]
    objection_href: str


@dataclasses.dataclass(frozen=True)
class AnswerStep:
    title: str
    rows: list[AnswerRow]


def answer_steps(
    walk: Walk,
    amendments: Iterable[Amendment],
    objections: Iterable[Objection],
    *,
    clinic: str,
    correct: bool,
) -> list[AnswerStep]:
    """All questions that are asked of this person, by step."""
    first: dict[str, Any] = {}
    for amendment in amendments:
        first.setdefault(amendment.item, amendment.before)
    called: dict[str, list[Objection]] = {}
    for objection in objections:
        called.setdefault(objection.item, []).append(objection)
    steps = []
    for step in walk.steps:
        rows = [
            AnswerRow(
                question=filled(item.text, clinic=clinic),
                answer=in_words(item, walk.active.answers.get(item.id)),
                first=both_in_words(item, first[item.id], walk.active.answers.get(item.id))[0]
                if item.id in first
                else "",
                href=_correct_href(page.id, item) if correct and may_be_corrected(page) else "",
                not_right=[_not_right(each, item) for each in called.get(item.id, ())],
                objection_href=_objection_href(walk, page, item) if correct else "",
            )
            for page in walk.pages
            if page.step == step.id
            for item in walk.items_of(page)
            if item.holds_an_answer
        ]
        if rows:
            steps.append(AnswerStep(step.title, rows))
    return steps


def _not_right(objection: Objection, item: Item) -> str:
    """The entry is named; what was agreed to stands on the same row."""
    if not item.repeats:
        return objection.text
    return _("%(entry)s: %(said)s") % {"entry": objected(objection, item), "said": objection.text}


def _objection_href(walk: Walk, page: Page, item: Item) -> str:
    if not objected_whole(item, page) or not walk.answers.get(item.id):
        return ""
    return reverse("patient-objection", args=[page.id, item.id])


def _correct_href(page_id: str, item: Item) -> str:
    if item.type == "attachment":
        return reverse("patient-documents")
    return reverse("patient-correct", args=[page_id])


@dataclasses.dataclass(frozen=True)
class Said:
    """One message of the thread."""

    who: str
    ours: bool
    text: str
    at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, message: Message, *, clinic: str, patient: str) -> Said:
        ours = message.author is not None
        who = patient
        if message.author is not None:
            who = _("%(name)s, %(clinic)s") % {"name": message.author.name, "clinic": clinic}
        return cls(who, ours, message.text, message.sent_at, message.read_at)


@dataclasses.dataclass(frozen=True)
class Look:
    """Somebody of the clinic looked at the record: when, who and what they did."""

    at: datetime
    who: str
    did: str

    @classmethod
    def of(cls, event: AuditEvent) -> Look:
        role = Role(event.role).label if event.role in Role.values else _("Staff of the clinic")
        who = f"{event.actor_label} ({role})" if policies.is_named(event.role) else str(role)
        done = Event(event.event)
        return cls(event.at, who, str(DID[done]) if done in DID else sentence_of(done))


# What the trail's short sentences mean to the person whose record it is.
DID = {
    Event.WORKLIST_VIEWED: gettext_lazy("saw your name and reference in the list of cases"),
    Event.CASES_SEARCHED: gettext_lazy("saw your name and reference in the results of a search"),
    Event.CASE_VIEWED: gettext_lazy("opened your answers"),
    Event.CASE_ACTION_OPENED: gettext_lazy("opened a page about your answers, to write something down"),
    Event.CASE_PRINTED: gettext_lazy("opened your answers for printing"),
    Event.CASE_EXPORTED: gettext_lazy("made a copy of your record"),
    Event.DOCUMENT_OPENED: gettext_lazy("opened a document you sent"),
    Event.SENDING_VIEWED: gettext_lazy("saw which messages were sent to you"),
    Event.VERSION_REPLAYED: gettext_lazy("tried new rules on your answers, without changing anything"),
    Event.TRAIL_VIEWED: gettext_lazy("saw what happened to your record"),
}


@dataclasses.dataclass(frozen=True)
class Door:
    """One thing to do in the room, as the list of them takes it."""

    title: str
    hint: str
    href: str
    tag: str = ""

    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "title": {"text": self.title},
            "hint": {"text": self.hint},
            "href": self.href,
        }
        if self.tag:
            row["status"] = {"tag": {"text": self.tag, "classes": "nhsuk-tag--blue"}}
        return row


def doors(
    *, sent: bool, unread: int, writes: bool, amends: bool, looks: bool, withdraws: bool
) -> list[dict[str, Any]]:
    """What this person may do, most wanted first. What a policy refuses now is not offered."""
    found = [
        Door(
            _("Messages"),
            _("Read what we wrote, and write to us.") if writes else _("Read what we wrote."),
            reverse("patient-messages"),
            _("New") if unread else "",
        )
    ]
    if amends:
        found += [
            Door(
                _("Send a document"),
                _("A letter, a test result, a list of medicines."),
                reverse("patient-documents"),
            ),
            Door(
                _("See or correct your answers"),
                _("We keep what you said first, too."),
                reverse("patient-answers"),
            ),
        ]
    if looks:
        found.append(
            Door(
                _("Ask for another look"),
                _("If you do not agree with our decision, or something has changed."),
                reverse("patient-look"),
            )
        )
    found += [
        Door(
            _("How we contact you"),
            _("Choose email or text, and which reminders you want."),
            reverse("patient-contact"),
        ),
        Door(_("Who looked at your record"), _("Names and times."), reverse("patient-who")),
        Door(_("A copy of everything"), _("To read, print or save."), reverse("patient-copy")),
    ]
    if withdraws:
        found.append(
            Door(_("Take your form back"), _("If you do not want us to go on."), reverse("patient-withdraw"))
        )
    if not sent:
        found.append(
            Door(
                _("Delete this form"),
                _("Your answers, files and messages are deleted for good."),
                reverse("patient-erase"),
            )
        )
    return [door.row() for door in found]

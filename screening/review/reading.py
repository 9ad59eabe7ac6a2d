"""One question with what was answered to it, now and before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from screening.intake.wording import answer_in_words, apart, filled
from screening.rules.definition import Item, Questionnaire


@dataclasses.dataclass(frozen=True)
class Earlier:
    """What was said before it was changed, and when that was."""

    words: str
    until: datetime

    @classmethod
    def of(cls, item: Item, value: Any, until: datetime, *, then: Any) -> Earlier:
        """`then` is what took its place."""
        return cls(apart(item, value, then)[0] or _("Not answered"), until)


@dataclasses.dataclass(frozen=True)
class Reading:
    """One question with what was answered. `blank` when nothing was; `earlier` is what stood there first."""

    item: str
    question: str
    answer: str
    blank: bool = False
    earlier: Sequence[Earlier] = ()

    @classmethod
    def of(
        cls, item: Item, answers: Mapping[str, Any], *, clinic: str = "", earlier: Sequence[Earlier] = ()
    ) -> Reading:
        answer = answer_in_words(item, answers.get(item.id))
        question = filled(item.text, clinic=clinic)
        return cls(item.id, question, answer or _("Not answered"), blank=not answer, earlier=earlier)


def read_items(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    ids: Iterable[str],
    *,
    clinic: str = "",
    earlier: Mapping[str, Sequence[Earlier]] | None = None,
) -> list[Reading]:
    """The questions of a page. A list of entries has a table of its own, so it is only counted here."""
    items = {item.id: item for item in questionnaire.items()}
    before = earlier or {}
    found = []
    for item in (items[item_id] for item_id in ids if item_id in items):
        if item.type == "group":
            entries = answers.get(item.id)
            text = _("Not answered") if entries is None else _("%(n)d entered") % {"n": len(entries)}
            found.append(
                Reading(item.id, item.text, text, blank=entries is None, earlier=before.get(item.id, ()))
            )
        elif item.holds_an_answer:
            found.append(Reading.of(item, answers, clinic=clinic, earlier=before.get(item.id, ())))
    return found

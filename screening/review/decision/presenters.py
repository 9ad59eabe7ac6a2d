"""What was considered before a decision, in words, for whoever reads it next."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from screening.cases.models import Decision
from screening.cases.workflow import State
from screening.intake.wording import date_in_words
from screening.review import words
from screening.review.decision import considering
from screening.rules.letters import Choice

DATES = frozenset({considering.RECORDS_ON, considering.GP_ON})


@dataclasses.dataclass(frozen=True)
class Considered:
    """One decision with everything behind it."""

    stage: str
    words: str
    clinician: str
    register_entry: str
    at: datetime
    signed: bool
    reason: str
    overturns: bool
    answers: list[tuple[str, str]]
    cautions: list[tuple[str, str]]

    @classmethod
    def of(
        cls, decision: Decision, *, cautions: Sequence[tuple[str, str]], choices: Iterable[Choice]
    ) -> Considered:
        """`cautions`: (code, sentence) of the assessment; `choices`: the reasons and the help of letters."""
        sentences, titles = dict(cautions), {each.code: each.title for each in choices}
        said = words.STATE[State(decision.outcome)] if decision.outcome else _("Sent back")
        return cls(
            stage=decision.get_stage_display(),
            words=str(said),
            clinician=decision.clinician.name,
            register_entry=decision.register_entry,
            at=decision.decided_at,
            signed=decision.signed_at is not None,
            reason=decision.reason,
            overturns=decision.overturns,
            answers=_answers(decision.considerations or {}, titles),
            cautions=[
                (sentences.get(code, code), _weighed(answer))
                for code, answer in (decision.cautions_answered or {}).items()
            ],
        )


def _answers(said: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (str(title), _in_words(name, said[name], titles))
        for name, title in considering.TITLES.items()
        if said.get(name)
    ]


def _in_words(name: str, value: Any, titles: Mapping[str, str]) -> str:
    if name in DATES:
        return date_in_words(str(value))
    known = {code: str(text) for code, text in considering.CHOICES.get(name, ())} or titles
    if isinstance(value, list):
        return "; ".join(known.get(each, str(each)) for each in value)
    return known.get(value, str(value))


def _weighed(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        return str(answer)
    choice = dict(considering.WEIGHED).get(str(answer.get("choice")), "")
    return ". ".join(part for part in (str(choice), str(answer.get("words") or "")) if part)

"""What is wrong with a draft, found once for each content and kept for the life of the process."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _

from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import (
    Content,
    NothingPublished,
    messages_of,
    published,
    schedule_of,
)
from screening.rules.definition import Messages, Schedule
from screening.rules.lint import lint, lint_ruleset
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import Remark, error, errors
from screening.rules.ruleset import RuleSet

SHOWN = 3


def remarks_on(version: DefinitionVersion, asked: DefinitionVersion | None = None) -> tuple[Remark, ...]:
    """Remarks on a questionnaire, or on a rule set together with the questionnaire that it judges."""
    if asked is None:
        return _of_questionnaire(Content.of(version))
    return _of_ruleset(Content.of(asked), Content.of(version))


def faults(remarks: tuple[Remark, ...]) -> str:
    """The first errors as sentences, or nothing."""
    found = errors(remarks)
    more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    return " ".join(f"{remark.place}: {remark.sentence}" for remark in found[:SHOWN]) + more


def unsaid(version: DefinitionVersion) -> tuple[Remark, ...]:
    """What a schedule sends and no message says, for a draft of either beside what is published of the other.

    Raises what reading either raises. Nothing where the other is not published yet.
    """
    is_schedule = version.kind == Kind.SCHEDULE
    own = schedule_of(version) if is_schedule else messages_of(version)
    try:
        other = published(site=version.site, kind=Kind.MESSAGES if is_schedule else Kind.SCHEDULE)
    except NothingPublished:
        return ()
    schedule = own if isinstance(own, Schedule) else schedule_of(other)
    messages = own if isinstance(own, Messages) else messages_of(other)
    sentence = _("The schedule sends it, and there is no such message.")
    return tuple(error("unsaid", name, sentence) for name in messages.lacking(schedule))


@lru_cache(maxsize=32)
def _of_questionnaire(asked: Content) -> tuple[Remark, ...]:
    return tuple(lint(asked.read()))


@lru_cache(maxsize=32)
def _of_ruleset(asked: Content, judged: Content) -> tuple[Remark, ...]:
    return tuple(
        lint_ruleset(Questionnaire.model_validate(asked.read()), RuleSet.model_validate(judged.read()))
    )

"""What is wrong with a draft, found once for each content and kept for the life of the process."""

from __future__ import annotations

from functools import lru_cache

from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import Content
from screening.rules.lint import lint, lint_ruleset
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import Remark, errors
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


@lru_cache(maxsize=32)
def _of_questionnaire(asked: Content) -> tuple[Remark, ...]:
    return tuple(lint(asked.read()))


@lru_cache(maxsize=32)
def _of_ruleset(asked: Content, judged: Content) -> tuple[Remark, ...]:
    return tuple(
        lint_ruleset(Questionnaire.model_validate(asked.read()), RuleSet.model_validate(judged.read()))
    )

"""What is wrong with a draft, found once for each content and kept for the life of the process."""

from __future__ import annotations

from functools import lru_cache

from screening.questionnaires.models import DefinitionVersion
from screening.rules.lint import lint, lint_ruleset
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import Remark, errors
from screening.rules.ruleset import RuleSet

SHOWN = 3


class _Content:
    """A version known by its hash, so that the same content is looked at once whoever owns it."""

    def __init__(self, version: DefinitionVersion) -> None:
        self.sha256 = version.sha256
        self.content = version.content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


def remarks_on(version: DefinitionVersion, asked: DefinitionVersion | None = None) -> tuple[Remark, ...]:
    """Remarks on a questionnaire, or on a rule set together with the questionnaire that it judges."""
    if asked is None:
        return _of_questionnaire(_Content(version))
    return _of_ruleset(_Content(asked), _Content(version))


def faults(remarks: tuple[Remark, ...]) -> str:
    """The first errors as sentences, or nothing."""
    found = errors(remarks)
    more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    return " ".join(f"{remark.place}: {remark.sentence}" for remark in found[:SHOWN]) + more


@lru_cache(maxsize=32)
def _of_questionnaire(asked: _Content) -> tuple[Remark, ...]:
    return tuple(lint(asked.content))


@lru_cache(maxsize=32)
def _of_ruleset(asked: _Content, judged: _Content) -> tuple[Remark, ...]:
    return tuple(
        lint_ruleset(Questionnaire.model_validate(asked.content), RuleSet.model_validate(judged.content))
    )

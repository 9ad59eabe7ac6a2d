"""The made-up people of whom a draft says something else than what is published, in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from screening.intake.wording import answer_in_words
from screening.manage.publication.selectors import setting_of
from screening.questionnaires.mistakes import MISTAKES
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import compiled
from screening.rules.assessment import Verdict
from screening.rules.compiled import CompiledRuleSet
from screening.rules.invented import Example, Meaning, Said, meanings
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Outcome


@dataclasses.dataclass(frozen=True)
class SaidOf:
    """What one version says: of the rule in words, and what the person comes to."""

    words: str
    outcome: Outcome
    tier: int | None

    @classmethod
    def of(cls, said: Said) -> SaidOf:
        return cls(_verdict_in_words(said.verdict), said.outcome, said.tier)


@dataclasses.dataclass(frozen=True)
class ExampleRow:
    """`answers` are (question, answer), without any of the usual person; `none` says why there is nobody."""

    code: str
    sentence: str
    answers: list[tuple[str, str]]
    before: SaidOf | None
    after: SaidOf | None
    none: str = ""


def example_rows(version: DefinitionVersion) -> list[ExampleRow]:
    """Of a draft of rules beside the published ones; nothing where either cannot be read."""
    setting = setting_of(version) if version.kind == Kind.RULESET else None
    if setting is None:
        return []
    try:
        before, after = (compiled(*setting.pair(each)) for each in (setting.compared, version))
    except MISTAKES:
        return []
    known: dict[str, list[Meaning]] = after.once.setdefault("meanings", {})
    if setting.compared.sha256 not in known:
        known[setting.compared.sha256] = meanings(before, after)
    return [_row(each, before, after) for each in known[setting.compared.sha256]]


def _row(meaning: Meaning, before: CompiledRuleSet, after: CompiledRuleSet) -> ExampleRow:
    rules = {rule.code: rule.clinician for each in (before, after) for rule in each.ruleset.rules}
    sentence, example = rules[meaning.rule], meaning.example
    if example is not None:
        said = list(_answers(example, after))
        return ExampleRow(meaning.rule, sentence, said, SaidOf.of(example.before), SaidOf.of(example.after))
    if not meaning.tried:
        none = _("It is written in another way. Too much has changed at once to look for an example.")
    elif meaning.certain:
        none = _("It is written in another way and means the same: every answer was tried.")
    else:
        none = _("It is written in another way. Of the people we tried, it says the same of each.")
    return ExampleRow(meaning.rule, sentence, [], None, None, none)


def _answers(example: Example, rules: CompiledRuleSet) -> Iterator[tuple[str, str]]:
    items = {item.id: item for item in rules.questionnaire.items()}
    usual = rules.ruleset.baseline
    for name, value in example.answers.items():
        item = items[name]
        if item.type == "group" and value:
            yield from _entries(item, value, usual.get(name) or [])
        else:
            yield item.text, answer_in_words(item, value) or _("left blank")


def _entries(
    group: Item, entries: list[Mapping[str, Any]], usual: list[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Of each entry what is not usual; of one more than usual all of it."""
    if len(entries) < len(usual):
        yield group.text, _("Fewer: %(n)d") % {"n": len(entries)}
    for number, entry in enumerate(entries, 1):
        same = usual[number - 1] if number <= len(usual) else {}
        for inner in group.items:
            if entry.get(inner.id) != same.get(inner.id):
                place = _("%(group)s (%(n)d) %(question)s")
                said = {"group": group.text, "n": number, "question": inner.text}
                yield place % said, answer_in_words(inner, entry.get(inner.id)) or _("left blank")


def _verdict_in_words(verdict: Verdict | None) -> str:
    match verdict:
        case "true":
            return _("It is found")
        case "false":
            return _("It is not found")
        case "unknown":
            return _("It cannot be told")
    return _("There is no such rule")

"""What is wrong with one part of a rule set, by line and column, before it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from screening.manage.editor.parts import parts as items_of
from screening.manage.ruling.parts import Content
from screening.questionnaires.mistakes import MISTAKES
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import (
    NothingPublished,
    compiled,
    published,
    questionnaire_of,
    ruleset_of,
)
from screening.rules.assess import assess
from screening.rules.assessment import Assessment
from screening.rules.base import plainly
from screening.rules.check import check_ruleset
from screening.rules.definition import Questionnaire, RuleSet
from screening.rules.english import reading_of_rule
from screening.rules.lint_rules import lint_rules
from screening.rules.remarks import Remark, errors


def questionnaire_for(version: DefinitionVersion) -> DefinitionVersion | None:
    """The published questionnaire that a rule set judges."""
    asked = version.content.get("questionnaire")
    if not isinstance(asked, str):
        return None
    try:
        return published(site=version.site, kind=Kind.QUESTIONNAIRE, code=asked)
    except NothingPublished:
        return None


def errors_in(version: DefinitionVersion, content: Content, place: str) -> list[str]:
    """Sentences about what is wrong at this place of the content, such as `rule EXC_AGE`.

    What is wrong elsewhere is not told here, so that a draft can be mended one part after another.
    """
    asked = questionnaire_for(version)
    if asked is None:
        return []
    try:
        ruleset = RuleSet.model_validate(content)
    except ValidationError:
        return []  # another part cannot be read yet: the checks before publication say so
    found = [*_remarks(questionnaire_of(asked), ruleset)]
    return [_sentence(each, place) for each in errors(found) if _is_at(each.place, place)]


def _remarks(questionnaire: Questionnaire, ruleset: RuleSet) -> Iterator[Remark]:
    found: list[Remark] = []
    check_ruleset(questionnaire, ruleset, found)
    yield from found
    yield from lint_rules(questionnaire, ruleset)


def _is_at(found: str, place: str) -> bool:
    return found == place or found.startswith(f"{place},")


def _sentence(remark: Remark, place: str) -> str:
    """ "line 2: Column 5: ..." without the name of the part that the page is about."""
    where = remark.place.removeprefix(place).removeprefix(",").strip()
    where = where[:1].upper() + where[1:]
    return f"{where}. {remark.sentence}" if where else remark.sentence


def readings(version: DefinitionVersion) -> dict[str, str]:
    """Each rule in English, by its code. Nothing while any of them cannot be read."""
    asked = questionnaire_for(version)
    if asked is None:
        return {}
    try:
        rules = compiled(asked, version)
        return {rule.code: reading_of_rule(rules, rule.code) for rule in ruleset_of(version).rules}
    except MISTAKES:
        return {}


def judged(
    version: DefinitionVersion,
    answers: Mapping[str, Any],
    *,
    on: dt.date | None,
    standing: Sequence[tuple[str, int]],
) -> Assessment | None:
    """What the draft makes of a made-up case: its usual answers with these in place. Nothing is stored.

    None where the rules cannot judge yet, or no day is given and the rules name none.
    """
    asked = questionnaire_for(version)
    if asked is None:
        return None
    try:
        ruleset, rules = ruleset_of(version), compiled(asked, version)
    except MISTAKES:
        return None
    day = on or ruleset.assessed_on
    merged = {name: value for name, value in {**ruleset.baseline, **answers}.items() if value is not None}
    return assess(rules, merged, as_of=day, standing_red_flags=standing) if day else None


def names_of(version: DefinitionVersion) -> list[tuple[str, str, str]]:
    """What an expression may name: the id of a question, its words, and the codes of its answers."""
    asked = questionnaire_for(version)
    if asked is None:
        return []
    return [
        (item.id, item.text, "true, false" if item.type == "boolean" else ", ".join(item.option_codes()))
        for item in questionnaire_of(asked).items()
        if item.holds_an_answer
    ]


def answers_of(version: DefinitionVersion) -> dict[str, tuple[str, ...]]:
    """For each question that a row can name its answers; none of a number, of which a row may name any."""
    asked = questionnaire_for(version)
    if asked is None:
        return {}
    items = questionnaire_of(asked).items()
    return {
        item.id: ("true", "false") if item.type == "boolean" else item.option_codes()
        for item in items
        if item.type in ("choice", "integer", "boolean")
    }


def drafted_questions(version: DefinitionVersion) -> dict[str, int]:
    """Questions that only a draft of the questionnaire asks yet, with its number: no rule can name them."""
    asked = questionnaire_for(version)
    if asked is None:
        return {}
    drafts = DefinitionVersion.objects.filter(
        site=version.site_id, kind=asked.kind, code=asked.code, status=VersionStatus.DRAFT
    )
    known = dict(items_of(asked.content, "item"))
    found: dict[str, int] = {}
    for draft in drafts:
        found |= {key: draft.number for key, _item in items_of(draft.content, "item") if key not in known}
    return found


def first_mistake(problem: ValidationError) -> tuple[str, str]:
    """(field, sentence) of what does not fit a shape."""
    found: Any = problem.errors(include_url=False, include_input=False)[0]
    field = str(found["loc"][0]) if found["loc"] else ""
    return field, plainly(found)

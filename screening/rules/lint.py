"""Everything that can be found wrong with a questionnaire or a rule set before anyone meets it.

    lint(questionnaire_content, ruleset_content)    # plain content, as stored; either may be malformed

An error stops a publication, a warning is for a person to weigh. Nothing here raises: content that cannot
even be read gives a remark as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from screening.rules.base import plainly
from screening.rules.check import check_entry, check_journey, check_ruleset
from screening.rules.check_queries import check_queries
from screening.rules.check_values import check_values
from screening.rules.compiled import compile_ruleset
from screening.rules.firing import never_firing
from screening.rules.library import DefinitionError
from screening.rules.lint_journey import lint_journey
from screening.rules.lint_rules import lint_rules
from screening.rules.questionnaire import Questionnaire
from screening.rules.remarks import Remark, error, errors
from screening.rules.ruleset import RuleSet
from screening.rules.unadvised import unadvised

Model = TypeVar("Model", bound=BaseModel)
MOST_FAULTS = 20


def lint(questionnaire: object, ruleset: object = None) -> list[Remark]:
    """Errors first, then warnings. Without a rule set the questionnaire is looked at alone."""
    remarks: list[Remark] = []
    asked = _read(Questionnaire, questionnaire, "questionnaire", remarks)
    judged = None if ruleset is None else _read(RuleSet, ruleset, "rule set", remarks)
    if asked is not None:
        remarks += lint_questionnaire(asked)
        if judged is not None:
            remarks += lint_ruleset(asked, judged)
    return sorted(dict.fromkeys(remarks), key=lambda remark: remark.severity)


def read_remarks(model: type[BaseModel], content: object) -> list[Remark]:
    """What keeps content from being read as a definition of this kind: its shape and its names, no more."""
    remarks: list[Remark] = []
    _read(model, content, "definition", remarks)
    return remarks


def lint_questionnaire(questionnaire: Questionnaire) -> list[Remark]:
    remarks: list[Remark] = []
    journey = check_journey(questionnaire, remarks)
    if journey is not None:
        remarks += check_values(journey, questionnaire.items()) + check_queries(journey)
    for group in (item for item in questionnaire.items() if item.type == "group"):
        entry = check_entry(group, remarks)
        if entry is not None:
            remarks += check_values(entry, group.items) + check_queries(entry)
    return remarks + lint_journey(questionnaire, complete=not errors(remarks))


def lint_ruleset(questionnaire: Questionnaire, ruleset: RuleSet, *, tried: bool = True) -> list[Remark]:
    """Without `tried` no answers are: what is named and compared, at a fraction of the cost."""
    if ruleset.questionnaire != questionnaire.code:
        sentence = f"It judges {ruleset.questionnaire}, not {questionnaire.code}."
        return [error("unknown-name", "rule set", sentence)]
    remarks: list[Remark] = []
    checked = check_ruleset(questionnaire, ruleset, remarks)
    if checked is not None:
        remarks += check_values(checked, questionnaire.items()) + check_queries(checked)
    remarks += lint_rules(questionnaire, ruleset)
    if errors(remarks) or not tried:
        return remarks
    try:
        compiled = compile_ruleset(questionnaire, ruleset)
    except DefinitionError as fault:
        return [*remarks, error("type", fault.where, fault.sentence)]
    alone = [*unadvised(compiled)]
    told = {remark.place for remark in errors(alone)}  # by whom nobody would be advised: it says more
    remarks = [each for each in remarks if not (each.kind == "no-advice" and each.place in told)]
    return remarks + never_firing(compiled) + alone


def _read(model: type[Model], content: object, what: str, remarks: list[Remark]) -> Model | None:
    """The content as a value, or remarks that say where it is not one."""
    if isinstance(content, model):
        return content
    if not isinstance(content, Mapping):
        remarks.append(error("shape", what, "This is not a definition: it should be a set of named parts."))
        return None
    try:
        return model.model_validate(content)
    except ValidationError as fault:
        faults: list[Any] = fault.errors(include_url=False, include_input=False, include_context=False)
        around = {found["loc"][:size] for found in faults for size in range(len(found["loc"]))}
        # A list is also too short where what is in it cannot be read: that alone is told then.
        told = (found for found in faults if found["type"] != "too_short" or found["loc"] not in around)
        remarks += [_fault(what, found) for found in islice(told, MOST_FAULTS)]
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError, RecursionError) as fault:
        remarks.append(error("shape", what, f"This cannot be read: {fault}"))
    return None


def _fault(what: str, found: dict[str, Any]) -> Remark:
    place = ".".join(str(part) for part in found.get("loc", ())) or what
    sentence = plainly(found)
    repeated = "there twice" in sentence or "blocked twice" in sentence
    missing = found.get("type") in ("missing", "string_too_short")
    kind = "repeated" if repeated else "missing-words" if missing else "shape"
    return error(kind, place, f"{sentence[:1].upper()}{sentence[1:]}.")

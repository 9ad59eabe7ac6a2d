"""A rule set made ready for one questionnaire: read once, checked, and then only evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from screening.cql import ANY, BOOLEAN, STRING, ListType, Program
from screening.rules import library
from screening.rules.journey import Journey
from screening.rules.library import DefinitionError
from screening.rules.questionnaire import Questionnaire
from screening.rules.ruleset import RuleSet

RULE_TYPES = (BOOLEAN, ListType(STRING), ANY, ListType(ANY))


@dataclass(frozen=True, slots=True)
class CompiledRuleSet:
    """Callers keep one for each pair of version hashes. `library_text` runs in any CQL engine."""

    questionnaire: Questionnaire
    ruleset: RuleSet
    journey: Journey
    library_text: str
    program: Program
    reads: Mapping[str, frozenset[str]]
    # What readings of the rules work out once, such as their English. It says nothing of anybody's answers
    # but codes that were chosen from a list.
    once: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def items_read_by(self, rule_code: str) -> frozenset[str]:
        """The ids of all items that a rule reads, directly or through definitions."""
        return self.reads[library.rule_name(rule_code)]

    def items_read_by_output(self, name: str) -> frozenset[str]:
        return self.reads[library.output_name(name)]


def compile_ruleset(questionnaire: Questionnaire, ruleset: RuleSet) -> CompiledRuleSet:
    """Check that both definitions fit together and make them ready. Raises DefinitionError with the place."""
    if ruleset.questionnaire != questionnaire.code:
        raise DefinitionError(
            "questionnaire", f"This rule set judges {ruleset.questionnaire}, not {questionnaire.code}."
        )
    items = frozenset(item.id for item in questionnaire.items())
    for rule in ruleset.rules:
        if stray := sorted(set(rule.blocks) - items):
            raise DefinitionError(f"rule {rule.code}", f"There is no question {stray[0]} to block.")
    journey = Journey(questionnaire)
    text, program = library.compiled(library.ruleset_fragments(questionnaire, ruleset))
    names = [library.rule_name(rule.code) for rule in ruleset.rules]
    names += [library.output_name(name) for name in ruleset.outputs]
    for rule in ruleset.rules:
        if program.types[library.rule_name(rule.code)] not in RULE_TYPES:
            found = program.types[library.rule_name(rule.code)]
            raise DefinitionError(
                f"rule {rule.code}", f"A rule is true, false or a list of strings; this is {found}."
            )
    reads = {name: program.references(name) & items for name in names}
    return CompiledRuleSet(questionnaire, ruleset, journey, text, program, reads)

"""A rule in words, made from its checked tree: what a clinician reads instead of the expression.

Questions and options are quoted with the words the patient saw, the author's own definitions stand in single
quotes, and `terms` gives the meaning of each. A wording that is not known for an operation falls back on its
name and operands, so nothing is ever left out.
"""

from __future__ import annotations

from screening.cql import ListType
from screening.cql.references import free_names
from screening.cql.tree import Literal
from screening.rules.compiled import CompiledRuleSet
from screening.rules.library import rule_name
from screening.rules.phrases import sentence
from screening.rules.reader import ASKED, OUTSIDE, Reader, bare, question


def read_in_english(compiled: CompiledRuleSet, name: str) -> str:
    """The reading of one definition as a sentence. The expression of a rule is called `rule CODE`."""
    return sentence(Reader.of(compiled).clause(compiled.program.tree(name), OUTSIDE))


def reading_of_rule(compiled: CompiledRuleSet, rule_code: str) -> str:
    """The same for a rule; a list makes one finding of each of its elements. Worked out once."""
    known: dict[str, str] = compiled.once.setdefault("readings", {})
    if rule_code not in known:
        known[rule_code] = _reading_of_rule(compiled, rule_code)
    return known[rule_code]


def _reading_of_rule(compiled: CompiledRuleSet, rule_code: str) -> str:
    words = read_in_english(compiled, rule_name(rule_code))
    if isinstance(compiled.program.types[rule_name(rule_code)], ListType):
        return f"One finding each: {words[:1].lower()}{words[1:]}"
    return words


def terms(compiled: CompiledRuleSet, name: str) -> tuple[tuple[str, str], ...]:
    """The author's definitions and functions that a reading stands on, each with its own reading."""
    program, reader = compiled.program, Reader.of(compiled)
    found: dict[str, str] = {}
    waiting = [(program.tree(name), frozenset[str]())]
    while waiting:
        node, bound = waiting.pop(0)
        for other in dict.fromkeys(free_names(node, bound)):
            if other in found or not _has_a_term(compiled, other):
                continue
            if function := program.functions.get(other):
                scope = OUTSIDE
                for operand in function.operands:
                    scope = scope.within(operand, f"the {operand.replace('_', ' ')}", None)
                found[other] = sentence(reader.clause(function.expression, scope))
                waiting.append((function.expression, frozenset(function.operands)))
            else:
                found[other] = sentence(reader.clause(program.tree(other), OUTSIDE))
                waiting.append((program.tree(other), frozenset()))
    return tuple((_label(compiled, term), words) for term, words in found.items())


def _label(compiled: CompiledRuleSet, name: str) -> str:
    """A definition's name as it stands in a reading."""
    item_id = name.removeprefix(ASKED)
    return name if item_id == name else f"{question(compiled.questionnaire.item(item_id))} is asked"


def _has_a_term(compiled: CompiledRuleSet, name: str) -> bool:
    """Tables and scores have a page of their own; a named number is said where it is used."""
    if name in compiled.ruleset.tables or any(s.id == name for s in compiled.questionnaire.scores):
        return False
    program = compiled.program
    return name in program.functions or (
        name in program.definitions and not isinstance(bare(program.tree(name)), Literal)
    )

"""Which questions an expression names, and which parts of a rule set name a question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from screening.cql import CqlError, parse_expression, parse_library
from screening.cql.references import Declared, free_names
from screening.cql.tree import Library, Node, Property
from screening.rules.questionnaire import Item, Score
from screening.rules.ruleset import Row, RuleSet

# The names that an expression reads, and the parts of entries.
Named = tuple[set[str], set[str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A part of a rule set that reads what somebody answers, by what it is called there."""

    kind: Literal["rule", "definition", "output", "case", "baseline"]
    name: str
    words: str = ""


def library_of(ruleset: RuleSet) -> Library:
    """The definitions; without any where they cannot be read, which is told elsewhere."""
    try:
        return parse_library(ruleset.definitions)
    except CqlError:
        return parse_library("")


def in_definitions(library: Library) -> dict[str, Named]:
    declared: dict[str, Declared] = {**library.definitions, **library.functions}
    return {
        name: _names(each.expression, frozenset(getattr(each, "operands", ())))
        for name, each in declared.items()
    }


def in_scores(scores: Iterable[Score]) -> dict[str, Named]:
    return {score.id: _of(score.expression) for score in scores}


def questions(condition: str, items: Mapping[str, Item], lead_on: Mapping[str, Named]) -> list[Item]:
    """The questions a condition leads to. Of a group the inner ones it names, or all if it names none."""
    names, fields = _through(_of(condition), lead_on)
    asked = [items[name] for name in names if name in items]
    inside = [[one for one in item.items if one.id in fields] or item.items for item in asked]
    return [*asked, *(one for group in inside for one in group)]


def readers(ruleset: RuleSet, keys: Collection[str]) -> Iterator[Reader]:
    """What of a rule set names one of these questions or scores, `group.question` for one inside a group."""
    lead_on = in_definitions(library_of(ruleset))
    plain = {key for key in keys if "." not in key}
    inside = [(group, inner) for key in keys for group, dot, inner in [key.partition(".")] if dot]

    def reads(found: Named) -> bool:
        if not plain.isdisjoint(found[0]):
            return True
        groups = {group for group, inner in inside if inner in found[1]}
        return bool(groups) and not groups.isdisjoint(_through(found, lead_on)[0])

    for rule in ruleset.rules:
        when = rule.when
        is_read = when.question in keys if isinstance(when, Row) else reads(_of(when))
        if is_read or not set(keys).isdisjoint(rule.blocks):
            yield Reader("rule", rule.code, rule.clinician)
    for name, found in lead_on.items():
        if reads(found):
            yield Reader("definition", name)
    for name, text in ruleset.outputs.items():
        if reads(_of(text)):
            yield Reader("output", name)
    if _answers(ruleset.baseline, keys):
        yield Reader("baseline", "")
    for case in ruleset.cases:
        if _answers(case.answers, keys):
            yield Reader("case", case.id, case.title)


def _answers(answers: Mapping[str, object], keys: Collection[str]) -> bool:
    for key in keys:
        group, _, inner = key.partition(".")
        value = answers.get(group)
        entries = value if isinstance(value, list) else [value]
        if group in answers and (not inner or any(isinstance(e, dict) and inner in e for e in entries)):
            return True
    return False


def _through(found: Named, lead_on: Mapping[str, Named]) -> Named:
    """The same with all that it leads to."""
    names, fields = set(found[0]), set(found[1])
    waiting = [*names]
    while waiting:
        more, more_fields = lead_on.get(waiting.pop(), (set[str](), set[str]()))
        fields |= more_fields
        waiting += more - names
        names |= more
    return names, fields


def _of(text: str) -> Named:
    """Nothing where it cannot be read, which is told elsewhere."""
    with suppress(CqlError):
        return _names(parse_expression(text))
    return set(), set()


def _names(node: Node, bound: frozenset[str] = frozenset()) -> Named:
    fields = {part.name for part in node.walk() if isinstance(part, Property)}
    return set(free_names(node, bound)), fields

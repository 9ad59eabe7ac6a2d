"""The whole CQL text of a definition: what is evaluated, and what any other CQL engine can be given.

Items are parameters named by their ids, tables are lists of tuples named by their keys, scores are named by
theirs. What is generated carries a prefix that an author cannot use: `asked dob`, `check dob 1`,
`rule EXC_AGE`, `tier rf_saddle`, `output recheck_on`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from screening.cql import (
    CqlError,
    Date,
    Program,
    compile_library,
    parse_expression,
    parse_library,
    quote_identifier,
    to_cql_literal,
)
from screening.cql.parser import LIBRARY_LIMIT
from screening.rules.answers import cql_type
from screening.rules.base import is_whole_number
from screening.rules.questionnaire import Item, Page, Questionnaire
from screening.rules.ruleset import Cell, Row, Rule, RuleSet, Table

PREFIXES = ("asked", "check", "rule", "tier", "output")


class DefinitionError(ValueError):
    """A definition that cannot be used. `where` names the part of it that a person has to mend."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}")
        self.where = where
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of the library and the part of the definition that it was made from."""

    where: str
    text: str


def asked_name(item_id: str) -> str:
    return f"asked {item_id}"


def rule_name(code: str) -> str:
    return f"rule {code}"


def tier_name(code: str) -> str:
    return f"tier {code}"


def output_name(name: str) -> str:
    return f"output {name}"


def check_name(item_id: str, number: int) -> str:
    return f"check {item_id} {number}"


def define(name: str, expression: str, *, where: str) -> Fragment:
    """One named expression, refused unless it is exactly one expression: no text can close it and go on."""
    try:
        parse_expression(expression)
    except CqlError as error:
        raise DefinitionError(where, str(error)) from error
    return Fragment(where, f"define {quote_identifier(name)}:\n{expression}\n")


def compiled(fragments: Iterable[Fragment]) -> tuple[str, Program]:
    """The text and its program. A mistake is reported with the part of the definition it is in."""
    parts = tuple(fragments)
    text = "\n".join(part.text for part in parts)
    try:
        return text, compile_library(text)
    except CqlError as error:
        if error.construct == "size":  # of the whole: it has no line
            raise DefinitionError("definitions", error.message) from error
        starts = [*accumulate((part.text.count("\n") + 1 for part in parts), initial=0)]
        place = bisect_left(starts, error.line) - 1
        raise DefinitionError(parts[place].where, str(_moved(error, lines=starts[place]))) from error


def _moved(error: CqlError, *, lines: int) -> CqlError:
    return CqlError(
        error.message,
        line=error.line - lines,
        column=error.column,
        construct=error.construct,
        suggestion=error.suggestion,
    )


def parameters(items: Iterable[Item]) -> Iterator[Fragment]:
    for item in items:
        if item.holds_an_answer:
            yield Fragment(f"item {item.id}", f"parameter {quote_identifier(item.id)} {cql_type(item)}\n")


def conditional(page: Page, item: Item) -> bool:
    return page.show_when is not None or item.show_when is not None


def asked_expression(*conditions: str | None) -> str:
    """Open unless a condition is false: an unknown branch is asked rather than skipped."""
    parts = [f"Coalesce(\n{condition}\n, true)" for condition in conditions if condition is not None]
    return " and ".join(parts)


def asked(questionnaire: Questionnaire) -> Iterator[Fragment]:
    """When each item of a conditional page or with a condition of its own is asked."""
    together = 0
    for page in questionnaire.pages:
        if page.show_when is not None:
            define("condition", page.show_when, where=f"page {page.id}, show when")
        for item in page.items:
            together += len(page.show_when or "") + len(item.show_when or "")
            if together > LIBRARY_LIMIT:  # the condition of a page is written out for each question on it
                sentence = f"The text has {together} bytes; at most {LIBRARY_LIMIT} are read."
                raise DefinitionError(f"page {page.id}, show when", sentence)
            if item.show_when is not None:
                define("condition", item.show_when, where=f"item {item.id}, show when")
            if conditional(page, item):
                # Each condition was read above; here one of a page would be read once for each question.
                expression = asked_expression(page.show_when, item.show_when)
                text = f"define {quote_identifier(asked_name(item.id))}:\n{expression}\n"
                yield Fragment(f"item {item.id}, show when", text)


def scores(questionnaire: Questionnaire) -> Iterator[Fragment]:
    for score in questionnaire.scores:
        yield define(score.id, score.expression, where=f"score {score.id}")


def checks(items: Iterable[Item], *, inside: str = "") -> Iterator[Fragment]:
    """`inside` a group, its id and a dot stand before the question that a check belongs to."""
    for item in items:
        for number, check in enumerate(item.checks, start=1):
            where = f"item {inside}{item.id}, check {number}"
            yield define(check_name(item.id, number), check.check, where=where)


def journey_fragments(questionnaire: Questionnaire) -> Iterator[Fragment]:
    """What the form itself needs: conditions, scores and checks."""
    yield from parameters(questionnaire.items())
    yield from scores(questionnaire)
    yield from asked(questionnaire)
    yield from checks(questionnaire.items())


def entry_fragments(group: Item) -> Iterator[Fragment]:
    """The same for one entry of a group, whose parameters are the items inside it."""
    yield from parameters(group.items)
    for item in group.items:
        if item.show_when is not None:
            define("condition", item.show_when, where=f"item {group.id}.{item.id}, show when")
            expression = asked_expression(item.show_when)
            yield define(asked_name(item.id), expression, where=f"item {group.id}.{item.id}, show when")
    yield from checks(group.items, inside=f"{group.id}.")


def table_text(name: str, table: Table) -> Fragment:
    rows = []
    for row in table.rows:
        cells = ", ".join(
            f"{quote_identifier(column)}: {_cell_text(row.get(column), kind)}"
            for column, kind in table.columns.items()
        )
        rows.append(f"  Tuple {{ {cells} }}")
    body = ",\n".join(rows)
    return Fragment(f"table {name}", f"define {quote_identifier(name)}: {{\n{body}\n}}\n")


def _cell_text(value: Cell, kind: str) -> str:
    """An empty cell says its type too, so that to every engine all rows are of one type."""
    return f"null as {kind}" if value is None else to_cql_literal(_cell(value, kind))


def _cell(value: Cell, kind: str) -> Cell | Date:
    """The value with exactly the type its column declares."""
    if isinstance(value, str) and kind == "Date":
        return Date.parse(value)
    if isinstance(value, int) and kind == "Decimal":
        return Decimal(value)
    return value


def author_definitions(text: str) -> Fragment:
    """The author's own definitions, which may not take a name that the library generates."""
    if not text.strip():
        return Fragment("definitions", "")
    try:
        library = parse_library(text)
    except CqlError as error:
        raise DefinitionError("definitions", str(error)) from error
    for name in (*library.definitions, *library.functions):
        if name.partition(" ")[0] in PREFIXES and " " in name:
            raise DefinitionError("definitions", f'The name "{name}" is kept for generated text.')
    if library.parameters:
        raise DefinitionError("definitions", "Parameters come from the questionnaire; take this one out.")
    return Fragment("definitions", text.rstrip("\n") + "\n")


def _row_condition(item: Item, answers: Iterable[str]) -> str:
    """Written with `=`, not `in`: to CQL a null is in no list of answers, and a blank would be a no."""
    literals = [to_cql_literal(answer) if item.type == "choice" else answer for answer in answers]
    name = quote_identifier(item.id)
    if item.repeats:
        any_of = " or ".join(f"{name} contains {literal}" for literal in literals)
        return f"if {name} is null then null else ({any_of})"
    return " or ".join(f"{name} = {literal}" for literal in literals)


def rule_fragments(questionnaire: Questionnaire, rule: Rule) -> Iterator[Fragment]:
    where = f"rule {rule.code}"
    if isinstance(rule.when, str):
        yield define(rule_name(rule.code), rule.when, where=where)
        return
    row, item = rule.when, _row_item(questionnaire, rule.when, where)
    condition = _row_condition(item, row.answers)
    if conditional(questionnaire.page_of(item.id), item):
        condition = f"{quote_identifier(asked_name(item.id))} and ({condition})"
    yield define(rule_name(rule.code), condition, where=where)
    if row.tiers:
        branches = [
            f"when {_row_condition(item, [answer])} then {tier}"
            for answer, tier in sorted(zip(row.answers, row.tiers, strict=True), key=lambda pair: pair[1])
        ]
        yield define(tier_name(rule.code), f"case {' '.join(branches)} else null end", where=where)


def _row_item(questionnaire: Questionnaire, row: Row, where: str) -> Item:
    try:
        item = questionnaire.item(row.question)
    except KeyError as error:
        raise DefinitionError(where, f"There is no question {row.question}.") from error
    if item.type not in ("choice", "integer", "boolean"):
        raise DefinitionError(where, f"{item.id} has no answers to name in a row; write an expression.")
    options = {option.code: option for option in item.options}
    for answer in row.answers:
        option = options.get(answer)
        if item.options and option is None:
            raise DefinitionError(where, f"{item.id} has no answer {answer}.")
        if option is not None and option.unknown:
            raise DefinitionError(
                where, f"The answer {answer} of {item.id} is unknown, so no rule can see it."
            )
        if item.type == "boolean" and answer not in ("true", "false"):
            raise DefinitionError(where, f"{item.id} is answered true or false.")
        if item.type == "integer" and not is_whole_number(answer):
            raise DefinitionError(where, f"{item.id} is answered with a whole number.")
    return item


def ruleset_fragments(questionnaire: Questionnaire, ruleset: RuleSet) -> Iterator[Fragment]:
    """The whole library: the questionnaire's part, then the tables, definitions, rules and outputs."""
    yield from parameters(questionnaire.items())
    yield from scores(questionnaire)
    yield from asked(questionnaire)
    for name, table in ruleset.tables.items():
        yield table_text(name, table)
    yield author_definitions(ruleset.definitions)
    for rule in ruleset.rules:
        yield from rule_fragments(questionnaire, rule)
    for name, expression in ruleset.outputs.items():
        yield define(output_name(name), expression, where=f"output {name}")

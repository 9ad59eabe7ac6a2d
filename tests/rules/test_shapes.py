"""What is known of the values of an expression without any answers: codes, ends, and whose answer it is."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from screening.cql import Node, Program
from screening.rules import library
from screening.rules.definition import Questionnaire
from screening.rules.questionnaire import Item
from screening.rules.shapes import ListOf, Scalar, Shape, Shapes, SpanOf, TupleOf, shape_of_item
from tests.rules.content import SMALL

FORM = Questionnaire.model_validate(SMALL)
DEFINED = """
define Pain: much + 1
define Names: tries T return T.name
define function alike(value String): value
define function more(number Integer): number + 2
"""


def words(shape: Shape) -> str:
    """A shape in a line: `question:codes`, `question:low..high`, `[...]` for lists, `?` for anything."""
    match shape:
        case Scalar():
            item = f"{shape.item.id}:" if shape.item is not None else ""
            codes = (
                ""
                if shape.codes is None
                else "|".join(sorted(code or "''" for code in shape.codes)) or "null"
            )
            ends = "" if shape.low is shape.high is None else f"{shape.low}..{shape.high}".replace("None", "")
            return f"{item}{codes}{ends}"
        case ListOf():
            item = f"{shape.item.id}:" if shape.item is not None else ""
            return f"{item}[{words(shape.element)}]"
        case TupleOf():
            return "{" + ", ".join(f"{name} {words(field)}" for name, field in shape.fields.items()) + "}"
        case SpanOf():
            ends = f"{words(shape.low)}, {words(shape.high)}"
            return f"{'(['[shape.closed[0]]}{ends}{')]'[shape.closed[1]]}"
    return "?"


SHAPES = [
    # expression, its shape
    ("flag", "flag:maybe|no|yes"),
    ('"day"', "day:"),
    ("much", "much:0..10"),
    ("why", "why:"),
    ("agree", "agree:"),
    ("share", "share:"),
    ("words", "words:[words:]"),
    ("kinds", "kinds:[kinds:a|b]"),
    ("tries", "tries:[{name name:, weeks weeks:0..}]"),
    ("'a'", "a"),
    ("''", "''"),
    ("3", "3..3"),
    ("-3", "-3..-3"),
    ("2.5", "2.5..2.5"),
    ("true", "?"),
    ("null as String", "null"),
    ("@2020", "?"),
    ("3 months", "?"),
    ("{'a', 'b'}", "[a|b]"),
    ("{'a', null}", "[a]"),
    ("{1, 5, 3}", "[1..5]"),
    ("{true, false}", "[?]"),
    ("Tuple{a: 'x', b: much}", "{a x, b much:0..10}"),
    ("Tuple{a: 'x', b: much}.b", "much:0..10"),
    ("Tuple{a: 'x', b: much}.a", "x"),
    ("tries T return T.name", "[name:]"),
    ('tries T return all T."weeks"', "[weeks:0..]"),
    ("tries T where T.name = 'x'", "tries:[{name name:, weeks weeks:0..}]"),
    ("First(kinds)", "kinds:a|b"),
    ("Last(kinds)", "kinds:a|b"),
    ("kinds[0]", "kinds:a|b"),
    ("singleton from kinds", "kinds:a|b"),
    ('Min(tries T return all T."weeks")', "weeks:0.."),
    ('Max(tries T return all T."weeks")', "weeks:0.."),
    ("Mode(kinds)", "kinds:a|b"),
    ("distinct kinds", "kinds:[kinds:a|b]"),
    ("Skip(kinds, 1)", "kinds:[kinds:a|b]"),
    ("Take(kinds, 1)", "kinds:[kinds:a|b]"),
    ("Tail(kinds)", "kinds:[kinds:a|b]"),
    ("kinds except {'a'}", "kinds:[kinds:a|b]"),
    ("kinds union {'q'}", "[kinds:a|b|q]"),
    ("kinds intersect {'a'}", "[kinds:a|b]"),
    ("{}", "[null]"),
    ("{} union {}", "[null]"),
    ("{} union kinds", "kinds:[kinds:a|b]"),
    ("kinds union {}", "kinds:[kinds:a|b]"),
    ("{null} union kinds", "kinds:[kinds:a|b]"),
    ("kinds union (words W return Upper(W))", "[?]"),
    ("(words W return Upper(W)) union kinds", "[?]"),
    ("(kinds K return all null as String) union kinds", "kinds:[kinds:a|b]"),
    ("{1} union (kinds K return all null as Integer)", "[1..1]"),
    ("{{'a'}, {'b'}}", "[[a|b]]"),
    ("{{'a'}, {}}", "[[a]]"),
    ("if agree then null as String else null", "null"),
    ("Coalesce(words W return Upper(W), kinds)", "[?]"),
    ("Coalesce(flag, 'none')", "flag:maybe|no|none|yes"),
    ("Coalesce(much, 20)", "much:0..20"),
    ("Coalesce(much, -5, 3)", "much:-5..10"),
    ("Coalesce(flag, null)", "flag:maybe|no|yes"),
    ("Count(words)", "0.."),
    ("Length(why)", "0.."),
    ("much + 5", "5..15"),
    ("much - 5", "-5..5"),
    ("5 - much", "-5..5"),
    ("much - much", "-10..10"),
    ("much + share", ""),
    ("much + Count(words)", "0.."),
    ("Count(words) - much", "-10.."),
    ("much - Count(words)", "..10"),
    ("much * 2", "?"),
    ("why + 'x'", ""),
    ("Pain", "1..11"),
    ("Pain + 1", "2..12"),
    ("Names", "[name:]"),
    ("alike(flag)", "flag:maybe|no|yes"),
    ("alike('z')", "z"),
    ("more(much)", "2..12"),
    ("if agree then flag else 'x'", "flag:maybe|no|x|yes"),
    ("if agree then much else 20", "much:0..20"),
    ("if agree then much else null", "much:0..10"),
    ("if agree then kinds else {'z'}", "[kinds:a|b|z]"),
    ("if agree then kinds else null", "kinds:[kinds:a|b]"),
    ("if agree then Tuple{a: 1} else Tuple{a: 5}", "{a 1..5}"),
    ("if agree then flag else why", "flag:"),
    ("if agree then much else Count(words)", "much:0.."),
    ("if agree then share else 2.0", "share:"),
    ("case when agree then 1 when much = 3 then 7 else 4 end", "1..7"),
    ("case flag when 'yes' then 'a' else 'b' end", "a|b"),
    ("case when agree then 1 else null end", "1..1"),
    ("(flag) F where F = 'yes'", "flag:maybe|no|yes"),
    ("(flag) F return F", "flag:maybe|no|yes"),
    ("(much) M return M + 1", "1..11"),
    ("kinds K return K", "[kinds:a|b]"),
    ("kinds K aggregate N starting 0: N + 1", "?"),
    ("kinds K sort desc", "kinds:[kinds:a|b]"),
    ("from kinds K, (much) M", "[{K kinds:a|b, M much:0..10}]"),
    ("from kinds K, (much) M return K", "[kinds:a|b]"),
    ("from kinds K, words W return all Tuple{k: K, w: W}", "[{k kinds:a|b, w words:}]"),
    ("from (flag) F, (much) M", "{F flag:maybe|no|yes, M much:0..10}"),
    ("from (flag) F, (much) M return M + 1", "1..11"),
    ("from kinds K, words W aggregate N starting 0: N + 1", "?"),
    ("flag = 'yes'", "?"),
    ("ToString(much)", "?"),
    ("ToDecimal(much)", "?"),
    ("much + 1.5", "1.5..11.5"),
    ("words W return W", "[words:]"),
    ("Sum({1, 2})", "?"),
]


@cache
def whole() -> tuple[dict[str, Node], Program]:
    """One library with a definition for each row: compiled once, looked at row by row."""
    rows = "".join(f"define Row{number}: {expression}\n" for number, (expression, _) in enumerate(SHAPES))
    fragments = [*library.parameters(FORM.items()), library.Fragment("rows", DEFINED + rows)]
    program = library.compiled(fragments)[1]
    return {name: program.tree(name) for name in program.definitions}, program


@pytest.mark.parametrize("number", range(len(SHAPES)), ids=[expression for expression, _ in SHAPES])
def test_the_shape_of_an_expression(number: int) -> None:
    trees, program = whole()
    shapes = Shapes(FORM.items(), trees, program.functions)
    assert words(shapes.of_definition(f"Row{number}")) == SHAPES[number][1]


NUMBERS = [{"code": code, "text": code} for code in ("0", "-1", "4")]
UNSURE = {"code": "99", "text": "Not sure", "unknown": True}
INNER = [{"id": "x", "type": "string", "text": "X"}, {"id": "read", "type": "display", "text": "Read."}]
ITEMS: list[tuple[dict[str, Any], str]] = [
    # a question, the shape of its answers
    ({"type": "integer"}, "it:"),
    ({"type": "integer", "min": 2}, "it:2.."),
    ({"type": "decimal", "min": 0.5, "max": 2}, "it:0.5..2"),
    ({"type": "integer", "options": [*NUMBERS, UNSURE]}, "it:-1..4"),
    ({"type": "integer", "options": [UNSURE], "max": 3}, "it:..3"),
    ({"type": "attachment"}, "it:[it:]"),
    ({"type": "group", "items": INNER}, "{x x:}"),
    ({"type": "group", "items": INNER, "repeats": True}, "it:[{x x:}]"),
]


@pytest.mark.parametrize(("question", "shape"), ITEMS)
def test_the_shape_of_the_answers_to_a_question(question: dict[str, Any], shape: str) -> None:
    assert words(shape_of_item(Item.model_validate({"id": "it", "text": "It?", **question}))) == shape

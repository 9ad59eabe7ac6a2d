"""Other engines on rules that they can express: one question, some answers. Both are Rust, two-valued."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bench.documents import DAY
from screening.rules import library
from screening.rules.compiled import CompiledRuleSet
from screening.rules.journey import Active
from screening.rules.ruleset import Row
from screening.rules.slices import only


def compared(
    compiled: CompiledRuleSet,
    actives: list[Active],
    rounds: int,
    ratios: Callable[[Mapping[str, list[float]]], dict[str, Any]],
    measured: Callable[..., dict[str, list[float]]],
) -> dict[str, Any]:
    """The rules that ask one question, always asked, for some answers. Each engine has to agree first.

    A row on a question that others can close is left out: the other engines would not look whether it is.
    """
    rows = {
        rule.code: (rule.when.question, [_answer(each) for each in rule.when.answers])
        for rule in compiled.ruleset.rules
        if isinstance(rule.when, Row) and compiled.items_read_by(rule.code) == {rule.when.question}
    }
    names = {question for question, _ in rows.values()}
    plain = [{name: active.values.get(name) for name in names} for active in actives]
    program = only(compiled.library_text, tuple(map(library.rule_name, rows)))

    def by_hand(n: int) -> list[bool]:
        get = plain[n].get
        return [get(question) in answers for question, answers in rows.values()]

    ways: dict[str, Callable[[int], Any]] = {
        "by hand, two-valued": by_hand,
        "three-valued, verdict of every rule": lambda n: program.evaluate(actives[n].values, today=DAY),
        "three-valued, verdict of every node": lambda n: program.evaluate(actives[n].values, today=DAY).trace,
        "the same, and every answer's type looked at": lambda n: program.evaluate(plain[n], today=DAY).trace,
    }
    missing = []
    for name, make in (("datalogic-py", _datalogic), ("zen-engine", _zen)):
        try:
            ways[name] = make(rows, plain)
        except ImportError:
            missing.append(name)
    for n in range(len(plain)):
        expected = by_hand(n)
        ours = program.evaluate(actives[n].values, today=DAY)
        said = [bool(ours[library.rule_name(code)]) for code in rows]
        if said != expected:
            sys.exit(f"The rows differ from ours: {plain[n]}")
        for name in ("datalogic-py", "zen-engine"):
            if name in ways and [bool(each) for each in ways[name](n)] != expected:
                sys.exit(f"{name} gives other verdicts for {plain[n]}")
    report = ratios(measured(ways, len(plain), rounds))
    report["rules"] = len(rows)
    if missing:
        report["not installed"] = ", ".join(missing)
    return report


def _answer(text: str) -> Any:
    return int(text) if text.lstrip("-").isdigit() else text


def _datalogic(rows: Mapping[str, Any], plain: list[dict[str, Any]]) -> Callable[[int], Any]:
    datalogic = importlib.import_module("datalogic_py")
    logic = [{"in": [{"var": question}, answers]} for question, answers in rows.values()]
    rule = datalogic.Engine().compile(json.dumps(logic))
    return lambda n: rule.evaluate(plain[n])


def _zen(rows: Mapping[str, Any], plain: list[dict[str, Any]]) -> Callable[[int], Any]:
    zen = importlib.import_module("zen")
    terms = [f"({question} in {json.dumps(answers)})" for question, answers in rows.values()]
    expression = zen.compile_expression(f"[{', '.join(terms)}]")
    return lambda n: expression.evaluate(plain[n])

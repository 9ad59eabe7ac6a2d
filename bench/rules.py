"""`make bench-rules`: the judgement beside the limit and beside other engines. Writes var/bench/rules.json.

One process, rounds in which every way has its turn, medians. Before anything is timed, every way has to give
the verdicts that the rule set gives.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import by_hand, engines, explaining
from bench.complete import checked, complete, ready, tables
from bench.documents import DAY, default_rules
from bench.timing import LIMIT, Way, measured, ratios
from screening.rules import library
from screening.rules.assess import assess
from screening.rules.slices import only

OUT = Path(__file__).resolve().parents[1] / "var" / "bench" / "rules.json"


def rules(size: int, rounds: int) -> dict[str, Any]:
    compiled, known = default_rules(), tables()
    made = complete(size)
    size = len(made)
    actives = [compiled.journey.active(document, DAY) for document in made]
    hand = ready(actives)
    flat_codes, count = checked(actives, hand, known)
    list_codes = [rule.code for rule in compiled.ruleset.rules if rule.code not in flat_codes]
    flat = only(compiled.library_text, tuple(map(library.rule_name, flat_codes)))
    lists = only(compiled.library_text, tuple(map(library.rule_name, list_codes)))
    every = only(
        compiled.library_text, tuple(library.rule_name(rule.code) for rule in compiled.ruleset.rules)
    )

    ways: dict[str, dict[str, Way]] = {
        "all rules": {
            LIMIT: lambda n: (by_hand.flat(hand[n], DAY), by_hand.lists(hand[n], DAY, known)),
            "three-valued, verdict of every rule": lambda n: every.evaluate(actives[n].values, today=DAY),
            "three-valued, verdict of every node": lambda n: (
                every.evaluate(actives[n].values, today=DAY).trace
            ),
            "assess, from the stored answers": lambda n: assess(compiled, made[n], as_of=DAY),
        },
        "flat rules": {
            LIMIT: lambda n: by_hand.flat(hand[n], DAY),
            "three-valued, verdict of every rule": lambda n: flat.evaluate(actives[n].values, today=DAY),
            "three-valued, verdict of every node": lambda n: (
                flat.evaluate(actives[n].values, today=DAY).trace
            ),
        },
        "rules over lists": {
            LIMIT: lambda n: by_hand.lists(hand[n], DAY, known),
            "three-valued, verdict of every rule": lambda n: lists.evaluate(actives[n].values, today=DAY),
            "three-valued, verdict of every node": lambda n: (
                lists.evaluate(actives[n].values, today=DAY).trace
            ),
        },
    }
    report: dict[str, Any] = {"documents": size, "verdicts checked": count, "rounds": rounds}
    for group, of_group in ways.items():
        report[group] = ratios(measured(of_group, size, rounds))
    report |= explaining.explanations(rounds)
    report["one-question rules"] = engines.compared(compiled, actives, rounds, ratios, measured)
    return report


def show(report: Mapping[str, Any]) -> None:
    for group, content in report.items():
        if not isinstance(content, dict):
            print(f"{group}: {content}")
            continue
        print(f"\n{group}")
        for name, value in content.items():
            if isinstance(value, dict):
                low, high = value["quartiles"]
                spread = f"{value['ratio']:>8.2f} of the limit ({low:.2f} to {high:.2f})"
                print(f"  {name:<52}{value['us']:>10,.1f} us{spread}")
            else:
                print(f"  {name:<44}{value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    report = {"made at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
    report |= rules(given.documents, given.rounds)
    show(report)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(report, indent=1))
    print(f"\nWritten: {OUT}")


if __name__ == "__main__":
    main()

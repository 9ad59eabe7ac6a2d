"""`make bench-rules`: the judgement beside the limit and beside other engines. Writes var/bench/rules.json.

One process, rounds in which every way has its turn, medians. Before anything is timed, every way has to give
the verdicts that the rule set gives.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bench import by_hand, engines
from bench.documents import DAY, default_rules, documents
from screening.cql import Date
from screening.rules import library
from screening.rules.assess import assess, assess_active
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.explain import explain_active
from screening.rules.journey import Active
from screening.rules.remembered import day_of, grouping_of
from screening.rules.slices import only

OUT = Path(__file__).resolve().parents[1] / "var" / "bench" / "rules.json"
Way = Callable[[int], object]
LIMIT = "by hand, two-valued"
EACH_ROUND = 40  # documents that are explained in one round, and never again


def complete(count: int) -> list[dict[str, Any]]:
    """Documents in which nothing is unknown, as two-valued code needs them."""
    compiled = default_rules()
    unknown = {
        item.id: {option.code for option in item.options if option.unknown}
        for top in compiled.questionnaire.items()
        for item in (top, *top.items)
    }
    # A treatment of a class that the table does not have is for a person to name.
    unknown["class"] |= {
        option.code for option in compiled.questionnaire.item("treatments").inner("class").options
    }
    unknown["class"] -= {row["code"] for row in compiled.ruleset.tables["treatment_classes"].rows}
    found = []
    for document in documents(compiled, count * 20, seed=7, blank=0):
        document.setdefault("other_health", ["none"])
        document["conditions"] = document.get("conditions") or ["low_back"]
        document.setdefault("tx_all", "complete")
        flat_values = [(name, value) for name, value in document.items() if not isinstance(value, list)]
        entries = document.get("treatments", [])
        inside = [(name, value) for entry in entries for name, value in entry.items()]
        if any(value in unknown.get(name, ()) for name, value in (*flat_values, *inside)):
            continue
        dates = [document["onset"], document["dob"], *(entry.get("started", "") for entry in entries)]
        if any(len(date) < 10 for date in dates):
            continue
        if any(value is None for value in document.values()):
            continue
        found.append(document)
        if len(found) == count:
            break
    return found


def plain(value: Any) -> Any:
    """Typed values with the dates of Python."""
    if isinstance(value, Date):
        return value.to_date() if value.precision == "day" else str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return value


def ready(actives: Iterable[Active]) -> list[dict[str, Any]]:
    """Complete answers as code by hand takes them."""
    hand = [plain(active.values) for active in actives]
    for answers in hand:
        for name in ("treatments", "meds", "other_health"):
            answers[name] = answers.get(name) or []
        for entry in answers["treatments"]:
            for name, blank in (("weeks", 0), ("sessions", 0), ("weeks_since", 0), ("relief_pct", 0)):
                entry[name] = blank if entry.get(name) is None else entry[name]
    return hand


def tables() -> dict[str, Any]:
    """The reference tables in the shape that quick code wants."""
    rows = {name: table.rows for name, table in default_rules().ruleset.tables.items()}
    cells = ("medicine", "min_weeks", "min_sessions", "min_weeks_since")
    return {
        "treatment_classes": {
            row["code"]: tuple(row.get(cell) for cell in cells) for row in rows["treatment_classes"]
        },
        "interactions": [
            (row["drug"], row["word"], row.get("unless"), row["level"]) for row in rows["interactions"]
        ],
        "sedating_pairs": [(row["group"], row["word"], row.get("unless")) for row in rows["sedating_pairs"]],
    }


def checked(
    actives: list[Active], hand: list[dict[str, Any]], known: dict[str, Any]
) -> tuple[list[str], int]:
    """The names of the flat rules, and how many verdicts were compared. Any difference ends the run."""
    compiled, count = default_rules(), 0
    for active, answers in zip(actives, hand, strict=True):
        ours = compiled.program.evaluate(active.values, today=DAY)
        theirs = by_hand.flat(answers, DAY) | by_hand.lists(answers, DAY, known)
        if theirs.keys() != {rule.code for rule in compiled.ruleset.rules}:
            sys.exit(f"Rules by hand: {theirs.keys() ^ {rule.code for rule in compiled.ruleset.rules}}")
        for code, said in theirs.items():
            value = ours[library.rule_name(code)]
            if value is None:
                continue
            count += 1
            if (value if isinstance(value, bool) else tuple(dict.fromkeys(value))) != said:
                sys.exit(f"{code} differs: {value} and by hand {said}, for {answers}")
    return list(by_hand.flat(hand[0], DAY)), count


def measured(ways: Mapping[str, Way], size: int, rounds: int) -> dict[str, list[float]]:
    """Microseconds for one document, in each of the interleaved rounds."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(_timed(way, range(size)))
    return times


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
        report[group] = _ratios(measured(of_group, size, rounds))
    report["every rule explained in full"] = explanations(rounds, known)
    report["one-question rules"] = engines.compared(compiled, actives, rounds, _ratios, measured)
    return report


def explanations(rounds: int, known: Mapping[str, Any]) -> dict[str, Any]:
    """The judgement of one document with every rule explained, and each field of it read.

    What is explained is remembered, so each round has documents that were never seen before: the first
    after a rule set was compiled ("the first ten"), then a stream of others. "With blanks" are documents as
    people leave them, of which two-valued code knows nothing: their limit is that of complete ones.
    """
    compiled = _fresh()
    whole = complete((rounds + 5) * EACH_ROUND)
    blanks = list(documents(compiled, len(whole), seed=11))
    hand = ready([compiled.journey.active(document, DAY) for document in whole])
    streams = {
        "complete": [compiled.journey.active(document, DAY) for document in whole],
        "with blanks": [compiled.journey.active(document, DAY) for document in blanks],
    }

    def explained(rules: CompiledRuleSet, active: Active) -> None:
        assessment = assess_active(rules, active, as_of=DAY)
        for each in explain_active(rules, active, assessment, DAY):
            _ = each.result, each.answers, each.cause, each.would_settle, each.sentence, each.reading

    ways: dict[str, Way] = {
        LIMIT: lambda n: (by_hand.flat(hand[n], DAY), by_hand.lists(hand[n], DAY, known)),
        "assessed": lambda n: assess_active(compiled, streams["complete"][n], as_of=DAY),
        "assessed and explained": lambda n: explained(compiled, streams["complete"][n]),
        "assessed and explained, with blanks": lambda n: explained(compiled, streams["with blanks"][n]),
    }
    start = len(whole) - rounds * EACH_ROUND
    for way in ways.values():
        for number in range(start):
            way(number)
    before = _remembered(compiled)
    times: dict[str, list[float]] = {name: [] for name in ways}
    times["assessed and explained, the first ten"] = []
    for number in range(start, len(whole), EACH_ROUND):
        for name, way in ways.items():
            times[name].append(_timed(way, range(number, number + EACH_ROUND)))
        new = _fresh()
        first = streams["complete"][number : number + 10]
        times["assessed and explained, the first ten"].append(
            _timed(lambda n, new=new, first=first: explained(new, first[n]), range(10))  # type: ignore[misc]
        )
    rules = len(compiled.ruleset.rules)
    shared = rules - len(grouping_of(compiled).others)
    worked_out = (_remembered(compiled) - before) / (2 * rounds * EACH_ROUND)
    report = _ratios(times)
    report["explanations found in memory"] = f"{shared - worked_out:.1f} of {rules} for each document"
    return report


def _fresh() -> CompiledRuleSet:
    rules = default_rules()
    return compile_ruleset(rules.questionnaire, rules.ruleset)


def _remembered(compiled: CompiledRuleSet) -> int:
    groups, known = grouping_of(compiled).groups, day_of(compiled, DAY).groups
    return sum(len(group.plans) * len(kept) for group, kept in zip(groups, known, strict=True))


def _timed(way: Way, numbers: range) -> float:
    start = time.process_time()
    for number in numbers:
        way(number)
    return (time.process_time() - start) / len(numbers) * 1e6


def _ratios(times: Mapping[str, list[float]]) -> dict[str, Any]:
    """Medians; the ratio to the first way is taken round by round, and has its quartiles beside it."""
    limit = next(iter(times.values()))
    found = {}
    for name, each in times.items():
        ratios = [by_hand / us for by_hand, us in zip(limit, each, strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        found[name] = {"us": round(statistics.median(each), 1), "ratio": middle, "quartiles": [low, high]}
    return found


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

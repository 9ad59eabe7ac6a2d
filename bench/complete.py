"""Documents in which nothing is unknown, as code by hand needs them, and checked to be judged alike."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from bench import by_hand
from bench.documents import DAY, default_rules, documents
from screening.cql import Date
from screening.rules import library
from screening.rules.journey import Active


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


def with_two_treatments(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same documents with two treatments in each, of different names, taken from any of them."""
    draw = random.Random(3)
    entries = [entry for document in made for entry in document.get("treatments", ())]
    pairs = [(one, other) for one in entries for other in entries if one["name"] != other["name"]]
    return [{**document, "treatments": [*draw.choice(pairs)]} for document in made]


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

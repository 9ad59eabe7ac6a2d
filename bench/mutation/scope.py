"""What is changed, what of it decides the outcome, and which changes change nothing."""

from __future__ import annotations

from pathlib import Path

import yaml

from bench.mutation.operators import Mutant

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/cql", "tests/rules")
EQUIVALENT = Path(__file__).with_name("equivalent.yml")

# Evaluation: what turns a checked tree into a value. Reading and refusing text (lexer, parser, build*,
# check*, signatures, words) has tables of refusals and a fuzzer of its own.
LANGUAGE = (
    "runtime/*.py", "dates.py", "values.py", "quantities.py", "emit.py", "inline.py", "generate*.py",
    "compile.py", "program.py",
)  # fmt: skip
# Everything that judges, explains or counts. Left out: wording (english, phrases: golden sentences), what
# helps an author (lint*, check*, reader, shapes: each finding has its test), and what only holds values.
JUDGEMENT = (
    "assess.py", "assessment.py", "answers.py", "slices.py", "base.py", "journey.py", "cause.py",
    "explain.py", "hitting.py", "firing.py", "scores.py", "candidates.py", "quick*.py", "replay.py",
    "advice.py", "library.py", "comparing.py", "compiled.py", "criteria.py", "canonical.py", "remarks.py",
)  # fmt: skip
# Which outcome wins, which tier, and what a contradiction blocks: nothing here may go unnoticed.
PRECEDENCE = {
    "screening/rules/assess.py": {
        "OUTCOME_OF",
        "assess_active",
        "_tier",
        "_unless_blocked",
        "_gravest",
        "Found.of",
    },
    "screening/rules/assessment.py": {"SEVERITY"},
}  # fmt: skip
# They start processes of their own, which hold no change.
LEFT_OUT = (
    "test_purity.py::test_it_can_be_imported_where_django_cannot",
    "test_replay.py::test_counts_are_those_of_judging_one_by_one[2]",
)


def files() -> list[str]:
    """Paths from the root, in the order in which they are changed."""
    found = [
        path
        for folder, patterns in (("screening/rules", JUDGEMENT), ("screening/cql", LANGUAGE))
        for pattern in patterns
        for path in sorted((ROOT / folder).glob(pattern))
    ]
    return [str(path.relative_to(ROOT)) for path in found]


def decides(mutant: Mutant) -> bool:
    return mutant.scope in PRECEDENCE.get(mutant.file, ())


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """File, scope, before and after of each change that changes nothing, and why it does not."""
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {
        (each["file"], each["scope"], str(each["before"]), str(each["after"])): each["why"] for each in listed
    }

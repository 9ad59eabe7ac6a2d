"""What is changed, what of it decides the outcome, and which changes change nothing."""

from __future__ import annotations

from pathlib import Path

import yaml

from bench.mutation.operators import Mutant

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/cql", "tests/rules")
EQUIVALENT = Path(__file__).with_name("equivalent.yml")

# Evaluation: what turns a checked tree into a value, one case at a time or by columns. Reading and refusing
# text (lexer, parser, build*, check*, signatures, words) has tables of refusals and a fuzzer of its own.
LANGUAGE = (
    "runtime/*.py", "dates.py", "values.py", "quantities.py", "emit*.py", "inline*.py", "generate*.py",
    "straight*.py", "careful.py", "compile.py", "program.py", "running.py", "outcome.py",
    "matching.py", "pattern*.py",
    "column*.py", "frames.py", "grouping.py", "layout.py", "likeness.py", "one_answer.py",
)  # fmt: skip
# What screening/rules says and what it tells an author. It is part of the judgement and counts in the whole;
# it is told apart, for a missed change here misleads a reader and judges nobody.
WORDING = (
    "english.py", "phrases.py", "lint*.py", "check*.py", "reader.py", "shapes.py", "definition.py",
    "questionnaire.py", "ruleset.py", "schedule.py", "translation.py", "vignettes.py",
)  # fmt: skip
# Which outcome wins, which tier, and what a contradiction blocks: nothing here may go unnoticed.
PRECEDENCE = {
    "screening/rules/assess.py": {
        "OUTCOME_OF",
        "assess_active",
        "_unless_blocked",
        "_gravest",
        "Found.of",
    },
    "screening/rules/results.py": {"_tier"},
    "screening/rules/assessment.py": {"SEVERITY"},
}  # fmt: skip
# They hold the generated source against what was read, so whatever changes it is noticed there.
WHOLE = "tests/cql/test_what_is_written.py"
# They start processes of their own, which hold no change.
LEFT_OUT = (
    "test_purity.py::test_it_can_be_imported_where_django_cannot",
    "test_replay.py::test_counts_are_those_of_judging_one_by_one[2]",
)


def files() -> list[str]:
    """Paths from the root, in the order in which they are changed: what judges before what words it."""
    judgement = sorted((ROOT / "screening/rules").glob("*.py"), key=lambda path: (_words(path), path))
    evaluation = [path for pattern in LANGUAGE for path in sorted((ROOT / "screening/cql").glob(pattern))]
    return [str(path.relative_to(ROOT)) for path in [*judgement, *evaluation]]


def part(file: str) -> str:
    """Which part of the whole a file is of, as the report adds them up."""
    if file.startswith("screening/cql/"):
        return "evaluation"
    return "wording and authors" if _words(Path(file)) else "judgement"


def _words(path: Path) -> bool:
    return any(path.match(pattern) for pattern in WORDING)


def decides(mutant: Mutant) -> bool:
    return mutant.scope in PRECEDENCE.get(mutant.file, ())


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """File, scope, before and after of each change that changes nothing, and why it does not."""
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {
        (each["file"], each["scope"], str(each["before"]), str(each["after"])): each["why"] for each in listed
    }

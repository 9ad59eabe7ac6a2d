"""Writes the golden explanations: `python -m tests.rules.explanations_golden`. Read it, then commit.

Of the baseline of the worked cases every rule: the answers that forced its result, what would settle it, what
it found and in which words. Of each case those rules of which anything else is said.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from screening.rules.answers import Answers
from screening.rules.assess import assess
from screening.rules.definition import CaseFile
from screening.rules.explain import Explanation, explain
from screening.rules.vignettes import answers_of
from tests.rules.content import CASES, DAY, own_cases, read, shipped

GOLDEN = Path(__file__).parent / "golden" / "explanations.txt"
BASELINE = "baseline"


@cache
def answers_of_cases() -> dict[str, Answers]:
    """The worked cases of the rule set and those beside it, by their ids, and what all of them change."""
    files = [own_cases(), *(CaseFile.model_validate(read(path)) for path in sorted(CASES.glob("*.yml")))]
    cases = {f"{case.id} {case.title}": answers_of(file, case) for file in files for case in file.cases}
    return {BASELINE: dict(own_cases().baseline), **cases}


def said(each: Explanation) -> str:
    """One explanation in a line: everything that it holds but the reading, which is golden elsewhere."""
    read_ones = [f"{n}={len(v) if isinstance(v, list) else v}" for n, v in each.answers.items()]
    because = [
        f"{a.item}{'' if a.entry < 0 else f'[{a.entry}]'}{a.question and f'.{a.question}'}"
        for a in each.cause.answers
    ]
    inside = [f"{group}[{place}].{question}" for group, place, question in each.inside]
    parts = {
        "because" if each.cause.proven else "perhaps because": because,
        "of": read_ones,
        "would settle": [*each.would_settle, *inside],
        "blocked by": each.blocked_by,
        "error": [each.error] if each.error else [],
        "found": [f"{f.code}/{f.effect}/{f.tier}/{f.element}" for f in each.findings],
        "said": [each.sentence] if each.findings or each.result != "false" else [],
    }
    return f"{each.rule}: {each.result}" + "".join(f"; {n} {' '.join(w)}" for n, w in parts.items() if w)


def explained(answers: Answers) -> list[str]:
    assessment = assess(shipped(), answers, as_of=DAY)
    return [said(each) for each in explain(shipped(), answers, assessment, DAY)]


def golden() -> dict[str, list[str]]:
    """The lines of the baseline, and of each case those that differ from them."""
    cases = answers_of_cases()
    usual = explained(cases[BASELINE])
    found = {
        name: [line for line in explained(answers) if line not in usual] for name, answers in cases.items()
    }
    return {**found, BASELINE: usual}


@cache
def read_golden() -> dict[str, list[str]]:
    parts = GOLDEN.read_text(encoding="utf-8").split("\n=== ")[1:]
    return {name: lines for name, *lines in (part.rstrip("\n").split("\n") for part in parts)}


def main() -> None:
    text = "".join(
        f"\n=== {name}\n" + "".join(f"{line}\n" for line in lines) for name, lines in golden().items()
    )
    GOLDEN.write_text(f"# Written by python -m tests.rules.explanations_golden and read by people.\n{text}")


if __name__ == "__main__":
    main()

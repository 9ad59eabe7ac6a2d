"""Every definition of the default rule set, evaluated by us and by cql-execution over made-up answers.

Needs Node; where there is none it says so and ends well. The other engine is for development only and is
installed into `node_modules` beside this file. Exit code 1 on any difference.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.documents import DAY, default_rules, documents
from screening.cql import Date

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "var" / "bench" / "differential.json"
HEAD = "library Rules version '1'\n\n"


def main() -> int:
    count, seed = (*map(int, sys.argv[1:3]), *(1_000, 3)[len(sys.argv) - 1 :])
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("Skipped: there is no Node here, and the other engine needs it.")
        return 0
    if not (HERE / "node_modules" / "cql-execution").is_dir():
        install = [npm, "ci", "--no-audit", "--no-fund", "--silent"]  # what the lock file names, as it was
        if subprocess.run(install, cwd=HERE, check=False).returncode:
            print("Skipped: the other engine could not be installed.")
            return 0
    compiled = default_rules()
    made = [compiled.journey.active(each, DAY).values for each in documents(compiled, count, seed=seed)]
    theirs = asked(node, HEAD + compiled.library_text, made)
    return compared(made, theirs)


def asked(node: str, text: str, made: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        library, jobs = Path(folder, "library.cql"), Path(folder, "jobs.jsonl")
        library.write_text(text, encoding="utf-8")
        with jobs.open("w", encoding="utf-8") as file:
            for values in made:
                file.write(json.dumps({"parameters": sent(values), "today": DAY.isoformat()}) + "\n")
        with jobs.open("rb") as file:
            done = subprocess.run(
                [node, "evaluate.mjs", str(library)],
                cwd=HERE,
                stdin=file,
                stdout=subprocess.PIPE,
                check=False,
            )
    if done.returncode:
        sys.exit("The other engine does not take the library.")
    return [json.loads(line) for line in done.stdout.splitlines()]


def sent(value: Any) -> Any:
    if isinstance(value, Date):
        return {"date": str(value)}
    if isinstance(value, Mapping):
        return {name: sent(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [sent(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def compared(made: list[Mapping[str, Any]], theirs: list[dict[str, Any]]) -> int:
    program = default_rules().program
    same, different, failed = 0, Counter[str](), Counter[str]()
    examples: dict[str, Any] = {}
    for values, said in zip(made, theirs, strict=True):
        ours = program.evaluate(values, today=DAY)
        for name in program.definitions:
            mine, other = plain(ours[name]), said[name]
            if isinstance(other, dict) and other.keys() == {"error"}:
                failed[name] += 1
                examples.setdefault(name, other["error"].strip().splitlines()[2].strip())
            elif is_same(mine, other):
                same += 1
            else:
                different[name] += 1
                examples.setdefault(name, {"ours": mine, "theirs": other})
    print(f"{len(made)} documents, {len(program.definitions)} definitions: {same:,} values are the same.")
    for title, found in (("different", different), ("the other engine failed", failed)):
        print(f"{title}: {sum(found.values()):,} values in {len(found)} definitions")
        for name, number in found.most_common():
            print(f"  {name}: {number}, such as {json.dumps(examples[name], default=str)[:160]}")
    report = {"documents": len(made), "same": same, "different": different, "failed there": failed}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(report, indent=1))
    return 1 if different else 0


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, Date) else value


def is_same(mine: Any, other: Any) -> bool:
    """Lists by what they hold: the specification leaves the order of a distinct list open."""
    if isinstance(mine, list) and isinstance(other, list):
        ordered = [sorted(json.dumps(each, sort_keys=True) for each in items) for items in (mine, other)]
        return ordered[0] == ordered[1]
    if isinstance(mine, int | float) and isinstance(other, int | float):
        return isinstance(mine, bool) == isinstance(other, bool) and math.isclose(mine, other, abs_tol=1e-8)
    return bool(mine == other)


if __name__ == "__main__":
    sys.exit(main())

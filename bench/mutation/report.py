"""What was found: kept line by line while it runs, and told at the end."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.mutation.operators import Mutant
from bench.mutation.scope import decides, equivalents, part
from bench.mutation.serving import KILLED, REFUSED, SURVIVED, TIMEOUT, UNREACHED

NOTICED = {KILLED, TIMEOUT}
UNCOUNTED = ("equivalent", REFUSED)
LEAST = 0.95


class Results:
    """One line of JSON for each change that was tried. A change is tried again when its function changed,
    and one that nobody noticed when the tests did.
    """

    def __init__(self, path: Path, tests_digest: str) -> None:
        self.path, self.tests_digest = path, tests_digest
        self.known: dict[str, dict[str, Any]] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self.known[entry["key"]] = entry

    def outcome(self, mutant: Mutant) -> str | None:
        entry = self.known.get(mutant.key)
        if entry is None or entry["text"] != _text(mutant):
            return None
        if entry["outcome"] not in NOTICED and entry["tests"] != self.tests_digest:
            return None
        return str(entry["outcome"])

    def killers(self) -> list[tuple[str, str]]:
        """The key of each change that was noticed and the test that did, the oldest first."""
        noticed = (entry for entry in self.known.values() if entry["outcome"] in NOTICED)
        return [(entry["key"], entry["by"]) for entry in noticed if "::" in entry["by"]]

    def missed(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        """Those that no test noticed, but for those that change nothing."""
        same = equivalents()
        return [
            mutant
            for mutant in mutants
            if self.outcome(mutant) in (SURVIVED, UNREACHED)
            and (mutant.file, mutant.scope, mutant.before, mutant.after) not in same
        ]

    def add(self, mutant: Mutant, outcome: str, killer: str) -> None:
        entry = {
            "key": mutant.key,
            "text": _text(mutant),
            "tests": self.tests_digest,
            "outcome": outcome,
            "by": killer,
        }
        self.known[mutant.key] = entry
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _text(mutant: Mutant) -> str:
    return hashlib.sha256(mutant.text.encode()).hexdigest()[:12]


class Progress:
    """A line now and then: how many, how fast, how long still."""

    def __init__(self, total: int, results: Results) -> None:
        self.total, self.results = total, results
        self.done = 0
        self.started = self.shown = time.monotonic()

    def told(self, mutant: Mutant, outcome: str, killer: str, seconds: float) -> None:
        self.results.add(mutant, outcome, killer)
        self.done += 1
        now = time.monotonic()
        if (
            outcome not in NOTICED
            and (mutant.file, mutant.scope, mutant.before, mutant.after) not in equivalents()
        ):
            print(f"  {outcome}: {line_of(mutant)} ({seconds:.1f} s)", flush=True)
        if now - self.shown > 10 or self.done == self.total:
            self.shown = now
            rate = self.done / (now - self.started)
            left = (self.total - self.done) / rate
            print(
                f"{self.done:,} of {self.total:,}, {rate:.1f} a second, {left / 60:.0f} min left", flush=True
            )


def line_of(mutant: Mutant) -> str:
    return f"{mutant.file}:{mutant.line} {mutant.scope}: {mutant.before}  ->  {mutant.after}"


def interval(successes: int, tried: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, successes / tried
    middle = share + z * z / (2 * tried)
    spread = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - spread) / (1 + z * z / tried), (middle + spread) / (1 + z * z / tried)


def tell(mutants: Sequence[Mutant], results: Results, *, sampled: bool, partly: bool, out: Path) -> bool:
    """Print and write the score; whether it is enough."""
    same = equivalents()
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    left: list[Mutant] = []
    undecided: list[Mutant] = []
    for mutant in mutants:
        outcome = results.outcome(mutant) or UNREACHED
        if outcome not in NOTICED and (mutant.file, mutant.scope, mutant.before, mutant.after) in same:
            outcome = "equivalent"
        elif outcome not in NOTICED and outcome != REFUSED:
            left.append(mutant)
        outcomes[mutant.file][outcome] += 1
        parts[part(mutant.file)][outcome] += 1
        if decides(mutant):
            outcomes["outcome precedence"][outcome] += 1
            undecided += [mutant] if outcome not in (*NOTICED, *UNCOUNTED) else []
    whole = sum((counter for file, counter in outcomes.items() if file.endswith(".py")), Counter[str]())
    for mutant in left:
        print(f"not noticed: {line_of(mutant)}")
    print()
    for name, counter in [*sorted(outcomes.items()), *sorted(parts.items()), ("all", whole)]:
        between = " to ".join(f"{bound:.1%}" for bound in interval(_noticed(counter), _tried(counter)))
        said = f" ({between} with 95% confidence)" if sampled else ""
        print(f"{_share(counter):7.1%}  {_counted(counter):62}  {name}{said}")
    stale = [key for key in same if not any((m.file, m.scope, m.before, m.after) == key for m in mutants)]
    counted = {**outcomes, **parts, "all": whole}
    out.write_text(json.dumps({name: dict(counter) for name, counter in counted.items()}))
    seen = {mutant.file for mutant in mutants}
    for key in () if partly else (key for key in stale if key[0] in seen):
        print(f"equivalent.yml names what is not there (any more): {' | '.join(key)}")
    return _share(whole) >= LEAST and not undecided


def _noticed(counter: Counter[str]) -> int:
    return sum(counter[outcome] for outcome in NOTICED)


def _tried(counter: Counter[str]) -> int:
    return counter.total() - sum(counter[outcome] for outcome in UNCOUNTED)


def _share(counter: Counter[str]) -> float:
    return _noticed(counter) / _tried(counter) if _tried(counter) else 1.0


def _counted(counter: Counter[str]) -> str:
    words = (KILLED, TIMEOUT, SURVIVED, UNREACHED, *UNCOUNTED)
    return ", ".join(f"{counter[word]} {word}" for word in words if counter[word])

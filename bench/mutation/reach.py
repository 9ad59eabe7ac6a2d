"""Which tests reach which lines, kept by function so that it outlives edits elsewhere in a file."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from typing import Any

import coverage
import pytest

from bench.mutation.operators import FUNCTIONS, Mutant
from bench.mutation.scope import LEFT_OUT, ROOT, files

SLOW_ONES = 3
WARM = "warm"  # lines that ran while tests were collected, or while something cached was made


def caches() -> list[Any]:
    """Everything of ours that remembers a result."""
    ours = ("tests.", "bench.", "screening.")
    found = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)]
    return [each for each in found if str(getattr(each, "__module__", "")).startswith(ours)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def scopes(source: str) -> Iterator[tuple[str, int, int]]:
    """The name, first and last line of each function and method."""
    for node in ast.parse(source).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in inside:
            if isinstance(each, FUNCTIONS):
                yield f"{prefix}{each.name}", each.lineno, each.end_lineno or each.lineno


class Mapper:
    """A pytest plugin: runs everything once and notes who reaches what."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = defaultdict(float)
        self.cached: list[str] = []
        self.failed: list[str] = []
        self.caches: list[Any] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not item.nodeid.endswith(LEFT_OUT)]
        from tests.rules.content import shipped

        shipped()
        self.caches = caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        used = self._uses()
        self.measured.switch_context(item.nodeid)
        started = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - started
        self.measured.switch_context("between")
        if self._uses() != used:
            self.cached.append(item.nodeid)
        return result

    def _uses(self) -> int:
        return sum(sum(cache.cache_info()[:2]) for cache in self.caches)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def measure(arguments: list[str], out: Path) -> int:
    """Run the tests once under coverage and write the map. Runs in a process of its own."""
    measured = coverage.Coverage(
        data_file=None, config_file=False, branch=False, include=[str(ROOT / "screening/*")]
    )
    measured.start()
    measured.switch_context(WARM)
    mapper = Mapper(measured)
    code = pytest.main(arguments, plugins=[mapper])
    measured.stop()
    if len(mapper.failed) > SLOW_ONES or code not in (0, 1, 5):
        print(f"The tests fail without any change: {mapper.failed}", flush=True)
        return 1
    if mapper.failed:  # some look at the clock, and being measured takes time
        print(f"Left out, for they fail while they are measured: {mapper.failed}", flush=True)
    reached: dict[str, dict[str, dict[int, list[str]]]] = {}
    data = measured.get_data()
    for file in files():
        lines = data.contexts_by_lineno(str(ROOT / file))
        source = (ROOT / file).read_text(encoding="utf-8")
        by_scope = reached.setdefault(file, {})
        for scope, first, last in scopes(source):
            by_scope[scope] = {
                line - first: sorted(set(lines[line]) - {"", "between", *mapper.failed})
                for line in range(first + 1, last + 1)  # the first runs when it is imported
                if line in lines
            }
    old = json.loads(out.read_text()) if out.exists() else {}
    out.write_text(json.dumps(_merged(old, reached, mapper)))
    return 0


def _merged(old: dict[str, Any], reached: dict[str, Any], mapper: Mapper) -> dict[str, Any]:
    """What was known of test files that did not change, and what was measured now."""
    again = {nodeid.partition("::")[0] for nodeid in mapper.seconds}
    for file, by_scope in old.get("reached", {}).items():
        for scope, lines in by_scope.items():
            for line, tests in lines.items():
                kept = [test for test in tests if test != WARM and test.partition("::")[0] not in again]
                target = reached.setdefault(file, {}).setdefault(scope, {})
                target[int(line)] = sorted({*target.get(int(line), ()), *kept})
    seconds = {t: s for t, s in old.get("seconds", {}).items() if t.partition("::")[0] not in again}
    cached = [t for t in old.get("cached", ()) if t.partition("::")[0] not in again]
    digests = {**old.get("digests", {}), **{file: digest(ROOT / file) for file in again}}
    return {
        "reached": reached,
        "seconds": {**seconds, **mapper.seconds},
        "cached": [*cached, *(test for test in mapper.cached if test not in mapper.failed)],
        "digests": digests,
    }


class Reach:
    """The map, read back."""

    def __init__(self, path: Path) -> None:
        whole = json.loads(path.read_text())
        self.reached: dict[str, dict[str, dict[str, list[str]]]] = whole["reached"]
        self.seconds: dict[str, float] = whole["seconds"]
        self.cached: list[str] = whole["cached"]

    def tests(self, mutant: Mutant, first_line: int) -> tuple[list[str], list[str], bool]:
        """The tests that run the changed lines themselves; these and those that use what is made of them and
        then kept; and whether anything is.
        """
        by_scope = self.reached.get(mutant.file, {})
        if mutant.in_function and mutant.scope in by_scope:
            lines = by_scope.get(mutant.scope, {})
            wanted = {str(line - first_line) for line in mutant.lines}
            found = {test for line, tests in lines.items() if line in wanted for test in tests}
        else:
            found = {test for lines in by_scope.values() for tests in lines.values() for test in tests}
            found |= {test for test in self.seconds if self._mentions(test.partition("::")[0], mutant.scope)}
        warm = WARM in found or not (found or mutant.in_function)
        return self._in_turn(found), self._in_turn(found | set(self.cached) if warm else found), warm

    @cache  # noqa: B019 - as long as the run
    def _mentions(self, test_file: str, name: str) -> bool:
        """Whether a test file names a table: reading one runs no line of it."""
        path = ROOT / test_file
        return path.exists() and name in path.read_text(encoding="utf-8")

    def _in_turn(self, tests: set[str]) -> list[str]:
        """Quick ones before slow ones, and those of many tables before many of one, whose rows notice much
        the same: the tenth row of a table has to be ten times as quick to come as early.
        """
        quickest = sorted(tests - {WARM}, key=lambda test: (self.seconds.get(test, 1), test))
        weight: dict[str, float] = {}
        rows: Counter[str] = Counter()
        for test in quickest:
            table = test.partition("[")[0]
            rows[table] += 1
            weight[test] = rows[table] * (self.seconds.get(test, 1) + 0.01)
        return sorted(quickest, key=weight.__getitem__)

"""A process that has everything loaded, and a child of it for each change."""

from __future__ import annotations

import gc
import importlib.machinery
import os
import resource
import signal
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, NoReturn

import pytest

from bench.mutation.operators import Mutant
from bench.mutation.reach import Reach, caches, scopes
from bench.mutation.scope import LEFT_OUT, ROOT, WHOLE
from bench.mutation.swapping import Functions, functions_of_ours, rebind, swap

KILLED, SURVIVED, TIMEOUT, UNREACHED = "killed", "survived", "timeout", "unreached"
REFUSED = "refused"  # by the type checker, see `typed`
NOT_SWAPPED = 77
WALL = 600  # seconds: only for a child that sleeps; one that works is stopped by its processor time
# Seconds of tests for one change, as they took while they were measured; that is some four times as long as
# they take. A change that only those left out notice counts as missed.
MOST = 60
OFTEN = 6
MEMORY = 3 * 2**30
Told = Callable[[Mutant, str, str, float], None]


class Server:
    """A pytest plugin that collects as usual, and then tries changes instead of running tests."""

    def __init__(
        self, mutants: list[Mutant], reach: Reach, told: Told, killers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`killers`: the key of each change noticed before, and the test that did."""
        self.mutants, self.reach, self.told = mutants, reach, told
        self.left: list[Mutant] = []
        self._killers: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=12))
        self._everywhere: Counter[str] = Counter()
        for key, killer in killers:
            file, scope, _ = key.split("|", 2)
            self._noticed(file, scope, killer)

    def _noticed(self, file: str, scope: str, killer: str) -> None:
        self._killers[f"{file}|{scope}"].appendleft(killer)
        self._killers[file].appendleft(killer)
        self._everywhere[killer] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        functions = functions_of_ours()
        found = caches()
        gc.freeze()
        self._control(list(items.values()), found)
        sources = {file: (ROOT / file).read_text(encoding="utf-8") for file in {m.file for m in self.mutants}}
        first_lines = {file: {name: line for name, line, _ in scopes(text)} for file, text in sources.items()}
        for mutant in self.mutants:
            direct, all_of_them, warm = self.reach.tests(
                mutant, first_lines[mutant.file].get(mutant.scope, 0)
            )
            if not all_of_them:
                self.told(mutant, UNREACHED, "", 0)
                continue
            change = self._change(mutant, sources[mutant.file], functions)
            outcome, killer, seconds = self._attempt(mutant, change, direct, items, [])
            if outcome == SURVIVED and warm:
                outcome, killer, more = self._attempt(mutant, change, all_of_them, items, found)
                seconds += more
            if outcome == "not swapped":
                self.left.append(mutant)
                continue
            if killer:
                self._noticed(mutant.file, mutant.scope, killer)
            self.told(mutant, outcome, killer, seconds)
        return True

    def _change(self, mutant: Mutant, source: str, functions: Functions) -> Callable[[], None]:
        code = compile(mutant.tree(source), str(ROOT / mutant.file), "exec")

        def change() -> None:
            if mutant.in_function:
                done = swap(code, mutant.scope, functions)
            else:
                done = rebind(mutant, source, functions)
            if not done:
                os._exit(NOT_SWAPPED)

        return change

    def _attempt(
        self, mutant: Mutant, change: Callable[[], None], tests: list[str], items: dict[str, pytest.Item],
        stale: list[Any],
    ) -> tuple[str, str, float]:  # fmt: skip
        """The tests in a child, with what was cached before or without."""
        chosen, seconds = [], 0.0
        for test in self._likeliest(mutant, tests):
            seconds += self.reach.seconds.get(test, 1)
            if test in items and (seconds < MOST or not chosen):
                chosen.append(items[test])
        return patiently(lambda patience: self._run(change, chosen, stale, patience))

    def _control(self, items: list[pytest.Item], stale: list[Any]) -> None:
        """Without a change nothing may fail in a child, or every "killed" would mean nothing."""
        quick = [item for item in items if self.reach.seconds.get(item.nodeid, 1) < 0.008]
        outcome, killer, _ = in_child(lambda: self._run(lambda: None, quick, stale, 20))
        if outcome != SURVIVED:
            raise RuntimeError(f"Without any change {killer or 'a test'} fails in a child: {outcome}.")

    def _likeliest(self, mutant: Mutant, tests: list[str]) -> list[str]:
        """First what noticed other changes of this function, very many anywhere or some of this file, then
        what holds the whole source, then the others in turn.
        """
        able = set(tests)
        often = [test for test, _ in self._everywhere.most_common() if test in able][:OFTEN]
        known = [*self._killers[f"{mutant.file}|{mutant.scope}"], *often, *self._killers[mutant.file]]
        known += [test for test in tests if test.startswith(WHOLE)]
        return list(dict.fromkeys([*(test for test in known if test in able), *tests]))

    def _run(
        self, change: Callable[[], None], items: list[pytest.Item], stale: list[Any], patience: int
    ) -> str | None:
        change()
        for cache in stale:
            cache.cache_clear()
        failing = Failing()
        for item in items[:1]:
            item.config.pluginmanager.register(failing)
        for item, following in zip(items, [*items[1:], None][: len(items)], strict=True):
            allow(patience, item.nodeid, self.reach.seconds)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failing.test is not None:
                return failing.test
        return None


class Failing:
    """Remembers the first test that failed."""

    test: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.test is None:
            self.test = report.nodeid


class Chosen:
    """A pytest plugin that keeps the tests named, in their order, and stops at the first failure."""

    def __init__(self, tests: list[str], seconds: dict[str, float]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.seconds = seconds
        self.patience = 1
        self.failing = Failing()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order and not item.nodeid.endswith(LEFT_OUT)),
            key=lambda item: self.order[item.nodeid],
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        allow(self.patience, item.nodeid, self.seconds)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failing.pytest_runtest_logreport(report)


def try_anew(mutant: Mutant, reach: Reach, arguments: list[str], told: Told) -> None:
    """A change outside functions: the child imports everything itself, with the change in it."""
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    first = {name: line for name, line, _ in scopes(source)}.get(mutant.scope, 0)
    _, tests, _ = reach.tests(mutant, first)
    path = str(ROOT / mutant.file)
    code = compile(mutant.tree(source), path, "exec")
    plugin = Chosen(tests, reach.seconds)

    def run(patience: int) -> str | None:
        plugin.patience = patience
        load = importlib.machinery.SourceFileLoader.get_code

        def changed(self: Any, fullname: str) -> CodeType | None:
            return code if self.get_filename(fullname) == path else load(self, fullname)

        importlib.machinery.SourceFileLoader.get_code = changed  # type: ignore[method-assign]
        allow(10, "", {})
        result = pytest.main(["-x", *arguments], plugins=[plugin])
        return plugin.failing.test or (None if result == 0 else "while importing")

    told(mutant, *patiently(run))


def allow(patience: int, test: str, seconds: dict[str, float]) -> None:
    """Processor time for what follows; a child that needs more is ended by the system."""
    signal.setitimer(signal.ITIMER_PROF, patience * (3 + 8 * seconds.get(test, 1)))


def patiently(run: Callable[[int], str | None]) -> tuple[str, str, float]:
    """What takes too long gets four times as long before it counts as stuck; not what only sleeps."""
    found = in_child(lambda: run(1))
    return in_child(lambda: run(4)) if found[0] == TIMEOUT and found[2] < WALL else found


def in_child(run: Callable[[], str | None]) -> tuple[str, str, float]:
    """Fork, run there, and say what came of it: the outcome, the test that noticed, the seconds."""
    started = time.perf_counter()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(run, writing)
    os.close(writing)
    told = b""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(WALL)
    while part := os.read(reading, 4096):
        told += part
    os.close(reading)
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    seconds = time.perf_counter() - started
    if os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGKILL)
        return (TIMEOUT if slow else KILLED), "", seconds
    if os.WEXITSTATUS(status) == NOT_SWAPPED:
        return "not swapped", "", seconds
    return (SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED), told.decode(), seconds


def _child(run: Callable[[], str | None], writing: int) -> NoReturn:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    code = 1
    try:
        killer = run()
        os.write(writing, (killer or "").encode())
        code = 0 if killer is None else 1
    except BaseException as error:  # noqa: BLE001 - whatever ends the run, the change was noticed
        os.write(writing, f"({type(error).__name__})".encode())
    finally:
        os.close(writing)
        os._exit(code)

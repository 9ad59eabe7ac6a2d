"""`make mutate`: does some test notice each small change of the judgement?

ONLY=screening/rules/assess.py   only files whose path begins so (several with commas)
SAMPLE=500                       so many, chosen at random but always the same for one SEED
SEED=2                           another choice: tests written for one sample are measured by the next
FRESH=1                          forget what earlier runs found

What no test notices and mypy refuses counts neither for nor against: `make check` would stop it.
What was found stays in var/mutate/ and an interrupted run goes on where it stopped. Ends with 1 when fewer
than 95% of the changes are noticed, or any change of what decides the outcome is not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from bench.mutation.operators import Mutant, mutants
from bench.mutation.reach import Reach, digest, measure
from bench.mutation.report import Progress, Results, tell
from bench.mutation.scope import ROOT, TESTS, decides, equivalents, files
from bench.mutation.serving import REFUSED, Server, try_anew
from bench.mutation.typed import refused

VAR = ROOT / "var" / "mutate"
ARGUMENTS = [
    "-c", str(ROOT / "tests/cql/pytest.ini"), f"--rootdir={ROOT}", "-qq", "-s", "--no-header", "--no-summary",
    "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin",
    # What is not closed is no change noticed.
    "-p", "no:unraisableexception", "-W", "ignore::ResourceWarning",
]  # fmt: skip


def main() -> int:
    options = _options()
    os.chdir(ROOT)
    VAR.mkdir(parents=True, exist_ok=True)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Our own tests have to notice: HL7's are only where somebody put them.
    os.environ["CQL_TESTS"] = str(VAR / "none")
    # The same examples each time, and a failure is enough: no smaller one is looked for.
    settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutation")
    if options.fresh:
        for path in VAR.glob("*.json*"):
            path.unlink()

    test_files = [path for folder in TESTS for path in sorted((ROOT / folder).rglob("test_*.py"))]
    if not _map(test_files):
        return 2
    reach = Reach(VAR / "reach.json")
    chosen = [
        mutant
        for file in files()
        if file.startswith(tuple(options.only.split(",")))
        for mutant in mutants(file, (ROOT / file).read_text(encoding="utf-8"))
        if decides(mutant) or not options.precedence
    ]
    if options.sample and options.sample < len(chosen):
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    results = Results(VAR / "results.jsonl", _digest(test_files))
    open_ = [mutant for mutant in chosen if results.outcome(mutant) is None]
    known = len(chosen) - len(open_)
    if not options.equivalent_too:
        same = equivalents()
        open_ = [m for m in open_ if (m.file, m.scope, m.before, m.after) not in same]
    print(f"{len(chosen):,} changes, {known:,} known already, {len(open_):,} to try.", flush=True)
    _try(open_, reach, Progress(len(open_), results), results.killers())
    results = Results(results.path, results.tests_digest)
    for mutant, message in refused(results.missed(chosen), VAR):
        results.add(mutant, REFUSED, message)
    enough = tell(
        chosen,
        results,
        sampled=bool(options.sample),
        partly=bool(options.sample or options.precedence),
        out=VAR / "score.json",
    )
    return 0 if enough else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("--only", default="screening/")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--precedence", action="store_true", help="only what decides the outcome")
    parser.add_argument("--equivalent-too", action="store_true", help="try what equivalent.yml names as well")
    return parser.parse_args()


def _map(test_files: list[Path]) -> bool:
    """Measure who reaches what, for test files that are new or different."""
    path = VAR / "reach.json"
    known = json.loads(path.read_text())["digests"] if path.exists() else {}
    changed = [f for f in test_files if known.get(str(f.relative_to(ROOT))) != digest(f)]
    if not changed:
        return True
    print(f"Running the tests of {len(changed)} files once, to see which lines they reach …", flush=True)
    return _forked(lambda: measure([*ARGUMENTS, *map(str, changed)], path)) == 0


def _digest(test_files: list[Path]) -> str:
    others = [ROOT / "tests/rules/content.py", *(ROOT / "tests/rules").rglob("*.yml")]
    return hashlib.sha256("".join(map(digest, [*test_files, *others])).encode()).hexdigest()[:12]


def _try(open_: list[Mutant], reach: Reach, progress: Progress, killers: list[tuple[str, str]]) -> None:
    anew: list[Mutant] = []
    if open_:
        open_ = sorted(open_, key=lambda mutant: not decides(mutant))
        server = Server(open_, reach, progress.told, killers)
        left = VAR / "left.json"

        def serve() -> int:
            code = pytest.main([*ARGUMENTS, *TESTS], plugins=[server])
            if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                return 1
            left.write_text(json.dumps([mutant.key for mutant in server.left]))
            return 0

        left.unlink(missing_ok=True)
        if _forked(serve) != 0 or not left.exists():
            raise SystemExit("The tests could not be served, see above.")
        keys = set(json.loads(left.read_text()))
        anew = [mutant for mutant in open_ if mutant.key in keys]
        progress.done = len(open_) - len(keys)
    for mutant in anew:
        try_anew(mutant, reach, [*ARGUMENTS, *TESTS], progress.told)


def _forked(run: object) -> int:
    """In a process of its own, so that this one never imports what is changed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = run()  # type: ignore[operator]
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())

"""Which changes the type checker refuses, as `make check` does before any test runs.

In a language that is compiled such a change does not come about: a None where a text belongs, a word that is
none of those a `Literal` allows, a result that got lost. What no test noticed is therefore handed to mypy,
and what that refuses counts neither for nor against.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.mutation.operators import Mutant
from bench.mutation.scope import ROOT

Said = Counter[tuple[str, str]]  # file, message without its line


def refused(mutants: Iterable[Mutant], room: Path) -> Iterator[tuple[Mutant, str]]:
    """Those that mypy refuses, each with its words. Sources are compared as `ast` writes them both."""
    waiting = list(mutants)
    sources = {m.file: (ROOT / m.file).read_text(encoding="utf-8") for m in waiting}
    usual = _said({file: ast.unparse(ast.parse(text)) for file, text in sources.items()}, room)
    while waiting:
        now = {mutant.file: mutant for mutant in waiting}  # one for each file
        waiting = [mutant for mutant in waiting if now[mutant.file] is not mutant]
        said = _said({file: ast.unparse(m.tree(sources[file])) for file, m in now.items()}, room)
        for file, message in said - usual:
            if mutant := now.pop(file, None):
                yield mutant, message


def _said(texts: dict[str, str], room: Path) -> Said:
    """What mypy says of these files with other texts in their place."""
    if not texts:
        return Counter()
    shadows: list[str] = []
    for number, (file, text) in enumerate(texts.items()):
        shadow = room / f"shadow{number}.py"
        shadow.write_text(text, encoding="utf-8")
        shadows += ["--shadow-file", file, str(shadow)]
    command = [
        sys.executable, "-m", "mypy", "--config-file=", "--strict", "--ignore-missing-imports",
        "--no-warn-unused-ignores", "--no-error-summary", "--hide-error-context",
        f"--cache-dir={room / 'types'}", *shadows, *texts,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"mypy did not get through: {done.stderr or done.stdout}")
    found = re.findall(r"^(\S+?):\d+: error: (.*)$", done.stdout, re.MULTILINE)
    return Counter((file, message) for file, message in found if file in texts)

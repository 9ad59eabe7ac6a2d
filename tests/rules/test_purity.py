"""The judgement stands alone: no Django, no clock, no files."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.rules.content import ROOT

ALONE = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "celery", "psycopg", "accounts", "audit", "clinic"}:
            raise ImportError(f"{name} is not for the judgement")

sys.meta_path.insert(0, Blocker())
import datetime
import screening.cql, screening.rules
import importlib, pkgutil
names = [m.name for m in pkgutil.iter_modules(screening.rules.__path__)]
for name in names:
    importlib.import_module(f"screening.rules.{name}")
assert not any(name.split(".")[0] == "django" for name in sys.modules)
print(len(names))
"""


def test_it_can_be_imported_where_django_cannot() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


# As an attribute (`date.today`), or called by its bare name (`open`). `dt.time` alone is a type.
ATTRIBUTES = {"today", "now", "utcnow", "monotonic", "perf_counter", "read_text", "environ", "getenv"}
CALLS = {"open", "now", "today", "time", "input"}


def _outside_world(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & ATTRIBUTES
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return used | {call.id for call in calls if isinstance(call, ast.Name) and call.id in CALLS}


def test_no_module_reads_a_clock_or_a_file() -> None:
    modules = sorted((ROOT / "screening/rules").glob("*.py"))
    assert len(modules) > 10
    assert {module.name: used for module in modules if (used := _outside_world(module))} == {}


def test_that_search_finds_a_clock_when_there_is_one(tmp_path: Path) -> None:
    module = tmp_path / "late.py"
    module.write_text("import datetime\nvalue = datetime.date.today()\nfile = open('x')\n")
    assert _outside_world(module) == {"today", "open"}

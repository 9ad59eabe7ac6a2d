"""The contracts in pyproject.toml about who may import whom."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.guards.source import APPS, dotted, named
from tests.platform.production import ROOT

LAYERS = {"urls", "views", "forms", "presenters", "tasks", "services", "selectors", "models"}


def test_the_import_contracts_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert "4 kept, 0 broken" in ended.stdout


def test_the_order_inside_a_chapter_is_asked_of_every_package_that_has_one() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (asked,) = [contract["containers"] for contract in contracts if "containers" in contract]
    packages = [path.parent for app in APPS for path in (ROOT / app).rglob("__init__.py")]
    layered = {
        dotted(named(package))
        for package in packages
        if len(LAYERS & {path.stem for path in package.iterdir()}) > 1
    }
    assert len(layered) > 20, "the scan found too few packages"
    assert layered - set(asked) == set()

"""Files that one can read in one go, named by what is in them."""

from __future__ import annotations

from pathlib import Path

from tests.guards.source import APPS, named
from tests.platform.production import ROOT

LONGEST = 300
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "tools"}
FOLDERS = (*APPS, "tests", "templates", "bench", "frontend/scss")


def files() -> list[Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return [path for path in found if path.suffix in {".py", ".html", ".scss"} and _ours(path)]


def _ours(path: Path) -> bool:
    return not {"migrations", "node_modules", "__pycache__"} & set(path.parts)


def test_the_scan_finds_the_files() -> None:
    assert len(files()) > 350


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {named(path): len(path.read_bytes().splitlines()) for path in files()}
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert not long, f"split by what the parts are about, not by number: {long}"


def test_every_file_is_named_by_what_is_in_it() -> None:
    vague = [named(path) for path in files() if path.stem.lower() in EMPTY_NAMES]
    assert not vague, f"say what it is: {vague}"


def test_every_package_can_be_imported() -> None:
    """A folder of modules without `__init__.py` is imported here and lost in an installed copy."""
    folders = {path.parent for path in files() if path.suffix == ".py"}
    assert not [named(f) for f in folders if not (f / "__init__.py").exists() and named(f) != "bench"]

"""The contracts in pyproject.toml about who may import whom."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.platform.production import ROOT


def test_the_import_contracts_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert "4 kept, 0 broken" in ended.stdout

"""The bench itself: cases made by the thousand, judged together, and each of them alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.replaying import FILE

ROOT = Path(__file__).resolve().parents[2]
COUNT = 20_000


@pytest.mark.nightly
def test_every_case_comes_to_what_it_comes_to_alone() -> None:
    """The bench ends with a sentence and an error where one differs."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.replaying", str(COUNT), "--sample", str(COUNT)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(FILE.read_text())
    assert report["judged one by one and the same"] == report["cases"] == COUNT
    assert sum(report["outcomes"].values()) == COUNT

"""Plain `make` lists every target that there is."""

from __future__ import annotations

import re
import subprocess

from tests.platform.production import ROOT


def test_plain_make_lists_every_target_with_a_line() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: ([a-z -]+)$", text, flags=re.M)[0].split())
    shown = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    listed = dict(re.findall(r"^  make ([a-z-]+)\s+(\S.+)$", shown, flags=re.M))
    assert len(targets) > 8
    assert set(listed) == targets


def test_the_build_server_runs_the_same_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()

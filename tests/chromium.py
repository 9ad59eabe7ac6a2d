"""Finds Chromium for the browser tests, or installs it where we may: `python -m tests.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "fonts-liberation")
COMMAND = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"


def find() -> str | None:
    return next((path for path in _candidates() if _runs(path)), None)


def _candidates() -> Iterator[str]:
    if given := os.environ.get("CHROMIUM"):
        yield given
        return
    for name in NAMES:
        if path := shutil.which(name):
            yield path
    yield "/usr/lib/chromium/headless_shell"
    for path in Path.home().glob(".cache/ms-playwright/chromium*/chrome-*/*"):  # what Playwright downloads
        if path.name in {"chrome", "headless_shell", "chrome-headless-shell"}:
            yield str(path)


def _runs(path: str) -> bool:
    """Some distributions ship a stub that only says where to look."""
    try:
        command = [path, "--version", "--no-sandbox"]
        said = subprocess.run(command, capture_output=True, timeout=30, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0


def install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*COMMAND.split(), "-y", "-qq"]
    say("Chromium is missing: installing it …")
    for first in ([], ["apt-get", "update", "-qq"]):  # the package lists may be old or absent
        if first:
            subprocess.run(first, env=environment, check=False, stdout=sys.stderr)
        if subprocess.run(command, env=environment, check=False, stdout=sys.stderr).returncode == 0:
            return


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    path = find()
    if not path and not os.environ.get("CHROMIUM") and os.geteuid() == 0 and shutil.which("apt-get"):
        install()
        path = find()
    if not path:
        say("The browser tests need Chromium, and nothing is skipped here. Run this, then try again:")
        say(f"    sudo {COMMAND}")
        say("or set CHROMIUM to the path of a Chromium or Chrome.")
        return 2
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

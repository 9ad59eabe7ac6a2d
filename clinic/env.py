"""Reads settings from the environment: typed, and with a sentence for whatever is missing or wrong.

Every problem is collected before anything stops, so that an operator mends a new server in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

T = TypeVar("T")


class SettingsProblem(ImproperlyConfigured):
    """Something the environment must say is missing or cannot be understood."""


class Environment:
    """One variable at a time: its name, what it is for, and what holds when it is left out."""

    def __init__(self, folder: Path) -> None:
        self.env = Env()
        if (folder / ".env").is_file():  # a developer's own; what the environment says goes first
            self.env.read_env(folder / ".env", recurse=False)
        self.problems: list[str] = []

    def text(self, name: str, what: str, default: str | None = None) -> str:
        return self._read(self.env.str, name, what, default, empty="")

    def flag(self, name: str, what: str, *, default: bool) -> bool:
        return self._read(self.env.bool, name, what, default, empty=False)

    def number(self, name: str, what: str, default: int) -> int:
        return self._read(self.env.int, name, what, default, empty=0)

    def words(self, name: str, what: str, default: Sequence[str] | None = None) -> list[str]:
        """A list with commas between."""
        found = self._read(self.env.list, name, what, None if default is None else list(default), empty=[])
        return [word.strip() for word in found if word.strip()]

    def database(self, name: str, what: str) -> dict[str, Any]:
        """Django's description of a database, from a libpq address: PostgreSQL and nothing else."""
        address = self.text(name, what)
        if not address:
            return {"ENGINE": "django.db.backends.postgresql", "NAME": ""}
        try:
            parts: dict[str, Any] = dict(conninfo_to_dict(address))
        except ProgrammingError:
            self.problems.append(f"{name} is not a PostgreSQL address. {_how(what)}")
            parts = {}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.pop("dbname", ""),
            "USER": parts.pop("user", ""),
            "PASSWORD": parts.pop("password", ""),
            "HOST": parts.pop("host", ""),
            "PORT": parts.pop("port", ""),
            "OPTIONS": parts,
        }

    def finish(self) -> None:
        """Stop when something was missing: nothing half-configured may answer a patient."""
        if self.problems:
            raise SettingsProblem("\n".join(["The settings are not complete.", *self.problems]))

    def _read(self, parse: Callable[..., T], name: str, what: str, default: T | None, *, empty: T) -> T:
        if not self.env.str(name, "").strip():
            if default is None:
                self.problems.append(f"{name} is missing. {_how(what)}")
                return empty
            return default
        try:
            return parse(name)
        except EnvError:
            self.problems.append(f"{name} cannot be understood. {_how(what)}")
            return empty


def _how(what: str) -> str:
    return f"It is {what}. Set it in the environment; .env.example shows how."

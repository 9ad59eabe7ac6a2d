"""Reads settings from the environment: typed, and with a sentence for whatever is missing or wrong.

Every problem is collected before anything stops, so that an operator mends a new server in one go.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

T = TypeVar("T")


class SettingsProblem(ImproperlyConfigured):
    """Something the environment must say is missing or cannot be understood."""


@contextlib.contextmanager
def gaps_in_sentences() -> Iterator[None]:
    """Ends the process with what is missing, and without a hundred lines of where the program was."""
    try:
        yield
    except SettingsProblem as problem:
        sys.exit(str(problem))


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

    def number(self, name: str, what: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
        found = self._read(self.env.int, name, what, default, empty=default)
        if not least <= found <= most:
            self.problems.append(f"{name} must be {least} to {most}. {_how(what)}")
        return found

    def choice(self, name: str, what: str, default: str, *, others: Sequence[str]) -> str:
        found = self.text(name, what, default)
        if found not in (default, *others):
            self.problems.append(f"{name} cannot be understood. {_how(what)}")
        return found

    def secret(self, name: str, what: str, *, least: int) -> str:
        """What nobody may guess. Too short is as bad as missing: the service would start and be open."""
        found = self.text(name, what)
        if found and len(found) < least:
            self.problems.append(f"{name} is too short. {_how(what)}")
        return found

    def keys(self, name: str, what: str) -> list[str]:
        """Fernet keys with commas between."""
        found = self.words(name, what)
        try:
            known = [Fernet(key) for key in found]
        except ValueError:
            self.problems.append(f"{name} holds something that is no key. {_how(what)}")
            return []
        if not known and not any(each.startswith(name) for each in self.problems):
            self.problems.append(f"{name} is missing. {_how(what)}")
        return found

    def address(self, name: str, what: str) -> str:
        """A web address with nothing behind its host: links are made by adding a path to it."""
        found = self.text(name, what).rstrip("/")
        try:
            parts = urlsplit(found)
            whole = bool(parts.hostname) and parts.port != 0 and found.endswith(f"//{parts.netloc}")
        except ValueError:
            whole = False
        if found and (not whole or "@" in found):
            self.problems.append(f"{name} cannot be understood. {_how(what)}")
            return ""
        return found

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
        else:
            if not parts.get("dbname") and not parts.get("service"):
                self.problems.append(f"{name} names no database. {_how(what)}")
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

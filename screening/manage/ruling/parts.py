"""The parts of a rule set as they are stored: found, put back, taken out. Whatever else is in it stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.rules.canonical import sha256_of

Content = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of a definition: how it is read, and how another value takes its place (None: it goes)."""

    read: Callable[[Content], Any]
    put: Callable[[Content, Any], Content]

    def seen(self, content: Content) -> str:
        """What a page saw of the part: a save that began with something else is refused."""
        return sha256_of(self.read(content))


def rules_in(content: Content) -> list[dict[str, Any]]:
    return _dicts_in(content, "rules")


def rule(code: str) -> Part:
    """The rule of this code; an empty one is the end of the table, where a new rule goes."""
    return _one_of("rules", "code", code)


def cases_in(content: Content) -> list[dict[str, Any]]:
    """The worked cases that travel with the rules."""
    return _dicts_in(content, "cases")


def case(name: str) -> Part:
    """The worked case of this name; an empty one is the end of the list, where a new case goes."""
    part = _one_of("cases", "id", name)

    def put(content: Content, value: Any) -> Content:
        changed = part.put(content, value)
        day = value.get("assessed_on") if value is not None else None
        return changed if changed.get("assessed_on") or not day else {**changed, "assessed_on": day}

    return Part(part.read, put)


def _dicts_in(content: Content, name: str) -> list[dict[str, Any]]:
    held = content.get(name)
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def _one_of(name: str, key: str, wanted: str) -> Part:
    """The part of a list whose `key` is `wanted`; with nothing wanted the end of the list."""

    def put(content: Content, value: Any) -> Content:
        held = _dicts_in(content, name)
        if not any(wanted and each.get(key) == wanted for each in held):
            return {**content, name: [*held, *([] if value is None else [value])]}
        changed = [value if each.get(key) == wanted else each for each in held]
        return {**content, name: [each for each in changed if each is not None]}

    def read(content: Content) -> Any:
        return next((each for each in _dicts_in(content, name) if wanted and each.get(key) == wanted), None)

    return Part(read, put)


def definitions() -> Part:
    return Part(
        lambda content: str(content.get("definitions") or ""),
        lambda content, value: {**content, "definitions": value},
    )


def tables_in(content: Content) -> dict[str, dict[str, Any]]:
    tables = content.get("tables")
    if not isinstance(tables, Mapping):
        return {}
    return {str(name): dict(table) for name, table in tables.items() if isinstance(table, Mapping)}


def rows_of(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = table.get("rows")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def table(name: str) -> Part:
    return Part(
        lambda content: tables_in(content).get(name),
        lambda content, value: {**content, "tables": {**tables_in(content), name: value}},
    )

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
    rules = content.get("rules")
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def rule(code: str) -> Part:
    """The rule of this code; an empty one is the end of the table, where a new rule goes."""

    def put(content: Content, value: Any) -> Content:
        rules = rules_in(content)
        if not any(code and each.get("code") == code for each in rules):
            return {**content, "rules": [*rules, *([] if value is None else [value])]}
        changed = [value if each.get("code") == code else each for each in rules]
        return {**content, "rules": [each for each in changed if each is not None]}

    def read(content: Content) -> Any:
        return next((each for each in rules_in(content) if code and each.get("code") == code), None)

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

"""Conditions of our own for queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class among(Lookup):  # noqa: N801  (reads like a function in a filter)
    """A column of keys holds one of many, given as one value: `in` writes each into the statement.

    For what is read for hundreds of cases at once, where to write and read that text takes longer than to
    answer it.
    """

    prepare_rhs = False

    def __init__(self, column: str, keys: Iterable[int | UUID]) -> None:
        super().__init__(F(column), f"{{{','.join(map(str, keys))}}}")

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, values = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", [*values, self.rhs]

"""Turns Lark's parse tree into our nodes, without recursion: a hostile text must not exhaust the stack."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lark import Token, Transformer_NonRecursive, Tree, v_args

from screening.cql import tree
from screening.cql.build_types import BuildTypes, Part, name_text, refuse
from screening.cql.dates import Date, DateTime
from screening.cql.lexer import unquote
from screening.cql.quantities import UCUM_UNITS, Quantity, calendar_unit
from screening.cql.tree import Node

if TYPE_CHECKING:
    from lark.tree import Meta

DEPTH_LIMIT = 64
_CHAINED = ("and", "or")


def place(meta: Meta) -> dict[str, int]:
    """Where a construct begins; an empty one begins at the beginning."""
    return {"line": getattr(meta, "line", 1), "column": getattr(meta, "column", 1)}


class Nested(Node):
    """Only a carrier for the depth that `deep` measures."""


class Build(BuildQueries := object):  # type: ignore[misc]
    pass

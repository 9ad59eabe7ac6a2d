"""The rule language: a stated subset of HL7 CQL 1.5, in pure Python.

    program = compile_library("parameter age Integer define Adult: age >= 18")
    evaluation = program.evaluate({"age": 44}, today=date(2026, 3, 1))
    evaluation["Adult"]                 # True; None is null, "we do not know"
    evaluation.errors, evaluation.trace # what failed, and the verdict of every Boolean node
    program.tree("Adult")               # the checked tree, for other readings: see `tree`

`compile_library` raises `CqlError` with line, column, construct and suggestion for everything outside
the subset, for unknown names, circles and types that do not fit.

The subset. Types: Boolean, Integer (32 bits), Decimal (28 digits, 8 after the point), String, Date and
DateTime of any precision, quantities of time, List and Tuple. Libraries of `parameter name Type`,
`define name:` and `define function name(operand Type):`. Literals; `and or xor implies not`;
`= != ~ !~ < <= > >= between`; `in contains includes included in`, also `properly`; `is null`, `is true`,
`is false`, `is Type`, `as`, `cast`, `convert`; `if`, both kinds of `case`, Coalesce; arithmetic;
strings, also with regular expressions (the part of them in `pattern_syntax`); lists and aggregates;
queries with one source or several (`where`, `return all|distinct`, `aggregate`, `sort`); Today(), date
parts, date arithmetic, before, after, same, `years between`, `difference in months between`. Intervals stand
to the right of `in` and `during` only.

Not in it: data models and retrieves, terminology, times of day, Now(), Long, other units, `let`, `with`,
Interval operators, overloaded functions.

A query with several sources is null if one of them is, and has a single value if all of them have. Without
`return` it gives each combination once, as a tuple of the aliases.

A query with one source and without `return` keeps what is there twice, as HL7's test `simpleSortAsc` has it;
the Author's Guide (Shaping) can be read otherwise, so `return all` or `return distinct` is better where it
matters.

Python values. Boolean bool, Integer int, Decimal Decimal, String str, List tuple (lists are taken too),
Tuple dict (mappings are taken), dates the classes here (datetime.date is taken), null None. A number
that is only known within bounds (months since 2019) is None; `Evaluation.bounds` gives the bounds.

Nothing here imports Django, reads a clock or does input and output: `today` is an argument.
"""

from screening.cql.dates import Date, DateTime
from screening.cql.errors import CqlError
from screening.cql.literals import to_cql_literal
from screening.cql.parser import parse_expression, parse_library, parse_type
from screening.cql.program import ENGINE_VERSION, Evaluation, Program, compile_library, type_of
from screening.cql.quantities import Quantity
from screening.cql.tree import Library, Node
from screening.cql.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DECIMAL,
    INTEGER,
    QUANTITY,
    STRING,
    ListType,
    TupleType,
    Type,
)
from screening.cql.words import quote_identifier, quote_if_needed

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "ENGINE_VERSION",
    "INTEGER",
    "QUANTITY",
    "STRING",
    "CqlError",
    "Date",
    "DateTime",
    "Evaluation",
    "Library",
    "ListType",
    "Node",
    "Program",
    "Quantity",
    "TupleType",
    "Type",
    "compile_library",
    "parse_expression",
    "parse_library",
    "parse_type",
    "quote_identifier",
    "quote_if_needed",
    "to_cql_literal",
    "type_of",
]

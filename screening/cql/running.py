"""What generated source calls besides the operators: payment for work, failures, misfits."""

from __future__ import annotations

from typing import Any, NoReturn

from screening.cql.dates import Date
from screening.cql.errors import EvaluationFailure
from screening.cql.outcome import UNREACHED, coded
from screening.cql.runtime import OPERATIONS
from screening.cql.types import Type
from screening.cql.values import accept

# Steps are lines of generated source and elements of lists: about a second of work.
BUDGET = 10_000_000
# What the quick way may spend. A library that needs more is evaluated definition by definition.
QUICK_BUDGET = BUDGET // 20
NEEDS = "It needs "


def charge(budget: list[int], steps: int) -> None:
    """Every loop and call pays before it runs, so that no rule can run for ever."""
    budget[0] -= steps + 1
    if budget[0] < 0:
        spent()


def spent() -> None:
    """The generated source counts for itself and calls this at the end of the budget."""
    raise EvaluationFailure(f"This takes more than {BUDGET} steps.")


def weigh(budget: list[int], value: Any) -> None:
    """Looking at a whole list costs its elements, and theirs."""
    if isinstance(value, list):
        charge(budget, len(value))
        for item in value:
            if isinstance(item, list | dict):
                weigh(budget, item)
    elif isinstance(value, dict):
        for item in value.values():
            weigh(budget, item)


def need(errors: dict[str, str], names: frozenset[str]) -> None:
    """A definition that reads something without a value has none either."""
    for name in sorted(names & errors.keys()):
        why = errors[name]  # of a long chain each says the beginning, not all that lies between
        raise EvaluationFailure(
            why if why.startswith(NEEDS) else f"{NEEDS}{name}, which could not be computed: {why}"
        )


def failed(errors: dict[str, str], name: str, problem: Exception) -> None:
    """Whatever went wrong, the rule becomes unknown and visible; the others go on."""
    known = isinstance(problem, EvaluationFailure)
    errors[name] = str(problem) if known else f"It failed unexpectedly ({type(problem).__name__})."


def taken(errors: dict[str, str], name: str, type_: Type, value: object) -> object:
    """A parameter that is not of its declared type has no value, and an error."""
    try:
        return accept(value, type_)
    except EvaluationFailure as problem:
        errors[name] = f"Parameter {name}: {problem}"
    except RecursionError:
        errors[name] = f"Parameter {name}: it is nested too deeply."
    return None


def not_usual(*_: object) -> NoReturn:
    """A parameter that the quick way does not take: the careful one looks at it."""
    raise EvaluationFailure("A parameter is not of the usual kind.")


WORDS: dict[str, Any] = {f"_o_{name}": function for name, function in OPERATIONS.items()}
WORDS |= {"_spent": spent, "_weigh": weigh, "_need": need, "_failed": failed, "_taken": taken}
WORDS |= {
    "_accept": accept,
    "_unusual": not_usual,
    "_unreached": UNREACHED,
    "_day": Date.of,
    "_int": int,
    "_coded": coded,
    "_get": dict.get,
}
WORDS["__builtins__"] = {"len": len, "type": type, "map": map, "Exception": Exception}

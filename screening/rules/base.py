"""What every definition shares: it is frozen, knows all its fields, and names things the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_:()\-]*$", max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1)]
Cql = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# A number between which answers lie: 1e999999999 is short to write, and too large to compute with.
Bound = Annotated[Decimal, Field(ge=-(10**18), le=10**18)]


class Frozen(BaseModel):
    """A value: it cannot change, and a key it does not know is a mistake, not an extension."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Paragraphs = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many)]


def key_text(key: Any) -> str:
    """A mapping key as the text an answer is compared with.

    YAML reads `1:` as a number, `true:` as a boolean.
    """
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)


_PLAINLY = {
    "missing": "This is missing",
    "string_too_short": "This is empty",
    "too_short": "There has to be at least one",
    "extra_forbidden": "Nothing of this name belongs here",
}


def plainly(fault: Mapping[str, Any]) -> str:
    """What is wrong with one value of a definition, for whoever wrote it: no names of types of ours."""
    message = str(fault.get("msg", "")).removeprefix("Value error, ")
    message = re.sub(r"^(Input|String|Tuple|Dictionary) should", "This should", message)
    return _PLAINLY.get(str(fault.get("type")), message)


def repeated(names: Iterable[str]) -> str | None:
    """The first name that was there before, or None."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def has_stray_brace(text: str, placeholder: re.Pattern[str] = re.compile(r"\{[^{}]*\}")) -> bool:
    """Whether a brace belongs to no placeholder: people would read it where something should be filled in."""
    return bool(re.search(r"[{}]", placeholder.sub("", text)))


def is_whole_number(text: str) -> bool:
    """Whether `int` reads it as one, with a sign at most: no spaces, no raised digits."""
    return text.removeprefix("-").isdecimal()

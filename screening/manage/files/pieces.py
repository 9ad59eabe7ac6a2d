"""What one file holds: a version, or its words in another language; and how either is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from screening.manage.files.reading import Lines, Unreadable, read
from screening.manage.files.writing import write
from screening.questionnaires.models import Kind, TranslatedText
from screening.questionnaires.seed_files import FOLDERS
from screening.rules.base import Slug, plainly

MOST_NAMED = 20
FORMAT: Literal[1] = 1
Number = Annotated[int, Field(ge=1, le=100_000)]
Key = tuple[str, str, int]  # kind, code, number
_STEPS = re.compile(r"[.,] ?")


@dataclass(frozen=True)
class Finding:
    """Something to mend: where in the definition, at which line of the file (0: no line), and what."""

    place: str
    line: int
    sentence: str


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _Named(_Strict):
    threshold: Literal[1]
    kind: Literal["questionnaire", "ruleset", "schedule", "messages", "letters"]
    number: Number


class _Content(BaseModel):
    """What every definition has; the rest is read by its own kind."""

    model_config = ConfigDict(strict=True, extra="allow")
    code: Slug
    title: str = Field(min_length=1, max_length=200)


class Definition(_Named):
    """One version: its kind, number and content, exactly as it is stored."""

    definition: dict[str, Any]

    @property
    def key(self) -> Key:
        return (self.kind, str(self.definition["code"]), self.number)


class Word(_Strict):
    """One text: its place, the hash of the text that it translates, and the words."""

    place: str = Field(min_length=1, max_length=300)
    source: str = Field(pattern=r"^[0-9a-f]{64}$")
    text: str = Field(min_length=1, max_length=4000)


class Words(_Named):
    """The words of one version in one language."""

    code: Slug
    language: str = Field(pattern=r"^[A-Za-z0-9-]{2,16}$")
    texts: list[dict[str, Any]]

    @property
    def key(self) -> Key:
        return (self.kind, self.code, self.number)


Piece = Definition | Words


def name_of(piece: Piece) -> str:
    """Where a piece stands in a folder: `rulesets/pain-eligibility/3.yml`, `.../3.cy.yml`."""
    kind, code, number = piece.key
    language = f".{piece.language}" if isinstance(piece, Words) else ""
    return f"{FOLDERS[Kind(kind)]}/{code}/{number}{language}.yml"


def to_bytes(piece: Piece) -> bytes:
    return write(piece.model_dump(mode="json"))


def definition_of(kind: str, number: int, content: Mapping[str, Any]) -> Definition:
    """What is stored may be unfinished: it is written as it is."""
    return Definition.model_construct(threshold=FORMAT, kind=kind, number=number, definition=dict(content))


def words_of(key: Key, language: str, texts: Mapping[str, TranslatedText]) -> Words:
    rows = [
        {"place": place, "source": row.source_sha256, "text": row.text}
        for place, row in sorted(texts.items())
    ]
    kind, code, number = key
    return Words.model_construct(
        threshold=FORMAT, kind=kind, code=code, number=number, language=language, texts=rows
    )


def from_bytes(raw: bytes) -> tuple[Piece | None, Lines, list[Finding]]:
    """What the file holds, or nothing and the findings that say why. Never raises."""
    try:
        value, lines = read(raw)
    except Unreadable as error:
        return None, {}, [Finding(_("the file"), error.line, str(error))]
    if not isinstance(value, dict) or "threshold" not in value:
        said = _("This is no file of a definition: it should begin with “threshold: 1”.")
        return None, lines, [Finding(_("the file"), 1, said)]
    piece: Piece
    below: list[str] = []
    try:
        if "texts" not in value:
            piece = Definition.model_validate(value)
            below = ["definition"]
            _Content.model_validate(piece.definition)
        else:
            piece = Words.model_validate(value)
            for place, text in enumerate(piece.texts):
                below = ["texts", str(place)]
                Word.model_validate(text)  # stops at the first that is wrong
    except ValidationError as error:
        return None, lines, list(_faults(error, lines, below))
    return piece, lines, []


def _faults(error: ValidationError, lines: Lines, below: list[str]) -> Iterable[Finding]:
    for fault in error.errors(include_url=False, include_input=False, include_context=False)[:MOST_NAMED]:
        steps = [*below, *map(str, fault["loc"])]
        yield Finding(", ".join(steps), line_at(lines, steps), f"{plainly(fault)}.")


def line_at(lines: Lines, steps: Iterable[str]) -> int:
    """The line of a place, or of the nearest part around it that the file has."""
    path: tuple[str | int, ...] = ()
    for step in steps:
        path = next((p for p in ((*path, step), (*path, _number(step))) if p in lines), path)
    return lines.get(path, 0)


def steps_of(place: str) -> list[str]:
    """`pages.2.title` as steps."""
    return [step for step in _STEPS.split(place) if step]


def _number(step: str) -> int | str:
    return int(step) if step.isascii() and step.isdigit() and len(step) < 6 else step

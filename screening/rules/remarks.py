"""What a check says about a definition: where, in a sentence, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """`kind` names the check, so that a test or a page can tell remarks apart. Errors stop a publication."""

    severity: Severity
    place: str
    sentence: str
    kind: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.sentence} [{self.kind}]"


def error(kind: str, place: str, sentence: str) -> Remark:
    return Remark("error", place, sentence, kind)


def warning(kind: str, place: str, sentence: str) -> Remark:
    return Remark("warning", place, sentence, kind)


def errors(remarks: Iterable[Remark]) -> list[Remark]:
    return [remark for remark in remarks if remark.severity == "error"]

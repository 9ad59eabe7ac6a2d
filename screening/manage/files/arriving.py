"""What would come in from the files that somebody brings, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel

from accounts.models import Site
from screening.manage.files.archive import Named, is_zip, unpack
from screening.manage.files.pieces import (
    MOST_NAMED,
    Definition,
    Finding,
    Key,
    Piece,
    Words,
    from_bytes,
    line_at,
    steps_of,
)
from screening.manage.files.reading import LARGEST, Lines, Unreadable
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import READ_BY_PATIENTS
from screening.rules.canonical import canonical_json, sha256_of
from screening.rules.definition import Letters, Messages, Questionnaire, RuleSet, Schedule
from screening.rules.lint import read_remarks
from screening.rules.translation import places_of, same_placeholders

MODELS: Mapping[Kind, type[BaseModel]] = {
    Kind.QUESTIONNAIRE: Questionnaire,
    Kind.RULESET: RuleSet,
    Kind.SCHEDULE: Schedule,
    Kind.MESSAGES: Messages,
    Kind.LETTERS: Letters,
}
MOST_REFUSED = 20
NEW, SAME, LEFT, REFUSED = "new", "same", "left", "refused"


@dataclass(frozen=True)
class Arrival:
    """One file. `number` is the draft it would become, or the version here that says the same.

    `findings` of a file that is refused keep everything from coming in; those of a draft are to be mended
    before it can be published.
    """

    name: str
    verdict: str
    piece: Piece | None = None
    number: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All files of one import, definitions first, each kind in the order of its numbers."""

    arrivals: tuple[Arrival, ...]

    @property
    def refused(self) -> bool:
        return any(each.verdict == REFUSED for each in self.arrivals)

    @property
    def brings(self) -> int:
        return sum(each.verdict == NEW for each in self.arrivals)

    @property
    def fingerprint(self) -> str:
        """Changes with whatever the page showed, so that nothing else comes in than what was read."""
        return sha256_of([[each.name, each.verdict, each.number] for each in self.arrivals])


def files_in(name: str, raw: bytes) -> list[Named]:
    """The files in what was sent: itself, or those of a zip. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(_("The file is larger than 1 MB."))
    files = unpack(raw) if is_zip(raw) else [(name, raw)]
    if not files:
        raise Unreadable(_("There is no file of a definition (.yml) in this zip."))
    return files


def plan(*, site: Site, files: Iterable[Named]) -> Plan:
    """What these files would do at this site. Never raises for what is in them."""
    read, refused = [], []
    for name, raw in files:
        piece, lines, findings = from_bytes(raw)
        if piece is None:
            refused.append(Arrival(name, REFUSED, findings=tuple(findings)))
        else:
            read.append((name, piece, tuple(_checked(piece, lines))))
        if len(refused) == MOST_REFUSED:
            break
    read.sort(key=lambda each: (isinstance(each[1], Words), *each[1].key, getattr(each[1], "language", "")))
    return Plan((*refused, *_Comparison(site).each(read)))


@dataclass
class _Comparison:
    """What the site has, and what came before in the same import."""

    site: Site
    came: dict[Key, Arrival] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    here: dict[tuple[str, str], dict[int, str]] = field(default_factory=dict)

    def each(self, read: list[tuple[str, Piece, tuple[Finding, ...]]]) -> Iterator[Arrival]:
        found = DefinitionVersion.objects.filter(site=self.site)
        for kind, code, number, status, sha256 in found.values_list(
            "kind", "code", "number", "status", "sha256"
        ):
            self.last[kind, code] = max(self.last.get((kind, code), 0), number)
            if status in (VersionStatus.DRAFT, VersionStatus.PUBLISHED, VersionStatus.RETIRED):
                self.here.setdefault((kind, code), {})[number] = sha256
        seen: set[tuple[Key, str]] = set()
        for name, piece, findings in read:
            mark = (piece.key, getattr(piece, "language", ""))
            if mark in seen:
                said = Finding(_("the file"), 1, _("Another of these files holds the same version."))
                yield Arrival(name, REFUSED, piece, findings=(said,))
                continue
            seen.add(mark)
            if isinstance(piece, Definition):
                self.came[piece.key] = self._definition(name, piece, findings)
                yield self.came[piece.key]
            else:
                yield self._words(name, piece)

    def _definition(self, name: str, piece: Definition, findings: tuple[Finding, ...]) -> Arrival:
        if any(finding.place == UNSTORABLE for finding in findings):
            return Arrival(name, REFUSED, piece, findings=findings)
        which, sha256 = piece.key[:2], sha256_of(piece.definition)
        same = [number for number, has in self.here.get(which, {}).items() if has == sha256]
        if same:
            number = piece.number if piece.number in same else max(same)
            return Arrival(name, SAME, piece, number, findings)
        self.last[which] = max(self.last.get(which, 0) + 1, piece.number)
        return Arrival(name, NEW, piece, self.last[which], findings)

    def _words(self, name: str, piece: Words) -> Arrival:
        """Words come with the draft that they belong to; those of a version here have their own page."""
        if problem := _language_problem(piece):
            return Arrival(name, REFUSED, piece, findings=(Finding("language", 1, problem),))
        version = self.came.get(piece.key)
        if version is None or version.verdict != NEW or not isinstance(version.piece, Definition):
            return Arrival(name, LEFT, piece)
        findings = tuple(_words_faults(piece, version.piece))
        return Arrival(name, REFUSED if findings else NEW, piece, version.number, findings)


UNSTORABLE = "definition"


def _checked(piece: Piece, lines: Lines) -> Iterator[Finding]:
    """What is wrong with a definition that can come in; at the place `UNSTORABLE` what cannot."""
    if not isinstance(piece, Definition):
        return
    try:
        stored = canonical_json(piece.definition)
    except (ValueError, TypeError, RecursionError):
        stored = b""
    if not stored or len(stored) > LARGEST:
        yield Finding(UNSTORABLE, 1, _("This is too large to be kept as a version."))
        return
    for remark in read_remarks(MODELS[Kind(piece.kind)], piece.definition)[:MOST_NAMED]:
        line = line_at(lines, ["definition", *steps_of(remark.place)])
        yield Finding(remark.place, line, remark.sentence)


def _language_problem(piece: Words) -> str:
    installed = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    if piece.language not in installed:
        return _("The language %s is not installed here.") % piece.language
    if piece.kind not in READ_BY_PATIENTS:
        return _("Patients do not read this kind of definition in other languages.")
    return ""


def _words_faults(piece: Words, version: Definition) -> Iterator[Finding]:
    sources = _sources(version)
    seen: set[str] = set()
    for number, word in enumerate(piece.texts):
        place, text = f"texts, {number}", word["text"]
        if word["place"] in seen:
            yield Finding(place, 0, _("The place %s is there twice.") % word["place"])
        seen.add(word["place"])
        if text != text.strip() or any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            yield Finding(place, 0, _("This text begins or ends with a space, or holds a hidden sign."))
        source = sources.get(word["place"])
        if source and sha256_of(source) == word["source"] and not same_placeholders(source, text):
            yield Finding(place, 0, _("Keep every name in braces, such as {clinic}."))


def _sources(version: Definition) -> Mapping[str, str]:
    """The texts that words can belong to; none while the definition cannot be read."""
    model: Any = MODELS[Kind(version.kind)]
    if read_remarks(model, version.definition):
        return {}
    return {place.name: place.source for place in places_of(model.model_validate(version.definition))}

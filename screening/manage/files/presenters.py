"""What would come in, in the words of the person who decides whether it does."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.manage.files.arriving import LEFT, NEW, REFUSED, SAME, Arrival, Plan
from screening.manage.files.pieces import Definition, Finding, Piece
from screening.questionnaires.models import Kind

TAGS = {NEW: "active", SAME: "done", LEFT: "neutral", REFUSED: "stopped"}


@dataclasses.dataclass(frozen=True)
class ArrivalRow:
    name: str
    what: str
    becomes: str
    tag: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, arrival: Arrival) -> ArrivalRow:
        what = _what(arrival.piece) if arrival.piece else _("Cannot be read")
        return cls(arrival.name, what, _becomes(arrival), TAGS[arrival.verdict], arrival.findings)


@dataclasses.dataclass(frozen=True)
class PlanPage:
    rows: list[ArrivalRow]
    said: str
    can_come: bool

    @classmethod
    def of(cls, plan: Plan) -> PlanPage:
        rows = [ArrivalRow.of(each) for each in plan.arrivals]
        if plan.refused:
            said = _("Nothing can come in while a file is refused. Mend it and bring the files again.")
        elif not plan.brings:
            said = _("Nothing would change: all of this is here already.")
        else:
            said = ngettext("%(n)s file would come in.", "%(n)s files would come in.", plan.brings) % {
                "n": plan.brings
            }
        return cls(rows, said, bool(plan.brings) and not plan.refused)


def _what(piece: Piece) -> str:
    kind, code, number = piece.key
    named = {"kind": Kind(kind).label, "code": code, "number": number}
    if isinstance(piece, Definition):
        return _("%(kind)s %(code)s, version %(number)s") % named
    return _("Words of %(kind)s %(code)s, version %(number)s, in %(language)s") % {
        **named,
        "language": piece.language,
    }


def _becomes(arrival: Arrival) -> str:
    number = {"number": arrival.number}
    if arrival.verdict == REFUSED:
        return _("Refused")
    if arrival.verdict == LEFT:
        return _("Stays out: bring words of a version that is here on the page of the language")
    if arrival.verdict == SAME:
        return _("The same as version %(number)s") % number
    if isinstance(arrival.piece, Definition):
        return _("New draft, version %(number)s") % number
    return _("Comes with version %(number)s, to be approved") % number

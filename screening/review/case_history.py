"""What happened to a case, and who looked at it, out of its history rows and the audit trail."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actors import ActorKind
from accounts.models import Role
from audit.events import Event
from audit.models import AuditEvent
from audit.selectors import OPENED, Opening, events_of_case
from audit.sentences import sentence_of
from screening.cases.models import Case
from screening.intake.selectors import entry_of
from screening.review import words

# What somebody does who looks at this one case. Lists that named it are in the audit trail.
LOOKED = (
    *OPENED,
    Event.CASE_ACTION_OPENED,
    Event.CASE_EXPORTED,
    Event.DOCUMENT_OPENED,
)


@dataclasses.dataclass(frozen=True)
class Onlooker:
    """One person and one way of looking: how often, and when last."""

    name: str
    role: str
    what: str
    times: int
    last_at: datetime


@dataclasses.dataclass(frozen=True)
class Trail:
    """The rows of the audit trail that the page of a case shows, newest first, read once."""

    events: list[AuditEvent]

    @classmethod
    def of(cls, case: Case) -> Trail:
        wanted = (*LOOKED, *words.ALERT_EVENTS)
        return cls(events_of_case(site=case.site, reference=case.reference, events=wanted))

    def opened(self, user_id: int) -> Opening | None:
        """When this person last opened the answers."""
        mine = (e for e in self.events if e.event in OPENED and e.user_id == user_id)
        return next(map(Opening.of, mine), None)

    def onlookers(self) -> list[Onlooker]:
        """Staff who looked, the latest first."""
        found: dict[tuple[str, str, str], list[AuditEvent]] = {}
        for event in self.events:
            if event.event in LOOKED and event.actor_kind == ActorKind.STAFF:
                found.setdefault((event.actor_label, event.role, event.event), []).append(event)
        return [
            Onlooker(
                name=name,
                role=str(Role(role).label) if role in Role.values else role,
                what=sentence_of(Event(what)),
                times=len(events),
                last_at=events[0].at,
            )
            for (name, role, what), events in found.items()
        ]

    def alerts(self) -> list[dict[str, Any]]:
        """The mails that told the clinic of it: the newest of each kind, and how many there were."""
        found: dict[tuple[str, str], list[AuditEvent]] = {}
        for event in self.events:
            if event.event in words.ALERT_EVENTS:
                found.setdefault((event.event, str(event.detail.get("to"))), []).append(event)
        return [
            {
                "title": str(words.ALERT[kind]),
                "at": events[0].at,
                "by": events[0].actor_label,
                "text": _("%(n)d times since %(first)s.")
                % {"n": len(events), "first": date_format(localtime(events[-1].at), "j F Y, g:i a")}
                if len(events) > 1
                else "",
            }
            for kind, events in found.items()
        ]


def begun_by(case: Case, *, patient: str) -> str:
    """Who began the form: somebody of the clinic by name, or else what the `patient` is called here."""
    entry = entry_of(case)
    return entry.by.name if entry else patient


def history_of(case: Case, alerts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """States with who and when, newest first, as the timeline component takes it."""
    by = begun_by(case, patient=_("Patient"))
    started = {"title": _("Form started"), "at": case.started_at, "by": by, "text": ""}
    rows = [
        {
            "title": str(words.MOVE[row.move]),
            "at": row.at,
            "by": row.by_label,
            "text": row.reason or "",
        }
        for row in case.transitions.all()
    ]
    return [*sorted([*reversed(rows), *alerts], key=lambda row: row["at"], reverse=True), started]

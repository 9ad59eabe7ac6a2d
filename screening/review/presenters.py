"""Turn a case into the words of the worklist. No queries: everything comes in."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.cases.models import ORDINARY_RANK, Case, Patient
from screening.cases.workflow import State
from screening.intake.models import Link
from screening.review import words


def name_of(patient: Patient) -> str:
    """A name to call someone by; before they gave one, say so."""
    name = " ".join(part for part in (patient.given_name, patient.family_name) if part)
    return name or _("No name given yet")


def missing_contact(patient: Patient) -> str:
    """What stands in the way of ringing somebody; empty when they left a number."""
    if patient.phone:
        return ""
    return _("No phone number given") if patient.email else _("No contact given")


def age_on(date_of_birth: str | None, today: date) -> int | None:
    """Whole years, or None when the date is missing or not whole."""
    if not date_of_birth:
        return None
    try:
        born = date.fromisoformat(date_of_birth)
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def waited(since: datetime, at: datetime) -> str:
    days = (at - since).days
    if days >= 1:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    hours = int((at - since).total_seconds() // 3600)
    if hours >= 1:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return _("Less than an hour")


@dataclasses.dataclass(frozen=True)
class WorklistRow:
    reference: str
    name: str
    age: int | None
    state: str
    state_kind: str
    outcome: str
    tier: int | None
    senior_review: bool
    waiting: str
    waiting_since: datetime
    claimed_by: str
    mine: bool
    no_contact: str
    news: str

    @classmethod
    def of(cls, case: Case, *, at: datetime, today: date, user_id: int) -> WorklistRow:
        patient = case.patient
        held = case.lease_until is not None and case.lease_until > at
        urgent = case.rank < ORDINARY_RANK
        return cls(
            reference=case.reference,
            name=name_of(patient),
            age=age_on(patient.date_of_birth, today),
            state=str(words.STATE[State(case.state)]),
            state_kind=STATE_KIND[State(case.state)],
            outcome=case.outcome,
            tier=case.rank if urgent else None,
            senior_review=case.senior_review,
            waiting=waited(case.waiting_since, at),
            waiting_since=case.waiting_since,
            claimed_by=case.claimed_by.name if case.claimed_by and held else "",
            mine=held and case.claimed_by_id == user_id,
            no_contact=missing_contact(patient) if urgent else "",
            news=news_of(case),
        )


@dataclasses.dataclass(frozen=True)
class LinkRow:
    """One link or code of a patient, as staff see it: never what it is, only how it stands."""

    reference: str
    name: str
    kind: str
    made_at: datetime
    ends_at: datetime
    locked_at: datetime | None
    state: str
    state_kind: str

    @classmethod
    def of(cls, link: Link, *, at: datetime) -> LinkRow:
        state, kind = _("Works"), "done"
        if link.locked_at is not None:
            state, kind = _("Locked: 5 wrong dates"), "waiting"
        elif link.expires_at <= at:
            state, kind = _("Has run out"), "stopped"
        elif link.wrong_tries:
            wrong = ngettext("Works, %(n)d wrong date", "Works, %(n)d wrong dates", link.wrong_tries)
            state = wrong % {"n": link.wrong_tries}
        return cls(
            reference=link.case.reference,
            name=name_of(link.case.patient),
            kind=_("Code") if link.by_code else _("Link"),
            made_at=link.created_at,
            ends_at=link.expires_at,
            locked_at=link.locked_at,
            state=state,
            state_kind=kind,
        )


def news_of(case: Case) -> str:
    """What is new from the patient, in a word for the list. The case comes from `selectors.with_news`."""
    return news_in_a_word(
        look_wanted=getattr(case, "look_wanted", False),
        replied=getattr(case, "replied", False),
        changed=case.news_at is not None,
    )


def news_in_a_word(*, look_wanted: bool, replied: bool, changed: bool) -> str:
    """The most pressing of what is new; empty when nothing is."""
    if look_wanted:
        return _("Another look wanted")
    if replied:
        return _("Patient replied")
    return _("Patient changed something") if changed else ""


# Which of the tag colours a state has: see templates/components/README.md.
STATE_KIND = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "active",
    State.URGENT_HOLD: "active",
    State.AWAITING_INFO: "waiting",
    State.AWAITING_REVIEW: "active",
    State.CLINICIAN_REVIEWED: "active",
    State.MDT_REVIEWED: "active",
    State.OFFERED_ASSESSMENT: "done",
    State.DECLINED: "done",
    State.SIGNPOSTED: "done",
    State.WITHDRAWN: "stopped",
    State.EXPIRED: "stopped",
}

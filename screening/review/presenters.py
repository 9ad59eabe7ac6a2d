"""Turn a case into the words of the worklist. No queries: everything comes in."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.cases.models import ORDINARY_RANK, Case, Patient
from screening.cases.opening import LONDON
from screening.cases.targets import NO_CLOCK
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
class Mark:
    """A word in a row that asks to be seen. `kind` is the shape beside it: see `mark_tag`."""

    text: str
    kind: str


@dataclasses.dataclass(frozen=True)
class WorklistRow:
    """One line of a list. `due` is empty when nobody of the clinic has to act, or the time has passed."""

    reference: str
    name: str
    age: int | None
    state: str
    state_kind: str
    outcome: str
    tier: int | None
    marks: list[Mark]
    waiting: str
    waiting_since: datetime
    closed_at: datetime | None
    due: str
    due_at: datetime
    claimed_by: str
    mine: bool

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
            marks=marks_of(case, at=at),
            waiting=waiting_in_words(case, at=at),
            waiting_since=case.waiting_since,
            closed_at=case.closed_at,
            due=due_in_words(case, at=at),
            due_at=case.due_at,
            claimed_by=case.claimed_by.name if case.claimed_by and held else "",
            mine=held and case.claimed_by_id == user_id,
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


def marks_of(case: Case, *, at: datetime) -> list[Mark]:
    """Everything of a case that asks to be seen, the most pressing first."""
    found = []
    if case.due_at <= at:
        late = _("Overdue by %(time)s") % {"time": waited(case.due_at, at).lower()}
        found.append(Mark(late, "late"))
    if case.senior_review:
        found.append(Mark(_("Senior review"), "senior"))
    found += news_of(case)
    if case.rank < ORDINARY_RANK and (missing := missing_contact(case.patient)):
        found.append(Mark(missing, "contact"))
    return found


def waiting_in_words(case: Case, *, at: datetime) -> str:
    """How long somebody has waited; empty when the case is closed and nothing in it waits for anybody."""
    if case.closed_at is not None and case.news_at is None and case.rank == ORDINARY_RANK:
        return ""
    return waited(case.waiting_since, at)


def due_in_words(case: Case, *, at: datetime) -> str:
    """The day by which to act, for urgent cases the hour too; empty when no clock runs or that has passed."""
    if case.due_at == NO_CLOCK or case.due_at <= at:
        return ""
    due, today = case.due_at.astimezone(LONDON), at.astimezone(LONDON).date()
    form = "H:i" if due.date() == today else "D j M, H:i" if case.rank < ORDINARY_RANK else "D j M"
    return _("Act by %(when)s") % {"when": date_format(due, form)}


def news_of(case: Case) -> list[Mark]:
    """What is new from the patient. The case comes from `selectors.with_news`."""
    return news_marks(
        look_wanted=case.look_wanted,
        replied=getattr(case, "replied", False),
        documents=getattr(case, "documents_new", False),
        changed=case.news_at is not None,
    )


def news_marks(*, look_wanted: bool, replied: bool, documents: bool, changed: bool) -> list[Mark]:
    """Each thing that is new; that something changed is said when nothing else says it."""
    found = [
        (look_wanted, Mark(_("Another look wanted"), "news")),
        (replied, Mark(_("Patient replied"), "news")),
        (documents, Mark(_("New documents"), "documents")),
    ]
    marks = [mark for is_so, mark in found if is_so]
    return marks or ([Mark(_("Patient changed something"), "news")] if changed else [])


# Which of the tag colours a state has: see templates/components/README.md.
STATE_KIND = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "active",
    State.URGENT_HOLD: "active",
    State.AWAITING_INFO: "waiting",
    State.AWAITING_REVIEW: "active",
    State.CLINICIAN_REVIEWED: "active",
    State.DISPUTED: "active",
    State.MDT_REVIEWED: "active",
    State.OFFERED_ASSESSMENT: "done",
    State.DECLINED: "done",
    State.SIGNPOSTED: "done",
    State.WITHDRAWN: "stopped",
    State.EXPIRED: "stopped",
}

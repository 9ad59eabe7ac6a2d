"""Fictional people in follow-up, made through the same services as real ones. For the demo only.

What is sent to them goes nowhere: what the other side would have said is part of their story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Self
from uuid import uuid4

from accounts.actors import Actor
from accounts.models import Membership
from screening.cases.models import Case
from screening.cases.opening import local_instant
from screening.cases.services import local_date, locked
from screening.followup.messages import Outgoing
from screening.followup.models import SuppressedFor
from screening.followup.open_forms import open_forms, pages_asked
from screening.followup.replies import Result, Verdict
from screening.followup.services import REMINDERS, new_owner, plan, send_due, suppress
from screening.intake.filling import carry_on
from screening.intake.services import Occasion, begin_later_form, send_later_form
from screening.review.appointments import services as seeing

STEPS = frozenset({"start", "book", "form", "hospital"})
# What is answered in a later form besides what the story says.
WELL = {"pgic": 4, "ae_serious": "no", "ae_mind": "no", "ae_any": "no", "ae_driving": "no"}
TAKEN = Verdict(Result.SENT, "accepted", "250")
SAID = {
    "refused": Verdict(Result.FAILED, "address_refused", "550"),
    "uncertain": Verdict(Result.AMBIGUOUS, "no_answer_after_text", "no reply"),
}
# On so many days before today messages left, at these times.
DAYS, TIMES = 4, (time(11), time(11, 5))


def go_on(
    step: str,
    case: Case,
    clinician: Membership,
    story: Mapping[str, Any],
    answers: Mapping[str, Any],
    *,
    when: datetime,
    at: datetime,
) -> None:
    """One step of a story after the decision. `when` the first form was sent; `at` is now.

    `start 8`: follow-up counts from eight days after it. `form FU11 40`: that form was sent forty days
    after it. `book 3`: an appointment in three days.
    """
    name, *more = step.split()
    days = timedelta(days=int(more[-1])) if more else timedelta(0)
    match name:
        case "start":
            day, seen = local_date(when + days), locked(case).lock
            seeing.start_follow_up(case=case, seen=seen, day=day, **_who(clinician, when + days))
        case "book":  # before the ticks below, whatever the hour and the day it is now
            booked = local_instant(local_date(at) - timedelta(days=DAYS), time(10))
            seeing.book(
                case=case,
                key=uuid4(),
                kind="follow_up",
                way="telephone",
                place="We ring the number on your form.",
                starts_at=local_instant(local_date(at + days), time(14, 30)),
                minutes=20,
                **_who(clinician, booked),
            )
        case "form":
            said = {**answers, **WELL, **story["later"][more[0]]}
            _fill_later_form(case, more[0], said, at=when + days)
        case "hospital":
            note = "A relative rang and told us."
            who = _who(clinician, at - timedelta(days=6))
            suppress(case=case, reason=SuppressedFor.IN_HOSPITAL, note=note, **who)


def _who(clinician: Membership, at: datetime) -> dict[str, Any]:
    return {"membership": clinician, "by": Actor.staff(clinician), "at": at}


def _fill_later_form(case: Case, step: str, answers: Mapping[str, Any], *, at: datetime) -> None:
    by = Actor.patient(case.patient_id)
    form = next(form for form in open_forms(case, at=at) if form.key.partition("/")[0] == step)
    occasion = Occasion(form.key, pages_asked(case, form), form.closes_at)
    response = begin_later_form(case=case, occasion=occasion, by=by, at=at)
    carry_on(response=response, answers=answers, by=by, at=at)
    send_later_form(response=response, by=by, at=at)


class _Post:
    """Says of each message what its story says, by the address it goes to."""

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        self._verdicts = verdicts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def send(self, outgoing: Outgoing) -> Verdict:
        return self._verdicts.get(outgoing.to, TAKEN)


def send_messages(cases: Sequence[Case], stories: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """What the schedule sent in the last days, with what became of it."""
    post = _Post(
        {
            case.patient.email or "": SAID[story["mail"]]
            for case, story in zip(cases, stories, strict=True)
            if "mail" in story
        }
    )
    for days in range(DAYS, 0, -1):
        for clock in TIMES:
            moment = local_instant(local_date(at) - timedelta(days=days), clock)
            plan(as_of=moment, by=REMINDERS)
            send_due(now=lambda: moment, owner=new_owner(), post=post)  # noqa: B023 (called before it changes)
    plan(as_of=at, by=REMINDERS)

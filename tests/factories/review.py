"""Clinicians at work: each walks the real services."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Decision, Response
from screening.cases.opening import LONDON, local_instant
from screening.cases.workflow import State
from screening.intake.models import Mode
from screening.intake.services import enter_for
from screening.review import services
from screening.review.appointments import services as seeing
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.decision import services as deciding
from screening.review.decision.services import Says
from screening.review.desk import services as desk
from screening.review.desk.models import Call, CallResult, Handover, Task
from screening.review.letters.services import Written
from screening.review.models import InformationRequest
from tests.factories.intake import NOON
from tests.factories.people import make_member

LATER = NOON + dt.timedelta(hours=2)
# What every outcome asks to consider, and what a primary pain adds.
CONSIDERATIONS: dict[str, Any] = {
    "identity": "yes",
    "records": ["gp_summary"],
    "records_on": "2026-06-01",
    "diagnosis": "Consultant letter",
    "treatments": "all",
    "options": "A pain management programme was offered",
    "guideline": "Considered",
    "primary": "Considered",
    "capacity": "yes",
    "gp": "letter",
    "reasons": ["REASON_OTHER_CARE_FIRST"],
    "help": ["HELP_GP"],
}
REGISTERED = {
    "specialist_register": "0000001",
    "specialty": "Pain medicine",
    "register_checked_on": dt.date(2026, 1, 5),
}


@dataclasses.dataclass(frozen=True)
class Clinician:
    """A member of staff with the verbs they use."""

    membership: Membership

    @classmethod
    def at(cls, site: Site, role: Role = Role.CLINICIAN, **changes: Any) -> Clinician:
        """A lead clinician is on the specialist register, unless `changes` say otherwise."""
        entry = REGISTERED if role == Role.LEAD_CLINICIAN else {}
        return cls(make_member(role, site=site, **{**entry, **changes}))

    def who(self, at: dt.datetime = LATER) -> dict[str, Any]:
        return {"membership": self.membership, "by": Actor.staff(self.membership), "at": at}

    def opens(self, case: Case, *, at: dt.datetime = LATER, detail: Mapping[str, int] | None = None) -> None:
        record(
            Event.CASE_VIEWED,
            by=Actor.staff(self.membership),
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail=detail,
        )

    def claims(self, case: Case, *, at: dt.datetime = LATER) -> Case:
        return services.claim(case=case, seen=fresh(case).lock, **self.who(at))

    def takes(self, case: Case, *, at: dt.datetime = LATER) -> Case:
        """Opens the answers and claims the case."""
        self.opens(case, at=at)
        return self.claims(case, at=at)

    def clears(self, case: Case, *, at: dt.datetime = LATER) -> Case:
        """Deals with the urgent answers of a case this person has taken."""
        return services.clear_red_flags(
            case=case,
            seen=fresh(case).lock,
            reason="Rang; seen today.",
            no_call="Seen in person.",
            **self.who(at),
        )

    def rings(
        self, case: Case, result: CallResult = CallResult.REACHED, *, at: dt.datetime = LATER, **more: Any
    ) -> Call:
        said = {"key": uuid.uuid4(), "text": "Rang her mobile.", **more}
        return desk.record_call(case=case, result=result, **said, **self.who(at))

    def hands_over(self, case: Case, to: Clinician, note: str = "", *, at: dt.datetime = LATER) -> Handover:
        seen, user_id = fresh(case).lock, to.membership.user_id
        return desk.hand_over(case=case, seen=seen, to=user_id, note=note, **self.who(at))

    def takes_over(
        self, case: Case, reason: str = "She is ill today.", *, at: dt.datetime = LATER
    ) -> Handover:
        return desk.take_over(case=case, seen=fresh(case).lock, reason=reason, **self.who(at))

    def notes_task(self, case: Case, *, at: dt.datetime = LATER, **more: Any) -> Task:
        """Something to do today, for anybody unless said."""
        said = {
            "key": uuid.uuid4(),
            "text": "Ring the surgery.",
            "for_user": None,
            "due_on": at.date(),
            **more,
        }
        return desk.add_task(case=case, **said, **self.who(at))

    def books(
        self, case: Case, *, in_days: int = 20, hour: int = 14, at: dt.datetime = LATER, **more: Any
    ) -> Appointment:
        """An appointment so many days ahead, by video unless said."""
        day = at.astimezone(LONDON).date() + dt.timedelta(days=in_days)
        said = {
            "key": uuid.uuid4(),
            "kind": "first",
            "way": "video",
            "place": "https://video.example.org/room-1",
            "starts_at": local_instant(day, dt.time(hour)),
            "minutes": 30,
            **more,
        }
        return seeing.book(case=case, **said, **self.who(at))

    def starts(self, case: Case, day: dt.date, *, at: dt.datetime = LATER) -> TreatmentStart:
        """Says from which day follow-up counts."""
        return seeing.start_follow_up(case=case, seen=fresh(case).lock, day=day, **self.who(at))

    def enters(self, site: Site, *, at: dt.datetime = LATER, **more: Any) -> Response:
        """Begins a form for a patient, by telephone unless said."""
        said = {
            "key": uuid.uuid4(),
            "mode": Mode.TELEPHONE,
            "source": "The patient",
            "date_of_birth": dt.date(1971, 3, 29),
            "nation": "england",
            "given_name": "Mary",
            "family_name": "Shelley",
            "phone": "",
            **more,
        }
        return enter_for(site=site, by=Actor.staff(self.membership), at=at, **said)

    def asks(
        self,
        case: Case,
        *,
        items: Sequence[str] = (),
        text: str = "Please tell us.",
        at: dt.datetime = LATER,
    ) -> InformationRequest:
        """Takes the case and puts questions back to the patient."""
        self.takes(case, at=at)
        return services.ask_patient(case=case, seen=fresh(case).lock, items=items, text=text, **self.who(at))

    def decides(
        self,
        case: Case,
        outcome: State = State.OFFERED_ASSESSMENT,
        *,
        at: dt.datetime = LATER,
        **changes: Any,
    ) -> Decision:
        said: dict[str, Any] = {
            "seen": fresh(case).lock,
            "reason": "Records agree with the answers.",
            "considerations": considered(case),
            "cautions_answered": weighed(case),
            **changes,
        }
        return deciding.decide(case=case, outcome=outcome, **said, **self.who(at))

    def looks_second(
        self,
        case: Case,
        *,
        agrees: bool = True,
        at: dt.datetime = LATER,
        letter: str = "Dear patient, ...",
        **changes: Any,
    ) -> Decision:
        said: dict[str, Any] = {
            "seen": fresh(case).lock,
            "says": Says.AGREE if agrees else Says.RETURN,
            "reason": "I agree." if agrees else "Please ask about exercise.",
            "letters": Written(letter),
            **changes,
        }
        return deciding.review_second(case=case, **said, **self.who(at))

    def disagrees(self, case: Case, outcome: State, *, at: dt.datetime = LATER, **changes: Any) -> Decision:
        return self.looks_second(
            case, at=at, says=Says.DISAGREE, outcome=outcome, reason="I would decide otherwise.", **changes
        )

    def settles(
        self, case: Case, outcome: State | None, *, at: dt.datetime = LATER, **changes: Any
    ) -> Decision:
        said: dict[str, Any] = {
            "seen": fresh(case).lock,
            "reason": "I have read both.",
            "letters": Written("Dear patient, ..."),
            **changes,
        }
        return deciding.settle(case=case, outcome=outcome, **said, **self.who(at))


def considered(case: Case, **changes: Any) -> dict[str, Any]:
    """Of the GP what the patient agreed to."""
    agreed = fresh(case).patient.gp_sharing_agreed
    return {**CONSIDERATIONS, "gp": "letter" if agreed else "not_agreed", **changes}


def weighed(case: Case) -> dict[str, dict[str, str]]:
    """An answer to each high caution of the newest judgement."""
    codes = deciding.high_cautions(case.assessments.latest("id"))
    return {code: {"choice": "no_bar", "words": ""} for code in codes}


def fresh(case: Case) -> Case:
    return Case.objects.select_related("site", "patient", "claimed_by").get(pk=case.pk)

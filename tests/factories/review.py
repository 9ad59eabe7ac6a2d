"""Clinicians at work: each walks the real services."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.services import record
from screening.cases.models import Case, Decision, Response
from screening.cases.workflow import State
from screening.intake.models import Mode
from screening.intake.services import enter_for
from screening.review import services
from screening.review.desk import services as desk
from screening.review.desk.models import Call, CallResult, Handover, Task
from screening.review.models import InformationRequest
from tests.factories.intake import NOON
from tests.factories.people import make_member

LATER = NOON + dt.timedelta(hours=2)
CONSIDERATIONS = {"identity": "yes"}


@dataclasses.dataclass(frozen=True)
class Clinician:
    """A member of staff with the verbs they use."""

    membership: Membership

    @classmethod
    def at(cls, site: Site, role: Role = Role.CLINICIAN) -> Clinician:
        return cls(make_member(role, site=site))

    def who(self, at: dt.datetime = LATER) -> dict[str, Any]:
        return {"membership": self.membership, "by": Actor.staff(self.membership), "at": at}

    def opens(self, case: Case, *, at: dt.datetime = LATER) -> None:
        record(
            Event.CASE_VIEWED,
            by=Actor.staff(self.membership),
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
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

    def enters(self, site: Site, *, at: dt.datetime = LATER, **more: Any) -> Response:
        """Begins a form for a patient, by telephone unless said."""
        said = {
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
            "considerations": CONSIDERATIONS,
            "cautions_answered": {},
            **changes,
        }
        return services.decide(case=case, outcome=outcome, **said, **self.who(at))

    def looks_second(
        self, case: Case, *, agrees: bool = True, at: dt.datetime = LATER, **changes: Any
    ) -> Decision:
        said: dict[str, Any] = {
            "seen": fresh(case).lock,
            "reason": "I agree." if agrees else "Please ask about exercise.",
            "letter": "Dear patient, ..." if agrees else "",
            **changes,
        }
        return services.review_second(case=case, agrees=agrees, **said, **self.who(at))


def fresh(case: Case) -> Case:
    return Case.objects.select_related("site", "patient", "claimed_by").get(pk=case.pk)

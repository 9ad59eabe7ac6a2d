"""What came from the patient after the form was sent, as the case page shows it."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership
from screening.cases.models import Case
from screening.questionnaires.selectors import questionnaire_of
from screening.review.models import AnotherLook, InformationRequest
from screening.review.presenters import name_of, news_of
from screening.review.room import policies, selectors
from screening.review.room.presenters import Change, Said, changes
from screening.review.selectors import with_news


@dataclasses.dataclass(frozen=True)
class PatientSide:
    """`news` says in a word what nobody has read yet; empty when everything was."""

    news: str
    said: list[Said]
    changes: list[Change]
    requests: list[InformationRequest]
    look: AnotherLook | None

    def __bool__(self) -> bool:
        return bool(self.news or self.said or self.changes or self.requests or self.look)


def patient_side(case: Case) -> PatientSide:
    response = case.responses.select_related("version").order_by("started_at").first()
    amendments = selectors.amendments_of(case)
    clinic = case.site.name
    return PatientSide(
        news=news_of(with_news(Case.objects.filter(pk=case.pk)).get()),
        said=[
            Said.of(message, clinic=clinic, patient=name_of(case.patient))
            for message in selectors.messages_of(case)
        ],
        changes=changes(
            amendments, selectors.objections_of(case), questionnaire_of(response.version), clinic=clinic
        )
        if response
        else [],
        requests=list(case.information_requests.select_related("asked_by")),
        look=selectors.open_look(case),
    )


def to_the_patient(
    case: Case, membership: Membership, *, opened_at: datetime | None
) -> list[tuple[str, str, policies.Answer, bool]]:
    """What may be done for the patient: (words, name of the route, whether, whether it is a button)."""
    look = selectors.open_look(case) is not None
    offered = []
    if look:
        deciders = set(case.decisions.values_list("clinician_id", flat=True))
        may_look = policies.may_answer_look(membership, case, deciders=deciders, opened_at=opened_at)
        offered.append((_("Look again"), "case-look", may_look, False))
    offered.append(
        (_("Write to the patient"), "case-message", policies.may_write_to_patient(membership, case), False)
    )
    if case.news_at is not None:
        may_settle = policies.may_settle_news(membership, case, open_look=look)
        offered.append((_("Mark as read"), "case-news", may_settle, True))
    return offered

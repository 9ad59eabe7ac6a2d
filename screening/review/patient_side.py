"""What came from the patient after the form was sent, as the case page shows it."""

from __future__ import annotations

import dataclasses

from django.utils.translation import gettext as _

from accounts.models import Membership
from audit.selectors import Opening
from screening.cases.models import Case
from screening.cases.responses import answers_of
from screening.questionnaires.selectors import questionnaire_of
from screening.review.models import AnotherLook, InformationRequest
from screening.review.presenters import name_of, news_marks
from screening.review.reading import Reading, read_items
from screening.review.room import policies, selectors
from screening.review.room.presenters import Change, Said, changes
from screening.review.whole import amendments_of, objections_of


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a clinician asked the patient: the questions that they chose, each with what stands there now."""

    request: InformationRequest
    questions: list[Reading]


@dataclasses.dataclass(frozen=True)
class PatientSide:
    """`news` says in a word what nobody has read yet; empty when everything was. `looks` were answered."""

    news: str
    said: list[Said]
    changes: list[Change]
    requests: list[Asked]
    look: AnotherLook | None
    looks: list[AnotherLook]

    def __bool__(self) -> bool:
        return bool(self.news or self.said or self.changes or self.requests or self.look or self.looks)


def patient_side(case: Case) -> PatientSide:
    """Of a case that was read whole."""
    response = next(iter(case.responses.all()), None)
    clinic, patient = case.site.name, name_of(case.patient)
    questionnaire = questionnaire_of(response.version) if response else None
    answers = answers_of(response) if response else {}
    messages = list(case.messages.all())
    look = selectors.open_look(case)
    news = news_marks(
        look_wanted=look is not None,
        replied=any(each.author_id is None and each.read_at is None for each in messages),
        documents=any(case.news_at and file.uploaded_at >= case.news_at for file in case.documents.all()),
        changed=case.news_at is not None,
    )
    return PatientSide(
        news=", ".join(mark.text for mark in news),
        said=[Said.of(message, clinic=clinic, patient=patient) for message in messages],
        changes=changes(amendments_of(case), objections_of(case), questionnaire, clinic=clinic)
        if questionnaire
        else [],
        requests=[
            Asked(
                each, read_items(questionnaire, answers, each.items, clinic=clinic) if questionnaire else []
            )
            for each in case.information_requests.all()
        ],
        look=look,
        looks=[each for each in case.looks.all() if each.answered_at is not None],
    )


def to_the_patient(
    case: Case, membership: Membership, *, opened: Opening | None
) -> list[tuple[str, str, policies.Answer, bool]]:
    """What may be done for the patient: (words, name of the route, whether, whether it is a button)."""
    look = selectors.open_look(case) is not None
    offered = []
    if look:
        deciders = {decision.clinician_id for decision in case.decisions.all()}
        may_look = policies.may_answer_look(membership, case, deciders=deciders, opened=opened)
        offered.append((_("Look again"), "case-look", may_look, False))
    offered.append(
        (_("Write to the patient"), "case-message", policies.may_write_to_patient(membership, case), False)
    )
    if case.news_at is not None:
        may_settle = policies.may_settle_news(membership, case, open_look=look)
        offered.append((_("Mark as read"), "case-news", may_settle, True))
    return offered

"""What the pages of a room read. Each starts from the patient's own case."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from audit.models import AuditEvent
from audit.selectors import trail_for_patient
from screening.cases.certificate import certificate_of
from screening.cases.models import Case, Response
from screening.cases.selectors import opening_of
from screening.cases.services import local_date
from screening.cases.targets import review_days
from screening.intake.walk import Walk
from screening.questionnaires.selectors import compiled, ruleset_in
from screening.review.models import (
    Addressee,
    Amendment,
    AnotherLook,
    InformationRequest,
    Letter,
    Message,
    Objection,
)
from screening.review.room.standing import Standing, standing_of
from screening.rules.definition import Item, Page
from screening.rules.explain import explain, sentence_for

WHO_LOOKED = 100


@dataclasses.dataclass(frozen=True)
class Missing:
    """Something the rules could not tell, in the patient's words, and the questions that would settle it."""

    sentence: str
    items: list[str]


def standing(case: Case, *, today: dt.date) -> Standing:
    look = open_look(case)
    return standing_of(
        case,
        opening=opening_of(case.site),
        since=case.waiting_since,
        today=today,
        look_due=look.due_on if look else None,
    )


def look_due_on(case: Case, *, at: dt.datetime) -> dt.date:
    """The day by which the clinic aims to have looked again: as long as a review takes."""
    moment = opening_of(case.site).days_after(at, review_days(case.site))
    day: dt.date = local_date(moment or at)
    return day


def open_look(case: Case) -> AnotherLook | None:
    return next((look for look in case.looks.all() if look.answered_at is None), None)


def open_requests(case: Case) -> list[tuple[int, InformationRequest]]:
    """What a clinician asked and nobody answered yet, with the number that its page has."""
    return [
        (number, request)
        for number, request in enumerate(case.information_requests.all(), start=1)
        if request.answered_at is None and case.closed_at is None
    ]


def request_of(case: Case, number: int) -> InformationRequest | None:
    requests = list(case.information_requests.all())
    return requests[number - 1] if 1 <= number <= len(requests) else None


def letters_of(case: Case) -> list[Letter]:
    return list(case.letters.filter(to=Addressee.PATIENT))


def messages_of(case: Case) -> list[Message]:
    return list(case.messages.select_related("author"))


def unread_messages(case: Case) -> int:
    return case.messages.filter(author__isnull=False, read_at__isnull=True).count()


def amendments_of(case: Case) -> list[Amendment]:
    """Every answer that changed after the form was sent, in order."""
    return list(Amendment.objects.filter(response__case=case).select_related("request"))


def objections_of(case: Case) -> list[Objection]:
    """What the patient said is not right, in order."""
    return list(Objection.objects.filter(response__case=case))


def missing_of(response: Response) -> list[Missing]:
    """What the newest judgement could not tell, and which questions would settle it."""
    stored = response.assessments.select_related("ruleset", "questionnaire").order_by("-id").first()
    if stored is None:
        return []
    rules = compiled(stored.questionnaire, stored.ruleset)
    said = ruleset_in(stored.ruleset, response.language)
    judgement = certificate_of(stored).judgement
    settled_by = {
        found.rule: found.would_settle
        for found in explain(rules, stored.judged["answers"], judgement, stored.as_of)
    }
    found: dict[str, list[str]] = {}
    for finding in judgement.missing:
        sentence = sentence_for(said, finding, audience="patient")
        found.setdefault(sentence, []).extend(settled_by.get(finding.rule, ()))
    return [Missing(sentence, list(dict.fromkeys(items))) for sentence, items in found.items()]


def asked_items(walk: Walk, ids: Iterable[str]) -> list[Item]:
    """Those of the questions that are asked of this person, in the order of the form."""
    wanted = set(ids)
    return [item for page in walk.pages for item in walk.items_of(page) if item.id in wanted]


def asked_file(walk: Walk, ids: Iterable[str]) -> list[Item]:
    """The question that takes files when documents were asked for, also if the form does not ask it now."""
    item = file_item(walk)
    return [item] if item is not None and item.id in set(ids) and item.id in walk.active.closed else []


def file_item(walk: Walk) -> Item | None:
    """The question that takes files: where a document goes that comes later."""
    items = walk.questionnaire.items()
    return next((item for item in items if item.type == "attachment"), None)


def may_be_corrected(page: Page) -> bool:
    """What somebody agreed to is a statement with its date, not an answer to correct."""
    return all(item.control != "statement" for item in page.items)


def objected_whole(item: Item, page: Page) -> bool:
    """Whether only the whole answer can be objected to: what was agreed to, and cannot be corrected."""
    return item.holds_an_answer and not may_be_corrected(page)


def who_looked(case: Case, *, limit: int = WHO_LOOKED) -> list[AuditEvent]:
    return trail_for_patient(
        site=case.site, patient_id=case.patient_id, references=[case.reference], limit=limit
    )

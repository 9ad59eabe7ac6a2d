"""The rows of each part of the copy: plain dicts, read from the patient's own case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.selectors import trail_for_patient
from screening.cases.models import Case, Response, Revision
from screening.cases.responses import answers_of, join
from screening.cases.services import local_date
from screening.cases.workflow import FINAL, State
from screening.followup.models import Channel, Reminder, ReminderState, Subject
from screening.followup.services import contact_choices
from screening.intake.models import ScanState
from screening.intake.services import later_forms
from screening.intake.wording import answer_in_full, filled
from screening.questionnaires.selectors import questionnaire_of, ruleset_in, schedule_of
from screening.review import words
from screening.review.case_history import begun_by
from screening.review.presenters import name_of
from screening.review.room import selectors
from screening.review.room.presenters import Look, changes
from screening.rules.definition import Item, Rule

Row = dict[str, Any]
EVERYTHING = 1_000_000


def person(case: Case) -> Iterator[Row]:
    patient = case.patient
    chosen = contact_choices(patient)
    facts = {
        _("Name"): name_of(patient),
        _("Date of birth"): dt.date.fromisoformat(patient.date_of_birth) if patient.date_of_birth else None,
        _("Lives in"): patient.get_nation_display() if patient.nation else None,
        _("NHS number"): patient.nhs_number,
        _("Email"): patient.email,
        _("Phone"): patient.phone,
        _("Ways to reach you"): ", ".join(str(Channel(way).label) for way in sorted(chosen.channels)),
        _("Messages you want"): ", ".join(
            f"{Subject(kind).label} ({Channel(way).label})" for kind, way in sorted(chosen.wanted)
        ),
    }
    return ({"what": what, "is": value} for what, value in facts.items() if value)


def standing(case: Case, at: dt.datetime) -> Iterator[Row]:
    found = selectors.standing(case, today=local_date(at))
    yield {"what": found.title, "words": found.text, "by": found.by}


def answers(answers: Mapping[str, Any], items: dict[str, Item], clinic: str) -> Iterator[Row]:
    for item_id, value in _as_asked(answers, items):
        yield answer(item_id, value, items, clinic)


def _as_asked(answers: Mapping[str, Any], items: dict[str, Item]) -> list[tuple[str, Any]]:
    """The database keeps them in an order of its own, which nobody can follow."""
    places = {item_id: place for place, item_id in enumerate(items)}
    return sorted(answers.items(), key=lambda pair: places.get(pair[0], len(places)))


def answer(item_id: str, value: Any, items: dict[str, Item], clinic: str) -> Row:
    item = items.get(item_id)
    return {
        "item": item_id,
        "question": filled(item.text, clinic=clinic) if item else item_id,
        "answer": answer_in_full(item, value) if item else str(value),
        "value": value,
    }


def all_items(case: Case, items: dict[str, Item]) -> dict[str, Item]:
    """The questions of every form of this case."""
    forms = (questionnaire_of(response.version) for response in later_forms(case))
    return {item.id: item for form in forms for item in form.items()} | items


def later(case: Case, items: dict[str, Item], clinic: str) -> Iterator[Row]:
    asked = all_items(case, items)
    for response in reversed(later_forms(case)):
        for item_id, value in _as_asked(answers_of(response), asked):
            yield {"at": response.submitted_at, **answer(item_id, value, asked, clinic)}


def corrections(response: Response, clinic: str) -> Iterator[Row]:
    amendments, objections = selectors.amendments_of(response.case), selectors.objections_of(response.case)
    for change in changes(amendments, objections, questionnaire_of(response.version), clinic=clinic):
        yield {
            "at": change.at,
            "question": change.question,
            "first": change.before,
            "now": change.after,
            "reason": change.reason,
        }


def statements(response: Response, clinic: str) -> Iterator[Row]:
    texts = {each.id: each.text for each in questionnaire_of(response.version).statements}
    said = {"yes": _("Yes"), "no": _("No")}
    for row in response.statements.all():
        yield {
            "at": row.at,
            "code": row.code,
            "statement": filled(texts.get(row.code, row.code), clinic=clinic),
            "answer": said.get(row.answer, row.answer),
            "text_sha256": row.version_sha256,
        }


def urgent(case: Case, items: dict[str, Item]) -> Iterator[Row]:
    """What no single answer said is told in the words of the rule, or of what was measured."""
    by_rule = {rule.code: rule.patient or rule.clinician for rule in _rules_of(case)}
    for flag in case.red_flags.all():
        question, answer = flag.item, flag.answer
        if item := items.get(flag.item):
            question, answer = item.text, answer_in_full(item, flag.answer)
        elif flag.item in words.RAISED:
            question, answer = str(words.RAISED[flag.item]), str(words.MEASURED)
        elif flag.item in by_rule:
            question, answer = by_rule[flag.item], str(words.BY_RULE)
        yield {
            "at": flag.raised_at,
            "question": question,
            "answer": answer,
            "read_at": flag.read_at,
            "dealt_with_at": flag.cleared_at,
        }


def _rules_of(case: Case) -> tuple[Rule, ...]:
    newest = case.assessments.select_related("ruleset", "response").order_by("-id").first()
    return ruleset_in(newest.ruleset, newest.response.language).rules if newest else ()


def documents(case: Case, address: Callable[[str], str]) -> Iterator[Row]:
    for file in case.documents.order_by("uploaded_at", "pk"):
        kept = file.removed_at is None and file.scan != ScanState.INFECTED
        yield {
            "at": file.uploaded_at,
            "name": file.name,
            "type": file.media_type,
            "bytes": file.size,
            "sha256": file.sha256,
            "removed_at": file.removed_at,
            "link": address(reverse("patient-document", args=[file.pk])) if kept else "",
        }


def messages(case: Case) -> Iterator[Row]:
    for message in selectors.messages_of(case):
        yield {
            "at": message.sent_at,
            "from": message.author.name if message.author else _("You"),
            "words": message.text,
            "read_at": message.read_at,
        }


def questions(case: Case, items: dict[str, Item], clinic: str) -> Iterator[Row]:
    for request in case.information_requests.select_related("asked_by"):
        asked = [filled(items[item].text, clinic=clinic) for item in request.items if item in items]
        yield {
            "at": request.asked_at,
            "from": request.asked_by.name,
            "words": request.text,
            "questions": "; ".join(asked),
            "answered_at": request.answered_at,
            "answer": request.answer,
        }


def decisions(case: Case) -> Iterator[Row]:
    """Two clinicians make a decision: before both have, there is none to show. One that another look opened
    again was made all the same, and its letter is here.
    """
    made = case.transitions.filter(to_state__in=FINAL).order_by("id").last()
    if made is None:
        return
    for decision in case.decisions.filter(decided_at__lte=made.at).select_related("clinician"):
        yield {
            "at": decision.decided_at,
            "by": decision.clinician.name,
            "stage": decision.get_stage_display(),
            "decision": str(words.STATE[State(decision.outcome)]) if decision.outcome else _("Sent back"),
            "words": decision.reason,
        }


def letters(case: Case) -> Iterator[Row]:
    for letter in case.letters.select_related("author"):
        yield {
            "at": letter.written_at,
            "from": letter.author.name,
            "to": letter.get_to_display(),
            "words": letter.text,
            "read_at": letter.read_at,
        }


def appointments(case: Case) -> Iterator[Row]:
    for each in case.appointments.select_related("booked_by").order_by("starts_at"):
        yield {
            "at": each.starts_at,
            "what": each.get_kind_display(),
            "way": each.get_way_display(),
            "place": each.place,
            "minutes": each.minutes,
            "state": each.get_state_display(),
            "reason": each.reason,
            "by": each.booked_by.name,
        }
    for start in case.treatment_starts.select_related("entered_by"):
        day = _("Follow-up counts from this day")
        yield {"at": start.day, "what": day, "by": start.entered_by.name}


def looks(case: Case) -> Iterator[Row]:
    for look in case.looks.select_related("answered_by"):
        yield {
            "at": look.asked_at,
            "words": look.reason,
            "aimed_for": look.due_on,
            "answered_at": look.answered_at,
            "answered_by": look.answered_by.name if look.answered_by else "",
        }


def notices(case: Case) -> Iterator[Row]:
    sent = Reminder.objects.filter(case=case, state=ReminderState.SENT).order_by("sent_at")
    for reminder in sent.select_related("schedule").defer("schedule__content"):
        titles = {step.code: step.title for step in schedule_of(reminder.schedule).steps}
        title = titles.get(reminder.step, reminder.step)
        yield {"at": reminder.sent_at, "way": reminder.get_channel_display(), "text": title}


# No decision is told before two have made it, nor that there are two minds about it.
UNDECIDED = {
    State.CLINICIAN_REVIEWED: gettext_lazy("First review"),
    State.DISPUTED: gettext_lazy("Second review"),
}


def history(case: Case) -> Iterator[Row]:
    yield {"at": case.started_at, "what": _("Form started"), "by": begun_by(case, patient=_("You"))}
    for row in case.transitions.iterator():
        yield {
            "at": row.at,
            "what": str(UNDECIDED.get(State(row.to_state), words.MOVE[row.move])),
            "by": row.by_label,
        }


def revisions(response: Response, items: dict[str, Item], clinic: str) -> Iterator[Row]:
    for revision in Revision.objects.filter(response=response).order_by("number").iterator(chunk_size=200):
        saved = join(revision.answers, revision.private_answers)
        said = [answer(item, value, items, clinic) for item, value in saved.items()]
        yield {
            "at": revision.at,
            "number": revision.number,
            "page": revision.page_id,
            "by": revision.by_label,
            "words": "; ".join(f"{each['question']} {each['answer'] or _('Not answered')}" for each in said),
            "values": saved,
        }


def who_looked(case: Case) -> Iterator[Row]:
    found = trail_for_patient(
        site=case.site, patient_id=case.patient_id, references=[case.reference], limit=EVERYTHING
    )
    for look in map(Look.of, found):
        yield {"at": look.at, "who": look.who, "did": look.did}

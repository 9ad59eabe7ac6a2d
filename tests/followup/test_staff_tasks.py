"""What did not come by its day, and what is due each year, opens a task: the brief, section 5.2."""

from __future__ import annotations

import pytest

from audit.models import AuditEvent
from screening.cases.models import Case
from screening.followup.models import SuppressedFor
from screening.followup.services import REMINDERS, plan
from screening.review.desk.models import Task
from screening.review.desk.services import finish_task
from screening.review.models import InformationRequest
from tests.factories.followup import reachable_case, suppressed
from tests.factories.intake import NOON
from tests.factories.people import make_person
from tests.factories.review import Clinician
from tests.followup.test_later_forms import sent
from tests.followup.test_planning import fresh
from tests.followup.times import DAY, HOUR, MINUTE, london

pytestmark = pytest.mark.django_db
DAY_14 = NOON + 14 * DAY
YEAR = NOON + 365 * DAY


@pytest.fixture
def case(db: None) -> Case:
    found = reachable_case(at=NOON)
    Clinician.at(found.site).starts(found, NOON.date())
    return fresh(found)


def calls(case: Case) -> list[Task]:
    return [task for task in case.tasks.all() if task.text.startswith("The safety check")]


def test_a_safety_form_that_did_not_come_opens_one_call_on_its_day(case: Case) -> None:
    midnight = london(f"{DAY_14.date()} 00:00")
    plan(as_of=midnight - MINUTE, by=REMINDERS)
    assert calls(case) == []
    plan(as_of=midnight, by=REMINDERS)
    (call,) = calls(case)
    assert call.text == "The safety check is not completed. Call the patient."
    assert (call.due_on, call.made_by, call.done_at) == (DAY_14.date(), None, None)
    for days in (0, 1, 10):
        plan(as_of=DAY_14 + days * DAY, by=REMINDERS)
    assert len(calls(case)) == 1


def test_a_form_that_came_opens_none(case: Case) -> None:
    sent(case, at=NOON + 8 * DAY, step="FU10")
    plan(as_of=DAY_14, by=REMINDERS)
    assert calls(case) == []


def test_a_call_that_was_made_is_not_opened_again(case: Case) -> None:
    plan(as_of=DAY_14, by=REMINDERS)
    finish_task(task=calls(case)[0], **Clinician.at(case.site).who(DAY_14))
    plan(as_of=DAY_14 + DAY, by=REMINDERS)
    assert len(calls(case)) == 1


def test_an_open_call_closes_when_the_form_arrives(case: Case) -> None:
    plan(as_of=DAY_14, by=REMINDERS)
    sent(case, at=DAY_14 + HOUR, step="FU10")
    plan(as_of=DAY_14 + 2 * HOUR, by=REMINDERS)
    (call,) = calls(case)
    assert (call.done_at, call.done_by) == (DAY_14 + 2 * HOUR, None)
    assert AuditEvent.objects.filter(event="task_closed", case_reference=case.reference).count() == 1
    plan(as_of=DAY_14 + DAY, by=REMINDERS)
    assert AuditEvent.objects.filter(event="task_closed").count() == 1


def test_a_call_closes_when_the_person_died(case: Case) -> None:
    plan(as_of=DAY_14, by=REMINDERS)
    suppressed(case, SuppressedFor.DECEASED, at=DAY_14)
    plan(as_of=DAY_14 + HOUR, by=REMINDERS)
    assert calls(case)[0].done_at == DAY_14 + HOUR


def texts(case: Case) -> list[str]:
    return [task.text for task in case.tasks.filter(made_by=None, done_at=None)]


def yearly(case: Case) -> list[Task]:
    return [
        task for task in case.tasks.order_by("due_on") if task.text.startswith("The yearly review is due")
    ]


def test_each_year_two_clinicians_look_again_whether_or_not_the_yearly_form_came(case: Case) -> None:
    plan(as_of=YEAR - DAY, by=REMINDERS)
    assert yearly(case) == []
    sent(case, at=YEAR - 3 * DAY, step="FU14")
    plan(as_of=YEAR, by=REMINDERS)
    plan(as_of=YEAR + DAY, by=REMINDERS)
    (first,) = yearly(case)
    assert (first.due_on, first.done_at) == (YEAR.date(), None)
    finish_task(task=first, **Clinician.at(case.site).who(YEAR + 2 * DAY))
    plan(as_of=YEAR + 366 * DAY, by=REMINDERS)
    assert [task.done_at is None for task in yearly(case)] == [False, True]


def test_no_yearly_review_is_due_of_somebody_who_took_their_consent_back(case: Case) -> None:
    plan(as_of=YEAR, by=REMINDERS)
    Case.objects.filter(pk=case.pk).update(state="withdrawn", closed_at=YEAR)
    plan(as_of=YEAR + DAY, by=REMINDERS)
    assert [task.done_at for task in yearly(case)] == [YEAR + DAY]


def test_missing_records_open_a_task_after_three_weeks_and_after_four() -> None:
    case = reachable_case(at=NOON)
    plan(as_of=NOON + 20 * DAY, by=REMINDERS)
    assert not [text for text in texts(case) if "records" in text]
    plan(as_of=NOON + 21 * DAY, by=REMINDERS)
    assert "Records are still missing. Call the patient." in texts(case)
    plan(as_of=NOON + 28 * DAY, by=REMINDERS)
    assert [text for text in texts(case) if text.startswith('Close as "awaiting records"')]
    Case.objects.filter(pk=case.pk).update(state="withdrawn", closed_at=NOON + 28 * DAY)
    plan(as_of=NOON + 29 * DAY, by=REMINDERS)
    assert texts(case) == []


def test_a_question_that_is_not_answered_opens_a_task_that_its_answer_closes() -> None:
    case = reachable_case(at=NOON)
    question = InformationRequest.objects.create(case=case, asked_by=make_person(), asked_at=NOON)
    plan(as_of=NOON + 21 * DAY, by=REMINDERS)
    asked = "The question is still not answered. Call the patient."
    assert asked in texts(case)
    question.answered_at = NOON + 21 * DAY
    question.save(update_fields=["answered_at"])
    plan(as_of=NOON + 22 * DAY, by=REMINDERS)
    assert asked not in texts(case)


@pytest.mark.parametrize(
    ("outcome", "after", "said"),
    [
        ("flagged_review", 2, ["A case flagged for review is due."]),
        ("not_currently", 2, []),
        ("not_currently", 7, ['A case suggested as "not currently" is due to be confirmed or overturned.']),
    ],
)
def test_a_case_that_nobody_decided_in_time_opens_the_task_of_its_outcome(
    outcome: str, after: int, said: list[str]
) -> None:
    case = reachable_case(at=NOON)
    Case.objects.filter(pk=case.pk).update(outcome=outcome)
    plan(as_of=NOON + after * DAY, by=REMINDERS)
    assert texts(case) == said


@pytest.mark.parametrize(
    ("reason", "opened"),
    [("deceased", 0), ("withdrawn", 0), ("safeguarding", 1), ("complaint", 1), ("in_hospital", 1)],
)
def test_nobody_is_rung_who_died_or_wants_to_hear_nothing(case: Case, reason: str, opened: int) -> None:
    suppressed(case, SuppressedFor(reason), at=NOON + DAY)
    plan(as_of=DAY_14, by=REMINDERS)
    assert len(calls(case)) == opened


@pytest.mark.parametrize("other", ["safeguarding", "complaint", "in_hospital"])
def test_nobody_is_rung_who_wants_to_hear_nothing_whatever_else_stands(case: Case, other: str) -> None:
    suppressed(case, SuppressedFor.WITHDRAWN, at=NOON + DAY)
    suppressed(case, SuppressedFor(other), at=NOON + 2 * DAY)
    plan(as_of=DAY_14, by=REMINDERS)
    assert calls(case) == []


def test_what_is_long_past_opens_no_call(case: Case) -> None:
    plan(as_of=DAY_14 + 15 * DAY, by=REMINDERS)
    assert calls(case) == []

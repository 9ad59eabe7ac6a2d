"""A safety form that did not come by its day opens a call for the clinic: the brief, section 5.2, FU10."""

from __future__ import annotations

import pytest

from screening.cases.models import Case
from screening.followup.models import SuppressedFor
from screening.followup.services import REMINDERS, plan
from screening.review.desk.models import Task
from screening.review.desk.services import finish_task
from tests.factories.followup import reachable_case, suppressed
from tests.factories.intake import NOON
from tests.factories.review import Clinician
from tests.followup.test_later_forms import sent
from tests.followup.test_planning import fresh
from tests.followup.times import DAY, MINUTE, london

pytestmark = pytest.mark.django_db
DAY_14 = NOON + 14 * DAY


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


@pytest.mark.parametrize(
    ("reason", "opened"),
    [("deceased", 0), ("withdrawn", 0), ("safeguarding", 1), ("complaint", 1), ("in_hospital", 1)],
)
def test_nobody_is_rung_who_died_or_wants_to_hear_nothing(case: Case, reason: str, opened: int) -> None:
    suppressed(case, SuppressedFor(reason), at=NOON + DAY)
    plan(as_of=DAY_14, by=REMINDERS)
    assert len(calls(case)) == opened


def test_what_is_long_past_opens_no_call(case: Case) -> None:
    plan(as_of=DAY_14 + 15 * DAY, by=REMINDERS)
    assert calls(case) == []

"""The work on a case besides deciding it, in a browser: calls, tasks, passing a case on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Site
from screening.cases.models import Case
from screening.review.desk.models import CallResult
from tests.factories.intake import submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
YESTERDAY = dt.timedelta(days=1)


def test_an_urgent_case_is_rung_about_passed_on_and_cleared(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    at = timezone.now()
    case = submitted_case(clinic, rf_saddle="new_or_worse", at=at - YESTERDAY)
    ana, ben = make_member(site=clinic), make_member(site=clinic)
    desk = staff(ana)
    desk.opens_case(case.reference)
    desk.presses("Work on this case")
    desk.reads("No call is recorded yet.", "Record it, or hand the case to a colleague.")
    desk.looks("desk-urgent")
    desk.follows("Record a call")
    desk.looks("call")
    desk.presses("Record the call")
    desk.looks_at_error("call-blank")
    desk.fills({"result": "message_left", "text": "Asked to ring us back."})
    desk.presses("Record the call")
    desk.reads("Asked to ring us back.")
    Clinician(ana).rings(case, CallResult.ADVICE_GIVEN, text="Goes to A&E with her son.", at=at)

    desk.follows("Add a task")
    desk.looks("task")
    desk.fills({"text": "Ask A&E what they found"})
    desk.presses("Add the task")
    desk.follows("Hand over")
    desk.looks("hand-over")
    desk.presses("Hand over")
    desk.looks_at_error("hand-over-blank")
    desk.fills({"to": str(ben.user_id), "note": "She prefers mornings."})
    desk.presses("Hand over")
    desk.reads("handed the case to")

    desk.follows("Take over")
    desk.presses("Take over")
    desk.looks_at_error("take-over-blank")
    desk.fills({"reason": "He is off today."})
    desk.presses("Take over")
    desk.follows("Record what was done")
    desk.looks("clear-by-call")
    desk.fills({"reason": "Seen at A&E.", "rests_on": "none"})
    desk.presses("Record and go on")
    desk.looks_at_error("clear-without-reason")
    desk.page.get_by_label("Reached the person and gave the safety advice").check()
    desk.presses("Record and go on")
    desk.reads("Rests on the call: Reached the person and gave the safety advice")
    desk.looks("desk-cleared")

    other = staff(ben)
    Clinician(ana).notes_task(case, at=at - YESTERDAY, text="Ring the surgery for the letter.")
    other.goes_to("/staff/tasks/")
    other.reads("Ring the surgery for the letter.", "took the case over from", "He is off today.")
    other.looks("tasks")
    while other.page.get_by_role("button", name="Done").count():
        with other.page.expect_navigation():
            other.page.get_by_role("button", name="Done").first.click()
    other.reads("Nothing is left to do")
    other.looks("tasks-empty")


def test_a_form_is_filled_in_by_telephone(staff: Callable[..., Staff], clinic: Site) -> None:
    desk = staff(make_member(site=clinic))
    desk.goes_to("/staff/enter/")
    desk.looks("enter")
    desk.presses("Start the form")
    desk.looks_at_error("enter-blank")
    said = {"mode": "telephone", "source": "Her daughter Ann", "given_name": "Mary", "family_name": "Shelley"}
    desk.fills({**said, "date_of_birth": "1971-03-29", "nation": "england"})
    desk.presses("Start the form")
    desk.reads("You fill in this form for Mary Shelley.")
    desk.looks("entering-sections")
    desk.follows("Carry on")
    while desk.path != "/form/rf-saddle/":
        desk.presses("Save and continue")
    desk.looks("entering-page")
    desk.fills({"rf_saddle": "new_or_worse"})
    desk.presses("Save and continue")
    desk.reads("Read this out to the person now, word for word.")
    desk.looks("entering-advice")
    desk.page.get_by_label("I have read this out to the person").check()
    desk.presses("Continue")
    desk.follows("Stop for now")
    desk.reads("Begun and not sent")
    desk.looks("enter-drafts")
    desk.presses("Carry on " + Case.objects.latest("started_at").reference)
    desk.follows("Carry on")
    while desk.path != "/form/check/":
        desk.presses("Save and continue")
    desk.looks("entering-check")
    desk.presses("Send my answers")
    desk.reads(
        "The form is sent and judged.", "filled in this form for the patient, by telephone (Her daughter Ann)"
    )
    desk.looks("entered-case")


def test_two_records_of_one_person_are_joined_and_taken_apart(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    at = timezone.now()
    mary = {"family_name": "Shelley", "dob": "1971-03-29", "at": at - YESTERDAY}
    one, other = submitted_case(clinic, **mary), submitted_case(clinic, **mary)
    desk = staff(make_member(site=clinic))
    desk.opens_case(one.reference)
    desk.follows("Compare the two")
    desk.looks("same-person")
    desk.presses("Join the two records")
    desk.looks_at_error("same-person-blank")
    said = {"here_typed": one.reference, "other": other.reference}
    desk.fills(said)
    desk.page.locator("#id_reason").fill("Rang her: she filled it in twice.")
    desk.presses("Join the two records")
    desk.reads("Other cases of this person")
    desk.looks("same-person-joined")
    desk.presses("Take them apart")
    desk.looks_at_error("same-person-apart-blank")
    desk.page.locator("#part_reason").fill("Twins.")
    desk.presses("Take them apart")
    desk.reads("Say that it is one person")

"""Looking back at cases: everybody who is due something gets one row, however often anybody looks."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from audit.models import AuditEvent
from clinic.celery import app
from screening.cases.models import TO_RING, Case, Patient, Response
from screening.cases.services import raise_red_flag
from screening.followup import tasks
from screening.followup.models import Reminder, ReminderState
from screening.followup.schedule import CaseHistory, Considered
from screening.followup.selectors import reminders_of, upcoming_of, why_not_sent
from screening.followup.services import REMINDERS, plan, planning
from screening.questionnaires.models import DefinitionVersion
from screening.review.models import InformationRequest
from screening.rules.definition import Schedule
from tests.at_once import at_once
from tests.factories.followup import asked_for_link, reachable_case
from tests.factories.intake import NOON, open_clinic
from tests.factories.people import make_person
from tests.followup.times import DAY, HOUR

pytestmark = pytest.mark.django_db


def steps_of(case: Case) -> list[tuple[str, str]]:
    return list(Reminder.objects.filter(case=case).order_by("due_at").values_list("step", "state"))


def test_somebody_who_asked_for_a_link_is_reminded_a_day_later() -> None:
    case = asked_for_link().case
    plan(as_of=NOON + 22 * HOUR, by=REMINDERS)
    assert steps_of(case) == []
    plan(as_of=NOON + 23 * HOUR, by=REMINDERS)
    (row,) = Reminder.objects.filter(case=case)
    assert (row.step, row.channel, row.state, row.due_at) == ("FU01", "email", "scheduled", NOON + DAY)
    assert row.local_rule == "12:00 Europe/London, 24 h from draft_activity"


def test_somebody_who_did_not_ask_for_a_link_is_not_reminded_of_a_form() -> None:
    response = asked_for_link()
    Patient.objects.filter(pk=response.patient_id).update(contact_by_email=False, reminders_wanted=False)
    plan(as_of=NOON + DAY, by=REMINDERS)
    assert steps_of(response.case) == []
    assert "did not ask" in why_not_sent(fresh(response.case), as_of=NOON + DAY)[0].why


def fresh(case: Case) -> Case:
    return Case.objects.select_related("patient", "site").get(pk=case.pk)


def test_planning_twice_adds_nothing() -> None:
    for _ in range(3):
        asked_for_link()
    first = plan(as_of=NOON + DAY, by=REMINDERS)
    second = plan(as_of=NOON + DAY, by=REMINDERS)
    assert (first.planned, second.planned) == (3, 0)
    assert Reminder.objects.count() == 3


def test_every_planned_and_cancelled_reminder_stands_in_the_trail() -> None:
    case = asked_for_link().case
    plan(as_of=NOON + DAY, by=REMINDERS)
    Patient.objects.filter(pk=case.patient_id).update(deceased_at=NOON)
    plan(as_of=NOON + DAY, by=REMINDERS)
    trail = AuditEvent.objects.filter(case_reference=case.reference, event__startswith="reminder").order_by(
        "id"
    )
    assert [row.event for row in trail] == ["reminder_planned", "reminder_cancelled"]
    assert trail[1].detail == {"step": "FU01", "channel": "email", "reason": "suppressed"}
    assert trail[0].actor_label == "reminders"


def test_going_on_with_the_form_moves_the_reminder() -> None:
    response = asked_for_link()
    plan(as_of=NOON + DAY - HOUR, by=REMINDERS)
    Response.objects.filter(pk=response.pk).update(last_activity_at=NOON + DAY - HOUR)
    plan(as_of=NOON + DAY, by=REMINDERS)
    assert steps_of(response.case) == [("FU01", "cancelled")]
    plan(as_of=NOON + 2 * DAY - HOUR, by=REMINDERS)
    assert steps_of(response.case) == [("FU01", "cancelled"), ("FU01", "scheduled")]


@pytest.mark.parametrize(
    ("tier", "state", "reason"),
    [(1, ReminderState.CANCELLED, "red_flag"), (TO_RING, ReminderState.SCHEDULED, "")],
)
def test_an_urgent_answer_turns_the_nudge_off_and_one_to_ring_about_does_not(
    tier: int, state: str, reason: str
) -> None:
    response = asked_for_link()
    plan(as_of=NOON + DAY, by=REMINDERS)
    raise_red_flag(
        case=response.case,
        item="rf_saddle",
        answer="new_or_worse",
        tier=tier,
        advice="ae_spine",
        by=Actor.patient(response.patient_id),
        at=NOON + DAY,
    )
    plan(as_of=NOON + DAY, by=REMINDERS)
    (row,) = Reminder.objects.filter(case=response.case)
    assert (row.state, row.closed_reason) == (state, reason)


def test_a_sent_form_is_asked_for_its_documents_and_then_held_in_mind() -> None:
    case = reachable_case()
    for day in range(1, 16):
        plan(as_of=NOON + day * DAY, by=REMINDERS)
        Reminder.objects.filter(state="scheduled").update(state="sent", sent_at=NOON + day * DAY)
    assert [step for step, _ in steps_of(case)] == ["FU03", "FU03", "FU05", "FU03"]


@pytest.mark.parametrize(("agreed", "found"), [("yes", []), (None, []), ("no", ["FU03"])])
def test_records_that_the_clinic_may_not_ask_for_are_still_asked_of_the_patient(
    agreed: str | None, found: list[str]
) -> None:
    """Whoever corrects one of the two answers later is not asked about the other."""
    case = reachable_case()
    response = Response.objects.get(case=case)
    response.answers |= {"records": "consent_request", "records_request": agreed}
    response.save(update_fields=["answers"])
    plan(as_of=NOON + 2 * DAY, by=REMINDERS)
    assert [step for step, _ in steps_of(case)] == found


def test_a_question_from_a_clinician_is_announced_at_once() -> None:
    case = reachable_case(records="consent_request", records_request="yes")
    InformationRequest.objects.create(case=case, asked_by=make_person(), asked_at=NOON + HOUR)
    plan(as_of=NOON + HOUR, by=REMINDERS)
    assert [step for step, _ in steps_of(case)] == ["FU04"]
    InformationRequest.objects.update(answered_at=NOON + 2 * HOUR)
    plan(as_of=NOON + 2 * HOUR, by=REMINDERS)
    assert steps_of(case) == [("FU04", "cancelled")]
    assert reminders_of(case)[0].closed_reason == "answered"


def test_an_address_nobody_proved_is_not_written_to_and_staff_read_why() -> None:
    case = reachable_case()
    Patient.objects.filter(pk=case.patient_id).update(email_verified_at=None)
    plan(as_of=NOON + 3 * DAY, by=REMINDERS)
    assert steps_of(case) == []
    assert {one.why for one in why_not_sent(fresh(case), as_of=NOON + 3 * DAY)} >= {
        "There is no address or number that was checked and that they chose"
    }


def test_what_will_be_sent_can_be_read_before_there_is_a_row() -> None:
    case = reachable_case()
    assert [one.step for one in upcoming_of(case, as_of=NOON)] == ["FU03", "FU03", "FU05", "FU03"]
    assert steps_of(case) == []


def test_a_site_without_a_published_schedule_plans_nothing() -> None:
    case = asked_for_link().case
    DefinitionVersion.objects.filter(kind="schedule").update(status="retired", retired_at=NOON)
    assert plan(as_of=NOON + DAY, by=REMINDERS).planned == 0
    assert steps_of(case) == []


def test_one_case_that_cannot_be_read_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    site = open_clinic()
    cases = [asked_for_link(site).case for _ in range(3)]
    consider = planning.rules.consider

    def broken(history: CaseHistory, schedule: Schedule, **times: Any) -> list[Considered]:
        if any(one.key.startswith(f"{cases[1].pk}:") for one in history.anchors):
            raise ValueError("nobody foresaw this")
        return consider(history, schedule, **times)

    monkeypatch.setattr(planning.rules, "consider", broken)
    result = plan(as_of=NOON + DAY, by=REMINDERS)
    assert (result.planned, result.broken) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_the_same_moment_make_one_row_each() -> None:
    site = open_clinic()
    for _ in range(20):
        asked_for_link(site)
    results = at_once(lambda: plan(as_of=NOON + DAY, by=REMINDERS).planned)
    assert sum(results) == Reminder.objects.count() == 20
    assert AuditEvent.objects.filter(event="reminder_planned").count() == 20


def test_looking_at_many_cases_asks_few_questions(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning.secrets, "randbelow", lambda _most: 0)  # all in one go
    site = open_clinic()
    for _ in range(12):
        asked_for_link(site)
    with django_assert_max_num_queries(21):
        plan(as_of=NOON + HOUR, by=REMINDERS)


def test_a_look_that_is_cut_short_leaves_the_rest_to_the_next_and_forgets_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 1)
    site = open_clinic()
    for number in range(3):
        asked_for_link(site, email=f"person{number}@example.org")
    at = NOON + DAY
    looks = iter([True, False])
    assert plan(as_of=at, by=REMINDERS, time_left=lambda: next(looks)).cases == 1
    assert plan(as_of=at, by=REMINDERS).cases == 3
    assert Reminder.objects.count() == 3


def test_a_tick_sends_what_waits_before_it_looks_at_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(tasks, "send_due", lambda **_: done.append("send"))
    monkeypatch.setattr(tasks, "plan", lambda **_: done.append("plan"))
    tasks.tick()
    assert done == ["send", "plan", "send"]
    assert app.conf.task_soft_time_limit > 3 * tasks.SECONDS


@pytest.mark.parametrize(("late", "look"), [(0, tasks.SECONDS), (tasks.SECONDS, tasks.LITTLE)])
def test_the_look_is_short_while_more_is_due_than_can_be_sent(
    monkeypatch: pytest.MonkeyPatch, late: int, look: int
) -> None:
    """`late` seconds the first sending took; looking and sending again together take no longer than else."""
    clock, times = [0.0], []

    def send_due(*, seconds: float, **_: Any) -> None:
        times.append(seconds)
        clock[0] += late

    def plan(*, time_left: Callable[[], bool], **_: Any) -> None:
        began = clock[0]
        while time_left():
            clock[0] += 1
        times.append(clock[0] - began)

    monkeypatch.setattr(tasks, "send_due", send_due)
    monkeypatch.setattr(tasks, "plan", plan)
    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    tasks.tick()
    assert times == [tasks.SECONDS, look, 2 * tasks.SECONDS - look]


def test_each_of_many_has_its_own_line_in_the_trail_at_the_price_of_one() -> None:
    site = open_clinic()
    cases = [asked_for_link(site, email=f"person{number}@example.org").case for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        assert plan(as_of=NOON + DAY, by=REMINDERS).planned == 3
    lines = AuditEvent.objects.filter(event="reminder_planned")
    assert {(line.case_reference, line.patient_id) for line in lines} == {
        (case.reference, case.patient_id) for case in cases
    }
    assert {(line.detail["step"], line.actor_label) for line in lines} == {("FU01", REMINDERS.label)}
    assert sum('INSERT INTO "audit_auditevent"' in each["sql"] for each in asked) == 1


def test_a_person_whose_record_cannot_be_decrypted_silences_nobody_else_and_is_left_to_staff() -> None:
    site = open_clinic()
    lost, others = reachable_case(site), [reachable_case(site, email=f"{n}@example.org") for n in "ab"]
    Patient.objects.filter(pk=lost.patient_id).update(phone=Value("v1:00000000:lost"))
    for _ in range(2):
        done = plan(as_of=NOON + 2 * DAY, by=REMINDERS)
        assert (done.cases, done.broken) == (2, 1)
    planned = Reminder.objects.filter(step="FU03")
    assert set(planned.values_list("case", flat=True)) == {case.pk for case in others}
    (task,) = lost.tasks.all()
    assert "cannot be planned" in task.text

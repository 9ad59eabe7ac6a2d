"""Tasks: for me, a colleague or anybody here; done by somebody once, never deleted."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.opening import LONDON
from screening.intake.services import withdraw
from screening.review.desk import selectors, services
from screening.review.desk.models import Task
from screening.review.services import Refused
from tests.factories.intake import open_clinic
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def texts(clinician: Clinician) -> list[str]:
    member = clinician.membership
    return [task.text for task in selectors.task_list(site=member.site, user_id=member.user_id)]


def test_a_task_is_on_the_list_of_whom_it_is_for_by_its_day(
    site: Site, case: Case, clinician: Clinician
) -> None:
    ben = Clinician.at(site)
    clinician.notes_task(case, text="Ring the surgery.", due_on=LATER.date() + DAY)
    clinician.notes_task(case, text="Ask for the scan.", for_user=ben.membership.user_id)
    clinician.notes_task(case, text="Read the letter.", for_user=clinician.membership.user_id)
    assert texts(ben) == ["Ask for the scan.", "Ring the surgery."]
    assert texts(clinician) == ["Read the letter.", "Ring the surgery."]
    assert texts(Clinician.at(open_clinic())) == []


def test_what_was_for_somebody_who_left_is_for_anybody(site: Site, case: Case, clinician: Clinician) -> None:
    other = Clinician.at(site)
    task = clinician.notes_task(case, at=LATER, for_user=other.membership.user_id)
    mine = clinician.membership.user_id
    assert task not in selectors.open_tasks(site=site, user_id=mine)
    other.membership.active = False
    other.membership.save(update_fields=["active"])
    assert task in selectors.open_tasks(site=site, user_id=mine)


def test_what_is_changed_on_a_page_that_was_sent_is_another_task(case: Case, clinician: Clinician) -> None:
    key, day = uuid.uuid4(), LATER.date()
    said = [{}, {}, {"text": "Ring the pharmacy."}, {"due_on": day + dt.timedelta(days=7)}]
    tasks = [clinician.notes_task(case, key=key, **changes) for changes in said]
    assert tasks[0] == tasks[1]
    assert case.tasks.count() == 3


def test_a_task_is_done_once_and_says_by_whom(site: Site, case: Case, clinician: Clinician) -> None:
    ben, task = Clinician.at(site), clinician.notes_task(case)
    services.finish_task(task=task, **ben.who())
    with pytest.raises(services.DoneAlready) as second:
        services.finish_task(task=task, **clinician.who())
    assert second.value.task.done_by == ben.membership.user
    assert texts(clinician) == []
    events = AuditEvent.objects.filter(case_reference=case.reference, event__startswith="task_")
    assert sorted(event.event for event in events) == [Event.TASK_ADDED, Event.TASK_DONE]


def test_the_database_keeps_a_task_as_it_was(case: Case, clinician: Clinician) -> None:
    task = clinician.notes_task(case)
    wrong = (
        "DELETE FROM screening_task",
        "UPDATE screening_task SET due_on = due_on + 1",
        "UPDATE screening_task SET for_user_id = made_by_id, done_at = made_at, done_by_id = made_by_id",
    )
    for statement in wrong:
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    services.finish_task(task=task, **clinician.who())
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE screening_task SET done_at = NULL, done_by_id = NULL")


def test_a_task_goes_only_to_somebody_who_works_here(site: Site, case: Case, clinician: Clinician) -> None:
    for other in (Clinician.at(open_clinic()), Clinician.at(site, Role.ADMINISTRATOR)):
        with pytest.raises(Refused, match="cannot work on cases of this site"):
            clinician.notes_task(case, for_user=other.membership.user_id)
    with pytest.raises(Refused, match="may not add a note"):
        Clinician.at(site, Role.ADMINISTRATOR).notes_task(case)


def test_a_form_that_was_taken_back_leaves_nothing_to_do(case: Case, clinician: Clinician) -> None:
    clinician.notes_task(case)
    withdraw(case=case, by=clinician.who()["by"], at=LATER)
    assert texts(clinician) == []
    with pytest.raises(Refused, match="nothing left to do"):
        clinician.notes_task(case)


def test_a_task_is_added_seen_and_done_on_the_pages(client: Client, case: Case, clinician: Clinician) -> None:
    sign_in(client, clinician.membership)
    address = reverse("case-task", args=[case.reference])
    today = timezone.localdate()
    said = {
        "key": uuid.uuid4(),
        "text": "Ask the surgery for the letter",
        "for_whom": "anybody",
        "due_on_day": today.day,
        "due_on_month": today.month,
        "due_on_year": today.year,
    }
    late = client.post(address, {**said, "due_on_year": today.year - 1})
    assert (late.status_code, "This day is over" in late.content.decode()) == (422, True)
    assert client.post(address, said).status_code == 302
    for page in (reverse("case", args=[case.reference]), reverse("tasks")):
        assert "Ask the surgery for the letter" in client.get(page).content.decode()
    done = reverse("task-done", args=[Task.objects.get().pk])
    assert client.post(done, {"back": "list"}).url == reverse("tasks")
    again = client.post(done)
    assert (again.status_code, clinician.membership.user.name in again.content.decode()) == (409, True)
    assert "Ask the surgery for the letter" not in client.get(reverse("tasks")).content.decode()
    shown = AuditEvent.objects.filter(event=Event.TASKS_VIEWED).order_by("id")
    assert [event.references for event in shown] == [[case.reference], []]


def test_a_task_of_another_site_is_not_there(client: Client, case: Case, clinician: Clinician) -> None:
    task = clinician.notes_task(case)
    sign_in(client, Clinician.at(open_clinic()).membership)
    assert client.post(reverse("task-done", args=[task.pk])).status_code == 404
    assert Task.objects.get().done_at is None


def test_a_late_task_says_so(client: Client, case: Case, clinician: Clinician) -> None:
    clinician.notes_task(case)
    sign_in(client, clinician.membership)
    assert "Overdue" in client.get(reverse("tasks")).content.decode()


def test_the_worklist_says_how_many_tasks_are_left(client: Client, case: Case, clinician: Clinician) -> None:
    sign_in(client, clinician.membership)
    assert "left for you or anybody here" not in client.get(reverse("worklist")).content.decode()
    clinician.notes_task(case)
    clinician.notes_task(case, due_on=timezone.localdate() + DAY)
    page = client.get(reverse("worklist")).content.decode()
    assert "2 tasks are left for you or anybody here" in page
    assert "1 overdue" in page


def test_who_presses_second_reads_who_was_first_and_when(case: Case, clinician: Clinician) -> None:
    ben, task = Clinician.at(case.site), clinician.notes_task(case)
    services.finish_task(task=task, **ben.who())
    page = sign_in(Client(), clinician.membership).post(reverse("task-done", args=[task.pk]))
    assert page.status_code == 409
    text = page.content.decode()
    assert ben.membership.user.name in text
    assert f"{LATER.astimezone(LONDON):%H:%M}" in text

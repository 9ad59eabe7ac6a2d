"""Three hundred reminders, a real worker and beat, and kill -9 in the middle."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from screening.cases.models import Case, Patient, Response
from screening.cases.references import new_reference
from screening.followup.models import Heartbeat, Reminder, ReminderState
from screening.followup.services import HEARTBEAT
from tests.chaos.processes import Processes, until
from tests.factories.followup import asked_for_link, send_at_any_hour
from tests.factories.intake import open_clinic
from tests.followup.sink import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
REMINDERS = 300
# Message numbers at which the worker dies: as a whole, then its pool process alone.
KILLED_AT, CHILD_KILLED_AT = 60, 150


def many_like(response: Response, count: int) -> None:
    """As many more people in the same state, each with their own address."""
    patients, cases, responses = [], [], []
    for number in range(count):
        patient = Patient(**{**_values(response.patient), "email": f"person{number}@example.org"})
        case = Case(**{**_values(response.case), "patient": patient, "reference": new_reference()})
        patients.append(patient)
        cases.append(case)
        responses.append(Response(**{**_values(response), "patient": patient, "case": case}))
    Patient.objects.bulk_create(patients)
    Case.objects.bulk_create(cases)
    Response.objects.bulk_create(responses)


def _values(row: Patient | Case | Response) -> dict[str, object]:
    return {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key
    }


def test_every_reminder_is_sent_and_at_most_one_is_repeated_for_each_kill(tmp_path: Path) -> None:
    at = timezone.now() - dt.timedelta(hours=25)
    site = open_clinic()
    send_at_any_hour(site, at=at)
    response = asked_for_link(site, at=at)
    many_like(Response.objects.select_related("patient", "case").get(pk=response.pk), REMINDERS - 1)

    with running() as (sink, port), Processes(tmp_path, mail_port=port) as processes:
        taken = lambda number: lambda: len(sink.messages) >= number  # noqa: E731
        try:
            processes.beat()
            worker = processes.worker()
            until(taken(KILLED_AT), seconds=40, what=f"{KILLED_AT} messages sent")
            processes.kill(worker)
            assert len(sink.messages) < REMINDERS

            worker = processes.worker()
            until(taken(CHILD_KILLED_AT), seconds=40, what=f"{CHILD_KILLED_AT} messages sent")
            processes.kill_child(worker)
            assert len(sink.messages) < REMINDERS

            sent = Reminder.objects.filter(state=ReminderState.SENT)
            until(lambda: sent.count() == REMINDERS, seconds=60, what="all are sent")
            until(
                Heartbeat.objects.filter(process=HEARTBEAT, at__gt=at).exists, seconds=60, what="a tick ended"
            )
        except (AssertionError, OSError) as error:
            error.add_note(processes.log())
            raise

    assert set(sink.counts) == {f"<{pk}@testserver>" for pk in Reminder.objects.values_list("pk", flat=True)}
    assert len(sink.counts) == REMINDERS
    assert sum(sink.counts.values()) - REMINDERS <= 2  # one for each kill
    assert max(sink.counts.values()) <= 2
    assert all(len(recipients) == 1 for recipients in sink.recipients)
    assert not Reminder.objects.exclude(state=ReminderState.SENT).exists()

"""Sending a form: complete, once, however often it is pressed."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Assessment, Response, Transition
from screening.cases.references import new_reference
from screening.intake import services
from screening.intake.models import Statement
from tests.factories import intake as factories
from tests.factories.intake import NOON


def send(response: Response) -> str:
    case = services.submit(response=response, by=Actor.patient(response.patient_id), at=NOON)
    return case.reference


def test_a_second_press_gives_the_same_receipt_and_writes_nothing(clinic: Site) -> None:
    response = factories.finished_draft(clinic)
    first = send(response)
    rows = (Statement.objects.count(), Assessment.objects.count(), Transition.objects.count())
    assert send(response) == first
    assert (Statement.objects.count(), Assessment.objects.count(), Transition.objects.count()) == rows


def test_an_unfinished_form_cannot_be_sent_past_its_pages(clinic: Site) -> None:
    response = factories.draft(clinic, until="rf-saddle")
    with pytest.raises(services.Incomplete) as incomplete:
        send(response)
    missing = {item.id for item in incomplete.value.items}
    assert {"rf_saddle", "given_name", "cs1"} <= missing
    response.refresh_from_db()
    assert response.submitted_at is None


@pytest.mark.parametrize("item", ["cs1", "cs2", "cs11", "gp_share", "family_name"])
def test_what_nobody_can_pass_over_is_needed_to_send(clinic: Site, item: str) -> None:
    with pytest.raises(services.Incomplete) as incomplete:
        send(factories.finished_draft(clinic, **{item: None}))
    assert [each.id for each in incomplete.value.items] == [item]


def test_other_blanks_can_be_sent_and_are_unknown(clinic: Site) -> None:
    response = factories.finished_draft(
        clinic, onset=None, q_sleep=None, q_mobility=4, q_work=None, q_social=2
    )
    send(response)
    response.case.refresh_from_db()
    assert response.case.outcome == "more_info"


def copy_of(response: Response) -> Response:
    """Another person whose form stands exactly as this one does."""
    patient, case = response.patient, response.case
    patient.pk = uuid.uuid4()
    patient.save(force_insert=True)
    case.pk, case.reference, case.patient = None, new_reference(), patient
    case.save(force_insert=True)
    response.pk, response.patient, response.case = uuid.uuid4(), patient, case
    response.save(force_insert=True)
    return Response.objects.get(pk=response.pk)


@pytest.mark.parametrize("count", [40, pytest.param(300, marks=pytest.mark.nightly)])
@pytest.mark.django_db(transaction=True)
def test_two_threads_send_the_same_drafts_and_each_is_sent_once(count: int) -> None:
    first = factories.finished_draft(factories.open_clinic())
    drafts = [copy_of(factories.response_of(first.case)) for _ in range(count)]
    barrier = threading.Barrier(2)

    def press_all() -> list[str]:
        receipts = []
        try:
            for each in drafts:
                barrier.wait(timeout=60)
                receipts.append(send(each))
        finally:
            connection.close()
        return receipts

    with ThreadPoolExecutor(max_workers=2) as pool:
        one, other = pool.submit(press_all), pool.submit(press_all)
        assert one.result() == other.result()
    assert len(set(one.result())) == count
    assert Transition.objects.filter(move="submit").count() == count
    assert Assessment.objects.count() == count
    assert AuditEvent.objects.filter(event=Event.CASE_SUBMITTED).count() == count

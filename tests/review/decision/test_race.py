"""Two clinicians at once, with threads of their own and the real database: one wins, both leave a line."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from django.db import connection

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case, Decision
from screening.cases.services import Stale
from screening.cases.stages import Stage
from screening.cases.workflow import State
from screening.followup.models import Reminder
from screening.followup.services import REMINDERS, plan
from screening.review.models import Letter
from screening.review.services import Refused
from tests.at_once import at_once
from tests.factories.followup import reachable_case
from tests.factories.intake import open_clinic
from tests.factories.review import LATER, Clinician, fresh

REFUSED = (Event.DECISION_REFUSED, Event.CASE_CHANGE_REFUSED_STALE)
Attempt = Callable[[Clinician, Case, int], object]


@pytest.mark.django_db(transaction=True)
def test_a_few_cases_are_each_decided_once(site: Site) -> None:
    race(site, 10)


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_300_cases_are_each_decided_once_with_one_notice(site: Site) -> None:
    race(site, 300)


def race(site: Site, size: int) -> None:
    cases = [reachable_case(site) for _ in range(size)]
    first = [Clinician.at(site, Role.LEAD_CLINICIAN) for _ in range(2)]
    second = [Clinician.at(site, Role.LEAD_CLINICIAN) for _ in range(2)]
    for clinician in (*first, *second):
        for case in cases:
            clinician.opens(case)
    each_tries(first, cases, _decides)
    each_tries(second, cases, lambda clinician, case, seen: clinician.looks_second(case, seen=seen))
    plan_at_once()

    for stage in (Stage.FIRST, Stage.SECOND):
        assert Decision.objects.filter(stage=stage).count() == size
        assert Decision.objects.filter(stage=stage).values("case").distinct().count() == size
    assert Case.objects.filter(state=State.OFFERED_ASSESSMENT).count() == size
    assert Letter.objects.count() == size
    assert Reminder.objects.filter(step="FU06").count() == size
    for event in (Event.DECISION_RECORDED, Event.SECOND_REVIEW_RECORDED):
        assert AuditEvent.objects.filter(event=event).values("case_reference").distinct().count() == size
        assert AuditEvent.objects.filter(event=event).count() == size
    for case in cases:
        lost = AuditEvent.objects.filter(case_reference=case.reference, event__in=REFUSED)
        assert sorted(row.detail["stage"] for row in lost) == [Stage.FIRST, Stage.SECOND]
        won = AuditEvent.objects.filter(
            case_reference=case.reference, event__in=[Event.DECISION_RECORDED, Event.SECOND_REVIEW_RECORDED]
        )
        assert {row.user_id for row in won}.isdisjoint({row.user_id for row in lost})


def _decides(clinician: Clinician, case: Case, seen: int) -> None:
    with suppress(Refused, Stale):  # somebody else has it: they try to decide all the same
        clinician.claims(case)
    clinician.decides(case)


def each_tries(clinicians: Sequence[Clinician], cases: Sequence[Case], attempt: Attempt) -> None:
    """Both try each case at the same moment, from the same page."""
    seen = {case.pk: fresh(case).lock for case in cases}
    barrier, wrong = threading.Barrier(len(clinicians), timeout=60), []

    def work(clinician: Clinician) -> None:
        try:
            for case in cases:
                barrier.wait()
                with suppress(Refused, Stale):
                    attempt(clinician, case, seen[case.pk])
        except Exception as problem:  # noqa: BLE001  shown by the test, from a thread that cannot fail it
            wrong.append(problem)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(clinician,)) for clinician in clinicians]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def plan_at_once() -> None:
    """Two alarm clocks ring for the same cases."""
    at_once(lambda: plan(as_of=LATER + dt.timedelta(hours=1), by=REMINDERS), workers=2)


@pytest.fixture
def site(transactional_db: None) -> Site:
    return open_clinic()

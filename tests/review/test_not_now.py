"""The address of a step that the case is not at: from an old tab, or from a colleague. Its page says so."""

from __future__ import annotations

import pytest
from django.test import Client

from screening.cases.models import Case
from tests.factories.review import Clinician
from tests.review.decision.pages import at, room_of

AS_IT_STANDS = "This cannot be done with the case as it stands now."


def words(browser: Client, name: str, case: Case) -> str:
    return browser.get(at(name, case)).content.decode()


@pytest.mark.parametrize(
    "name",
    ["case-second", "case-third", "case-clear", "case-call", "case-hand-over", "case-take-over"],
)
def test_a_case_that_waits_for_a_first_decision_is_at_no_other_step(
    case: Case, lead: Clinician, name: str
) -> None:
    assert AS_IT_STANDS in words(room_of(lead), name, case)


@pytest.mark.parametrize("name", ["case-decide", "case-ask"])
def test_a_case_that_was_decided_is_not_at_the_step_before(
    case: Case, clinician: Clinician, lead: Clinician, name: str
) -> None:
    assert AS_IT_STANDS not in words(room_of(lead), name, case)
    clinician.takes(case)
    clinician.decides(case)
    assert AS_IT_STANDS in words(room_of(lead), name, case)
    assert AS_IT_STANDS not in words(room_of(lead), "case-second", case)

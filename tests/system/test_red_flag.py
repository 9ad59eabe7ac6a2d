"""A warning sign: advice is the very next page, and a clinician sees it while the form is still a draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Site
from screening.cases.models import Case
from screening.followup.tasks import alert
from tests.factories.people import make_member
from tests.factories.urgent import urgent_case
from tests.system.walker import SAVE, Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]


def test_a_warning_sign_shows_advice_at_once_and_a_clinician_deals_with_it(
    patient: Callable[..., Patient], staff: Callable[..., Staff], clinic: Site
) -> None:
    # Given somebody on a phone without scripts who has a new warning sign
    sam = patient()
    sam.begins()
    sam.goes_on_to("rf-saddle")
    sam.fills({"rf_saddle": "new_or_worse"})

    # When they save that answer, then the very next page is the advice
    sam.presses(SAVE)
    assert sam.path == "/form/advice/"
    sam.looks("advice")
    sam.reads("Go to A&E now", "call 999", "Without one nobody can call you.", "We are here")

    # And it stays in the way until it is read, whatever address they try
    sam.goes_to("/form/rf-bladder/")
    assert sam.path == "/form/advice/"
    sam.presses("Continue")
    sam.looks_at_error("advice-unread")
    sam.fills({"read": True, "name": "Sam", "phone": "0117 496 0199"})
    sam.presses("Continue")
    assert sam.question == "rf-bladder"

    # And a clinician sees it first on the list, though nothing was sent
    clinician = staff(make_member(site=clinic))
    clinician.goes_to("/staff/worklist/")
    clinician.looks("worklist-urgent-draft")
    clinician.reads("Emergency: 999 or A&E now", "Form not finished")
    clinician.follows("Sam")
    clinician.looks("case-urgent-draft")
    clinician.reads("Urgent answers", "The person confirmed reading the advice.", "0117 496 0199")

    # Who records what was done
    clinician.presses("Work on this case")
    clinician.follows("Record what was done")
    clinician.looks("clear")
    clinician.presses("Record and go on")
    clinician.looks_at_error("clear-blank")
    clinician.follows("Back to case")
    clinician.follows("Record a call")
    clinician.fills({"result": "advice_given", "text": "Rang at 10:20. Goes to A&E with her son."})
    clinician.presses("Record the call")
    clinician.follows("Record what was done")
    clinician.fills({"reason": "On the way to A&E with her son."})
    clinician.page.get_by_label("Reached the person and gave the safety advice").check()
    clinician.presses("Record and go on")
    clinician.reads("The safety answers are cleared.")
    assert not Case.objects.get().red_flags.filter(cleared_at__isnull=True).exists()

    # And the patient, who took the answer back, can still finish the form
    sam.goes_to("/form/rf-saddle/")
    sam.fills({"rf_saddle": "no"})
    sam.presses(SAVE)
    assert sam.question == "rf-bladder"


ELSEWHERE = [
    ("rf_belly", "new_or_worse", "scotland", "999"),
    ("rf_injury", "not_sure", "northern_ireland", "GP out-of-hours"),
    ("rf_weight", "new_or_worse", "wales", "GP"),
    ("rf_suicide", "thoughts", "northern_ireland", "0808 808 8000"),
    ("rf_suicide", "plan_or_acted", "scotland", "999"),
]


@pytest.mark.parametrize(("item", "answer", "nation", "words"), ELSEWHERE)
def test_the_advice_of_each_nation_is_the_next_page_without_scripts(
    patient: Callable[..., Patient], item: str, answer: str, nation: str, words: str
) -> None:
    somebody = patient(nation=nation)
    somebody.begins()
    somebody.goes_on_to(item.replace("_", "-"))
    somebody.fills({item: answer})
    somebody.presses(SAVE)
    assert somebody.path == "/form/advice/"
    somebody.reads(words, "I have read this", "Please do not wait for us.")
    somebody.looks_at_phone(f"advice-{item}-{nation}")


def test_alerts_stand_in_the_history_of_the_case(staff: Callable[..., Staff], clinic: Site) -> None:
    case = urgent_case(clinic, at=timezone.now())
    alert()
    clinician = staff(make_member(site=clinic))
    clinician.goes_to("/staff/worklist/")
    clinician.reads("No contact given")
    clinician.looks("worklist-no-contact")
    clinician.goes_to(f"/staff/cases/{case.reference}/")
    clinician.reads("Alert sent to the duty address", "No contact given: nobody can call this person.")
    clinician.looks("case-alerted")


def test_whoever_is_too_young_or_not_in_the_uk_reads_where_to_turn(patient: Callable[..., Patient]) -> None:
    young = patient(dob="2015-01-01")
    young.begins()
    young.reads("This is not a decision about you.", "call 999 now")
    young.looks("ending-young")
    abroad = patient(uk_resident="no")
    abroad.begins()
    abroad.fills({"uk_resident": "no"})
    abroad.presses(SAVE)
    abroad.reads("This is not a decision about you.", "emergency number of the country you are in")
    abroad.looks("ending-abroad")
    abroad.goes_to("/form/rf-saddle/")
    assert abroad.question == "where-you-live", "no question about health is asked"

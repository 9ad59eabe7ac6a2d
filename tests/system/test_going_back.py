"""Going back with the browser's own button after a mistake was mended: the page as it stands, no question
whether to send the form again.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, Site
from tests.factories.intake import draft, submitted_case
from tests.factories.people import make_member
from tests.system.stage import Stage
from tests.system.walker import SAVE, Patient, Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]


def test_a_patient_goes_back_to_a_page_that_was_wrong_at_first(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam = Stage(clinic, patient).with_form(draft(clinic, until="your-contact"), "/form/your-contact/")
    sam.presses(SAVE)
    sam.fills({"phone": "123"})
    sam.presses(SAVE)
    sam.reads("There is a problem")
    sam.fills({"phone": "020 7946 0018", "email": "sam@example.org", "contact_preference": "email"})
    sam.presses(SAVE)
    assert sam.question != "your-contact"
    sam.page.go_back()
    assert sam.question == "your-contact"
    expect(sam.page.locator("[name=email]")).to_have_value("sam@example.org")
    expect(sam.page.get_by_text("There is a problem")).to_have_count(0)


def test_a_page_that_was_wrong_can_be_loaded_again_with_what_was_typed(
    patient: Callable[..., Patient], clinic: Site
) -> None:
    sam = Stage(clinic, patient).with_form(draft(clinic, until="your-contact"), "/form/your-contact/")
    sam.fills({"phone": "123"})
    sam.presses(SAVE)
    sam.page.reload()
    expect(sam.page.locator("[name=phone]")).to_have_value("123")


def test_staff_go_back_to_a_note_that_was_empty_at_first(staff: Callable[..., Staff], clinic: Site) -> None:
    case = submitted_case(clinic, at=timezone.now())
    clinician = staff(make_member(Role.CLINICIAN, site=clinic))
    clinician.goes_to(f"/staff/cases/{case.reference}/note/")
    clinician.presses("Save the note")
    clinician.reads("There is a problem")
    clinician.page.get_by_role("textbox", name="Note").fill("Spoke to their daughter.")
    clinician.presses("Save the note")
    clinician.page.go_back()
    assert clinician.path == f"/staff/cases/{case.reference}/note/"
    expect(clinician.page.get_by_role("textbox", name="Note")).to_be_visible()
    expect(clinician.page.get_by_text("There is a problem")).to_have_count(0)

"""Nine years on: an administrator puts an old record forward, and a lead clinician settles it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import Role, Site
from screening.cases.models import Case
from screening.manage.retention.models import Disposal
from tests.factories.clocks import all_clocks_at
from tests.factories.review import Clinician
from tests.factories.room import decided_case
from tests.manage.retention.conftest import THEN
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
LIST = "/staff/manage/records/"


def test_old_records_are_settled_by_two_people(staff: Callable[..., Staff], clinic: Site) -> None:
    cases = [decided_case(clinic) for _each in range(3)]
    clerk, doctor = Clinician.at(clinic, Role.ADMINISTRATOR), Clinician.at(clinic, Role.LEAD_CLINICIAN)
    with all_clocks_at(THEN):
        office, surgery = staff(clerk.membership), staff(doctor.membership)
        surgery.goes_to(LIST)
        surgery.looks("old-records-of-the-lead")
        office.goes_to(LIST)
        office.looks("old-records")
        office.presses("Put these records forward")
        office.looks("old-records-put-forward")

        gone, kept, last = Disposal.objects.order_by("id")
        surgery.goes_to(f"{LIST}{gone.pk}/")
        surgery.looks("old-record-not-opened")
        surgery.opens_case(gone.references[0])
        surgery.goes_to(f"{LIST}{gone.pk}/")
        surgery.looks("old-record")
        surgery.presses("Delete this record")
        surgery.looks_at_error("old-record-not-ticked")
        surgery.page.get_by_label("I have looked at this record").check()
        surgery.presses("Delete this record")
        surgery.looks("old-record-deleted")

        surgery.goes_to(f"{LIST}{kept.pk}/")
        surgery.fills({"until_day": "31", "until_month": "13", "until_year": "2040"})
        surgery.presses("Keep it longer")
        surgery.looks_at_error("old-record-kept-wrong")
        surgery.fills({"until_month": "3", "reason": "There is a complaint."})
        surgery.presses("Keep it longer")
        surgery.looks("old-record-kept")

        office.goes_to(LIST)
        office.looks("old-records-settled")

        surgery.opens_case(last.references[0])
        surgery.goes_to(f"{LIST}{last.pk}/")
        surgery.page.get_by_label("I have looked at this record").check()
        surgery.presses("Delete this record")
        surgery.page.go_back()
        expect(surgery.page.get_by_role("heading", name="What was deleted")).to_be_visible()
        expect(surgery.page.get_by_role("button", name="Delete this record")).to_have_count(0)
        office.goes_to(f"{LIST}{gone.pk}/")
        office.looks("old-record-certificate")
    left = set(Case.objects.values_list("reference", flat=True))
    assert left == {case.reference for case in cases} - {gone.references[0], last.references[0]}


def test_a_clinic_without_old_records_says_what_will_be_there(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    office = staff(Clinician.at(clinic, Role.ADMINISTRATOR).membership)
    office.goes_to(LIST)
    office.looks("old-records-empty")

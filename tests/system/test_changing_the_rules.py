"""The clinic's own people change a rule, see what it does to past cases, and a second person publishes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, Site
from screening.manage.publication.services import work
from screening.questionnaires.models import Kind
from tests.factories.intake import published_version, submitted_case
from tests.factories.people import make_member
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]


def test_a_rule_is_added_weighed_and_published_by_a_second_person(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    # Given cases that were judged before, and somebody who drafts rules
    drives = submitted_case(clinic, driving="yes")
    submitted_case(clinic, driving="no")
    sam = staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic))
    rules = published_version(clinic, Kind.RULESET)

    # When they start a draft and add a rule, at first with a slip
    sam.goes_to(f"/staff/manage/versions/ruleset/{rules.code}/1/")
    sam.presses("Start a draft from this version")
    sam.follows("Edit this draft")
    sam.looks("rules")
    sam.follows("Add a rule")
    sam.page.get_by_label("Code", exact=True).fill("NOTE_DRIVES")
    sam.page.get_by_label("Effect", exact=True).select_option(label="Note")
    sam.page.get_by_label("Question", exact=True).fill("driving")
    sam.page.get_by_label("Answers", exact=True).fill("often")
    sam.page.get_by_label("Sentence for the patient", exact=True).fill("You told us that you drive.")
    sam.page.get_by_label("Sentence for the clinician", exact=True).fill("Drives.")
    sam.page.get_by_label("Source", exact=True).fill("local agreement")
    sam.presses("Save the rule")
    sam.reads("often is no answer to it. Its answers: yes, no")
    sam.looks_at_error("rule-wrong")
    sam.page.get_by_label("Answers", exact=True).fill("yes")
    sam.presses("Save the rule")
    sam.reads("The rule is saved.", "NOTE_DRIVES")

    # Then the page before publication says what is in the way, and what past cases come to
    sam.follows("Check and publish")
    sam.reads("See the effect on past cases first.", "NOTE_DRIVES", "Added")
    sam.presses("See the effect on past cases")
    sam.reads("past cases are judged")
    work(now=timezone.now, processes=1)
    expect(sam.page.locator("#effect")).to_contain_text("2 past cases were judged", timeout=15_000)
    sam.reads("Found now: NOTE_DRIVES, Drives. (a new rule)")
    sam.looks("before-publication")
    sam.follows("1 case")
    sam.reads(drives.reference)
    sam.looks("cases-that-change")

    # And a second person publishes what the first one may not
    address = f"/staff/manage/versions/ruleset/{rules.code}/2/before/"
    sam.goes_to(address)
    expect(sam.page.get_by_role("button", name="Approve and publish")).to_be_disabled()
    priya = staff(make_member(Role.LEAD_CLINICIAN, site=clinic))
    priya.goes_to(address)
    priya.presses("Approve and publish")
    priya.reads("Published. New forms use this version from now on.")
    assert published_version(clinic, Kind.RULESET).number == 2

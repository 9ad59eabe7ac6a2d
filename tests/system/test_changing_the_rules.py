"""The clinic's own people change a rule, see what it does to past cases, and a second person publishes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, Site
from bench.cases import Progress, fill
from screening.manage.publication.services import work
from screening.questionnaires.models import Kind
from tests.factories.intake import published_version, submitted_case
from tests.factories.people import make_member
from tests.system.stage import Stage
from tests.system.walker import Patient, Staff

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
    sam.reads("It starts in a few seconds.")
    work(now=timezone.now, processes=1)
    expect(sam.page.locator("#effect")).to_contain_text("2 past cases were judged", timeout=15_000)
    sam.reads("Found now: NOTE_DRIVES, Drives. (a new rule)")
    sam.reads("What the changed rules mean", "There is no such rule", "It is found")
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


NEW = "Do you drive for work?"


@pytest.mark.parametrize("many", [2, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_a_new_question_with_a_rule_on_it_reaches_the_next_patient(
    staff: Callable[..., Staff], patient: Callable[..., Patient], clinic: Site, many: int
) -> None:
    # Given past cases, somebody who drafts and somebody who approves
    fill(many, Progress("made"), site=clinic, processes=1)
    form, rules = published_version(clinic, Kind.QUESTIONNAIRE), published_version(clinic, Kind.RULESET)
    sam = staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic))
    lead = make_member(Role.LEAD_CLINICIAN, site=clinic)

    # When the one adds a page with a question that only those who drive are asked
    sam.goes_to("/staff/manage/versions/")
    sam.follows(f"{form.title}, version 1")
    sam.presses("Start a draft from this version")
    sam.follows("Edit this draft")
    sam.page.locator("#page-driving").get_by_role("link", name="Add a page below").click()
    sam.page.get_by_label("Title of the page").fill("Driving for work")
    sam.page.get_by_label("Id", exact=True).fill("driving-work")
    sam.presses("Add it")
    sam.follows("Outline of the draft")
    sam.page.locator("#page-driving-work").get_by_role("link", name="Add a question").click()
    sam.page.get_by_label("Question", exact=True).fill(NEW)
    sam.page.get_by_label("Id", exact=True).fill("drives_for_work")
    sam.presses("Add it")
    sam.reads("A choice needs options.")
    sam.page.locator("[name=options-0-text]").fill("Yes")
    sam.page.locator("[name=options-1-text]").fill("No")
    sam.page.get_by_label("When these answers were given").check()
    sam.page.get_by_label("Question of row 1").select_option("driving")
    sam.page.get_by_label("Answer of row 1").fill("often")
    sam.presses("Save")
    sam.looks_at_error("condition-wrong")
    sam.page.get_by_label("Answer of row 1").fill("Yes")
    sam.presses("Save and go to the outline")
    sam.reads(NEW)

    # Then the page before publication says what it does to past cases, and who can publish it
    sees_the_effect(sam, many)
    sam.reads("0 come out differently.", "Ask one of these people to open this page", lead.user.name)
    publishes(staff(lead), f"{form.title}, version 2")

    # When the one then adds a rule on it, and a made-up person who shows what it is for
    sam.goes_to("/staff/manage/versions/")
    sam.follows(f"{rules.title}, version 1")
    sam.presses("Start a draft from this version")
    sam.follows("Edit this draft")
    sam.follows("Add a rule")
    sam.fills({"code": "NOTE_WORK", "question": "drives_for_work", "answers": "yes"})
    sam.page.get_by_label("Effect", exact=True).select_option(label="Note")
    sam.fills({"clinician": "Drives for work.", "source": "local agreement"})
    sam.presses("Save the rule")
    sam.follows("Worked cases")
    sam.follows("Add or try a case")
    sam.fills({"id": "W01", "title": "Drives for work", "answers": "driving: yes\ndrives_for_work: yes"})
    sam.presses("Try it without saving")
    sam.reads("NOTE_WORK", "Nothing was saved.")
    sam.fills({"notes": "NOTE_WORK", "cautions": "CAU_DRIVING", "why": "We note who drives for work."})
    sam.page.get_by_label("Outcome", exact=True).select_option(label="Candidate for specialist review")
    sam.presses("Save the case")
    sam.reads("Every case comes out as expected.")
    sam.looks("worked-cases")
    sees_the_effect(sam, many)
    publishes(staff(lead), f"{rules.title}, version 2")

    # Then the next patient who drives is asked
    kim = Stage(clinic, patient).before("driving", driving=None)
    kim.goes_to("/form/driving/")
    kim.fills({"driving": "yes"})
    kim.presses("Save and continue")
    kim.reads(NEW)
    kim.looks("new-question")
    kim.fills({"drives_for_work": "yes"})
    kim.presses("Save and continue")
    assert kim.question not in ("driving", "driving-work")


def sees_the_effect(sam: Staff, many: int) -> None:
    sam.follows("Check and publish")
    sam.presses("See the effect on past cases")
    while work(now=timezone.now, processes=1):
        pass
    said = f"{many} past cases were judged"
    expect(sam.page.locator("#effect")).to_contain_text(said, timeout=15_000)


def publishes(lead: Staff, draft: str) -> None:
    """From the list of what waits for them."""
    lead.goes_to("/staff/manage/versions/")
    lead.follows(draft)
    lead.presses("Approve and publish")
    lead.reads("Published. New forms use this version from now on.")

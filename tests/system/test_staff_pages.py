"""Every state of the staff's pages that the story does not come through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Membership, Role, Site, User
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.questionnaires.models import Kind
from tests.factories.followup import planned, reachable_case
from tests.factories.intake import draft, published_version, submitted_case
from tests.factories.people import PASSWORD, add_second_factor, make_member, make_person, make_site
from tests.factories.review import REGISTERED, Clinician
from tests.system.walker import Staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
YESTERDAY = dt.timedelta(days=1)


def test_signing_in_says_what_is_wrong_and_asks_for_a_second_factor(
    staff: Callable[..., Staff], clinic: Site
) -> None:
    ana = make_member(site=clinic).user
    door = staff()
    door.goes_to("/staff/")
    door.fills({"login": ana.email, "password": "not this one at all"})
    door.presses("Sign in")
    door.looks("sign-in-refused")
    door.fills({"login": ana.email, "password": PASSWORD})
    door.presses("Sign in")
    door.looks("second-factor-needed")

    ben = make_member(site=clinic).user
    add_second_factor(ben)
    door = staff()
    door.goes_to("/staff/")
    door.fills({"login": ben.email, "password": PASSWORD})
    door.presses("Sign in")
    door.fills({"code": "12"})
    door.presses("Sign in")
    door.looks_at_error("sign-in-code-wrong")


def test_empty_lists_say_what_will_be_there(staff: Callable[..., Staff], clinic: Site) -> None:
    clinician = staff(make_member(site=clinic))
    for view in ("to-do", "mine", "unclaimed", "waiting", "second", "again", "all"):
        clinician.goes_to(f"/staff/worklist/?view={view}")
        clinician.looks(f"worklist-empty-{view}")
    clinician.goes_to("/staff/search/")
    clinician.looks("search")
    clinician.fills({"q": "Nobody"})
    clinician.presses("Search")
    clinician.looks("search-nothing")
    clinician.fills({"q": "31 2 1980"})
    clinician.presses("Search")
    clinician.looks_at_error("search-refused")
    assert clinician.goes_to("/staff/cases/AAAA-AAAA/") == 404
    clinician.looks("case-unknown")
    assert clinician.goes_to("/staff/manage/people/") == 403
    clinician.looks("staff-403")


def test_full_lists_and_cases_in_every_state(staff: Callable[..., Staff], clinic: Site) -> None:
    at = timezone.now() - YESTERDAY
    draft(clinic, rf_saddle="new_or_worse", at=at)
    urgent = submitted_case(clinic, rf_suicide="thoughts", at=at)
    cautious = submitted_case(clinic, gp_share="no", bipolar="yes", driving="yes", meds=["Warfarin"], at=at)
    missing = submitted_case(clinic, q_sleep=None, onset=None, records="will_send", record_files=[], at=at)
    early = submitted_case(clinic, onset=at.date().isoformat(), at=at)

    first, long_name = Clinician.at(clinic), "Professor Oluwaseun Adeyemi-Whitcombe"
    for _each in range(2):
        looked_at = submitted_case(clinic, at=at)
        first.takes(looked_at, at=at)
        first.decides(looked_at, at=at)
    held = Clinician(make_member(site=clinic, user=make_person(name=long_name)))
    held.takes(submitted_case(clinic, gp_share="no", at=at), at=timezone.now())

    member = make_member(site=clinic)
    clinician = staff(member)
    clinician.goes_to("/staff/worklist/?view=all")
    clinician.looks("worklist-full")
    for case, name in ((urgent, "urgent"), (missing, "missing"), (early, "early"), (cautious, "cautious")):
        clinician.opens_case(case.reference)
        clinician.looks(f"case-{name}")

    # A form about a case: how it stands, when it is blank, and when somebody was quicker
    clinician.presses("Work on this case")
    clinician.follows("Ask the patient")
    clinician.looks("ask")
    clinician.presses("Send to the patient")
    clinician.looks_at_error("ask-blank")
    clinician.goes_to(f"/staff/cases/{cautious.reference}/decide/?outcome=offered_assessment")
    clinician.looks("decide-cautious")
    clinician.goes_to(f"/staff/cases/{cautious.reference}/note/")
    clinician.presses("Save the note")
    clinician.looks_at_error("note-blank")
    clinician.goes_to(f"/staff/cases/{cautious.reference}/ask/")
    Case.objects.filter(pk=cautious.pk).update(lock=Case.objects.get(pk=cautious.pk).lock + 1)
    clinician.fills({"text": "Please tell us your dose."})
    clinician.presses("Send to the patient")
    clinician.looks("ask-conflict")
    clinician.reads("Please tell us your dose.", "The case changed since you opened this page.")
    with clinician.page.expect_popup() as beside:
        clinician.page.get_by_role("link", name="Look at the answers again").click()
    expect(beside.value).to_have_url(f"{clinician.address}/staff/cases/{cautious.reference}/")
    beside.value.close()
    clinician.presses("Send to the patient")
    clinician.reads("The patient will be told that there is a message.")

    clinician.goes_to("/staff/search/")
    clinician.fills({"q": cautious.reference})
    clinician.presses("Search")
    clinician.looks("search-found")


def test_a_second_review_that_sends_the_case_back(staff: Callable[..., Staff], clinic: Site) -> None:
    case = submitted_case(clinic, at=timezone.now() - YESTERDAY)
    first, at = Clinician.at(clinic), timezone.now()
    first.takes(case, at=at)
    first.decides(case, at=at)
    lead = staff(make_member(Role.LEAD_CLINICIAN, site=clinic))
    lead.opens_case(case.reference)
    lead.follows("Second review")
    lead.presses("Record the review")
    lead.looks_at_error("second-blank")
    lead.fills({"says": "return", "reason": "Please ask about exercise."})
    lead.presses("Record the review")
    lead.reads("Sent back")
    lead.looks("case-sent-back")


def test_two_minds_a_third_and_the_letters(staff: Callable[..., Staff], clinic: Site) -> None:
    case, at = submitted_case(clinic, at=timezone.now() - YESTERDAY), timezone.now()
    Site.objects.filter(pk=clinic.pk).update(sign_with_code=True)
    first = Clinician.at(clinic)
    first.takes(case, at=at)
    first.decides(case, State.DECLINED, at=at, signed_at=at)
    second = staff(make_member(Role.LEAD_CLINICIAN, site=clinic, **REGISTERED))
    second.opens_case(case.reference)
    second.follows("Second review")
    second.looks("second-with-code")
    second.fills({"says": "disagree", "outcome": "signposted", "reason": "The scan is new.", "code": "12"})
    second.presses("Record the review")
    second.looks_at_error("second-code-wrong")
    second.reads("The scan is new.")
    other = Clinician.at(clinic, Role.LEAD_CLINICIAN)
    other.opens(case, at=at)
    other.disagrees(case, State.SIGNPOSTED, at=at, signed_at=at)

    Site.objects.filter(pk=clinic.pk).update(sign_with_code=False)
    third = staff(make_member(Role.LEAD_CLINICIAN, site=clinic, **REGISTERED))
    third.opens_case(case.reference)
    third.follows("Third review")
    third.looks("third")
    third.fills({"says": "declined_with_reasons", "reason": "The first is right."})
    third.presses("Record the review")
    third.looks("third-letter-shown-first")
    third.reads("Not sent yet", "There is other care")
    third.presses("Record the review")
    third.looks("case-settled")
    third.follows("Letter to the GP")
    third.looks("letter-gp")
    third.fills({"made_as": "posted"})
    third.presses("Record the copy")
    third.looks("letter-gp-made")


def test_the_workshop(staff: Callable[..., Staff], clinic: Site) -> None:
    case = reachable_case(clinic, at=timezone.now() - dt.timedelta(days=3))
    planned(case, at=timezone.now(), step="FU03")
    manager = staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=clinic))
    manager.goes_to("/staff/")
    manager.looks("versions")
    for kind in (Kind.QUESTIONNAIRE, Kind.RULESET, Kind.SCHEDULE, Kind.MESSAGES, Kind.LETTERS):
        version = published_version(clinic, kind)
        manager.goes_to(f"/staff/manage/versions/{kind}/{version.code}/{version.number}/")
        manager.looks_at_phone(f"version-{kind}")  # hundreds of rows: once is enough

    administrator = staff(make_member(Role.ADMINISTRATOR, site=clinic))
    for name in ("people", "sending", "trail"):
        administrator.goes_to(f"/staff/manage/{name}/")
        administrator.looks(name)
    administrator.reads("opened the list of people", "opened the list of messages")
    administrator.presses("Sign out")
    administrator.looks("signed-out")


def test_somebody_of_two_clinics_chooses_one(staff: Callable[..., Staff], clinic: Site) -> None:
    user: User = make_person()
    add_second_factor(user)
    here = Membership.objects.create(user=user, site=clinic, role=Role.CLINICIAN)
    Membership.objects.create(user=user, site=make_site(), role=Role.CLINICIAN)
    both = staff(here)
    both.goes_to("/staff/worklist/")
    both.follows("Change clinic")
    both.looks("choose-site")
    only = staff(make_member(site=clinic))
    only.goes_to("/staff/worklist/")
    assert only.page.get_by_role("link", name="Change clinic").count() == 0

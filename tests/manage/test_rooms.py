"""People, sending and the trail: what each page shows, to whom, and that looking is written down."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from accounts.roles import ROLES
from audit.events import Event
from audit.models import AuditEvent
from audit.services import record
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from tests.components.markup import Page
from tests.factories.followup import EMAIL, asked_for_link, planned, publish_schedule
from tests.factories.intake import NOON, submitted_case
from tests.factories.people import make_member, make_site, sign_in
from tests.followup.times import DAY


def shown(client: Client, name: str, **query: str) -> str:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_people_lists_who_works_here_and_what_each_role_may_do(site: Site, administrator: Client) -> None:
    here = make_member(Role.CLINICIAN, site=site)
    gone = make_member(Role.CLINICIAN, site=site, active=False)
    other = make_member(Role.CLINICIAN, site=make_site())
    page = shown(administrator, "people")
    assert here.user.email in page
    assert gone.user.email in page
    assert "Ended" in page
    assert other.user.email not in page
    for role in ROLES.values():
        assert str(role.description) in page
    assert AuditEvent.objects.filter(event=Event.PEOPLE_VIEWED, site_id=site.pk).count() == 1


def test_sending_says_which_steps_leave_for_nobody_and_why(site: Site, administrator: Client) -> None:
    assert "Not sent to anybody" not in shown(administrator, "sending"), "every shipped step can be sent"
    content = seed_content(Kind.SCHEDULE)
    renewal = next(step for step in content["steps"] if step["code"] == "FU16")
    renewal |= {"template": "message", "when_to_send": [{"after": "0 d", "channel": "email"}]}
    publish_schedule(site, content, at=NOON)
    page = shown(administrator, "sending")
    assert page.count("what it counts from is not recorded") == 1
    assert "FU16" in page.partition("Not sent to anybody")[2]


def test_sending_shows_what_is_due_and_nobody_by_name(site: Site, administrator: Client) -> None:
    reminder = planned(asked_for_link(site).case, at=NOON + DAY, step="FU01")
    page = shown(administrator, "sending")
    assert reminder.case.reference in page
    assert "Planned" in page
    assert EMAIL not in page
    seen = AuditEvent.objects.get(event=Event.SENDING_VIEWED, site_id=site.pk)
    assert seen.references == [reminder.case.reference]


def test_sending_says_so_when_nothing_is_planned(administrator: Client) -> None:
    assert "Nothing has been planned yet" in shown(administrator, "sending")


def test_the_trail_says_who_did_what_in_words(site: Site, administrator: Client) -> None:
    member = make_member(Role.CLINICIAN, site=site)
    record(Event.CASE_VIEWED, by=Actor.staff(member), at=NOON, site=site, case="ABCD-2345")
    page = shown(administrator, "trail")
    assert member.user.name in page
    assert "opened the case" in page
    assert "ABCD-2345" in page
    assert AuditEvent.objects.filter(event=Event.TRAIL_VIEWED, site_id=site.pk).count() == 1


def test_the_trail_of_patients_names_no_patient(site: Site, administrator: Client) -> None:
    submitted_case(site, family_name="Quillfeather", given_name="Ottoline")
    page = shown(administrator, "trail")
    assert "sent the form" in page
    assert "Quillfeather" not in page
    assert "Ottoline" not in page


def test_the_trail_goes_back_page_by_page(site: Site, administrator: Client) -> None:
    for minute in range(60):
        record(
            Event.NOTE_ADDED,
            by=Actor.system("seed"),
            at=NOON + dt.timedelta(minutes=minute),
            site=site,
            case=f"PAGE-{minute:04}",
        )
    first = shown(administrator, "trail")
    assert "PAGE-0059" in first
    assert "PAGE-0000" not in first
    before = first.split("?before=")[1].split('"')[0]
    older = shown(administrator, "trail", before=before)
    assert "PAGE-0000" in older
    assert "PAGE-0059" not in older
    assert "Back to the first page" in older


def test_each_role_lands_in_a_room_of_its_own(site: Site) -> None:
    landed = {}
    for role in Role:
        client = sign_in(Client(), make_member(role, site=site))
        landed[role] = client.get(reverse("staff-home"), follow=True).redirect_chain[-1][0]
    assert landed == {
        Role.CLINICIAN: reverse("worklist"),
        Role.LEAD_CLINICIAN: reverse("worklist"),
        Role.QUESTIONNAIRE_MANAGER: reverse("versions"),
        Role.ADMINISTRATOR: reverse("versions"),
    }


def test_the_header_offers_only_rooms_that_open(site: Site) -> None:
    """A link that leads to a refusal is a broken promise."""
    for role in Role:
        client = sign_in(Client(), make_member(role, site=site))
        page = client.get(reverse("staff-home"), follow=True)
        links = [link["href"] for link in page.context["navigation"]]
        assert links, role
        assert {client.get(href).status_code for href in links} == {200}, role


@pytest.mark.parametrize("name", ["versions", "version-library", "bring-file"])
def test_the_pages_of_a_room_say_in_which_room_they_are(site: Site, name: str) -> None:
    manager = sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    links = manager.get(reverse(name)).context["navigation"]
    assert [link["href"] for link in links if link["current"]] == [reverse("versions")]


def test_every_page_leads_to_how_somebody_signs_in(site: Site, administrator: Client) -> None:
    page = Page(administrator.get(reverse("people")).content.decode())
    ways = {link.text: link.get("href") for link in page.all("a")}
    for words, name in (
        ("Change your password", "account_change_password"),
        ("Your second step", "mfa_index"),
    ):
        assert ways[words] == reverse(name)
        assert administrator.get(ways[words]).status_code == 200

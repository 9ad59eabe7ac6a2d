"""Drafts and versions, as the people who look after them see and press them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.access import No
from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.manage.policies import may_publish
from screening.manage.publication.selectors import read_of
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.services import change_draft, draft_version
from tests.factories.intake import NOON, published_version, shipped
from tests.factories.people import make_member, sign_in

WROTE_IT = "You wrote this draft. Someone else has to approve it."


def drafted(site: Site, kind: Kind, *, by: Membership | None = None, **changes: Any) -> DefinitionVersion:
    author = by or make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    content = {**shipped(kind), **changes}
    return draft_version(site=site, kind=kind, content=content, by=Actor.staff(author), at=NOON)


def page(client: Client, version: DefinitionVersion) -> HttpResponse:
    return client.get(reverse("version", args=[version.kind, version.code, version.number]))


def before_page(client: Client, version: DefinitionVersion) -> HttpResponse:
    return client.get(reverse("version-before", args=[version.kind, version.code, version.number]))


def press(client: Client, version: DefinitionVersion) -> HttpResponse:
    """As from the page before publication, opened now."""
    address = reverse("version-publish", args=[version.kind, version.code, version.number])
    return client.post(address, {"seen": read_of(version)}, follow=True)


def test_the_list_links_to_every_version_and_says_how_it_stands(site: Site, lead: Client) -> None:
    draft = drafted(site, Kind.MESSAGES, title="Kinder messages")
    shown = lead.get(reverse("versions")).content.decode()
    for version in DefinitionVersion.objects.filter(site=site):
        assert reverse("version", args=[version.kind, version.code, version.number]) in shown
    assert draft.title in shown
    assert shown.count("Published") == 5
    assert "Draft" in shown


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_version_can_be_read(site: Site, lead: Client, kind: Kind) -> None:
    version = published_version(site, kind)
    shown = page(lead, version).content.decode()
    assert version.title in shown
    assert version.sha256[:16] in shown
    assert "<td" in shown, "a version without a single row says nothing"


def test_a_second_person_publishes_with_one_press(site: Site, lead: Client) -> None:
    before, draft = published_version(site, Kind.MESSAGES), drafted(site, Kind.MESSAGES, title="Kinder")
    assert "Approve and publish" in before_page(lead, draft).content.decode()
    assert "Published. New forms use this version" in press(lead, draft).content.decode()
    before.refresh_from_db()
    draft.refresh_from_db()
    assert (before.status, draft.status) == (VersionStatus.RETIRED, VersionStatus.PUBLISHED)
    assert AuditEvent.objects.filter(event=Event.VERSION_PUBLISHED, detail__number=draft.number).exists()


def test_what_was_saved_while_somebody_read_the_draft_is_not_published(site: Site, lead: Client) -> None:
    """Nobody approves words that they have not read: of letters and messages no other gate would stop it."""
    before, draft = published_version(site, Kind.MESSAGES), drafted(site, Kind.MESSAGES, title="Kinder")
    writer = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    opened = before_page(lead, draft).context["seen"]
    content = {**draft.content, "title": "Never read"}
    change_draft(version=draft, content=content, lock=draft.lock, by=Actor.staff(writer), at=NOON)
    address = reverse("version-publish", args=[draft.kind, draft.code, draft.number])
    for seen in ({"seen": opened}, {}):
        assert "changed after you opened this page" in lead.post(address, seen, follow=True).content.decode()
    assert published_version(site, Kind.MESSAGES) == before
    draft.refresh_from_db()
    assert "Published. New forms use this version" in press(lead, draft).content.decode()


def test_a_draft_that_was_compared_with_what_is_retired_now_is_read_again(site: Site, lead: Client) -> None:
    """Else what was published a moment ago would be taken back by somebody who does not know of it."""
    first, second = (drafted(site, Kind.LETTERS, title=title) for title in ("First", "Second"))
    opened = before_page(lead, second).context["seen"]
    press(lead, first)
    address = reverse("version-publish", args=[second.kind, second.code, second.number])
    assert "Read again what differs" in lead.post(address, {"seen": opened}, follow=True).content.decode()
    assert published_version(site, Kind.LETTERS) == first


def test_the_author_reads_beside_the_button_why_it_is_not_theirs(site: Site) -> None:
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    draft = drafted(site, Kind.MESSAGES, by=author)
    client = sign_in(Client(), author)
    shown = before_page(client, draft).content.decode()
    assert WROTE_IT in shown
    assert "/publish/" not in shown
    refused = press(client, draft)
    assert refused.status_code == 403
    assert WROTE_IT in refused.content.decode()
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def test_a_lead_clinician_who_wrote_the_rules_does_not_approve_them(site: Site) -> None:
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    refused = may_publish(lead, drafted(site, Kind.RULESET, by=lead))
    assert isinstance(refused, No)
    assert refused.reason == WROTE_IT


@pytest.mark.parametrize(
    ("role", "kind", "allowed"),
    [
        (Role.LEAD_CLINICIAN, Kind.RULESET, True),
        (Role.LEAD_CLINICIAN, Kind.QUESTIONNAIRE, True),
        (Role.LEAD_CLINICIAN, Kind.MESSAGES, True),
        (Role.QUESTIONNAIRE_MANAGER, Kind.RULESET, False),
        (Role.QUESTIONNAIRE_MANAGER, Kind.QUESTIONNAIRE, False),
        (Role.QUESTIONNAIRE_MANAGER, Kind.SCHEDULE, True),
        (Role.QUESTIONNAIRE_MANAGER, Kind.MESSAGES, True),
        (Role.CLINICIAN, Kind.MESSAGES, False),
        (Role.ADMINISTRATOR, Kind.MESSAGES, False),
    ],
)
def test_safety_wording_and_rules_are_a_lead_clinicians(
    site: Site, role: Role, kind: Kind, allowed: bool
) -> None:
    answer = may_publish(make_member(role, site=site), drafted(site, kind))
    assert bool(answer) is allowed
    assert allowed or answer.reason


def test_what_is_published_offers_no_button(site: Site, lead: Client) -> None:
    version = published_version(site, Kind.SCHEDULE)
    assert "Approve and publish" not in before_page(lead, version).content.decode()
    assert press(lead, version).status_code == 403


def test_a_draft_that_is_not_ready_comes_back_with_what_to_mend(site: Site, lead: Client) -> None:
    cases = [{**case, "expect": {**case["expect"], "senior_review": True}} for case in _cases()]
    draft = drafted(site, Kind.RULESET, cases=cases)
    shown = press(lead, draft)
    assert shown.status_code == 200
    assert "These worked cases no longer come out as expected" in shown.content.decode()
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def _cases() -> list[dict[str, Any]]:
    return [case for case in shipped(Kind.RULESET)["cases"] if not case["expect"]["senior_review"]][:2]


def test_a_draft_that_cannot_be_read_still_has_a_page(site: Site, lead: Client) -> None:
    """Whoever has to mend it must be able to open it."""
    draft = drafted(site, Kind.MESSAGES, messages=[{"code": "nudge", "channel": "pigeon", "text": "Hello"}])
    shown = page(lead, draft)
    assert shown.status_code == 200
    assert "channel" in shown.content.decode()
    assert "channel" in press(lead, draft).content.decode()

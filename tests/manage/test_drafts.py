"""Begin a draft from any version or from what ships with the product, and throw it away again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from screening.manage import policies
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from tests.components.markup import Page
from tests.factories.drafts import drafted
from tests.factories.intake import published_version
from tests.factories.people import make_member, sign_in


@pytest.fixture
def writer(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def named(version: DefinitionVersion) -> list[object]:
    return [version.kind, version.code, version.number]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_draft_begins_with_what_its_version_says(site: Site, writer: Client, kind: Kind) -> None:
    source = published_version(site, kind)
    page = writer.get(reverse("version", args=named(source))).content.decode()
    assert "Start a draft from this version" in page
    begun = writer.post(reverse("version-draft", args=named(source)), follow=True)
    draft = DefinitionVersion.objects.get(site=site, kind=kind, status=VersionStatus.DRAFT)
    assert (draft.number, draft.sha256) == (source.number + 1, source.sha256)
    assert "This is your draft, version 2" in begun.content.decode()


def test_the_library_makes_a_draft_of_what_ships(site: Site, writer: Client) -> None:
    shown = writer.get(reverse("version-library")).content.decode()
    assert "Specialist assessment for long-term pain" in shown
    writer.post(reverse("version-library"), {"shipped": "questionnaire/pain-intake"})
    draft = DefinitionVersion.objects.get(site=site, status=VersionStatus.DRAFT)
    assert draft.kind == Kind.QUESTIONNAIRE
    assert draft.content["helplines"]


def test_who_may_not_draft_reads_why(site: Site, lead: Client) -> None:
    source = published_version(site, Kind.MESSAGES)
    page = lead.get(reverse("version", args=named(source))).content.decode()
    assert "may not draft questionnaires" in page
    assert lead.post(reverse("version-draft", args=named(source))).status_code == 403
    assert not DefinitionVersion.objects.filter(site=site, status=VersionStatus.DRAFT).exists()


def test_a_draft_is_thrown_away_after_one_question_and_leaves_the_list(site: Site, writer: Client) -> None:
    source = published_version(site, Kind.MESSAGES)
    writer.post(reverse("version-draft", args=named(source)))
    draft = DefinitionVersion.objects.get(site=site, status=VersionStatus.DRAFT)
    address = reverse("version-discard", args=named(draft))
    assert "Discard this draft?" in writer.get(address).content.decode()
    assert writer.post(address, {"lock": "7"}).status_code == 409
    shown = writer.post(address, {"lock": "0"}, follow=True).content.decode()
    assert "thrown away" in shown
    assert reverse("version", args=named(draft)) not in shown
    assert writer.get(address).status_code == 403
    assert writer.get(reverse("version", args=named(draft))).status_code == 200


def test_keeping_a_draft_leads_back_to_it_and_sends_nothing(site: Site, writer: Client) -> None:
    draft = drafted(site, Kind.MESSAGES)
    shown = Page(writer.get(reverse("version-discard", args=named(draft))).content.decode())
    (kept,) = (each for each in shown.elements if each.tag in ("a", "button") and each.text == "Keep it")
    assert (kept.tag, kept.get("href")) == ("a", reverse("version", args=named(draft)))


def test_whoever_wrote_in_a_draft_wrote_in_the_one_that_was_begun_from_it(site: Site, writer: Client) -> None:
    """Or their words would come to patients by their own hand."""
    author = make_member(Role.LEAD_CLINICIAN, site=site)
    source = drafted(site, Kind.MESSAGES, by=author)
    writer.post(reverse("version-draft", args=named(source)))
    again = DefinitionVersion.objects.get(site=site, kind=Kind.MESSAGES, number=source.number + 1)
    assert author.user_id in again.writers
    assert "You wrote this draft" in str(policies.may_publish(author, again))

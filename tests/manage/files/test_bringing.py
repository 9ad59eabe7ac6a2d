"""Bringing a file in on its page: it is shown first, comes in whole as drafts, or is refused with a place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from screening.manage.files.archive import pack, unpack
from screening.manage.files.pieces import definition_of, to_bytes
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from tests.factories.intake import shipped
from tests.factories.people import make_member, sign_in
from tests.manage.files.reading import hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def as_file(kind: Kind, number: int = 1, **changes: Any) -> bytes:
    return to_bytes(definition_of(kind, number, {**shipped(kind), **changes}))


def look_at(client: Client, raw: bytes, name: str = "draft.yml") -> HttpResponse:
    return client.post(reverse("bring-file"), {"file": SimpleUploadedFile(name, raw)})  # type: ignore[return-value]


def bring_in(client: Client, page: HttpResponse) -> HttpResponse:
    return client.post(reverse("bring-file"), hidden(page))  # type: ignore[return-value]


def drafts(site: Site) -> list[tuple[str, int]]:
    found = DefinitionVersion.objects.filter(site=site, status=VersionStatus.DRAFT)
    return list(found.values_list("kind", "number"))


def test_a_file_is_shown_and_then_becomes_a_draft(manager: Client, site: Site) -> None:
    page = look_at(manager, as_file(Kind.MESSAGES, title="Brought in"))
    assert "New draft, version 2" in page.content.decode()
    assert drafts(site) == [], "nothing is written before it was read"
    assert bring_in(manager, page).status_code == 302
    assert drafts(site) == [("messages", 2)]
    again = look_at(manager, as_file(Kind.MESSAGES, title="Brought in")).content.decode()
    assert "The same as version 2" in again
    assert "Bring it in as drafts" not in again


def test_a_file_with_a_long_name_comes_in_at_the_first_press(manager: Client, site: Site) -> None:
    page = look_at(manager, as_file(Kind.MESSAGES, title="Brought in"), f"{'long-' * 20}name.yml")
    assert bring_in(manager, page).status_code == 302
    assert drafts(site) == [("messages", 2)]


def test_what_is_wrong_with_a_draft_is_said_with_its_line(manager: Client, site: Site) -> None:
    content = shipped(Kind.MESSAGES)
    broken = [{**content["messages"][0], "text": "Hello {patient}"}, *content["messages"][1:]]
    page = look_at(manager, as_file(Kind.MESSAGES, messages=broken))
    said = page.content.decode()
    assert "Line 8, messages.0" in said
    assert "{patient} may not be used in a message" in said
    assert bring_in(manager, page).status_code == 302
    assert drafts(site) == [("messages", 2)], "a draft may be unfinished"


def test_a_zip_with_one_file_that_is_refused_brings_nothing(manager: Client, site: Site) -> None:
    good, bad = as_file(Kind.LETTERS, title="x"), as_file(Kind.MESSAGES, code="NOT A CODE")
    page = look_at(manager, pack([("a.yml", good), ("b.yml", bad)]), "all.zip")
    said = page.content.decode()
    assert "definition, code" in said
    assert "Nothing can come in" in said
    assert "Bring it in as drafts" not in said
    assert drafts(site) == []


def test_a_clinic_that_changed_meanwhile_is_shown_again(manager: Client, site: Site) -> None:
    one, two = (look_at(manager, as_file(Kind.MESSAGES, title=title)) for title in ("One", "Two"))
    assert bring_in(manager, one).status_code == 302
    stale = bring_in(manager, two)
    assert stale.status_code == 409
    assert "New draft, version 3" in stale.content.decode()
    assert drafts(site) == [("messages", 2)]
    assert bring_in(manager, stale).status_code == 302
    assert ("messages", 3) in drafts(site)


def test_bringing_it_in_twice_says_that_it_is_there(manager: Client, site: Site) -> None:
    page = look_at(manager, as_file(Kind.MESSAGES, title="Brought in"))
    assert bring_in(manager, page).status_code == 302
    again = bring_in(manager, page)
    assert again.status_code == 409
    assert "The same as version 2" in again.content.decode()
    assert "longer than an hour" not in again.content.decode()
    assert drafts(site) == [("messages", 2)]


def test_a_file_shown_to_one_person_cannot_be_brought_in_by_another(manager: Client, site: Site) -> None:
    page = look_at(manager, as_file(Kind.MESSAGES, title="Mine"))
    other = sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    assert bring_in(other, page).status_code == 409
    assert drafts(site) == []


def test_all_files_and_one_file_can_be_taken_away(manager: Client, site: Site) -> None:
    whole = unpack(manager.get(reverse("versions-file")).getvalue())
    assert len(whole) == 5
    one = manager.get(reverse("version-file", args=["messages", "default", 1]))
    assert one.headers["Content-Disposition"] == 'attachment; filename="default-1.yml"'
    assert ("messages/default/1.yml", one.content) in whole


def test_a_file_is_chosen_and_is_of_a_kind_that_can_be_read(manager: Client) -> None:
    assert "Choose a file" in manager.post(reverse("bring-file"), {}).content.decode()
    assert "The file is empty" in look_at(manager, b"").content.decode()
    large = look_at(manager, b"a" * (1024 * 1024 + 1))
    assert large.status_code == 422
    assert "larger than 1 MB" in large.content.decode()
    assert "This zip cannot be opened" in look_at(manager, b"PK\x03\x04 and no more").content.decode()

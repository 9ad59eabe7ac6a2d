"""Treatments and files over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Response
from screening.intake.filling import PAPER
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in
from tests.intake.reading import hidden_in, text_of

pytestmark = pytest.mark.usefixtures("noon")


def test_a_treatment_is_asked_in_parts_that_follow_its_answers(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments")
    factories.enter(client, draft, at=NOON)
    answer = client.post("/form/treatments/add/", {"class": "injection", "lock": "0"})
    assert answer.headers["Location"] == "/form/treatments/1/?part=2"
    second = {"for_this_pain": "yes", "lock": "1"}
    answer = client.post("/form/treatments/1/?part=2", second)
    assert answer.headers["Location"] == "/form/treatments/1/?part=3"
    page = client.get("/form/treatments/1/?part=3").content.decode()
    assert 'name="weeks_since"' in page
    assert 'name="dose_ok"' not in page
    assert answers_in(draft)["treatments"] == [{"class": "injection", "for_this_pain": "yes"}]


def test_a_treatment_typed_while_another_window_opened_an_earlier_page_is_kept(
    client: Client, clinic: Site
) -> None:
    draft = factories.draft(clinic, until="treatments")
    factories.enter(client, draft, at=NOON)
    lock = draft.page_locks["helper"]
    client.post("/form/helper/", {"helper": "helping", "lock": lock})
    assert client.get("/form/treatments/").headers["Location"] == "/form/who-is-helping/"
    typed = {"class": "other", "name": "Warm sand", "for_this_pain": "yes", "lock": "0"}
    assert client.post("/form/treatments/add/", typed).status_code == 303
    assert [entry["class"] for entry in answers_in(draft)["treatments"]] == ["other"]


def three_treatments(client: Client, clinic: Site) -> Response:
    said = [
        {"class": "tens", "outcome": "helps"},
        {"class": "nsaid"},
        {"class": "opioid", "outcome": "helps"},
    ]
    draft = factories.draft(clinic, until="treatments-all", treatments=said)
    factories.enter(client, draft, at=NOON)
    return draft


def removes_the_first(client: Client, draft: Response) -> None:
    lock = str(draft.page_locks["treatments"])
    assert client.post("/form/treatments/1/remove/", {"lock": lock}).status_code == 303


def test_a_change_finds_its_treatment_after_one_before_it_was_removed_in_another_window(
    client: Client, clinic: Site
) -> None:
    draft = three_treatments(client, clinic)
    left_open = hidden_in(client.get("/form/treatments/2/?part=2").content)
    removes_the_first(client, draft)
    typed = {"name": "naproxen", "for_this_pain": "yes", "started_year": "2024"}
    answer = client.post("/form/treatments/2/?part=2", {**left_open, **typed})
    assert answer.headers["Location"] == "/form/treatments/1/?part=3"
    first, second = answers_in(draft)["treatments"]
    assert first == {"class": "nsaid", "name": "naproxen", "for_this_pain": "yes", "started": "2024"}
    assert second == {"class": "opioid", "outcome": "helps"}


def test_a_change_of_the_treatment_that_was_removed_is_laid_over_no_other(
    client: Client, clinic: Site
) -> None:
    draft = three_treatments(client, clinic)
    left_open = hidden_in(client.get("/form/treatments/1/?part=2").content)
    removes_the_first(client, draft)
    answer = client.post("/form/treatments/1/?part=2", {**left_open, "for_this_pain": "yes"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "This was removed in another window" in page
    assert "/form/treatments/add/" in page
    assert answers_in(draft)["treatments"] == [{"class": "nsaid"}, {"class": "opioid", "outcome": "helps"}]


def test_an_entry_that_is_not_there_is_not_found(client: Client, clinic: Site) -> None:
    factories.enter(client, factories.draft(clinic, until="treatments"), at=NOON)
    assert client.get("/form/treatments/1/").status_code == 404
    assert client.get("/form/treatments/0/").status_code == 404
    assert client.get("/form/goals/1/").status_code == 404


def test_removing_an_entry_asks_first(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments-all")
    factories.enter(client, draft, at=NOON)
    page = text_of(client.get("/form/treatments/1/remove/"))
    assert "naproxen" in page
    assert len(answers_in(draft)["treatments"]) == 2
    client.post("/form/treatments/1/remove/", {"lock": str(draft.page_locks["treatments"])})
    assert [entry["class"] for entry in answers_in(draft)["treatments"]] == ["physical"]


def test_no_treatment_at_all_is_an_answer_and_no_blank(client: Client, clinic: Site) -> None:
    draft = factories.draft(clinic, until="treatments")
    factories.enter(client, draft, at=NOON)
    assert client.post("/form/treatments/", {"lock": "0"}).status_code == 422
    assert client.post("/form/treatments/", {"treatments__none": "on", "lock": "0"}).status_code == 303
    assert answers_in(draft)["treatments"] == []


def test_a_file_of_somebody_else_cannot_be_removed(
    client: Client, clinic: Site, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    other = factories.draft(clinic, until="hospitals")
    document = other.case.documents.get()
    factories.enter(client, factories.draft(clinic, until="hospitals"), at=NOON)
    assert client.post(reverse("intake-file-remove", args=[document.pk])).status_code == 404
    document.refresh_from_db()
    assert document.removed_at is None


def test_files_are_added_through_the_page(client: Client, clinic: Site, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = factories.draft(clinic, until="record-files", record_files=[])
    factories.enter(client, draft, at=NOON)
    lying = {"record_files": SimpleUploadedFile("letter.pdf", b"MZ program"), "upload": "1", "lock": "0"}
    assert client.post("/form/record-files/", lying).status_code == 422
    good = {"record_files": SimpleUploadedFile("letter.pdf", PAPER), "upload": "1", "lock": "0"}
    answer = client.post("/form/record-files/", good)
    assert answer.headers["Location"] == "/form/record-files/"
    assert "letter.pdf" in text_of(client.get("/form/record-files/"))

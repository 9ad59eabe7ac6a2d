"""Questions are copied into a draft, from another version or from what ships, with what they lead to."""

from __future__ import annotations

import pytest

from accounts.actors import Actor, ActorKind
from screening.manage.editor import parts
from screening.manage.editor.library.copying import copied
from screening.questionnaires.checking import remarks_on
from screening.questionnaires.services import change_draft
from screening.rules.remarks import errors
from tests.factories.intake import NOON
from tests.manage.editor.conftest import Desk

SHIPPED = "shipped pain-intake"
SMALL = {
    "title": "Small",
    "steps": [{"id": "only", "title": "Only"}],
    "pages": [
        {"id": "one", "step": "only", "title": "One", "items": [{"id": "a", "type": "text", "text": "A?"}]}
    ],
}


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A draft of one question."""
    by = Actor(ActorKind.SYSTEM, label="test")
    desk.draft = change_draft(version=desk.draft, content=SMALL, lock=0, by=by, at=NOON)
    return desk


def test_a_warning_question_brings_its_page_step_advice_and_helplines(small: Desk) -> None:
    shown = small.client.get(small.address("editor-copy")).content.decode()
    assert "as shipped" in shown
    leads = small.client.post(small.address("editor-copy"), {"from": SHIPPED, "item": ["rf_saddle"]})
    assert leads.headers["Location"].endswith("#item-rf_saddle")
    content = small.content
    assert [key for key, _page in parts.parts(content, "page")] == ["one", "rf-saddle"]
    assert "safety" in dict(parts.parts(content, "step"))
    assert set(content["advice"]) == {"ae_spine", "not_sure_999"}
    assert "emergency" in content["helplines"]
    assert errors(remarks_on(small.draft)) == []


def test_questions_go_onto_a_page_of_the_draft_and_one_that_is_here_stays_as_it_is(small: Desk) -> None:
    sent = {"from": SHIPPED, "item": ["phq_1", "phq_2"], "page": "one"}
    small.client.post(small.address("editor-copy"), sent)
    small.changes("item", "phq_1", part__text="Ours?")
    small.client.post(small.address("editor-copy"), sent)
    page = small.part("page", "one")
    assert [item["id"] for item in page["items"]] == ["a", "phq_1", "phq_2"]
    assert small.part("item", "phq_1")["text"] == "Ours?"
    assert small.part("item", "phq_2")["codes"] == {"loinc": "44255-8"}
    again = small.client.get(small.address("editor-copy"), {"from": SHIPPED}).content.decode()
    assert "here already" in again


def test_another_version_of_the_clinic_is_a_source_too(small: Desk) -> None:
    sent = {"from": f"{small.draft.code} 1", "item": ["helper"]}
    assert small.client.post(small.address("editor-copy"), sent).status_code == 302
    assert small.part("item", "helper")["options"]


@pytest.mark.parametrize("source", ["shipped nothing", "nowhere 1", "x", "pain-intake 99", "a b c ²"])
def test_a_source_that_is_none_is_not_found(small: Desk, source: str) -> None:
    assert small.client.get(small.address("editor-copy"), {"from": source}).status_code == 404


def test_choosing_nothing_is_said(small: Desk) -> None:
    refused = small.client.post(small.address("editor-copy"), {"from": SHIPPED})
    assert refused.status_code == 422
    assert "Choose at least one question" in refused.content.decode()


def test_what_is_copied_leaves_both_sides_as_they_were(small: Desk) -> None:
    before, source = small.content, {**SMALL, "pages": [{**SMALL["pages"][0], "id": "two"}]}  # type: ignore[dict-item,index]
    assert copied(before, source, ["a"]) == before

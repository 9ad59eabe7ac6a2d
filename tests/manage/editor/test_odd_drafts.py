"""A draft from a file may have any shape: its editor opens, so that it can be mended there."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from screening.manage.editor import parts
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.services import drafts
from tests.manage.editor.conftest import Desk


def hold(desk: Desk, **changes: Any) -> None:
    content = copy.deepcopy(desk.content) | changes
    DefinitionVersion.objects.filter(pk=desk.draft.pk).update(content=content)


@pytest.mark.parametrize("key", ["", "a/b"])
def test_an_id_that_no_address_can_hold_is_shown_without_a_link(desk: Desk, key: str) -> None:
    group = {"id": key, "type": "group", "repeats": True, "text": "In the list", "items": [{"id": key}]}
    page = {"id": key, "title": "The page", "items": [group]}
    hold(desk, pages=[page], scores=[{"id": key, "title": "The score"}], advice={key: {"title": "Kind"}})
    shown = desk.client.get(desk.address("editor"))
    assert shown.status_code == 200
    assert "In the list" in shown.content.decode()
    sent = {"new-words": "More?", "new-type": "string", "new-key": ""}
    added = desk.client.post(desk.address("editor-add", "item") + "?group=a/b", sent)
    assert added.status_code == 404


def test_parts_of_an_odd_shape_open_and_can_be_saved(desk: Desk) -> None:
    text, nations = "Ring them", {"england": "x", "wales": 7}
    advice = {"odd": "words", "good": {"title": "Good", "text": text, "nations": nations}}
    hold(desk, advice=advice, scores=[{"id": "sum", "title": "Sum", "expression": "1", "bands": 5}])
    for kind, key in (("item", "rf_saddle"), ("advice", "good"), ("score", "sum")):
        assert desk.client.get(desk.address("editor-part", kind, key)).status_code == 200, kind
    assert desk.changes("score", "sum", part__bands="-5 mild\n10 high").status_code == 302
    assert desk.part("score", "sum")["bands"] == [[-5, "mild"], [10, "high"]]


@pytest.mark.parametrize("kind", ["advice", "helpline", "score", "page"])
def test_a_part_is_added_where_there_was_nothing_to_hold_it(desk: Desk, kind: str) -> None:
    names = {**parts.MAPS, **parts.LISTS}
    hold(desk, **{names[kind]: None})
    sent = {"new-words": "Sleep and rest", "new-step": "you", "new-key": ""}
    assert desk.client.post(desk.address("editor-add", kind), sent, follow=True).status_code == 200
    assert len(parts.parts(desk.content, kind)) == 1


def test_what_is_no_number_of_a_range_is_said(desk: Desk) -> None:
    key = parts.parts(desk.content, "score")[0][0]
    for typed in ("--5 mild", "5-5 mild", "1" * 3000 + " mild"):
        refused = desk.changes("score", key, part__bands=typed)
        assert refused.status_code == 422, typed
        assert "Write each range as a number and a name" in refused.content.decode()


@pytest.mark.parametrize("what", ["editor-remove", "editor-part"])
def test_a_kind_or_key_that_there_is_not_is_not_found(desk: Desk, what: str) -> None:
    for kind in ("foo", "about"):
        assert desk.client.get(desk.address(what, kind, "zzz")).status_code == 404


def test_a_draft_that_is_full_says_so_wherever_something_is_put_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "LARGEST", 1000)
    sent = {"new-words": "Do you smoke?", "new-type": "choice", "new-key": ""}
    added = desk.client.post(desk.address("editor-add", "item") + "?page=helper", sent)
    assert (added.status_code, "too large" in added.content.decode()) == (422, True)
    assert "Do you smoke?" in added.content.decode()
    moved = desk.client.post(desk.address("editor-arrange"), {"press": "down item dob"}, follow=True)
    assert "too large" in moved.content.decode()
    sent = {"from": "shipped pain-intake", "item": "dob"}
    hold(desk, pages=[], title="x" * 2000)
    copied = desk.client.post(desk.address("editor-copy"), sent)
    assert (copied.status_code, "too large" in copied.content.decode()) == (422, True)


def test_an_answer_becomes_one_from_a_list(desk: Desk) -> None:
    sent = {"new-words": "Do you smoke?", "new-type": "string", "new-key": "smoke"}
    desk.client.post(desk.address("editor-add", "item") + "?page=helper", sent)
    assert desk.changes("item", "smoke", part__kind="choice").status_code == 302
    assert desk.part("item", "smoke")["type"] == "choice"
    shown = desk.client.get(desk.address("editor-part", "item", "smoke")).content.decode()
    assert 'name="options-1-text"' in shown
    desk.changes("item", "smoke", options__0__text="Yes")
    assert desk.part("item", "smoke")["options"] == [{"code": "yes", "text": "Yes"}]


def test_more_answers_than_anybody_would_type_are_saved_when_a_file_brought_them(desk: Desk) -> None:
    options = [{"code": f"c{number}", "text": f"Answer {number}"} for number in range(150)]
    content = parts.put(desk.content, "item", "helper", {**desk.part("item", "helper"), "options": options})
    hold(desk, pages=content["pages"])
    assert desk.changes("item", "helper", part__text="Who?").status_code == 302
    assert desk.part("item", "helper")["options"] == options
    assert desk.part("item", "helper")["text"] == "Who?"


def test_saving_what_the_page_saved_by_itself_just_now_is_no_conflict(desk: Desk) -> None:
    mine = desk.opens("item", "helper") | {"part-text": "Mine?"}
    assert desk.saves("item", "helper", mine, **{"X-Autosave": "1"}).status_code == 200
    assert desk.saves("item", "helper", mine).status_code == 302
    pressed = desk.saves("item", "helper", mine | {"press": "option-down 0"})
    assert pressed.status_code == 409, "what a button does was not seen yet"

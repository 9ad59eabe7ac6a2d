"""Moving and removing parts of a questionnaire in its editor."""

from __future__ import annotations

import pytest

from screening.manage.editor import parts
from tests.manage.editor.conftest import Desk


def test_buttons_move_a_question_and_stop_at_the_ends(desk: Desk) -> None:
    def order() -> list[str]:
        return [key for key, _item in parts.items_below(desk.part("page", "who-is-helping"))]

    first, second = order()[:2]
    leads = desk.client.post(desk.address("editor-arrange"), {"press": f"down item {first}"})
    assert leads.headers["Location"].endswith(f"#item-{first}")
    assert order()[:2] == [second, first]
    desk.client.post(desk.address("editor-arrange"), {"press": f"up item {second}"})
    assert order()[:2] == [second, first]
    assert desk.client.post(desk.address("editor-arrange"), {"press": "sideways item dob"}).status_code == 404


def test_a_page_moves_and_a_question_asked_too_early_is_said_at_its_place(desk: Desk) -> None:
    desk.client.post(desk.address("editor-arrange"), {"press": "up page uk-only"})
    shown = desk.client.get(desk.address("editor")).content.decode()
    place = shown.split('id="item-uk_only_note"')[1].split("</li>")[0:3]
    assert "It depends on uk_resident, which is asked later." in "".join(place)


def test_removing_says_what_else_names_it(desk: Desk) -> None:
    asked = desk.client.get(desk.address("editor-remove", "item", "uk_resident")).content.decode()
    assert "uk-only" in asked
    desk.removes("page", "uk-only")
    assert "uk-only" not in dict(parts.parts(desk.content, "page"))


@pytest.mark.parametrize(
    ("kind", "key"), [("item", "uk_only_note"), ("page", "uk-only")], ids=["itself", "what stands on it"]
)
def test_what_somebody_wrote_meanwhile_is_not_removed_unseen(desk: Desk, kind: str, key: str) -> None:
    """Whoever confirms has read the part as it was when the page asked."""
    asked = desk.client.get(desk.address("editor-remove", kind, key)).context["seen"]
    desk.changes("item", "uk_only_note", part__text="Written by a colleague just now")
    refused = desk.removes(kind, key, seen=asked)
    assert refused.status_code == 409
    assert "Somebody changed it meanwhile" in refused.content.decode()
    assert desk.part("item", "uk_only_note")["text"] == "Written by a colleague just now"
    desk.removes(kind, key, seen=refused.context["seen"])
    assert key not in dict(parts.parts(desk.content, kind))


def places(desk: Desk, key: str) -> tuple[str, str]:
    """The page of a question, and the question that stands last on it."""
    page = parts.page_of(desk.content, key)
    return page, [found for found, _item in parts.items_below(desk.part("page", page))][-1]


def test_a_question_goes_to_another_page_as_it_is(desk: Desk) -> None:
    before, was = desk.part("item", "helper"), parts.page_of(desk.content, "helper")
    form = desk.client.get(desk.address("editor-part", "item", "helper")).content.decode()
    offered = form.split('id="other-page"')[1].split("</select>")[0]
    assert 'value="uk-only"' in offered
    assert f'value="{was}"' not in offered
    sent = {"press": "page item helper", "page": "uk-only"}
    leads = desk.client.post(desk.address("editor-arrange"), sent)
    assert leads.headers["Location"].endswith("#item-helper")
    assert places(desk, "helper") == ("uk-only", "helper")
    assert desk.part("item", "helper") == before


def test_a_page_left_without_questions_by_a_move_is_said_at_its_place(desk: Desk) -> None:
    desk.client.post(desk.address("editor-arrange"), {"press": "page item uk_resident", "page": "helper"})
    shown = desk.client.get(desk.address("editor")).content.decode()
    assert "To mend:" in shown.split('id="page-where-you-live"')[1].split('id="page-')[0]


@pytest.mark.parametrize(
    ("key", "page"), [("helper", "removed-meanwhile"), ("helper", ""), ("gone", "uk-only")]
)
def test_a_move_to_what_is_no_longer_there_changes_nothing(desk: Desk, key: str, page: str) -> None:
    before = desk.draft.sha256
    sent = {"press": f"page item {key}", "page": page}
    shown = desk.client.post(desk.address("editor-arrange"), sent, follow=True).content.decode()
    assert "Somebody removed it meanwhile" in shown
    desk.draft.refresh_from_db()
    assert desk.draft.sha256 == before


def test_a_question_inside_a_list_of_entries_is_not_offered_another_page(desk: Desk) -> None:
    form = desk.client.get(desk.address("editor-part", "item", "treatments.started")).content.decode()
    assert "other-page" not in form
    before = desk.draft.sha256
    sent = {"press": "page item treatments.started", "page": "uk-only"}
    desk.client.post(desk.address("editor-arrange"), sent)
    desk.draft.refresh_from_db()
    assert desk.draft.sha256 == before
    assert desk.client.post(desk.address("editor-arrange"), {"press": "page page uk-only"}).status_code == 404

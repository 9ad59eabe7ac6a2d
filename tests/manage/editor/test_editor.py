"""The questionnaire editor, as somebody uses it who looks after the questions."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from accounts.actors import Actor, ActorKind
from accounts.models import Role, Site
from screening.manage.editor import parts
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import NotReady, change_draft, discard_draft, publish_version
from tests.factories.intake import NOON, published_version
from tests.factories.people import make_member, sign_in
from tests.manage.editor.conftest import Desk

BAD = ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "{% debug %}", "';drop--", "=1+1", "${7*7}"]


def test_the_outline_names_every_page_and_question_and_has_nothing_to_mend(desk: Desk) -> None:
    shown = desk.client.get(desk.address("editor")).content.decode()
    for kind in ("page", "item", "score", "advice", "helpline", "statement", "step"):
        for key, _part in parts.parts(desk.content, kind):
            assert f'id="{kind}-{key}"' in shown or kind == "step", (kind, key)
    assert "To mend:" not in shown


def test_every_part_saved_untouched_says_what_it_said(desk: Desk) -> None:
    before = desk.draft.sha256
    for kind in parts.KINDS:
        keys = [parts.ABOUT] if kind == "about" else [key for key, _part in parts.parts(desk.content, kind)]
        for key in keys[:4]:
            assert desk.saves(kind, key, desk.opens(kind, key)).status_code == 302, (kind, key)
    desk.draft.refresh_from_db()
    assert (desk.draft.sha256, desk.draft.lock) == (before, 0)


def test_renaming_a_question_keeps_its_id_and_everything_else(desk: Desk) -> None:
    before = desk.part("item", "helper")
    desk.changes("item", "helper", part__text="Who fills this in?")
    assert desk.part("item", "helper") == {**before, "text": "Who fills this in?"}


def test_a_question_is_added_with_an_id_made_from_its_words_and_then_gets_answers(desk: Desk) -> None:
    address = desk.address("editor-add", "item") + "?page=helper"
    sent = {"new-words": "Do you smoke?", "new-type": "choice", "new-key": ""}
    leads = desk.client.post(address, sent)
    assert leads.headers["Location"] == desk.address("editor-part", "item", "do_you_smoke")
    outline = desk.client.get(desk.address("editor")).content.decode()
    assert "To mend:</strong> A choice needs options" in outline
    typed = {"options__0__text": "Yes", "options__1__text": "Not sure", "options__1__unknown": "on"}
    desk.changes("item", "do_you_smoke", **typed)
    options = desk.part("item", "do_you_smoke")["options"]
    assert options == [
        {"code": "yes", "text": "Yes"},
        {"code": "not_sure", "text": "Not sure", "unknown": True},
    ]
    assert parts.page_of(desk.content, "do_you_smoke") == "helper"
    assert "To mend:" not in desk.client.get(desk.address("editor")).content.decode()


def test_an_id_that_is_taken_is_refused_with_what_was_typed_still_there(desk: Desk) -> None:
    address = desk.address("editor-add", "item") + "?page=helper"
    refused = desk.client.post(address, {"new-words": "Again?", "new-type": "text", "new-key": "dob"})
    assert refused.status_code == 422
    assert "There is one with this id already" in refused.content.decode()
    assert "Again?" in refused.content.decode()


def test_a_published_id_never_becomes_another_kind_of_answer(site: Site, desk: Desk) -> None:
    refused = desk.changes("item", "helper", part__kind="text")
    assert refused.status_code == 422
    assert "helper was published as another kind of answer (choice)" in refused.content.decode()
    desk.removes("item", "helper")
    address = desk.address("editor-add", "item") + "?page=helper"
    again = desk.client.post(address, {"new-words": "Who?", "new-type": "text", "new-key": "helper"})
    assert again.status_code == 422
    assert "another kind of answer" in again.content.decode()


def test_publishing_refuses_a_changed_kind_that_came_another_way(site: Site, desk: Desk) -> None:
    item = {**desk.part("item", "other_health_text"), "type": "string"}
    changed = parts.put(desk.content, "item", "other_health_text", item)
    lead = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    writer = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    draft = change_draft(version=desk.draft, content=changed, lock=0, by=writer, at=NOON)
    with pytest.raises(NotReady, match="other_health_text was published as another kind of answer"):
        publish_version(version=draft, by=lead, at=NOON)
    outline = desk.client.get(desk.address("editor")).content.decode()
    assert "other_health_text was published as another kind" in outline


def test_answers_move_and_go_by_buttons_with_their_advice(desk: Desk) -> None:
    before = desk.part("item", "rf_saddle")
    desk.changes("item", "rf_saddle", press="option-down 0")
    codes = [option["code"] for option in desk.part("item", "rf_saddle")["options"]]
    was = [option["code"] for option in before["options"]]
    assert codes[:2] == [was[1], was[0]]
    place = codes.index("not_sure")
    desk.changes("item", "rf_saddle", press=f"option-remove {place}")
    after = desk.part("item", "rf_saddle")
    assert "not_sure" not in after["advice"]
    assert len(after["options"]) == len(was) - 1


def test_two_people_in_two_parts_do_not_meet_and_in_one_part_both_texts_are_shown(desk: Desk) -> None:
    mine = desk.opens("item", "helper") | {"part-text": "Mine?"}
    desk.changes("item", "dob", part__text="Born when?")
    assert desk.saves("item", "helper", mine).status_code == 302
    stale = desk.saves("item", "helper", mine | {"part-text": "Mine again?"})
    shown = stale.content.decode()
    assert stale.status_code == 409
    assert "Mine again?" in shown
    assert "Mine?" in shown
    assert desk.part("item", "helper")["text"] == "Mine?"
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    assert desk.saves("item", "helper", mine | {"part-text": "Mine again?", "seen": seen}).status_code == 302
    assert desk.part("item", "helper")["text"] == "Mine again?"
    assert desk.part("item", "dob")["text"] == "Born when?"


def test_what_is_mended_after_a_mistake_does_not_overwrite_a_colleague(desk: Desk) -> None:
    mine = desk.opens("item", "helper")
    desk.changes("item", "helper", part__text="Theirs?")
    wrong = desk.saves("item", "helper", mine | {"part-text": ""})
    assert wrong.status_code == 422
    mended = mine | {"part-text": "Mine?", "seen": wrong.context["seen"]}
    assert desk.saves("item", "helper", mended).status_code == 409
    assert desk.part("item", "helper")["text"] == "Theirs?"


def test_what_was_typed_into_something_removed_meanwhile_can_be_copied(desk: Desk) -> None:
    mine = desk.opens("item", "helper") | {"part-text": "Hours of work"}
    desk.removes("item", "helper")
    gone = desk.saves("item", "helper", mine)
    assert gone.status_code == 409
    assert "Hours of work" in gone.content.decode()


def test_autosave_says_the_time_or_that_somebody_else_changed_it(desk: Desk) -> None:
    mine = desk.opens("item", "helper") | {"part-text": "Mine?"}
    saved = desk.saves("item", "helper", mine, **{"X-Autosave": "1"})
    assert saved.json()["said"].startswith("Saved at ")
    next_one = mine | {"part-text": "Later?", "seen": saved.json()["seen"]}
    assert desk.saves("item", "helper", next_one, **{"X-Autosave": "1"}).status_code == 200
    stale = desk.saves("item", "helper", mine | {"part-text": "Old?"}, **{"X-Autosave": "1"})
    assert (stale.status_code, "somebody else" in stale.json()["said"]) == (409, True)
    wrong = desk.saves("item", "helper", next_one | {"part-text": ""}, **{"X-Autosave": "1"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("kind", ["step", "page", "score", "advice", "helpline", "statement"])
def test_every_kind_of_part_is_added_and_opens(desk: Desk, kind: str) -> None:
    before = {key for key, _part in parts.parts(desk.content, kind)}
    sent = {"new-words": "Sleep and rest", "new-step": "you", "new-item": "dob", "new-key": ""}
    leads = desk.client.post(desk.address("editor-add", kind), sent, follow=True)
    assert leads.status_code == 200
    assert {key for key, _part in parts.parts(desk.content, kind)} - before
    assert desk.client.get(desk.address("editor")).status_code == 200


def test_a_question_inside_a_list_of_entries_is_added_and_edited(desk: Desk) -> None:
    desk.client.post(
        desk.address("editor-add", "item") + "?group=treatments",
        {"new-words": "Who gave it?", "new-type": "string", "new-key": ""},
    )
    assert desk.part("item", "treatments.who_gave_it") == {
        "id": "who_gave_it",
        "type": "string",
        "text": "Who gave it?",
    }
    desk.changes("item", "treatments.who_gave_it", part__hint="A name", part__max_length="40")
    assert desk.part("item", "treatments.who_gave_it")["max_length"] == 40


@pytest.mark.parametrize("text", BAD)
def test_no_stored_text_is_run_or_becomes_markup(desk: Desk, text: str) -> None:
    desk.changes("item", "helper", part__text=text, part__hint=text, options__0__text=text)
    desk.changes("page", "helper", part__title=text, part__text=text)
    for address in (
        desk.address("editor"),
        desk.address("editor-part", "item", "helper"),
        desk.address("editor-part", "page", "helper"),
        desk.address("editor-remove", "page", "helper"),
    ):
        shown = desk.client.get(address).content.decode()
        assert "<script>alert" not in shown
        if text.startswith(("{", "$")):
            assert text in shown


def test_a_published_version_and_somebody_who_may_not_draft_have_no_editor(site: Site, desk: Desk) -> None:
    published = published_version(site, Kind.QUESTIONNAIRE)
    address = desk.address("editor").replace(f"/{desk.draft.number}/", f"/{published.number}/")
    refused = desk.client.get(address)
    assert refused.status_code == 403
    assert "Only a draft can be changed" in refused.content.decode()
    lead = sign_in(Client(), make_member(Role.LEAD_CLINICIAN, site=site))
    assert lead.get(desk.address("editor")).status_code == 403


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"pages": None, "steps": 3},
        {"pages": [None, {"items": [1, {"id": None}]}], "advice": []},
        {"pages": [{"id": "a", "items": [{"id": "b", "type": 3, "options": "x", "validate": 4}]}]},
    ],
)
def test_a_draft_of_any_shape_has_an_outline(desk: Desk, content: dict[str, object]) -> None:
    DefinitionVersion.objects.filter(pk=desk.draft.pk).update(content=content, sha256=str(content)[:60])
    shown = desk.client.get(desk.address("editor"))
    assert shown.status_code == 200
    assert "To mend:" in shown.content.decode()
    for kind, key in [("page", "a"), ("item", "b"), ("page", "None"), ("item", "None")]:
        assert desk.client.get(desk.address("editor-part", kind, key)).status_code in (200, 404)


def test_a_save_of_the_whole_questionnaire_is_quick(desk: Desk) -> None:
    sent = desk.opens("item", "helper")
    desk.saves("item", "helper", sent | {"part-text": "Once?"})
    sent = desk.opens("item", "helper")
    begun = time.perf_counter()
    assert desk.saves("item", "helper", sent | {"part-text": "Twice?"}).status_code == 302
    took = time.perf_counter() - begun
    print(f"one save: {1000 * took:.0f} ms")
    assert took < 1.5  # about 100 ms on a quiet machine


@pytest.mark.parametrize("origin", ["http://testserver", "https://elsewhere.example"])
def test_what_was_typed_is_given_back_when_the_draft_was_thrown_away_meanwhile(
    desk: Desk, origin: str
) -> None:
    """To the page that sent it alone: nothing that another site posts is shown as if it had been typed."""
    sent = desk.opens("item", "rf_saddle") | {"part-text": "Is anything numb & new?"}
    discard_draft(version=desk.draft, lock=0, by=Actor(ActorKind.SYSTEM, label="test"), at=NOON)
    answer = desk.saves("item", "rf_saddle", sent, Origin=origin)
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "Nothing was saved" in shown
    assert "You cannot see this page" not in shown, "it was before them a moment ago"
    assert "Only a draft can be changed." in shown
    assert ("Is anything numb &amp; new?" in shown) == (origin == "http://testserver")
    assert "new_or_worse" not in shown.partition("What you typed")[2], "what was chosen was not typed"

"""The author and whoever approves are told when an answer would mean something else from now on."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.manage.editor.views import remarks_of
from screening.manage.publication import gates
from screening.questionnaires.kept_words import other_meanings
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.intake import NOON
from tests.factories.people import make_member, make_site

pytestmark = pytest.mark.django_db
OPTIONS = [{"code": "a", "text": "Often"}, {"code": "b", "text": "Rarely"}, {"code": "c", "text": "Never"}]
CHOICE = {"id": "how", "type": "choice", "text": "How often?", "options": OPTIONS}
INNER = {"id": "when", "type": "text", "text": "When?"}
CONTENT: dict[str, Any] = {
    "code": "q",
    "title": "Q",
    "steps": [{"id": "s", "title": "S"}],
    "pages": [
        {
            "id": "p",
            "step": "s",
            "title": "P",
            "items": [
                CHOICE,
                {"id": "tries", "type": "group", "repeats": True, "text": "Tries", "items": [INNER]},
                {"id": "more", "type": "text", "text": "Anything more?"},
            ],
        }
    ],
}
Change = Callable[[list[dict[str, Any]]], object]


def drafted(site: Site, change: Change) -> DefinitionVersion:
    content = copy.deepcopy(CONTENT)
    change(content["pages"][0]["items"])
    author = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    return draft_version(site=site, kind=Kind.QUESTIONNAIRE, content=content, by=author, at=NOON)


def published(site: Site, change: Change) -> None:
    lead = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    publish_version(version=drafted(site, change), by=lead, at=NOON)


def nothing(items: list[dict[str, Any]]) -> None:
    """As it is."""


def says(code: str, text: str) -> Change:
    def change(items: list[dict[str, Any]]) -> None:
        next(option for option in items[0]["options"] if option["code"] == code)["text"] = text

    return change


def swapped(items: list[dict[str, Any]]) -> None:
    says("a", "rarely ")(items)
    says("b", "Often")(items)


def without_the_last(items: list[dict[str, Any]]) -> None:
    items.pop()
    items[1]["items"] = [{"id": "other", "type": "text", "text": "Other?"}]


def with_others(items: list[dict[str, Any]]) -> None:
    items[2]["text"] = "Do you smoke?"
    items[1]["items"][0]["text"] = "Why?"


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (nothing, []),
        (says("a", "Very often"), []),
        (says("a", "OFTEN"), []),
        (lambda items: items[0]["options"].reverse(), []),
        (swapped, ["The answer a says now what b says", "The answer b says now what a says"]),
        (says("b", "Never"), ["The answer b says now what c says"]),
    ],
)
def test_an_answer_that_takes_the_words_of_another_is_told(change: Change, places: list[str]) -> None:
    site = make_site()
    published(site, nothing)
    draft = drafted(site, change)
    told = [remark.sentence for remark in other_meanings(draft)]
    assert [each.partition(" in the published")[0] for each in told] == places
    for remarks in (gates.remarks_of(draft), remarks_of(draft)):
        found = [remark.place for remark in remarks if remark.kind == "other-meaning"]
        assert found == ["item how"] * len(places)
    assert gates.unsound(draft) == "", "what was published by mistake can be put right"


def test_an_id_that_comes_back_with_other_words_is_told() -> None:
    site = make_site()
    published(site, nothing)
    published(site, without_the_last)
    assert other_meanings(drafted(site, nothing)) == ()
    told = {remark.place: remark.sentence for remark in other_meanings(drafted(site, with_others))}
    assert set(told) == {"item more", "item tries.when"}
    assert told["item more"].startswith("Version 1 asked something else by this id: “Anything more?”.")


def test_before_anything_is_published_nothing_is_told() -> None:
    site = make_site()
    drafted(site, nothing)
    assert other_meanings(drafted(site, swapped)) == ()

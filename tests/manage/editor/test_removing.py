"""Before something is removed its author reads what else would break, also what is published."""

from __future__ import annotations

import copy

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.manage.editor.dependents import Going, in_draft
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member, sign_in
from tests.manage.editor.conftest import Desk


def asks(desk: Desk, kind: str, key: str) -> str:
    answer = desk.client.get(desk.address("editor-remove", kind, key))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "key", "told", "untold"),
    [
        ("item", "rf_saddle", ["Published rule:", ">rf_saddle<", "Safety question"], ["Later form"]),
        ("item", "rf_saddle", ["Published rules:", "begin with; change them in the file of"], []),
        ("item", "treatments.class", ["Published rule", "Definition of the published"], ["Safety question"]),
        ("page", "peg", ["Later form of the published schedule", ">FU11<"], ["Safety question"]),
        ("page", "rf-suicide", ["Published rule:", "Safety question"], []),
        ("score", "phq9", ["Published rule"], ["Later form"]),
        ("step", "safety", ["Later form of the published schedule", "Page:"], ["Published rule"]),
        ("advice", "crisis", ["Question:", ">phq_9<"], ["Published"]),
        ("helpline", "samaritans", ["Advice:"], ["Published"]),
        ("item", "communication_needs", [], ["Published", "Later form", "Safety question"]),
    ],
)  # fmt: skip
def test_what_reads_a_part_is_named_before_it_goes(
    desk: Desk, kind: str, key: str, told: list[str], untold: list[str]
) -> None:
    page = asks(desk, kind, key)
    assert [each for each in told if each not in page] == []
    assert [each for each in untold if each in page] == []
    assert ("cannot be published without it" in page) == any("ublished" in each for each in told)


def test_what_goes_with_a_page_need_not_be_mended() -> None:
    """A question that names its neighbour goes with it; one on another page stays and is named."""
    first = {"id": "a", "type": "boolean", "text": "A", "validate": [{"check": "a or b", "message": "m"}]}
    second = {"id": "b", "type": "boolean", "text": "B", "show_when": "a"}
    page = {"id": "one", "step": "s", "title": "One", "items": [first, second]}
    other = {
        "id": "two",
        "step": "s",
        "title": "Two",
        "items": [{"id": "c", "type": "text", "show_when": "b"}],
    }
    content = {"steps": [{"id": "s", "title": "S"}], "pages": [page, other]}
    assert [each.key for each in in_draft(content, Going.of("page", "one", page))] == ["c"]
    assert [each.key for each in in_draft(content, Going.of("item", "b", second))] == ["a", "c"]


def test_a_question_of_a_group_is_named_alone_there_and_with_it_elsewhere() -> None:
    inner = [{"id": "kind", "type": "text"}, {"id": "weeks", "type": "integer", "show_when": "kind = 'x'"}]
    group = {"id": "tries", "type": "group", "items": inner}
    items = [
        group,
        {"id": "kind", "type": "text"},
        {"id": "late", "type": "text", "show_when": "exists (tries T where T.kind = 'x')"},
        {"id": "free", "type": "text", "show_when": "kind = 'x'"},
    ]
    content = {"pages": [{"id": "p", "items": items}]}
    found = in_draft(content, Going.of("item", "tries.kind", inner[0]))
    assert [each.key for each in found] == ["tries.weeks", "late"]


def test_rules_for_another_form_are_not_told(site: Site) -> None:
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    content = {**copy.deepcopy(shipped(Kind.QUESTIONNAIRE)), "code": "another"}
    draft = draft_version(
        site=site, kind=Kind.QUESTIONNAIRE, content=content, by=Actor.staff(author), at=NOON
    )
    page = asks(Desk(sign_in(Client(), author), draft), "item", "rf_saddle")
    assert "ublished" not in page.partition("<main")[2]


def test_an_answer_that_the_published_rules_read_is_missed_at_its_question(desk: Desk) -> None:
    sent = desk.opens("item", "rf_saddle")
    place = next(
        n for n, one in enumerate(desk.part("item", "rf_saddle")["options"]) if one["code"] == "new_or_worse"
    )
    desk.saves("item", "rf_saddle", {**sent, "press": f"option-remove {place}"})
    page = desk.client.get(desk.address("editor-part", "item", "rf_saddle")).content.decode()
    assert "published rules, rule rf_saddle" in page
    assert "rf_saddle has no answer new_or_worse." in page
    outline = desk.client.get(desk.address("editor")).content.decode()
    assert "published rules, rule rf_saddle" in outline

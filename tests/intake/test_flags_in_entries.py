"""A warning answer inside one entry of a list: raised once, and anew only when somebody says it anew."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake import services
from screening.questionnaires.models import Kind
from tests.factories import intake as factories
from tests.factories.intake import NOON
from tests.intake.test_advice import dealt_with
from tests.intake.test_entries import add
from tests.intake.test_versions import asked, publish

pytestmark = pytest.mark.usefixtures("noon")

WARNING = {"class": "nsaid", "outcome": "side_effects"}
HARMLESS = {"class": "tens", "outcome": "helps"}


@pytest.fixture
def response(clinic: Site) -> Response:
    publish(clinic, Kind.QUESTIONNAIRE, with_advice_in_a_list)
    return factories.draft(clinic, until="treatments")


def with_advice_in_a_list(content: dict[str, Any]) -> None:
    inner = {item["id"]: item for item in asked(content, "treatments")["items"]}
    inner["outcome"]["advice"] = {"side_effects": "ae_spine"}


def standing(response: Response) -> list[str]:
    return [flag.answer for flag in response.case.red_flags.filter(cleared_at=None)]


def save_again(response: Response, entries: list[dict[str, Any]]) -> None:
    services.save_page(
        response=response,
        page_id="treatments",
        answers={"treatments": entries},
        seen_lock=int(Response.objects.get(pk=response.pk).page_locks["treatments"]),
        by=Actor.patient(response.patient_id),
        at=NOON,
    )


def test_a_cleared_answer_of_one_entry_is_not_raised_again_by_another_entry(response: Response) -> None:
    add(response, WARNING)
    assert standing(response) == ["side_effects"]
    dealt_with(response)
    add(response, HARMLESS)
    add(response, {**HARMLESS, "name": "an older one"}, place=1)
    assert standing(response) == []


@pytest.mark.parametrize(
    "said", [{**WARNING, "class": "opioid"}, WARNING], ids=["another treatment", "the same once more"]
)
def test_a_cleared_answer_is_raised_again_when_another_entry_says_it_too(
    response: Response, said: dict[str, str]
) -> None:
    add(response, WARNING)
    dealt_with(response)
    add(response, said)
    assert standing(response) == ["side_effects"]


def test_a_cleared_answer_of_an_entry_that_was_changed_is_raised_again(response: Response) -> None:
    add(response, WARNING)
    dealt_with(response)
    add(response, HARMLESS, place=0)
    assert standing(response) == []
    add(response, WARNING, place=0)
    assert standing(response) == ["side_effects"]


def test_a_page_saved_with_its_entries_as_they_were_raises_nothing_again(response: Response) -> None:
    add(response, HARMLESS)
    add(response, WARNING)
    dealt_with(response)
    save_again(response, [WARNING, HARMLESS])
    assert standing(response) == []
    save_again(response, [WARNING, WARNING])
    assert standing(response) == ["side_effects"]

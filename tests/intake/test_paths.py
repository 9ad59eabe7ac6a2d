"""Random ways through the shipped questionnaire: advice is the next response after every red flag."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Site
from screening.cases.services import local_date
from screening.intake import selectors
from screening.intake.walk import Walk
from screening.rules.definition import Item, Page
from tests.factories import intake as factories
from tests.factories.intake import NOON

PATHS, BATCHES = 60, 4  # batches, so that both cores walk
STEPS = 15
# Most people answer "no" to most safety questions; here one in three is positive, so that each path has some.
POSITIVE = 0.3


def answer_of(item: Item, dice: random.Random) -> Any:
    """Something a browser could send for this question."""
    if item.options and item.advice and dice.random() < POSITIVE:
        return dice.choice(sorted(item.advice))
    if item.options and item.repeats:
        return [dice.choice(item.options).code]
    if item.options:
        return dice.choice([o.code for o in item.options if o.code not in item.advice])
    if item.control == "scale":
        return str(dice.randint(0, 10))
    return {"boolean": dice.choice(["true", "false"]), "integer": "3"}.get(item.type, "Some words")


def typed_into(walk: Walk, page: Page, dice: random.Random) -> dict[str, Any]:
    typed: dict[str, Any] = {"skip": "1"}
    for item in walk.items_of(page):
        if item.type in ("group", "attachment", "display") or item.autocomplete in ("email", "tel"):
            continue
        if item.type == "date":
            typed |= {f"{item.id}_year": "2020", f"{item.id}_month": "5", f"{item.id}_day": "3"}
        elif item.control == "statement":
            typed[item.id] = "on"
        elif item.id in ("dob", "nhs_number"):
            continue
        else:
            typed[item.id] = answer_of(item, dice)
    return typed


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_on_sixty_random_paths_advice_is_the_very_next_page(
    clinic: Site, settings: Settings, tmp_path: Any, batch: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    positives = 0
    for seed in range(batch, PATHS, BATCHES):
        positives += walk_at_random(clinic, random.Random(seed))  # noqa: S311 - repeatable, not secret
    assert positives > PATHS / BATCHES  # the walk met red flags, so the test can fail


def walk_at_random(clinic: Site, dice: random.Random) -> int:
    # Some paths begin behind the first safety questions, so that the later ones are met too.
    until = dice.choice(["rf-saddle"] * 6 + ["conditions", "mood-1"])
    nation = dice.choice(["england", "scotland", "wales", "northern_ireland"])
    draft = factories.draft(clinic, until=until, nation=nation)
    browser = factories.enter(Client(), draft, at=NOON)
    positives = 0
    for _ in range(STEPS):
        walk = selectors.walk_of(factories.response_of(draft.case), local_date(NOON))
        seen = [page for page in walk.pages if page.id in walk.visited and not page.stops]
        here = walk.first_unvisited if dice.random() < 0.8 or not seen else dice.choice(seen)
        if here is None:
            break
        if here.id in ("start", "where-you-live"):
            continue
        typed = typed_into(walk, here, dice)
        lock = factories.response_of(draft.case).page_locks.get(here.id, 0)
        answer = browser.post(f"/form/{here.id}/", {**typed, "lock": str(lock)})
        if answer.status_code == 422:
            continue
        positive = [item.id for item in walk.items_of(here) if str(typed.get(item.id)) in item.advice]
        if positive:
            positives += 1
            assert (answer.status_code, answer.headers["Location"]) == (303, "/form/advice/"), positive
            page = browser.get(answer.headers["Location"])
            assert page.status_code == 200
            assert b"I have read this" in page.content
            assert browser.get("/form/").headers["Location"] == "/form/advice/"
            browser.post("/form/advice/", {"read": "on"})
        else:
            assert answer.headers.get("Location") != "/form/advice/", here.id
    return positives

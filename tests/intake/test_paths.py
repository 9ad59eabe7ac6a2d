"""Random ways through the shipped questionnaire: advice is the next response after every red flag."""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Site
from screening.cases.services import local_date
from screening.intake import presenters, selectors
from screening.intake.walk import Walk
from screening.rules.definition import Item, Page
from tests.factories import intake as factories
from tests.factories.intake import NOON
from tests.intake.reading import reads_advice

ALWAYS, NIGHTLY = 10, 500
BATCHES, NIGHTLY_BATCHES = 2, 20  # batches, so that both cores walk
STEPS = 15
# Most people answer "no" to most safety questions; here one in three is positive, so that each path has some.
POSITIVE = 0.3
NATIONS = ("england", "scotland", "wales", "northern_ireland")
BUTTONS: tuple[dict[str, str], ...] = ({}, {}, {}, {}, {"then": "check"}, {"later": "1"})


def answer_of(item: Item, dice: random.Random, chance: float) -> Any:
    """Something a browser could send for this question."""
    if item.options and item.advice and dice.random() < chance:
        return dice.choice(sorted(item.advice))
    if item.options and item.repeats:
        return [dice.choice(item.options).code]
    if item.options:
        return dice.choice([o.code for o in item.options if o.code not in item.advice])
    if item.control == "scale":
        return str(dice.randint(0, 10))
    return {"boolean": dice.choice(["true", "false"]), "integer": "3"}.get(item.type, "Some words")


def typed_into(walk: Walk, page: Page, dice: random.Random, chance: float) -> dict[str, Any]:
    typed: dict[str, Any] = {"skip": "1", **dice.choice(BUTTONS)}
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
            typed[item.id] = answer_of(item, dice, chance)
    return typed


@dataclass
class Path:
    """One person who goes on, jumps ahead, goes back and changes their mind, in a browser without scripts."""

    browser: Client
    draft: Any
    nation: str
    dice: random.Random
    positives: int = 0
    unread: bool = False

    def walk(self) -> Walk:
        self.draft.refresh_from_db(fields=["answers", "private_answers", "page_locks"])
        return selectors.walk_of(self.draft, local_date(NOON))

    def next_page(self, walk: Walk) -> Page | None:
        """Mostly the next one; sometimes one seen before, or any that is asked, in any order."""
        seen = [page for page in walk.pages if page.id in walk.visited and not page.stops]
        chance = self.dice.random()
        if chance < 0.7 or not seen:
            return walk.first_unvisited
        if chance < 0.9:
            return self.dice.choice(seen)
        return self.dice.choice([page for page in walk.pages if not page.stops])

    def step(self, *, surely: bool = False) -> bool:
        """Answer one page. False when there is none left."""
        walk = self.walk()
        signs = [page for page in walk.pages if any(item.advice for item in page.items)]
        here = self.dice.choice(signs) if surely else self.next_page(walk)
        if here is None:
            return False
        if here.id not in ("start", "where-you-live"):
            self.answer(walk, here, chance=1 if surely else POSITIVE)
        return True

    def answer(self, walk: Walk, here: Page, *, chance: float) -> None:
        typed = typed_into(walk, here, self.dice, chance)
        lock = self.draft.page_locks.get(here.id, 0)
        answer = self.browser.post(f"/form/{here.id}/", {**typed, "lock": str(lock)})
        if answer.status_code == 422:
            return
        keys = [
            item.advice[str(typed[item.id])]
            for item in walk.items_of(here)
            if str(typed.get(item.id)) in item.advice
        ]
        if keys:
            self.positives += 1
            assert (answer.status_code, answer.headers["Location"]) == (303, "/form/advice/"), keys
            self.read(walk, keys, leave=self.dice.random() < 0.2)
        elif self.unread:
            assert answer.headers["Location"] == "/form/advice/", "advice that was not read comes first"
        else:
            assert answer.headers.get("Location") != "/form/advice/", here.id

    def read(self, walk: Walk, keys: list[str], *, leave: bool) -> None:
        """The advice is there, in the words for the person's nation; it waits until they say they read it."""
        page = self.browser.get("/form/advice/")
        assert page.status_code == 200
        text = unescape(page.content.decode())
        assert "I have read this" in text
        for box in presenters.advice_boxes(walk.questionnaire, keys, nation=self.nation, own={}):
            assert box.heading in text
            assert all(piece.text in text for pieces in box.paragraphs for piece in pieces)
        assert self.browser.get("/form/").headers["Location"] == "/form/advice/"
        self.unread = leave
        if not leave:
            reads_advice(self.browser)


def walk_at_random(clinic: Site, dice: random.Random) -> int:
    """How many positive answers this path met: every one was followed by its advice, or it failed."""
    # Some paths begin behind the first safety questions, so that the later ones are met too.
    until = dice.choice(["rf-saddle"] * 6 + ["conditions", "mood-1"])
    nation = dice.choice(NATIONS)
    draft = factories.draft(clinic, until=until, nation=nation)
    path = Path(factories.enter(Client(), draft, at=NOON), draft, nation, dice)
    for _ in range(STEPS):
        if not path.step():
            break
    while not path.positives:
        path.step(surely=True)
    return path.positives


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_on_random_paths_advice_is_the_very_next_page(
    clinic: Site, settings: Settings, tmp_path: Any, batch: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    paths = [walk_at_random(clinic, random.Random(seed)) for seed in range(batch, ALWAYS, BATCHES)]  # noqa: S311
    assert all(paths), "each path met a red flag"


@pytest.mark.nightly
@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("batch", range(NIGHTLY_BATCHES))
def test_on_five_hundred_random_paths_advice_is_the_very_next_page(
    clinic: Site, settings: Settings, tmp_path: Any, batch: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    seeds = range(ALWAYS + batch, ALWAYS + NIGHTLY, NIGHTLY_BATCHES)
    paths = [walk_at_random(clinic, random.Random(seed)) for seed in seeds]  # noqa: S311
    print(f"{len(paths)} paths, {sum(paths)} positive answers, each followed by its advice")
    assert all(paths)

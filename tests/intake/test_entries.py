"""Treatments, one at a time."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.models import Response
from screening.intake import services
from screening.intake.walk import entry_parts
from screening.questionnaires.selectors import questionnaire_of
from tests.factories import intake as factories
from tests.factories.intake import NOON, answers_in

PARACETAMOL = {"class": "paracetamol", "name": "paracetamol"}
TENS = {"class": "tens"}


@pytest.fixture
def response(clinic: Site) -> Response:
    return factories.draft(clinic, until="treatments")


def add(response: Response, entry: dict[str, Any], place: int | None = None, lock: int | None = None) -> None:
    fresh = Response.objects.get(pk=response.pk)
    services.save_entry(
        response=response,
        page_id="treatments",
        item_id="treatments",
        place=place,
        entry=entry,
        seen_lock=int(fresh.page_locks.get("treatments", 0)) if lock is None else lock,
        by=Actor.patient(response.patient_id),
        at=NOON,
    )


def remove(response: Response, place: int, lock: int) -> None:
    services.remove_entry(
        response=response,
        page_id="treatments",
        item_id="treatments",
        place=place,
        seen_lock=lock,
        by=Actor.patient(response.patient_id),
        at=NOON,
    )


def test_entries_are_kept_in_the_order_they_were_added(response: Response) -> None:
    add(response, PARACETAMOL)
    add(response, TENS)
    assert answers_in(response)["treatments"] == [PARACETAMOL, TENS]


def test_a_change_replaces_the_entry_and_drops_its_blanks(response: Response) -> None:
    add(response, PARACETAMOL)
    add(response, {"class": "nsaid", "name": None}, place=0)
    assert answers_in(response)["treatments"] == [{"class": "nsaid"}]


def test_a_change_of_an_entry_that_changed_meanwhile_is_refused(response: Response) -> None:
    add(response, PARACETAMOL)
    add(response, {"class": "nsaid"}, place=0)
    with pytest.raises(services.StalePage) as stale:
        add(response, {"class": "opioid"}, place=0, lock=1)
    assert (stale.value.saved, stale.value.typed) == ({"class": "nsaid"}, {"class": "opioid"})


def test_adding_from_two_tabs_keeps_both(response: Response) -> None:
    add(response, PARACETAMOL, lock=0)
    add(response, TENS, lock=0)
    assert answers_in(response)["treatments"] == [PARACETAMOL, TENS]


def test_the_same_entry_added_by_a_double_press_is_there_once(response: Response) -> None:
    add(response, PARACETAMOL, lock=0)
    add(response, PARACETAMOL, lock=0)
    assert answers_in(response)["treatments"] == [PARACETAMOL]


def test_removing_after_the_list_changed_removes_nothing(response: Response) -> None:
    add(response, PARACETAMOL)
    add(response, TENS)
    with pytest.raises(services.StalePage):
        remove(response, 0, lock=1)
    assert len(answers_in(response)["treatments"]) == 2


def test_removing_the_last_one_leaves_a_blank_and_not_none(response: Response) -> None:
    add(response, PARACETAMOL)
    remove(response, 0, lock=1)
    assert "treatments" not in answers_in(response)


def test_changing_what_was_removed_elsewhere_is_a_conflict_that_keeps_what_was_typed(
    response: Response,
) -> None:
    with pytest.raises(services.StalePage) as stale:
        add(response, PARACETAMOL, place=3)
    assert (stale.value.saved, stale.value.typed) == ({}, PARACETAMOL)


def test_the_name_of_a_treatment_is_encrypted_and_its_class_is_not(response: Response) -> None:
    add(response, PARACETAMOL)
    stored = Response.objects.get(pk=response.pk)
    assert stored.answers["treatments"] == [{"class": "paracetamol"}]
    assert stored.private_answers["treatments"] == [{"name": "paracetamol"}]


def test_a_question_never_stands_in_one_part_with_what_its_condition_reads(response: Response) -> None:
    group = questionnaire_of(response.version).item("treatments")
    parts = [[item.id for item in part] for part in entry_parts(group)]
    assert parts[:2] == [["class"], ["name", "for_this_pain", "started"]]
    assert [item_id for part in parts for item_id in part] == [item.id for item in group.items]
    for before, after in (
        ("class", "weeks"),
        ("outcome", "relief_pct"),
        ("side_effect", "side_effect_severity"),
    ):
        place = {item_id: number for number, part in enumerate(parts) for item_id in part}
        assert place[before] < place[after]

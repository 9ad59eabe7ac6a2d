"""What factories copy back is what they made, and only where it would become the same."""

from __future__ import annotations

import pytest
from django.db.transaction import atomic, set_rollback

from accounts.models import Site
from screening.cases.models import Case
from screening.intake.services.documents import path_of
from tests.factories import kept
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


WHERE = {"slug": "harbour", "name": "Harbour", "neutral_sender": "Harbour", "duty_email": "d@example.org"}


def _again(*, name: str = "", answers: dict[str, str] | None = None) -> tuple[Case, str]:
    """A case made from nothing, and the fingerprint of all there was then; the database forgets both."""
    with atomic():
        site = open_clinic(**WHERE)
        if name:
            Site.objects.filter(pk=site.pk).update(name=name)
        case = submitted_case(Site.objects.get(pk=site.pk), answers=answers, at=NOON)
        path_of(case.documents.get()).unlink()
        found = repr(kept._fingerprint(kept._tables()))
        set_rollback(True)
    return case, found


def test_the_same_over_the_same_rows_is_a_copy_to_the_last_row() -> None:
    first, first_found = _again()
    second, second_found = _again()
    assert (first.pk, first.reference) == (second.pk, second.reference)
    assert first_found == second_found
    assert not Case.objects.exists()


def test_a_copy_has_its_files() -> None:
    _again()
    case = submitted_case(open_clinic(**WHERE), answers=None, at=NOON)
    assert path_of(case.documents.get()).is_file()


def test_other_answers_are_walked() -> None:
    assert _again()[0].pk != _again(answers={"goals": "Swim"})[0].pk


def test_a_row_that_changed_meanwhile_is_noticed() -> None:
    assert _again()[0].pk != _again(name="Moved")[0].pk


def test_what_is_there_already_is_walked_anew_and_has_the_later_number() -> None:
    site = open_clinic(**WHERE)
    first, second = submitted_case(site, at=NOON), submitted_case(site, at=NOON)
    assert first.pk < second.pk
    assert first.reference != second.reference


def test_staff_who_came_first_do_not_make_the_walk_another() -> None:
    def beside(colleagues: int) -> Case:
        with atomic():
            site = open_clinic(**WHERE)
            for _ in range(colleagues):
                make_member(site=site)
            case = submitted_case(site, answers={"goals": "Walk"}, at=NOON)
            set_rollback(True)
        return case

    assert beside(1).pk == beside(2).pk


def test_rows_stand_in_the_order_in_which_they_were_made() -> None:
    site = open_clinic(**WHERE)
    with atomic():
        submitted_case(site, answers={"goals": "Sing"}, at=NOON)
        set_rollback(True)
    later = submitted_case(site, answers={"goals": "Dance"}, at=NOON)
    assert submitted_case(site, answers={"goals": "Sing"}, at=NOON).pk > later.pk

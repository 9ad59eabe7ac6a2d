"""What factories copy back is what they made, and only over the very same rows."""

from __future__ import annotations

import pytest
from django.db.transaction import atomic, set_rollback

from accounts.models import Site
from screening.cases.models import Case
from screening.intake.services.documents import path_of
from tests.factories import kept
from tests.factories.intake import NOON, open_clinic, submitted_case

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
        found = repr(kept._fingerprint())
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

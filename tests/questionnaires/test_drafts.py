"""A draft changes under a lock, and what is no draft does not change at all."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from accounts.actors import Actor
from accounts.models import Role
from audit.events import Event
from audit.models import AuditEvent
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.services import (
    MovedOn,
    NotADraft,
    Unstorable,
    change_draft,
    discard_draft,
    draft_version,
)
from screening.rules.canonical import sha256_of
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Actor:
    return Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=make_site()))


@pytest.fixture
def draft(author: Actor) -> DefinitionVersion:
    site = make_site()
    return draft_version(site=site, kind=Kind.MESSAGES, content=shipped(Kind.MESSAGES), by=author, at=NOON)


def test_a_change_is_stored_with_its_fingerprint_and_counted(draft: DefinitionVersion, author: Actor) -> None:
    changed = change_draft(
        version=draft, content={**draft.content, "title": "Kinder"}, lock=0, by=author, at=NOON
    )
    stored = DefinitionVersion.objects.get(pk=draft.pk)
    assert (stored.lock, stored.title, stored.content["title"]) == (1, "Kinder", "Kinder")
    assert stored.sha256 == sha256_of(stored.content) == changed.sha256
    line = AuditEvent.objects.get(event=Event.VERSION_CHANGED)
    assert line.detail["before"] == draft.sha256
    assert line.detail["lock"] == 1


def test_unfinished_content_may_be_stored_and_keeps_code_and_title(
    draft: DefinitionVersion, author: Actor
) -> None:
    changed = change_draft(version=draft, content={"code": "other", "x": 1}, lock=0, by=author, at=NOON)
    assert changed.content == {"code": draft.code, "x": 1}
    assert changed.title == draft.title


def test_a_save_made_from_an_older_one_is_refused_with_the_row_as_it_is_now(
    draft: DefinitionVersion, author: Actor
) -> None:
    change_draft(version=draft, content={"title": "First"}, lock=0, by=author, at=NOON)
    with pytest.raises(MovedOn) as refused:
        change_draft(version=draft, content={"title": "Second"}, lock=0, by=author, at=NOON)
    assert (refused.value.version.title, refused.value.version.lock) == ("First", 1)
    assert DefinitionVersion.objects.get(pk=draft.pk).title == "First"


def test_the_same_again_is_no_change(draft: DefinitionVersion, author: Actor) -> None:
    again = change_draft(version=draft, content=dict(draft.content), lock=0, by=author, at=NOON)
    assert again.lock == 0
    assert not AuditEvent.objects.filter(event=Event.VERSION_CHANGED).exists()


@pytest.mark.parametrize("content", [{"text": "a\x00b"}, {"n": float("nan")}, {"text": "x" * 1024 * 1024}])
def test_what_cannot_be_stored_is_refused_with_a_sentence(
    draft: DefinitionVersion, author: Actor, content: dict[str, object]
) -> None:
    with pytest.raises(Unstorable, match=r"cannot be stored|too large"):
        change_draft(version=draft, content=content, lock=0, by=author, at=NOON)


def test_everybody_who_wrote_in_a_draft_is_a_writer_and_none_of_them_approves(
    draft: DefinitionVersion, author: Actor
) -> None:
    other = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=draft.site))
    changed = change_draft(version=draft, content={"title": "Ours"}, lock=0, by=other, at=NOON)
    assert changed.writers == [author.user_id, other.user_id]
    with pytest.raises(IntegrityError, match="version_writer_never_approves"), transaction.atomic():
        DefinitionVersion.objects.filter(pk=draft.pk).update(
            status=VersionStatus.PUBLISHED, published_at=NOON, approved_by_id=other.user_id
        )


def test_a_draft_that_was_thrown_away_stays_and_never_changes(
    draft: DefinitionVersion, author: Actor
) -> None:
    discard_draft(version=draft, lock=0, by=author, at=NOON)
    assert AuditEvent.objects.filter(event=Event.VERSION_DISCARDED).exists()
    with pytest.raises(NotADraft):
        change_draft(version=draft, content={"title": "Back"}, lock=0, by=author, at=NOON)
    row = DefinitionVersion.objects.filter(pk=draft.pk)
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        row.update(lock=F("lock") + 1)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        row.delete()
    again = draft_version(
        site=draft.site, kind=Kind.MESSAGES, content=shipped(Kind.MESSAGES), by=author, at=NOON
    )
    assert again.number == 2


def test_throwing_away_what_changed_meanwhile_is_refused(draft: DefinitionVersion, author: Actor) -> None:
    change_draft(version=draft, content={"title": "First"}, lock=0, by=author, at=NOON)
    with pytest.raises(MovedOn):
        discard_draft(version=draft, lock=0, by=author, at=NOON)
    assert DefinitionVersion.objects.get(pk=draft.pk).status == VersionStatus.DRAFT

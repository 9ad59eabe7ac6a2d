"""Change a draft or throw it away. Whoever changes anything in it names the save that they saw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.questionnaires.models import DefinitionVersion, VersionStatus
from screening.questionnaires.services.versions import named
from screening.rules.canonical import canonical_json, sha256_of

LARGEST = 1024 * 1024  # bytes of one definition as canonical JSON
LONGEST_TITLE = 200


class MovedOn(Exception):
    """Somebody saved the draft since. `version` is the row as it is now; nothing was written."""

    def __init__(self, version: DefinitionVersion) -> None:
        super().__init__(_("Somebody else saved this draft meanwhile."))
        self.version = version


class NotADraft(Exception):
    """What was published, retired or thrown away cannot change. `str()` is the sentence to show."""


class Unstorable(ValueError):
    """Content that no version can hold. `str()` says why."""


def change_draft(
    *, version: DefinitionVersion, content: dict[str, Any], lock: int, by: Actor, at: datetime
) -> DefinitionVersion:
    """Store content that was made from save number `lock`. The row as it is now, with the next number.

    It may be unfinished: what is wrong with it is said by `checking`, and publishing refuses it. Its code
    stays that of the version. Content that says the same as now is not a change and writes nothing.
    Raises MovedOn, NotADraft or Unstorable, and then writes nothing.
    """
    content = {**content, "code": version.code}
    sha256 = _fingerprint(content)
    with transaction.atomic():
        version = _locked(version, lock)
        if sha256 == version.sha256:
            return version
        before = version.sha256
        version.content, version.sha256 = content, sha256
        version.title = _title(content) or version.title
        version.lock += 1
        if by.user_id is not None and by.user_id not in version.writers:
            version.writers = [*version.writers, by.user_id]
        version.save(update_fields=["content", "sha256", "title", "lock", "writers"])
        detail = named(version) | {"lock": version.lock, "before": before}
        record(Event.VERSION_CHANGED, by=by, at=at, site=version.site, detail=detail)
    return version


def discard_draft(*, version: DefinitionVersion, lock: int, by: Actor, at: datetime) -> DefinitionVersion:
    """Throw a draft away. The row stays, so that its number is never given again."""
    with transaction.atomic():
        version = _locked(version, lock)
        version.status = VersionStatus.DISCARDED
        version.save(update_fields=["status"])
        record(Event.VERSION_DISCARDED, by=by, at=at, site=version.site, detail=named(version))
    return version


def _locked(version: DefinitionVersion, lock: int) -> DefinitionVersion:
    now = DefinitionVersion.objects.select_for_update(of=["self"]).select_related("site").get(pk=version.pk)
    if now.status != VersionStatus.DRAFT:
        raise NotADraft(_("Only a draft can be changed. Start a new draft from this version."))
    if now.lock != lock:
        raise MovedOn(now)
    return now


def _title(content: dict[str, Any]) -> str:
    title = content.get("title")
    return title.strip()[:LONGEST_TITLE] if isinstance(title, str) else ""


def _fingerprint(content: dict[str, Any]) -> str:
    try:
        stored = canonical_json(content)
    except (ValueError, TypeError, RecursionError) as error:
        raise Unstorable(_("This holds a sign or a number that cannot be stored.")) from error
    if len(stored) > LARGEST:
        raise Unstorable(_("This is too large: a definition can be 1 MB at most."))
    if b"\\u0000" in stored:
        raise Unstorable(_("This holds a sign or a number that cannot be stored."))
    return sha256_of(content)

"""Definitions out to files, and from files into drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.manage.files.archive import Named
from screening.manage.files.arriving import NEW, Plan, plan
from screening.manage.files.pieces import Definition, Words, definition_of, name_of, to_bytes, words_of
from screening.questionnaires.models import DefinitionVersion, TranslatedText, Translation, VersionStatus
from screening.questionnaires.selectors import newest_texts
from screening.questionnaires.services import draft_version

KEPT = (VersionStatus.DRAFT, VersionStatus.PUBLISHED, VersionStatus.RETIRED)
Progress = Callable[[int, int], None]


class Changed(Exception):
    """The clinic's versions, or the files, are not as they were shown. `plan` is as it is now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the plan of an import changed")
        self.plan = plan


def export_definitions(
    *, site: Site, by: Actor, at: datetime, progress: Progress = lambda done, total: None
) -> list[Named]:
    """Every version of a site with its words, as files by their names, whatever its state."""
    versions = DefinitionVersion.objects.filter(site=site, status__in=KEPT)
    files: list[Named] = []
    with transaction.atomic():
        keys = list(versions.order_by("kind", "code", "number").values_list("pk", flat=True))
        for done, key in enumerate(keys, 1):
            files += _files_of(DefinitionVersion.objects.get(pk=key))
            progress(done, len(keys))
        record(Event.VERSION_EXPORTED, by=by, at=at, site=site, detail={"versions": len(keys)})
    return sorted(files)


def export_version(*, version: DefinitionVersion, by: Actor, at: datetime) -> Named:
    """One version as a file; its words have a table of their own."""
    detail: dict[str, Any] = {"kind": version.kind, "code": version.code, "number": version.number}
    with transaction.atomic():
        record(Event.VERSION_EXPORTED, by=by, at=at, site=version.site, detail=detail)
        return next(_files_of(version))


def import_definitions(
    *,
    site: Site,
    files: list[Named],
    seen: str,
    by: Actor,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> Plan:
    """Bring in what `seen`, the fingerprint of a plan, said: all of it, as drafts. Else raises Changed."""
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        coming = plan(site=site, files=files)
        if coming.fingerprint != seen or coming.refused:
            raise Changed(coming)
        drafts: dict[tuple[str, str, int], DefinitionVersion] = {}
        for done, each in enumerate(coming.arrivals, 1):
            if each.verdict == NEW and isinstance(each.piece, Definition):
                drafts[each.piece.key] = draft_version(
                    site=site,
                    kind=each.piece.kind,
                    content=each.piece.definition,
                    number=each.number,
                    by=by,
                    at=at,
                )
            elif each.verdict == NEW and isinstance(each.piece, Words):
                _add_words(drafts[each.piece.key], each.piece, by=by, at=at)
            progress(done, len(coming.arrivals))
        record(Event.VERSION_IMPORTED, by=by, at=at, site=site, detail={"files": coming.brings})
    return coming


def _files_of(version: DefinitionVersion) -> Iterator[Named]:
    definition = definition_of(version.kind, version.number, version.content)
    yield name_of(definition), to_bytes(definition)
    key = (version.kind, version.code, version.number)
    for translation in version.translations.order_by("language"):
        words = words_of(key, translation.language, newest_texts(translation))
        yield name_of(words), to_bytes(words)


def _add_words(version: DefinitionVersion, words: Words, *, by: Actor, at: datetime) -> None:
    """Exactly these, unapproved and not offered: whoever approves them reads them here."""
    translation = Translation.objects.create(version=version, language=words.language, created_at=at)
    TranslatedText.objects.bulk_create(
        TranslatedText(
            translation=translation,
            place=word["place"],
            source_sha256=word["source"],
            text=word["text"],
            written_by_id=by.user_id,
            written_at=at,
        )
        for word in words.texts
    )
    detail: dict[str, Any] = {"code": version.code, "number": version.number}
    detail |= {"language": words.language, "texts": len(words.texts)}
    record(Event.TRANSLATION_WRITTEN, by=by, at=at, site=version.site, detail=detail)

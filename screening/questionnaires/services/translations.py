"""Write, approve and offer the words of a version in another language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.questionnaires.models import DefinitionVersion, TranslatedText, Translation
from screening.questionnaires.selectors import newest_texts, texts_of, translation_before
from screening.rules.canonical import sha256_of


@dataclass(frozen=True)
class Written:
    """A text in another language, as it came: the place, the text it was made from, and its words."""

    place: str
    source: str
    text: str


def add_translations(
    *, version: DefinitionVersion, language: str, texts: Iterable[Written], by: Actor, at: datetime
) -> Translation:
    """Add words to a version's translation, beginning with those of the version before it.

    What says the same as now is not written again, so a whole file may be sent many times.
    """
    with transaction.atomic():
        DefinitionVersion.objects.select_for_update().only("pk").get(pk=version.pk)
        translation, begun = Translation.objects.get_or_create(
            version=version, language=language, defaults={"created_at": at}
        )
        if begun:
            _carry_over(version, translation)
        now = newest_texts(translation)
        rows = [
            TranslatedText(
                translation=translation,
                place=written.place,
                source_sha256=sha256_of(written.source),
                text=written.text,
                written_by_id=by.user_id,
                written_at=at,
            )
            for written in texts
            if _is_new(written, now.get(written.place))
        ]
        TranslatedText.objects.bulk_create(rows)
        _count_change(translation)
        detail = _named(translation) | {"texts": len(rows)}
        record(Event.TRANSLATION_WRITTEN, by=by, at=at, site=version.site, detail=detail)
    return translation


def approve_translations(*, translation: Translation, texts: Collection[int], by: Actor, at: datetime) -> int:
    """Approve these rows, whose words nobody can change: what was read is approved. How many it was."""
    with transaction.atomic():
        approved = TranslatedText.objects.filter(
            translation=translation, pk__in=texts, approved_at__isnull=True
        ).update(approved_by_id=by.user_id, approved_at=at)
        _count_change(translation)
        detail = _named(translation) | {"texts": approved}
        record(Event.TRANSLATION_APPROVED, by=by, at=at, site=translation.version.site, detail=detail)
    return approved


def offer_translation(*, translation: Translation, offered: bool, by: Actor, at: datetime) -> None:
    """Let patients choose this language when they begin, or no longer. Forms begun in it stay in it."""
    with transaction.atomic():
        Translation.objects.filter(pk=translation.pk).update(offered=offered)
        event = Event.TRANSLATION_OFFERED if offered else Event.TRANSLATION_ENDED
        record(event, by=by, at=at, site=translation.version.site, detail=_named(translation))


def keep_languages(*, replaced: DefinitionVersion, version: DefinitionVersion, at: datetime) -> list[str]:
    """Give a version that is being published the languages of the one it replaces, and say which.

    Words that nobody touched in the draft come along; what patients could choose they still can. A text
    that changed is read in the source until somebody translates it again.
    """
    kept = []
    for before in replaced.translations.all():
        translation, begun = Translation.objects.get_or_create(
            version=version, language=before.language, defaults={"created_at": at}
        )
        if begun:
            _carry_over(version, translation)
        if before.offered:
            Translation.objects.filter(pk=translation.pk).update(offered=True)
        kept.append(before.language)
    return kept


def _is_new(written: Written, now: TranslatedText | None) -> bool:
    if not written.text.strip():
        return False
    return now is None or (now.text, now.source_sha256) != (written.text, sha256_of(written.source))


def _carry_over(version: DefinitionVersion, translation: Translation) -> None:
    """Begin with the words of the version before: those whose source changed since are stale, and say so."""
    before = translation_before(version, translation.language)
    if before is None:
        return
    names = {place.name for place in texts_of(version)}
    rows = [row for name, row in newest_texts(before).items() if name in names]
    for row in rows:
        row.pk, row.translation = None, translation
    TranslatedText.objects.bulk_create(rows)


def _count_change(translation: Translation) -> None:
    Translation.objects.filter(pk=translation.pk).update(lock=F("lock") + 1)
    translation.refresh_from_db(fields=["lock"])


def _named(translation: Translation) -> dict[str, Any]:
    version = translation.version
    return {"code": version.code, "number": version.number, "language": translation.language}

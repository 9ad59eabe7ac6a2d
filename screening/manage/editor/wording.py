"""How the words in other languages stand beside a draft: out of date, missing or not approved."""

from __future__ import annotations

from dataclasses import dataclass

from screening.intake.language import name_for_staff
from screening.manage import languages
from screening.questionnaires.models import DefinitionVersion, Translation


@dataclass(frozen=True)
class LanguageCount:
    """One language that has words for this questionnaire."""

    code: str
    name: str
    stale: int
    missing: int
    waiting: int


def languages_of(version: DefinitionVersion, unit: str = "") -> list[LanguageCount]:
    """Of the whole draft, or of what is read with one question (`item.ID`). Nothing while it is unreadable.

    A draft begins with the words of the version before it, so those are counted until it has its own.
    """
    newest: dict[str, Translation] = {}
    earlier = Translation.objects.filter(
        version__site=version.site_id,
        version__kind=version.kind,
        version__code=version.code,
        version__number__lte=version.number,
    )
    for translation in earlier.order_by("version__number"):
        newest[translation.language] = translation
    if not newest or not languages.can_be_read(version):
        return []
    return [_count(version, translation, unit) for _code, translation in sorted(newest.items())]


def _count(version: DefinitionVersion, translation: Translation, unit: str) -> LanguageCount:
    rows = [
        row
        for found in languages.units_of(version, translation)
        if not unit or found.name == unit or found.name.startswith(f"{unit}.")
        for row in found.rows
    ]
    stale = sum(row.state == languages.STALE for row in rows)
    missing = sum(row.state == languages.MISSING for row in rows)
    waiting = sum(row.state == languages.WAITING for row in rows)
    return LanguageCount(translation.language, name_for_staff(translation.language), stale, missing, waiting)

"""Where a draft of any kind is looked at and mended."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from screening.manage.editor import parts
from screening.questionnaires.models import DefinitionVersion, Kind


def pages_of(draft: DefinitionVersion) -> Iterator[str]:
    """Where a draft is looked at and mended: its lists, and a few of its parts."""

    def at(name: str, *more: object) -> str:
        return reverse(name, args=[draft.kind, draft.code, draft.number, *more])

    match draft.kind:
        case Kind.QUESTIONNAIRE:
            yield at("editor")
            for kind in parts.KINDS[1:]:
                keys = [key for key, _part in parts.parts(draft.content, kind) if key and "/" not in key]
                yield from (at("editor-part", kind, key) for key in {*keys[:2], *keys[-2:]})
        case Kind.RULESET:
            yield from (at("rules"), at("rule-definitions"), at("rule-cases"))
        case Kind.SCHEDULE:
            yield from (at("schedule-steps"), at("schedule-window"))
        case Kind.MESSAGES | Kind.LETTERS:
            yield at("version-texts")

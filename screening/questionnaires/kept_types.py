"""The kind of answer each question had when people answered it: changed, their answers would not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus

ASKED = (VersionStatus.PUBLISHED, VersionStatus.RETIRED)


def types_before(version: DefinitionVersion) -> dict[str, str]:
    """By id (`group.id` inside a group), over all versions of the same code that were published."""
    earlier = DefinitionVersion.objects.filter(
        site=version.site_id, kind=Kind.QUESTIONNAIRE, code=version.code, status__in=ASKED
    ).exclude(pk=version.pk)
    found: dict[str, str] = {}
    for pk in earlier.order_by("number").values_list("pk", flat=True):
        found |= dict(_types(pk))
    return found


def retyped(content: Any, before: Mapping[str, str]) -> list[tuple[str, str]]:
    """The ids that were published as another kind of answer, with that kind."""
    return [(key, before[key]) for key, now in _typed(content) if key in before and before[key] != now]


def retyped_sentence(key: str, was: str) -> str:
    said = _("%(key)s was published as another kind of answer (%(was)s): answers would not fit.")
    return said % {"key": key, "was": was}


def answer_type(item: Mapping[str, Any]) -> str:
    """What an answer is to the rules: the type of the item, and whether there are several."""
    return f"{item.get('type')} list" if item.get("repeats") else str(item.get("type"))


@lru_cache(maxsize=256)
def _types(pk: int) -> tuple[tuple[str, str], ...]:
    """Read once: what was published never changes."""
    return tuple(_typed(DefinitionVersion.objects.values_list("content", flat=True).get(pk=pk)))


def _typed(content: Any) -> Iterator[tuple[str, str]]:
    for page in _dicts(content, "pages"):
        for item in _dicts(page, "items"):
            for key, one in [("", item), *((f"{item.get('id')}.", inner) for inner in _dicts(item, "items"))]:
                if one.get("type") != "display":
                    yield f"{key}{one.get('id')}", answer_type(one)


def _dicts(holder: Any, name: str) -> list[dict[str, Any]]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

"""What an id and the code of an answer meant when people answered: another meaning would change that.

A person weighs it: what was published with a mistake has to be put right as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from screening.questionnaires.kept_types import ASKED
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import questionnaire_of
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.remarks import Remark, warning

_Parts = dict[str, Item]


def other_meanings(version: DefinitionVersion) -> tuple[Remark, ...]:
    """Answers that say now what another code of theirs says in what is published, and ids that come back.

    Raises what reading the draft raises.
    """
    found: list[Remark] = []
    now, published = _parts(questionnaire_of(version)), _Parts()
    before = list(
        DefinitionVersion.objects.filter(
            site=version.site_id, kind=Kind.QUESTIONNAIRE, code=version.code, status__in=ASKED
        )
        .exclude(pk=version.pk)
        .order_by("-number")
        .values_list("pk", "number", "status")
    )
    for pk, _number, status in before:
        if status == VersionStatus.PUBLISHED:
            published = _parts_of(pk)
            shared = [key for key in now if key in published]
            found += [remark for key in shared for remark in _moved(key, now[key], published[key])]
    back = set(now) - set(published) if published else set[str]()
    for pk, number, _status in before:
        for key in sorted(back & _parts_of(pk).keys()):
            back.discard(key)
            was = _parts_of(pk)[key].text
            if _plain(was) != _plain(now[key].text):
                found.append(_came_back(key, was, number))
    return tuple(sorted(found))


def _moved(key: str, now: Item, before: Item) -> Iterator[Remark]:
    said = {_plain(option.text): option.code for option in before.options}
    for option in now.options:
        was, other = before.option(option.code), said.get(_plain(option.text), option.code)
        if was is not None and other != option.code and _plain(was.text) != _plain(option.text):
            sentence = _(
                "The answer %(code)s says now what %(other)s says in the published version. What people "
                "answered keeps its code, and would mean something else."
            )
            yield warning("other-meaning", f"item {key}", sentence % {"code": option.code, "other": other})


def _came_back(key: str, was: str, number: int) -> Remark:
    sentence = _(
        "Version %(number)s asked something else by this id: “%(was)s”. What people answered then would "
        "count as answers to this."
    )
    return warning("other-meaning", f"item {key}", sentence % {"number": number, "was": was})


def _parts(questionnaire: Questionnaire) -> _Parts:
    return {key: part for item in questionnaire.items() for key, part in item.parts() if part.holds_an_answer}


@lru_cache(maxsize=64)
def _parts_of(pk: int) -> _Parts:
    """Read once: what was published never changes."""
    return _parts(questionnaire_of(DefinitionVersion.objects.get(pk=pk)))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

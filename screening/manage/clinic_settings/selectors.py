"""The settings of a clinic as they are, and the crisis numbers that its advice shows."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import SettingsVersion, Site
from screening.questionnaires.mistakes import MISTAKES
from screening.questionnaires.selectors import intake_versions, questionnaire_of
from screening.rules.definition import Helpline


def published_numbers(*, site: Site) -> Mapping[str, Helpline]:
    """The helplines that the published questionnaire names; none while there is none."""
    try:
        return questionnaire_of(intake_versions(site=site)[0]).helplines
    except MISTAKES:
        return {}


def numbers_of(*, site: Site, published: Mapping[str, Helpline]) -> dict[str, Helpline]:
    """As patients read them: the clinic's own number where it has set one."""
    return {
        key: line.model_validate(line.model_dump() | site.helplines.get(key, {}))
        for key, line in published.items()
    }


def last_number(*, site: Site) -> int:
    last = SettingsVersion.objects.filter(site=site).order_by("-number").values_list("number", flat=True)
    return last.first() or 0


def history(*, site: Site, most: int = 50) -> list[SettingsVersion]:
    rows = SettingsVersion.objects.filter(site=site).select_related("changed_by").order_by("-number")
    return list(rows[:most])

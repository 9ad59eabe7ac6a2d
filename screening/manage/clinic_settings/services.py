"""Change the settings of a clinic. Each change is a row that says what was and what is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import SettingsVersion, Site
from audit.events import Event
from audit.services import record


class Stale(Exception):
    """Somebody changed the settings since they were shown. Nothing was written."""


def change_settings(
    *,
    site: Site,
    values: Mapping[str, Any],
    numbers: Mapping[str, Mapping[str, str]],
    shown: Collection[str],
    seen: int,
    by: Actor,
    at: datetime,
) -> SettingsVersion | None:
    """Set `values` by the names of the site's fields, and the crisis numbers that differ from the form's.

    `shown` names the crisis numbers that could be changed: the clinic's others stay, since people may still
    be on an earlier version of the form that names them. `seen` is the number of the settings that were
    shown; raises Stale when there is a newer one. Returns the new version, or None where nothing changes.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=site.pk)
        last = SettingsVersion.objects.filter(site=site).order_by("-number").first()
        number = last.number if last else 0
        if number != seen:
            raise Stale
        changes = [
            {"name": name, "was": was, "now": now}
            for name, value in values.items()
            if (was := plain(getattr(site, name))) != (now := plain(value))
        ]
        others = {key: number for key, number in site.helplines.items() if key not in shown}
        helplines = {**others, **{key: dict(number) for key, number in numbers.items()}}
        changes += _changed_numbers(site.helplines, helplines)
        if not changes:
            return None
        for name, value in values.items():
            setattr(site, name, value)
        site.helplines = helplines
        site.save(update_fields=[*values, "helplines"])
        version = SettingsVersion.objects.create(
            site=site, number=number + 1, changes=changes, changed_by_id=by.user_id, changed_at=at
        )
        detail: dict[str, Any] = {
            "number": version.number,
            "changed": [str(change["name"]) for change in changes],
        }
        record(Event.SETTINGS_CHANGED, by=by, at=at, site=site, detail=detail)
    return version


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.time | dt.date) else value


def _changed_numbers(
    was: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    return [
        {"name": f"helplines.{key}", "was": _line(was.get(key)), "now": _line(now.get(key))}
        for key in sorted({*was, *now})
        if was.get(key) != now.get(key)
    ]


def _line(number: Mapping[str, str] | None) -> str:
    """Empty: as the questionnaire has it."""
    return ", ".join(number[part] for part in ("number", "owner", "checked_on")) if number else ""

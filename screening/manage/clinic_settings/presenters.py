"""Settings and what became of them, in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Nation, SettingsVersion
from screening.followup.anchors import months_after
from screening.manage.clinic_settings.forms import DAYS, NumberForm, SettingsForm
from screening.rules.definition import Helpline

SECTIONS: tuple[tuple[Callable[[], str], tuple[str, ...]], ...] = (
    (lambda: _("Names and addresses"), ("name", "neutral_sender", "phone", "duty_email", "address")),
    (
        lambda: _("When the clinic is open"),
        ("nation", "opening_days", "opens_at", "closes_at", "opening_hours"),
    ),
    (
        lambda: _("Response times"),
        ("tier_1_hours", "tier_2_days", "tier_3_days", "flagged_days", "not_currently_days"),
    ),
    (lambda: _("Links and signing"), ("link_days", "sign_with_code")),
)
# Months after which somebody rings or looks up each number again: the brief, HZ3, and seed/helplines.yml.
CHECKED_EVERY = 3


@dataclasses.dataclass(frozen=True)
class SettingsSection:
    title: str
    fields: list[Any]

    @classmethod
    def of(cls, form: SettingsForm) -> list[SettingsSection]:
        return [cls(title(), [form[name] for name in names]) for title, names in SECTIONS]


@dataclasses.dataclass(frozen=True)
class NumberRow:
    """A crisis number; `old` when it is due to be checked again."""

    key: str
    name: str
    form: NumberForm
    old: bool
    own: bool

    @classmethod
    def of(cls, key: str, line: Helpline, form: NumberForm, *, today: date, own: bool) -> NumberRow:
        return cls(key, line.name, form, is_old(line.checked_on, today), own)


@dataclasses.dataclass(frozen=True)
class ChangeRow:
    number: int
    at: datetime
    who: str
    changes: list[tuple[str, str, str]]

    @classmethod
    def of(cls, version: SettingsVersion) -> ChangeRow:
        changes = [(_name(c["name"]), words(c["was"]), words(c["now"])) for c in version.changes]
        who = version.changed_by.name if version.changed_by else _("The system")
        return cls(version.number, version.changed_at, who, changes)


def is_old(checked_on: date, today: date) -> bool:
    """Whether a quarter has passed since somebody checked."""
    return months_after(checked_on, CHECKED_EVERY) < today


def words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(name) for number, name in DAYS if number in value)
    if value == "":
        return _("Nothing")
    return str(dict(Nation.choices).get(value, value))


def _name(name: str) -> str:
    if name.startswith("helplines."):
        return _("Crisis number %s") % name.removeprefix("helplines.").replace("_", " ")
    said = str(SettingsForm.base_fields[name].label)
    return said[:1].upper() + said[1:]

"""Drafts of rules and questions that change something, and their effect on past cases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from accounts.actors import Actor
from accounts.models import Membership, Role, Site
from screening.manage.publication.models import ImpactRun
from screening.manage.publication.services import begin_run, work
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import draft_version
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member

Content = dict[str, Any]


def drafted(
    site: Site, kind: Kind, change: Callable[[Content], object] | None = None, *, by: Membership | None = None
) -> DefinitionVersion:
    """A draft of what ships, changed by whoever asks."""
    content = copy.deepcopy(shipped(kind))
    if change is not None:
        change(content)
    author = by or make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    return draft_version(site=site, kind=kind, content=content, by=Actor.staff(author), at=NOON)


def without_rule(code: str) -> Callable[[Content], None]:
    """Rules without one of them, and without the worked cases that expect it."""

    def change(content: Content) -> None:
        content["rules"] = [rule for rule in content["rules"] if rule["code"] != code]
        content["cases"] = [case for case in content["cases"] if code not in str(case["expect"])]

    return change


def with_caution(content: Content) -> None:
    """One more rule, that says something of everybody, as the worked cases expect."""
    rule = {"code": "CAU_EVERYBODY", "effect": "caution", "when": "true"}
    content["rules"].append({**rule, "clinician": "Said of everybody.", "source": "tests"})
    for case in content["cases"]:
        case["expect"]["cautions"] = [*case["expect"].get("cautions", ()), "CAU_EVERYBODY"]


def milder(code: str, tiers: dict[str, int]) -> Callable[[Content], None]:
    """The same rule with other tiers."""

    def change(content: Content) -> None:
        rule = next(rule for rule in content["rules"] if rule["code"] == code)
        rule["when"]["answers"] = tiers

    return change


def weighed(version: DefinitionVersion, *, by: Membership | None = None) -> ImpactRun:
    """The effect of a draft on all past cases, worked out to the end."""
    author = by or make_member(Role.QUESTIONNAIRE_MANAGER, site=version.site)
    run = begin_run(version=version, by=Actor.staff(author), at=NOON)
    work(now=lambda: NOON, processes=1)
    run.refresh_from_db()
    return run

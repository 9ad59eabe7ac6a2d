"""Read the versions of a site, parsed and compiled once per process."""

from __future__ import annotations

from functools import lru_cache

from accounts.models import Site
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import Messages, Questionnaire, RuleSet, Schedule
from screening.rules.journey import Journey


class NothingPublished(LookupError):
    """The site has not published what is asked for. `str()` says what an administrator must do."""


def published(*, site: Site, kind: str, code: str | None = None) -> DefinitionVersion:
    """The published version of a kind; `code` is needed where a site has several."""
    found = DefinitionVersion.objects.filter(site=site, kind=kind, status=VersionStatus.PUBLISHED)
    if code is not None:
        found = found.filter(code=code)
    version = found.order_by("code").first()
    if version is None:
        raise NothingPublished(f"{site} has no published {kind} {code or ''}. Publish one first.")
    return version


def intake_versions(*, site: Site) -> tuple[DefinitionVersion, DefinitionVersion]:
    """The published rule set and the questionnaire it judges: (questionnaire, rule set)."""
    ruleset = published(site=site, kind=Kind.RULESET)
    questionnaire = published(site=site, kind=Kind.QUESTIONNAIRE, code=ruleset.content["questionnaire"])
    return questionnaire, ruleset


def questionnaire_of(version: DefinitionVersion) -> Questionnaire:
    return _questionnaire(version.pk, version.sha256)


def journey_of(version: DefinitionVersion) -> Journey:
    return _journey(version.pk, version.sha256)


def ruleset_of(version: DefinitionVersion) -> RuleSet:
    return _ruleset(version.pk, version.sha256)


def compiled(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> CompiledRuleSet:
    return _compiled(questionnaire.pk, questionnaire.sha256, ruleset.pk, ruleset.sha256)


def schedule_of(version: DefinitionVersion) -> Schedule:
    return _schedule(version.pk, version.sha256)


def messages_of(version: DefinitionVersion) -> Messages:
    return _messages(version.pk, version.sha256)


# Keyed by the hash too: a draft may change under the same number, a published row cannot.
def _content(pk: int) -> object:
    return DefinitionVersion.objects.values_list("content", flat=True).get(pk=pk)


@lru_cache(maxsize=64)
def _questionnaire(pk: int, sha256: str) -> Questionnaire:
    return Questionnaire.model_validate(_content(pk))


@lru_cache(maxsize=64)
def _journey(pk: int, sha256: str) -> Journey:
    return Journey(_questionnaire(pk, sha256))


@lru_cache(maxsize=64)
def _ruleset(pk: int, sha256: str) -> RuleSet:
    return RuleSet.model_validate(_content(pk))


@lru_cache(maxsize=32)
def _compiled(questionnaire_pk: int, q_sha256: str, ruleset_pk: int, r_sha256: str) -> CompiledRuleSet:
    return compile_ruleset(_questionnaire(questionnaire_pk, q_sha256), _ruleset(ruleset_pk, r_sha256))


@lru_cache(maxsize=32)
def _schedule(pk: int, sha256: str) -> Schedule:
    return Schedule.model_validate(_content(pk))


@lru_cache(maxsize=32)
def _messages(pk: int, sha256: str) -> Messages:
    return Messages.model_validate(_content(pk))

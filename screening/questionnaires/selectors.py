"""Read the versions of a site, parsed and compiled once per process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from accounts.models import Site
from screening.questionnaires.models import (
    DefinitionVersion,
    Kind,
    TranslatedText,
    Translation,
    VersionStatus,
)
from screening.rules.compiled import CompiledRuleSet, compile_ruleset
from screening.rules.definition import Letters, Messages, Questionnaire, RuleSet, Schedule
from screening.rules.journey import Journey
from screening.rules.library import DefinitionError
from screening.rules.lint import lint_ruleset
from screening.rules.translation import Definition, Place, Read, Words, places_of, translated


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


def ruleset_judging(questionnaire: DefinitionVersion) -> DefinitionVersion:
    """The newest rule set that can read answers to this version of the questionnaire.

    A draft stays on the questions it began with. Rules published since may ask for questions it does not
    have, or for answers that it could not give; then the rules before them judge it, which were published
    for it.
    """
    newest = published(site=questionnaire.site, kind=Kind.RULESET)
    earlier = DefinitionVersion.objects.filter(
        site=questionnaire.site,
        kind=Kind.RULESET,
        code=newest.code,
        status=VersionStatus.RETIRED,
        number__lt=newest.number,
    )
    is_new = questionnaire.status == VersionStatus.PUBLISHED  # looked at when the newest of the two was
    readable = []
    for ruleset in (newest, *earlier.order_by("-number")):
        try:
            compiled(questionnaire, ruleset)
        except DefinitionError:
            continue
        if is_new or _is_answerable(Content.of(questionnaire), Content.of(ruleset)):
            return ruleset
        readable.append(ruleset)
    if readable:
        return readable[0]
    raise NothingPublished(f"No rules of {questionnaire.site} can read {questionnaire}.")


@dataclass(frozen=True)
class Content:
    """A definition by its hash: sites with the same one share what is made of it.

    `pk` says where to read. A draft may be saved between two looks, so it brings along what was read with it.
    """

    sha256: str
    pk: int = field(compare=False)
    draft: object = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, version: DefinitionVersion) -> Content:
        is_draft = version.status == VersionStatus.DRAFT
        return cls(version.sha256, version.pk, version.content if is_draft else None)

    def read(self) -> object:
        if self.draft is not None:
            return self.draft
        return DefinitionVersion.objects.values_list("content", flat=True).get(pk=self.pk)


def questionnaire_of(version: DefinitionVersion) -> Questionnaire:
    return _questionnaire(Content.of(version))


def journey_of(version: DefinitionVersion) -> Journey:
    return _journey(Content.of(version))


def ruleset_of(version: DefinitionVersion) -> RuleSet:
    return _ruleset(Content.of(version))


def compiled(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> CompiledRuleSet:
    return _compiled(Content.of(questionnaire), Content.of(ruleset))


def schedule_of(version: DefinitionVersion) -> Schedule:
    return _schedule(Content.of(version))


def messages_of(version: DefinitionVersion) -> Messages:
    return _messages(Content.of(version))


def letters_of(version: DefinitionVersion) -> Letters:
    return _letters(Content.of(version))


READ_BY_PATIENTS: Mapping[Kind, Callable[[DefinitionVersion], Read]] = {
    Kind.QUESTIONNAIRE: questionnaire_of,
    Kind.RULESET: ruleset_of,
    Kind.MESSAGES: messages_of,
}


def languages_offered(*, site: Site) -> list[str]:
    """The languages, besides its own, in which the site's published questions may be read."""
    offered = Translation.objects.filter(
        version__site=site,
        version__kind=Kind.QUESTIONNAIRE,
        version__status=VersionStatus.PUBLISHED,
        offered=True,
    )
    return list(offered.order_by("language").values_list("language", flat=True).distinct())


def journey_in(version: DefinitionVersion, language: str) -> Journey:
    """The journey of a version in the words of a language; an empty one is its own."""
    if not language:
        return journey_of(version)
    translation = Translation.objects.filter(version=version, language=language).first()
    if translation is None:
        return journey_of(version)
    return _translated(Content.of(version), translation.pk, translation.lock)


def messages_in(version: DefinitionVersion, language: str) -> Messages:
    """The messages of a version in the words of a language; what has no good words stays as written."""
    return _in_words(messages_of(version), version, language)


def ruleset_in(version: DefinitionVersion, language: str) -> RuleSet:
    """A rule set whose sentences for patients are in the words of a language. It judges the same."""
    return _in_words(ruleset_of(version), version, language)


def _in_words(definition: Definition, version: DefinitionVersion, language: str) -> Definition:
    """Every time anew: few read them, and a mail or a receipt has time for one more statement."""
    if not language:
        return definition
    translation = Translation.objects.filter(version=version, language=language).first()
    return translated(definition, words_of(newest_texts(translation)) if translation else {})


def texts_of(version: DefinitionVersion) -> list[Place]:
    """Every text of a version that a patient reads. Raises KeyError for a kind that says nothing to them."""
    return places_of(READ_BY_PATIENTS[Kind(version.kind)](version))


def translation_before(version: DefinitionVersion, language: str) -> Translation | None:
    """The words that this version begins with: those of the newest version before it that has any."""
    earlier = Translation.objects.filter(
        version__site=version.site_id,
        version__kind=version.kind,
        version__code=version.code,
        version__number__lt=version.number,
        language=language,
    )
    return earlier.order_by("-version__number").first()


def newest_texts(translation: Translation) -> dict[str, TranslatedText]:
    """The words that count now, by their place."""
    rows = TranslatedText.objects.filter(translation=translation)
    return {row.place: row for row in rows.order_by("place", "-pk").distinct("place")}


def words_of(texts: Mapping[str, TranslatedText]) -> dict[str, Words]:
    return {
        place: Words(row.text, row.source_sha256, approved=row.approved_at is not None)
        for place, row in texts.items()
    }


@lru_cache(maxsize=64)
def _translated(content: Content, translation: int, lock: int) -> Journey:
    """Kept until the words change: `lock` counts with every change."""
    words = words_of(newest_texts(Translation(pk=translation)))
    return _journey(content).in_words_of(translated(_questionnaire(content), words))


@lru_cache(maxsize=64)
def _questionnaire(content: Content) -> Questionnaire:
    return Questionnaire.model_validate(content.read())


@lru_cache(maxsize=64)
def _journey(content: Content) -> Journey:
    return Journey(_questionnaire(content))


@lru_cache(maxsize=64)
def _ruleset(content: Content) -> RuleSet:
    return RuleSet.model_validate(content.read())


@lru_cache(maxsize=32)
def _compiled(questionnaire: Content, ruleset: Content) -> CompiledRuleSet:
    return compile_ruleset(_questionnaire(questionnaire), _ruleset(ruleset))


@lru_cache(maxsize=32)
def _is_answerable(questionnaire: Content, ruleset: Content) -> bool:
    """Whether every answer that the rules compare with is one that could be given."""
    remarks = lint_ruleset(_questionnaire(questionnaire), _ruleset(ruleset), tried=False)
    return not any(remark.kind == "never-true" for remark in remarks)


@lru_cache(maxsize=32)
def _schedule(content: Content) -> Schedule:
    return Schedule.model_validate(content.read())


@lru_cache(maxsize=32)
def _messages(content: Content) -> Messages:
    return Messages.model_validate(content.read())


@lru_cache(maxsize=32)
def _letters(content: Content) -> Letters:
    return Letters.model_validate(content.read())

"""Draft, publish and retire versions of what we ask and judge by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.questionnaires.checking import faults, remarks_on, unasked, unfilled, unsaid
from screening.questionnaires.kept_types import retyped, retyped_sentence, types_before
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import (
    NothingPublished,
    compiled,
    journey_of,
    published,
    ruleset_of,
)
from screening.questionnaires.services.translations import keep_languages
from screening.rules.canonical import sha256_of
from screening.rules.remarks import Remark
from screening.rules.vignettes import run_cases


class NotReady(Exception):
    """The draft cannot be published. `str()` says what has to be mended first."""


def draft_version(
    *,
    site: Site,
    kind: str,
    content: dict[str, Any],
    by: Actor,
    at: datetime,
    number: int = 1,
    source: DefinitionVersion | None = None,
) -> DefinitionVersion:
    """A new draft with the next free number, or `number` where that is higher: it came with one.

    The content names its own code and title. Whoever wrote in a `source` that nobody approved has written
    in this draft too.
    """
    writers = {by.user_id}
    if source is not None and source.approved_by_id is None:
        writers |= {source.author_id, *source.writers}
    with transaction.atomic():
        code = content["code"]
        Site.objects.select_for_update().get(pk=site.pk)  # two drafts at once get two numbers
        same = DefinitionVersion.objects.filter(site=site, kind=kind, code=code)
        last = same.aggregate(last=Max("number"))["last"] or 0
        version = DefinitionVersion.objects.create(
            site=site,
            kind=kind,
            code=code,
            number=max(last + 1, number),
            title=content["title"],
            content=content,
            sha256=sha256_of(content),
            author_id=by.user_id,
            writers=sorted(key for key in writers if key),
            created_at=at,
        )
        record(Event.VERSION_DRAFTED, by=by, at=at, site=site, detail=named(version))
    return version


def publish_version(*, version: DefinitionVersion, by: Actor, at: datetime) -> DefinitionVersion:
    """Publish a draft and retire the version it replaces. Raises NotReady and then writes nothing.

    The author cannot: the database refuses.
    """
    with transaction.atomic():
        version = DefinitionVersion.objects.select_for_update().get(pk=version.pk)
        _check(version)
        before = DefinitionVersion.objects.filter(
            site=version.site, kind=version.kind, code=version.code, status=VersionStatus.PUBLISHED
        )
        replaced = before.first()
        before.update(status=VersionStatus.RETIRED, retired_at=at)
        version.status = VersionStatus.PUBLISHED
        version.approved_by_id = by.user_id
        version.published_at = at
        version.save(update_fields=["status", "approved_by", "published_at"])
        detail = named(version)
        if replaced and (kept := keep_languages(replaced=replaced, version=version, at=at)):
            detail |= {"languages": kept}
        record(Event.VERSION_PUBLISHED, by=by, at=at, site=version.site, detail=detail)
    return version


def _check(version: DefinitionVersion) -> None:
    """What must hold before anyone meets it: it is well formed, compiles, and its worked cases pass."""
    if version.status != VersionStatus.DRAFT:
        raise NotReady(_("Only a draft can be published."))
    if version.sha256 != sha256_of(version.content):
        raise NotReady(_("The text of this draft does not match its fingerprint. Write a new draft."))
    try:
        _check_content(version)
    except MISTAKES as error:
        raise NotReady(sentence(error)) from error


def _check_content(version: DefinitionVersion) -> None:
    match version.kind:
        case Kind.QUESTIONNAIRE:
            _refuse_faults(version)
            _refuse_retyped(version)
            journey_of(version)
            _refuse(unasked(version))
            ruleset = _published_or_none(version.site, Kind.RULESET)
            if ruleset is not None and ruleset_of(ruleset).questionnaire == version.code:
                _check_together(version, ruleset)  # or the next form that is sent could not be judged
        case Kind.RULESET:
            asked = ruleset_of(version).questionnaire
            _check_together(published(site=version.site, kind=Kind.QUESTIONNAIRE, code=asked), version)
        case Kind.SCHEDULE:
            _refuse((*unsaid(version), *unasked(version)))
        case Kind.MESSAGES:
            _refuse((*unsaid(version), *unfilled(version)))
        case Kind.LETTERS:
            _refuse(unfilled(version))


def _check_together(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> None:
    _refuse_faults(ruleset, questionnaire)
    rules = compiled(questionnaire, ruleset)
    cases = ruleset_of(ruleset).worked_cases()
    differing = [result.case.id for result in run_cases(rules, cases) if not result.passed] if cases else []
    if differing:
        raise NotReady(_("These worked cases no longer come out as expected: %s.") % ", ".join(differing))


def _refuse_faults(version: DefinitionVersion, asked: DefinitionVersion | None = None) -> None:
    """All faults at once, before anything is compiled that would stop at the first."""
    _refuse(remarks_on(version, asked))


def _refuse(remarks: tuple[Remark, ...]) -> None:
    if found := faults(remarks):
        raise NotReady(found)


def _refuse_retyped(version: DefinitionVersion) -> None:
    if found := retyped(version.content, types_before(version)):
        raise NotReady(retyped_sentence(*found[0]))


def _published_or_none(site: Site, kind: Kind) -> DefinitionVersion | None:
    try:
        return published(site=site, kind=kind)
    except NothingPublished:
        return None


def named(version: DefinitionVersion) -> dict[str, Any]:
    """A version as the trail names it."""
    return {
        "kind": version.kind,
        "code": version.code,
        "number": version.number,
        "sha256": version.sha256,
    }

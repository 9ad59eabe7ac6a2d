"""The certificate of a decision: what was judged then, judged again by the versions it names.

The result that was stored and the one made now are compared as canonical bytes. Every field that
differs is named, with both values; so is a stored result that is no longer the one that was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import Assessment
from screening.questionnaires.selectors import compiled
from screening.rules.assess import Assessment as Judgement
from screening.rules.assess import assess
from screening.rules.canonical import canonical_json, sha256_of

ABSENT = "(absent)"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a result: `exclusions.0.code`, as it was stored and as it comes out now."""

    field: str
    stored: str
    now: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An assessment, the judgement made again, and where the two differ."""

    assessment: Assessment
    judgement: Judgement
    differences: tuple[Difference, ...]

    @property
    def reproduced(self) -> bool:
        return not self.differences


def certificate_of(assessment: Assessment) -> Certificate:
    """Judge again, with nothing but what the assessment kept: its versions, answers, day and red flags."""
    standing = [(item, tier) for item, tier in assessment.judged["standing_red_flags"]]
    judgement = assess(
        compiled(assessment.questionnaire, assessment.ruleset),
        assessment.judged["answers"],
        as_of=assessment.as_of,
        standing_red_flags=standing,
        cleared=[(item, answer) for item, answer in assessment.judged.get("cleared", ())],
    )
    return Certificate(assessment, judgement, tuple(_compared(assessment, judgement.to_json())))


def _compared(assessment: Assessment, now: dict[str, Any]) -> Iterator[Difference]:
    if canonical_json(now) != canonical_json(assessment.result):
        yield from differences(assessment.result, now)
    if (signed := sha256_of(assessment.result)) != assessment.sha256:
        yield Difference("sha256", assessment.sha256, signed)
    if assessment.engine_version != assessment.result.get("engine_version"):
        stored = _text(assessment.result.get("engine_version", ABSENT))
        yield Difference("engine_version of the row", _text(assessment.engine_version), stored)


def differences(stored: Any, now: Any, *, field: str = "") -> Iterator[Difference]:
    """Every leaf that differs, in the order of the names."""
    if isinstance(stored, Mapping) and isinstance(now, Mapping):
        for name in sorted({*stored, *now}):
            inside = f"{field}.{name}" if field else name
            yield from differences(stored.get(name, ABSENT), now.get(name, ABSENT), field=inside)
    elif isinstance(stored, list) and isinstance(now, list):
        for place in range(max(len(stored), len(now))):
            then = stored[place] if place < len(stored) else ABSENT
            again = now[place] if place < len(now) else ABSENT
            yield from differences(then, again, field=f"{field}.{place}")
    elif canonical_json(stored) != canonical_json(now):
        yield Difference(field, _text(stored), _text(now))


def _text(value: Any) -> str:
    return value if value == ABSENT else canonical_json(value).decode()


def assessments() -> QuerySet[Assessment]:
    """Stored assessments in the order they were made, with what names their versions but not the texts."""
    return (
        Assessment.objects.select_related("case__site", "questionnaire", "ruleset")
        .defer("questionnaire__content", "ruleset__content")
        .order_by("pk")
    )


def check(*, reference: str, by: Actor, at: datetime) -> list[Certificate]:
    """Every assessment of one case."""
    return _recorded(list(assessments().filter(case__reference=reference)), by=by, at=at)


def check_batch(*, after: int, by: Actor, at: datetime, size: int = BATCH) -> list[Certificate]:
    """The next assessments behind a key, of any site. An empty list is the end."""
    return _recorded(list(assessments().filter(pk__gt=after)[:size]), by=by, at=at)


def _recorded(rows: list[Assessment], *, by: Actor, at: datetime) -> list[Certificate]:
    """One row in the trail for each site, naming the cases that were judged again."""
    certificates = [certificate_of(row) for row in rows]
    with transaction.atomic():
        ordered = sorted(certificates, key=lambda each: each.assessment.case.site_id)
        for _, group in groupby(ordered, key=lambda each: each.assessment.case.site_id):
            checked = list(group)
            references = sorted({each.assessment.case.reference for each in checked})
            case = checked[0].assessment.case
            alone = len(references) == 1
            record(
                Event.CERTIFICATE_CHECKED,
                by=by,
                at=at,
                site=case.site,
                case=case.reference if alone else None,
                patient=case.patient_id if alone else None,
                references=() if alone else references,
                detail={
                    "checked": len(checked),
                    "differing": sum(not each.reproduced for each in checked),
                },
            )
    return certificates

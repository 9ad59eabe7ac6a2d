"""Red flags: raise them, note that the advice was read, keep a number to ring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from audit.events import Event
from audit.services import record
from screening.cases.models import TO_RING, Case, Patient, RedFlag, Response
from screening.cases.services import cleared_red_flags, raise_red_flag
from screening.questionnaires.selectors import questionnaire_of, ruleset_judging, ruleset_of
from screening.rules.advice import Due
from screening.rules.base import key_text
from screening.rules.definition import Questionnaire, Row, RuleSet


def raise_red_flags(
    response: Response,
    due: Iterable[Due],
    *,
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> list[RedFlag]:
    """Raise each answer that has advice, at the tier of the rules; what they do not call urgent is to ring.

    `before` is the document without this save, `now` the one with it: an answer that a clinician has cleared
    and that was not changed since is not raised again.
    """
    ruleset = ruleset_judging(response.version)
    rules = ruleset_of(ruleset)
    questionnaire = questionnaire_of(response.version)
    dealt_with = set(cleared_red_flags(response.case))
    raised = []
    for hit in due:
        tier = tier_of(rules, questionnaire, hit) or TO_RING
        is_old = _was_said(questionnaire, hit, before=before, now=now)
        if not (is_old and (hit.item, hit.answer) in dealt_with):
            raised.append(
                raise_red_flag(
                    case=response.case,
                    item=hit.item,
                    answer=hit.answer,
                    tier=tier,
                    advice=hit.advice,
                    by=by,
                    at=at,
                )
            )
    return raised


def _was_said(
    questionnaire: Questionnaire, hit: Due, *, before: Mapping[str, Any], now: Mapping[str, Any]
) -> bool:
    """Whether the answer stands where it stood and nowhere else; in a list, in the very same entries."""
    for item in questionnaire.items():
        if item.id == hit.item and not _holds(before.get(item.id), hit.answer):
            return False
        if item.inner(hit.item) is not None:
            stood = _holding(before.get(item.id), hit)
            for entry in _holding(now.get(item.id), hit):
                if entry not in stood:
                    return False
                stood.remove(entry)
    return True


def _holding(entries: Any, hit: Due) -> list[Any]:
    listed = entries if isinstance(entries, list) else [entries]
    return [entry for entry in listed if isinstance(entry, dict) and _holds(entry.get(hit.item), hit.answer)]


def _holds(value: Any, answer: str) -> bool:
    return answer in [key_text(each) for each in (value if isinstance(value, list) else [value])]


def tier_of(rules: RuleSet, questionnaire: Questionnaire, hit: Due) -> int | None:
    """The tier that the rules give to this answer.

    An answer that no row names has none to look up, since an expression judges it or the rules are older than
    it; then the tier written at the advice counts, because to raise too much is safer than to raise nothing.
    """
    rows = [
        (rule, rule.when)
        for rule in rules.rules
        if rule.effect == "urgent" and isinstance(rule.when, Row) and rule.when.question == hit.item
    ]
    tiers = [
        tier
        for rule, row in rows
        if hit.answer in row.answers and (tier := row.tier_of(hit.answer) or rule.tier) is not None
    ]
    return min(tiers, default=questionnaire.advice[hit.advice].tier)


def show_advice(*, case: Case, keys: Sequence[str], by: Actor, at: datetime) -> None:
    """The person is about to see this advice: the proof that it was shown, whether or not they confirm it."""
    with transaction.atomic():
        record(
            Event.ADVICE_SHOWN,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"advice": list(dict.fromkeys(keys))},
        )


def read_advice(*, case: Case, flags: Collection[int], by: Actor, at: datetime) -> int:
    """The person ticked "I have read this". How many flags that was the first time for.

    `flags` are the ids of what their page showed: what was raised meanwhile is still to be read.
    """
    with transaction.atomic():
        read = mark_read(case, flags, at=at)
        record(
            Event.ADVICE_READ,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"flags": read},
        )
    return read


def mark_read(case: Case, flags: Collection[int], *, at: datetime) -> int:
    """Inside the caller's transaction. How many of these flags nobody had read before."""
    return RedFlag.objects.filter(case=case, pk__in=flags, read_at__isnull=True).update(read_at=at)


def leave_contact(*, case: Case, name: str, phone: str, by: Actor, at: datetime) -> Patient:
    """Keep a number so that the clinic can ring. A blank changes nothing."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=case.patient_id)
        if name:
            patient.given_name = name
        if phone:
            patient.phone = phone
        patient.save(update_fields=["given_name", "phone"])
        record(
            Event.CONTACT_LEFT,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=patient.pk,
            detail={"phone": bool(phone)},
        )
    return patient

"""Move a case, keep its history, judge it. The only writers of a case's state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Site
from audit.events import Event
from audit.services import record
from screening.cases import workflow
from screening.cases.clock import pause, resume, set_clock
from screening.cases.deciders import set_deciders
from screening.cases.models import (
    ORDINARY_RANK,
    TO_RING,
    Assessment,
    Case,
    Patient,
    RedFlag,
    Response,
    Transition,
)
from screening.cases.opening import LONDON
from screening.cases.references import new_reference
from screening.cases.responses import answers_of
from screening.cases.workflow import CLOSED, Move, State
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import compiled, ruleset_judging
from screening.rules.assess import Assessment as Judgement
from screening.rules.assess import assess
from screening.rules.canonical import sha256_of
from screening.rules.compiled import CompiledRuleSet
from screening.rules.raised import answer_behind

LEASE = timedelta(hours=8)  # a claim lapses by itself, so that nothing is stuck with someone absent


class Stale(Exception):
    """The case changed since the page was opened. Nothing was written."""

    def __init__(self, case: Case) -> None:
        super().__init__("the case changed since the page was opened")
        self.case = case


def local_date(at: datetime) -> Any:
    return at.astimezone(LONDON).date()


def open_case(*, site: Site, nation: str, by: Actor, at: datetime) -> Case:
    """A new person and their case in draft. Who they are is written when they say so."""
    with transaction.atomic():
        patient = Patient.objects.create(site=site, nation=nation, created_at=at)
        case = Case.objects.create(
            site=site,
            patient=patient,
            reference=new_reference(),
            waiting_since=at,
            started_at=at,
            is_fictional=site.is_fictional,
        )
        record(Event.CASE_STARTED, by=by, at=at, site=site, case=case.reference, patient=patient.pk)
    return case


def locked(case: Case, *, seen: int | None = None) -> Case:
    """The case, locked for this transaction. With `seen`, refuses when it changed since."""
    fresh = Case.objects.select_for_update(of=("self",)).select_related("patient", "site").get(pk=case.pk)
    if seen is not None and fresh.lock != seen:
        raise Stale(fresh)
    return fresh


def move(case: Case, move: Move, *, by: Actor, at: datetime, reason: str | None = None) -> Case:
    """One step of the table, with its history row. Call inside a transaction, on a locked case."""
    was = State(case.state)
    if move == Move.ASK:
        pause(case, at=at)
    case.state = workflow.after(was, move)
    case.lock += 1
    if was == State.AWAITING_INFO:
        resume(case, at=at)
    case.closed_at = None
    if case.state in CLOSED:
        case.closed_at = at
        case.claimed_by = case.claimed_at = case.lease_until = None
    set_clock(case)
    set_deciders(case)
    case.save()
    Transition.objects.create(
        case=case,
        move=move,
        from_state=was,
        to_state=case.state,
        at=at,
        by_kind=by.kind,
        by_label=by.label,
        by_user_id=by.user_id,
        reason=reason,
    )
    return case


def bring_news(case: Case, *, at: datetime) -> Case:
    """The patient wrote, sent or changed something: the case is on the worklist until it is read.

    Call inside a transaction, on a locked case. Whoever waits already keeps their place.
    """
    if case.news_at is None:
        case.news_at = at
        if case.closed_at is not None or case.state == State.AWAITING_INFO:
            case.waiting_since = at
        set_clock(case)
    case.lock += 1
    case.save(update_fields=["news_at", "waiting_since", "due_at", "lock"])
    return case


def judge(*, response: Response, by: Actor, at: datetime) -> Assessment:
    """Judge a response and keep the result on the case.

    Call inside the transaction that changed the answers. The response keeps its own version of the
    questionnaire; the rule set is the newest that can read it.
    """
    case = response.case
    questionnaire = response.version
    ruleset = ruleset_judging(questionnaire)
    answers = answers_of(response)
    standing, cleared = standing_red_flags(case), cleared_red_flags(case)
    rules = compiled(questionnaire, ruleset)
    judgement = assess(rules, answers, as_of=local_date(at), standing_red_flags=standing, cleared=cleared)
    assessment = store_judgement(
        case=case,
        response=response,
        questionnaire=questionnaire,
        ruleset=ruleset,
        answers=answers,
        standing=standing,
        cleared=cleared,
        judgement=judgement,
        by=by,
        at=at,
    )
    _raise_what_was_found(case, rules, judgement, answers, standing=standing, by=by, at=at)
    return assessment


def _raise_what_was_found(
    case: Case,
    rules: CompiledRuleSet,
    judgement: Judgement,
    answers: dict[str, Any],
    *,
    standing: list[tuple[str, int]],
    by: Actor,
    at: datetime,
) -> None:
    """An expression may call urgent what no answer raised: nobody would be told of it, nor could clear it.

    Nothing is added where something as urgent stands already.
    """
    gravest = min((tier for _, tier in standing), default=TO_RING)
    urgent = {each.rule: each.tier for each in reversed(judgement.urgent) if (each.tier or gravest) < gravest}
    for code, tier in urgent.items():
        item, answer = answer_behind(rules, code, answers)
        raise_red_flag(case=case, item=item, answer=answer, tier=tier or gravest, advice="", by=by, at=at)
    if urgent:
        case.refresh_from_db(fields=["rank", "waiting_since", "days_used", "due_at", "lock"])


def store_judgement(
    *,
    case: Case,
    response: Response,
    questionnaire: DefinitionVersion,
    ruleset: DefinitionVersion,
    answers: dict[str, Any],
    standing: list[tuple[str, int]],
    cleared: list[tuple[str, str]],
    judgement: Judgement,
    by: Actor,
    at: datetime,
) -> Assessment:
    with transaction.atomic():
        result = judgement.to_json()
        assessment = Assessment.objects.create(
            case=case,
            response=response,
            questionnaire=questionnaire,
            ruleset=ruleset,
            engine_version=judgement.engine_version,
            as_of=local_date(at),
            judged={
                "answers": answers,
                "standing_red_flags": [list(pair) for pair in standing],
                **({"cleared": [list(pair) for pair in cleared]} if cleared else {}),
            },
            result=result,
            sha256=sha256_of(result),
            made_at=at,
        )
        case.outcome = judgement.outcome
        case.underlying = judgement.underlying
        case.senior_review = judgement.senior_review
        case.recheck_on = judgement.recheck_on
        case.rank = judgement.tier or (TO_RING if is_to_be_rung(case) else ORDINARY_RANK)
        set_clock(case)
        case.save(update_fields=["outcome", "underlying", "senior_review", "recheck_on", "rank", "due_at"])
        record(
            Event.CASE_ASSESSED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"outcome": judgement.outcome, "sha256": assessment.sha256, "ruleset": ruleset.number},
        )
    return assessment


def standing_red_flags(case: Case) -> list[tuple[str, int]]:
    """(item, tier) of every urgent answer that no clinician has cleared yet, most urgent first."""
    urgent = case.red_flags.filter(cleared_at__isnull=True, tier__lt=TO_RING)
    return list(urgent.values_list("item", "tier"))


def is_to_be_rung(case: Case) -> bool:
    """Whether an answer waits for a call, besides anything urgent."""
    return case.red_flags.filter(cleared_at__isnull=True, tier=TO_RING).exists()


def cleared_red_flags(case: Case) -> list[tuple[str, str]]:
    """(item, answer) of every red flag that a clinician has cleared, each once."""
    rows = case.red_flags.filter(cleared_at__isnull=False).values_list("item", "answer")
    return sorted(set(rows))


def raise_red_flag(
    *, case: Case, item: str, answer: str, tier: int, advice: str, by: Actor, at: datetime
) -> RedFlag:
    """A positive answer was saved: it stands from now on, and the case is on the worklist at once."""
    with transaction.atomic():
        case = locked(case)
        flag, new = RedFlag.objects.get_or_create(
            case=case,
            item=item,
            answer=answer,
            cleared_at__isnull=True,
            defaults={
                "tier": tier,
                "advice": advice,
                "raised_at": at,
                "read_at": None if advice else at,  # there is nothing for the person to read
            },
        )
        if new:
            if case.state != State.AWAITING_INFO:  # the time of the patient is not the clinic's
                pause(case, at=at)
            case.rank = min(case.rank, tier)
            case.waiting_since = at
            set_clock(case)
            case.lock += 1
            case.save(update_fields=["rank", "waiting_since", "days_used", "due_at", "lock"])
            record(
                Event.RED_FLAG_RAISED,
                by=by,
                at=at,
                site=case.site,
                case=case.reference,
                patient=case.patient_id,
                detail={"item": item, "tier": tier},
            )
    return flag

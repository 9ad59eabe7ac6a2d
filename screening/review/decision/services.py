"""Deciding a case. Each service checks its policy inside the lock; a failed attempt is in the trail too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from audit.selectors import Opening, last_opened
from screening.cases.models import Assessment, Case, Decision
from screening.cases.services import Stale, locked, move
from screening.cases.stages import Stage
from screening.cases.trail import record_about
from screening.cases.workflow import Move, State
from screening.review.decision import considering, policies
from screening.review.letters.policies import may_write_to_gp
from screening.review.letters.services import Written, write_letters
from screening.review.services import Refused, require

CLOSING_MOVE = {
    State.OFFERED_ASSESSMENT: Move.OFFER,
    State.DECLINED: Move.DECLINE,
    State.SIGNPOSTED: Move.SIGNPOST,
}
# The outcome a suggestion points to: anything else overturns it, and that is counted.
SUGGESTED_STATE = {
    "flagged_review": State.OFFERED_ASSESSMENT,
    "not_currently": State.DECLINED,
}


class Says(StrEnum):
    """What a second clinician says to a first decision."""

    AGREE = "agree"
    DISAGREE = "disagree"
    RETURN = "return"


def decide(
    *,
    case: Case,
    seen: int,
    outcome: State,
    reason: str,
    considerations: Mapping[str, Any],
    cautions_answered: Mapping[str, Any],
    membership: Membership,
    by: Actor,
    at: datetime,
    signed_at: datetime | None = None,
) -> Decision:
    """The first clinician's decision. Closes nothing: a second clinician has to agree.

    `signed_at` is when the second factor was given again, for a site that asks for it.
    """
    with _attempt(case, Stage.FIRST, by=by, at=at), transaction.atomic():
        case = locked(case, seen=seen)
        opened = _opened(case, membership)
        standing = case.red_flags.filter(cleared_at__isnull=True).count()
        require(policies.may_decide(membership, case, at=at, standing=standing, opened=opened))
        require(policies.may_sign(case.site, signed_at=signed_at))
        assessment = case.assessments.latest("id")
        missing = considering.missing(outcome, considerations, found=_cautions(assessment))
        unweighed = considering.unweighed(high_cautions(assessment), cautions_answered)
        require(policies.is_complete(missing=missing, unweighed=unweighed))
        if considerations.get(considering.GP) == considering.WITH_LETTER:
            require(may_write_to_gp(case))
        decision = _decision(
            case,
            stage=Stage.FIRST,
            outcome=outcome,
            reason=reason,
            opened=opened,
            membership=membership,
            at=at,
            signed_at=signed_at,
            considerations=considerations,
            cautions_answered=cautions_answered,
        )
        case.claimed_by = case.claimed_at = case.lease_until = None
        move(case, Move.DECIDE, by=by, at=at)
        record_about(
            Event.DECISION_RECORDED, case, by=by, at=at, outcome=outcome, overturns=decision.overturns
        )
    return decision


def review_second(
    *,
    case: Case,
    seen: int,
    says: Says,
    outcome: State | None = None,
    reason: str,
    letters: Written,
    membership: Membership,
    by: Actor,
    at: datetime,
    signed_at: datetime | None = None,
) -> Decision:
    """A second clinician agrees, which closes the case and writes to the patient; or decides otherwise,
    which goes to a third; or sends it back to the first. `outcome` is theirs when they disagree.
    """
    with _attempt(case, Stage.SECOND, by=by, at=at), transaction.atomic():
        case = locked(case, seen=seen)
        opened = _opened(case, membership)
        require(policies.may_review_second(membership, case, opened=opened))
        require(policies.may_sign(case.site, signed_at=signed_at))
        first = policies.round_of(case)[0]
        chosen = {Says.AGREE: State(first.outcome), Says.DISAGREE: outcome, Says.RETURN: None}[says]
        if says is Says.AGREE:
            require(policies.may_close(case, [first], entry=membership.register_entry))
        elif says is Says.DISAGREE:
            require(policies.may_disagree(first, outcome))
        decision = _decision(
            case,
            stage=Stage.SECOND,
            outcome=chosen,
            reason=reason,
            opened=opened,
            membership=membership,
            at=at,
            signed_at=signed_at,
        )
        if says is Says.AGREE:
            move(case, Move.AGREE, by=by, at=at)
            _close(case, State(first.outcome), letters, first=first, membership=membership, by=by, at=at)
        elif says is Says.DISAGREE:
            move(case, Move.DISAGREE, by=by, at=at)
        else:
            move(case, Move.RETURN, by=by, at=at, reason=reason)
        record_about(Event.SECOND_REVIEW_RECORDED, case, by=by, at=at, says=says, outcome=chosen or "")
    return decision


def settle(
    *,
    case: Case,
    seen: int,
    outcome: State | None,
    reason: str,
    letters: Written,
    membership: Membership,
    by: Actor,
    at: datetime,
    signed_at: datetime | None = None,
) -> Decision:
    """A third clinician takes the side of one of two who did not agree, and their word stands.

    Without an outcome the case goes back to a first decision.
    """
    with _attempt(case, Stage.THIRD, by=by, at=at), transaction.atomic():
        case = locked(case, seen=seen)
        opened = _opened(case, membership)
        require(policies.may_settle(membership, case, opened=opened))
        require(policies.may_sign(case.site, signed_at=signed_at))
        so_far = policies.round_of(case)
        if outcome is not None:
            agreeing = [decision for decision in so_far if decision.outcome == outcome]
            require(policies.may_take_side(agreeing))
            require(policies.may_close(case, agreeing, entry=membership.register_entry))
        decision = _decision(
            case,
            stage=Stage.THIRD,
            outcome=outcome,
            reason=reason,
            opened=opened,
            membership=membership,
            at=at,
            signed_at=signed_at,
        )
        if outcome is None:
            move(case, Move.RETURN, by=by, at=at, reason=reason)
        else:
            move(case, Move.SETTLE, by=by, at=at)
            _close(case, outcome, letters, first=so_far[0], membership=membership, by=by, at=at)
        record_about(Event.THIRD_REVIEW_RECORDED, case, by=by, at=at, outcome=outcome or "")
    return decision


def high_cautions(assessment: Assessment) -> list[str]:
    return _cautions(assessment, "high_caution")


def _cautions(assessment: Assessment, *effects: str) -> list[str]:
    """The codes of the cautions that the rules found: of these effects, or of all."""
    cautions = assessment.result["cautions"]
    return [each["code"] for each in cautions if not effects or each["effect"] in effects]


@contextmanager
def _attempt(case: Case, stage: Stage, *, by: Actor, at: datetime) -> Iterator[None]:
    """Whoever comes second, or too early, leaves a line as well. Nothing else of theirs is written."""
    try:
        yield
    except Stale:
        record_about(Event.CASE_CHANGE_REFUSED_STALE, case, by=by, at=at, stage=stage)
        raise
    except Refused:
        record_about(Event.DECISION_REFUSED, case, by=by, at=at, stage=stage)
        raise


def _close(
    case: Case,
    outcome: State,
    letters: Written,
    *,
    first: Decision,
    membership: Membership,
    by: Actor,
    at: datetime,
) -> None:
    """Two are of one mind: the letters stand, and the case is closed."""
    codes = [*(first.considerations or {}).get(considering.REASONS, [])] if first.outcome == outcome else []
    write_letters(case, letters, reasons=codes, author_id=membership.user_id, at=at)
    move(case, CLOSING_MOVE[outcome], by=by, at=at)


def _opened(case: Case, membership: Membership) -> Opening | None:
    return last_opened(site=case.site, reference=case.reference, user_id=membership.user_id)


def _decision(
    case: Case,
    *,
    stage: Stage,
    outcome: State | None,
    opened: Opening | None,
    membership: Membership,
    at: datetime,
    reason: str,
    signed_at: datetime | None,
    considerations: Mapping[str, Any] | None = None,
    cautions_answered: Mapping[str, Any] | None = None,
) -> Decision:
    """What one clinician decides. The policies have refused by now who has not opened the answers."""
    assessment = case.assessments.latest("id")
    suggested = assessment.result["underlying"]
    return Decision.objects.create(
        case=case,
        assessment=assessment,
        stage=stage,
        outcome=outcome or "",
        suggested=suggested,
        overturns=outcome is not None and SUGGESTED_STATE.get(suggested) != outcome,
        clinician_id=membership.user_id,
        reason=reason,
        reason_length=len(reason.strip()),
        considerations=considerations,
        cautions_answered=cautions_answered,
        answers_opened_at=cast("Opening", opened).at,
        register_entry=membership.register_entry,
        signed_at=signed_at,
        decided_at=at,
    )

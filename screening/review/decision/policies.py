"""Who may decide, agree, disagree and settle. The reason of a No is the sentence on the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership, Site
from accounts.permissions import Permission
from audit.selectors import Opening
from screening.cases.models import Case, Decision
from screening.cases.stages import Stage
from screening.cases.workflow import Move, State, moves_from
from screening.review.policies import has_seen_the_answers, is_held

Answer = Yes | No


def may_decide(
    membership: Membership, case: Case, *, at: datetime, standing: int, opened: Opening | None
) -> Answer:
    """The first decision. `standing` counts safety answers nobody has cleared yet."""
    allowed = may(membership, Permission.DECIDE_CASE)
    if not allowed:
        return allowed
    if standing:
        return No(_("Safety answers come first. Record what was done about them."))
    if Move.DECIDE not in moves_from(State(case.state)):
        return No(_("This case is not waiting for a first decision."))
    held = is_held(membership, case, at=at)
    if not held:
        return held
    seen = has_seen_the_answers(case, opened=opened)
    if not seen:
        return seen
    if _decided_before(membership, case):
        return No(_("You took part in the first decision. A different clinician has to look again."))
    return Yes()


def _decided_before(membership: Membership, case: Case) -> bool:
    """Whether this person took part in a decision that another look has opened again."""
    looks = case.looks.filter(reopened=True)
    return any(
        case.decisions.filter(clinician_id=membership.user_id, decided_at__lte=look.asked_at).exists()
        for look in looks
    )


def round_of(case: Case) -> list[Decision]:
    """The decisions since the last first one, oldest first: those that count now."""
    first = case.decisions.filter(stage=Stage.FIRST).last()
    if first is None:
        return []
    return list(case.decisions.filter(pk__gte=first.pk).select_related("clinician"))


def may_review_second(membership: Membership, case: Case, *, opened: Opening | None) -> Answer:
    """The second review: someone else, who has opened the answers too."""
    allowed = may(membership, Permission.REVIEW_SECOND)
    if not allowed:
        return allowed
    if Move.AGREE not in moves_from(State(case.state)):
        return No(_("This case is not waiting for a second review."))
    return _with_fresh_eyes(membership, case, opened=opened)


def may_settle(membership: Membership, case: Case, *, opened: Opening | None) -> Answer:
    """The third review, when two did not agree: different from both, and their word stands."""
    allowed = may(membership, Permission.REVIEW_SECOND)
    if not allowed:
        return allowed
    if Move.SETTLE not in moves_from(State(case.state)):
        return No(_("This case is not waiting for a third review."))
    return _with_fresh_eyes(membership, case, opened=opened)


def _with_fresh_eyes(membership: Membership, case: Case, *, opened: Opening | None) -> Answer:
    if case.red_flags.filter(cleared_at__isnull=True).exists():
        return No(_("Safety answers come first. Record what was done about them."))
    stage = next((d.stage for d in round_of(case) if d.clinician_id == membership.user_id), None)
    if stage == Stage.FIRST:
        return No(_("You made the first decision. A second clinician has to look."))
    if stage is not None:
        return No(_("You made the second review. A third clinician has to look."))
    return has_seen_the_answers(case, opened=opened)


def may_close(case: Case, agreeing: Iterable[Decision], *, entry: str) -> Answer:
    """Agreeing means agreeing to what the others read, and one of those who agree is a specialist.

    `entry` is the register entry of whoever agrees now.
    """
    newest = case.assessments.latest("id").pk
    agreed = list(agreeing)
    if any(decision.assessment_id != newest for decision in agreed):
        return No(_("The patient changed an answer after the first decision. Send it back."))
    if not entry and not any(decision.register_entry for decision in agreed):
        return No(
            _(
                "Neither of you has an entry on the specialist register recorded here. Ask an administrator "
                "to record it on the page “People”, or leave this review to somebody who has one."
            )
        )
    return Yes()


def may_disagree(first: Decision, outcome: State | None) -> Answer:
    """Whoever decides otherwise says how; the same outcome again would leave a third nothing to settle."""
    if outcome is None or outcome == first.outcome:
        return No(_("Choose another outcome than the first decision."))
    return Yes()


def may_sign(site: Site, *, signed_at: datetime | None) -> Answer:
    if site.sign_with_code and signed_at is None:
        return No(_("This clinic asks for the code of your authenticator app again when you sign."))
    return Yes()


def is_complete(*, missing: Collection[str], unweighed: Collection[str]) -> Answer:
    """Whether everything was considered that this outcome asks for."""
    if unweighed:
        return No(_("Say of every high caution how you weighed it."))
    if missing:
        return No(_("Some of what has to be considered for this outcome is missing."))
    return Yes()


def may_take_side(agreeing: Collection[Decision]) -> Answer:
    """A third clinician decides between the two, or sends it back: two people stand for every outcome."""
    if not agreeing:
        return No(_("Choose one of the two decisions, or send the case back."))
    return Yes()

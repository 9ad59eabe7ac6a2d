"""What the case page shows of the work on a case, gathered."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership
from screening.cases.models import Case
from screening.cases.selectors import opening_of
from screening.cases.services import local_date
from screening.cases.targets import answer_by
from screening.intake.selectors import entry_of
from screening.review.case_reading import UrgentAnswer
from screening.review.desk import selectors
from screening.review.desk.joining import has_possible
from screening.review.desk.presenters import CallPanel, Cleared, TaskRow, call_in_words


@dataclasses.dataclass(frozen=True)
class Desk:
    """`alike`: another record could be the same person, and nobody has said so yet."""

    entered: str
    alike: bool
    calls: CallPanel
    tasks: list[TaskRow]


def desk_of(case: Case, *, urgent: Sequence[UrgentAnswer], membership: Membership, at: datetime) -> Desk:
    """`urgent` are the red flags of the case in words, in their order."""
    flags = list(case.red_flags.all())
    standing = [flag for flag in flags if flag.cleared_at is None]
    target = None
    if standing:
        opening = opening_of(case.site)
        target = min(answer_by(case.site, opening, tier=flag.tier, since=flag.raised_at) for flag in standing)
    cleared = [
        Cleared(
            question=words.question,
            answer=words.answer,
            by=words.cleared_by,
            at=flag.cleared_at,
            reason=words.cleared_reason,
            call=call_in_words(flag.cleared_call) if flag.cleared_call else "",
            no_call=flag.cleared_uncalled or "",
        )
        for flag, words in zip(flags, urgent, strict=True)
        if flag.cleared_at is not None
    ]
    today = local_date(at)
    return Desk(
        entered=_entered(case),
        alike=case.possible_same and (not case.joined_same or has_possible(case)),  # type: ignore[attr-defined]
        calls=CallPanel.of(case.calls.all(), cleared, target=target, at=at),
        tasks=[
            TaskRow.of(task, today=today, user_id=membership.user_id) for task in selectors.tasks_of(case)
        ],
    )


def _entered(case: Case) -> str:
    """Who of the clinic filled in the form, how, and from whom; empty when the patient did."""
    entry = entry_of(case)
    if entry is None:
        return ""
    said = {"name": entry.by.name, "mode": entry.get_mode_display().lower(), "source": entry.source}
    return _("%(name)s filled in this form for the patient, %(mode)s (%(source)s).") % said

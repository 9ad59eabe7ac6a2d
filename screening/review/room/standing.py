"""Where a case stands, in the patient's words, and by when something happens. Pure: no queries, no clock."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.cases.models import TO_RING, Case
from screening.cases.opening import LONDON, Opening
from screening.cases.targets import answer_by, review_days
from screening.cases.workflow import FINAL, State

_READING = (
    _("A clinician will read your answers"),
    _("We have your form. Two clinicians look at it before anything is decided. Then we write to you."),
)
_SECOND = (
    _("A second clinician will read your answers"),
    _("One clinician has read your answers. A second one reads them too. Then we write to you."),
)
_WRITTEN = (
    _("We have written to you"),
    _("Two clinicians have read your answers and decided. Their reasons are in the letter."),
)
STATES: dict[State, tuple[Promise, Promise]] = {
    State.DRAFT: (
        _("You have not sent your form yet"),
        _("You can carry on where you stopped. Nothing is decided before you send it."),
    ),
    State.SUBMITTED: _READING,
    State.URGENT_HOLD: (
        _("Please do not wait for us"),
        _("Our clinical team has been told about your answers."),
    ),
    State.AWAITING_INFO: (
        _("We need something from you"),
        _("We cannot go on until we have it. When you have answered, a clinician reads it."),
    ),
    State.AWAITING_REVIEW: _READING,
    State.CLINICIAN_REVIEWED: _SECOND,
    State.DISPUTED: _SECOND,
    State.MDT_REVIEWED: _SECOND,
    State.OFFERED_ASSESSMENT: _WRITTEN,
    State.DECLINED: _WRITTEN,
    State.SIGNPOSTED: _WRITTEN,
    State.WITHDRAWN: (
        _("You took your form back"),
        _("We do no more with it. We keep what you sent, because it is part of a health record."),
    ),
    State.EXPIRED: (
        _("This form is closed"),
        _("It was not finished in time. You can start a new one."),
    ),
}
_LOOKING_AGAIN = (
    _("A different clinician is looking again"),
    _("You asked for another look. Somebody who did not decide before reads it all again."),
)
# Somebody at the clinic has to do something next, so there is a day by which they aim to.
_CLINIC_ACTS = frozenset(
    {
        State.SUBMITTED,
        State.URGENT_HOLD,
        State.AWAITING_REVIEW,
        State.CLINICIAN_REVIEWED,
        State.DISPUTED,
        State.MDT_REVIEWED,
    }
)


@dataclasses.dataclass(frozen=True)
class Standing:
    """`by` is the day the clinic aims for, if it has one for this; `late` when that day has passed."""

    title: str
    text: str
    by: dt.date | None = None
    late: bool = False


def standing_of(
    case: Case, *, opening: Opening, since: dt.datetime, today: dt.date, look_due: dt.date | None = None
) -> Standing:
    """`since` is from when this person waits; `look_due` is set while another look is open."""
    state = State(case.state)
    title, text = STATES[state]
    by = None
    if state in FINAL and look_due is not None:
        title, text = _LOOKING_AGAIN
        by = look_due
    elif state in _CLINIC_ACTS:
        moment = _aim(case, opening, since)
        by = moment.astimezone(LONDON).date() if moment else None
    return Standing(str(title), str(text), by, late=by is not None and today > by)


def _aim(case: Case, opening: Opening, since: dt.datetime) -> dt.datetime | None:
    """The moment by which the clinic aims to act: the target of the tier, or of an ordinary case."""
    if case.rank < TO_RING:
        return answer_by(case.site, opening, tier=case.rank, since=since)
    return opening.days_after(since, review_days(case.site))

"""The clinic's words for states, outcomes, tiers and moves: one place, used by every staff page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.events import Event
from screening.cases.workflow import State

OUTCOME = {
    "urgent": _("Needs urgent attention"),
    "not_currently": _("Criteria not met at present"),
    "more_info": _("Needs more information"),
    "flagged_review": _("Candidate for specialist review"),
}
STATE = {
    State.DRAFT: _("Form not finished"),
    State.SUBMITTED: _("Sent, not sorted yet"),
    State.URGENT_HOLD: _("Urgent: call first"),
    State.AWAITING_INFO: _("Waiting for the patient"),
    State.AWAITING_REVIEW: _("Waiting for review"),
    State.CLINICIAN_REVIEWED: _("Waiting for second review"),
    State.DISPUTED: _("Waiting for third review"),
    State.MDT_REVIEWED: _("Reviewed by two clinicians"),
    State.OFFERED_ASSESSMENT: _("Assessment offered"),
    State.DECLINED: _("Declined, with reasons"),
    State.SIGNPOSTED: _("Pointed to other help"),
    State.WITHDRAWN: _("Withdrawn"),
    State.EXPIRED: _("Form lapsed"),
}
MOVE = {
    "submit": _("Form sent"),
    "hold": _("Held as urgent"),
    "queue": _("Put in the queue for review"),
    "miss": _("Something is missing"),
    "ask": _("Patient asked for information"),
    "answer": _("Patient answered"),
    "clear": _("Urgent answers dealt with"),
    "decide": _("First decision"),
    "agree": _("Second clinician agreed"),
    "disagree": _("Second clinician decided otherwise"),
    "settle": _("Third clinician decided between them"),
    "return": _("Sent back for a new first decision"),
    "offer": _("Assessment offered"),
    "decline": _("Declined"),
    "signpost": _("Pointed to other help"),
    "reopen": _("Opened again after another look"),
    "withdraw": _("Withdrawn"),
    "expire": _("Lapsed"),
}
# How the clinic was told of an urgent case: what happened, and to which address.
ALERT_EVENTS = (Event.ALERT_SENT, Event.ALERT_FAILED)
ALERT: dict[tuple[str, str], Promise] = {
    (Event.ALERT_SENT, "duty"): _("Alert sent to the duty address"),
    (Event.ALERT_SENT, "lead"): _("Alert sent to a lead clinician"),
    (Event.ALERT_FAILED, "duty"): _("Alert to the duty address could not be sent"),
    (Event.ALERT_FAILED, "lead"): _("Alert to a lead clinician could not be sent"),
}
VERDICT = {"met": _("Met"), "not_met": _("Not met"), "unknown": _("Cannot tell")}
# Why an entry of the treatment list counts or not (clinical brief, section 1.4).
TREATMENT = {
    "COUNTS": _("Counts"),
    "PARTIAL": _("Counts: partial relief, 30 to 49%"),
    "VERIFY_DOSE": _("Counts, but check the dose"),
    "UNSUITABLE": _("Advised against: one of these can count"),
    "NOT_FOR_THIS_PAIN": _("Does not count: not for this pain"),
    "LOW_DOSE": _("Does not count: dose too low"),
    "TOO_SHORT": _("Does not count: tried for too short a time"),
    "HELPS": _("Does not count: it still helps"),
    "TOO_EARLY": _("Does not count: too early to say"),
    "RELIEF_50": _("Does not count: relief of half or more"),
    "SELF_CARE": _("Recorded, never counted"),
    "CONTRADICTION": _("Cannot tell: the answers contradict each other"),
    "UNKNOWN": _("Cannot tell: something is missing"),
}

# What was raised of a later form that no single answer says.
RAISED: dict[str, Promise] = {"clearly_worse": _("Clearly worse than in the first form")}
MEASURED = _("By PEG, PHQ-9 or GAD-7")
BY_RULE = _("By a rule over several answers")

"""The words of a schedule: what its codes and offsets say to whoever writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.review.words import OUTCOME

ANCHORS: dict[str, Promise] = {
    "draft_activity": gettext_lazy("The last change in a form that was not sent"),
    "draft_expiry": gettext_lazy("The day a form that was not sent is deleted"),
    "submission": gettext_lazy("The day the form was sent"),
    "info_requested": gettext_lazy("The day the clinic asked for something"),
    "message_sent": gettext_lazy("A message from the clinic"),
    "outcome": gettext_lazy("The decision"),
    "appointment": gettext_lazy("The appointment"),
    "appointment_booked": gettext_lazy("The booking of an appointment"),
    "appointment_missed": gettext_lazy("An appointment that was missed"),
    "treatment_start": gettext_lazy("The day from which follow-up counts"),
    "review_due": gettext_lazy("The yearly review"),
    "recheck": gettext_lazy("The day on which applying again makes sense"),
    "consent_given": gettext_lazy("The day they agreed"),
}
KINDS: dict[str, Promise] = {
    "form": gettext_lazy("A form that was not sent"),
    "records": gettext_lazy("Documents"),
    "message": gettext_lazy("A message or question from the clinic"),
    "appointment": gettext_lazy("An appointment"),
    "measures": gettext_lazy("Measures"),
    "reinvitation": gettext_lazy("Applying again"),
}
STOPS: dict[str, Promise] = {
    "submitted": gettext_lazy("The form was sent"),
    "deleted": gettext_lazy("The form has ended"),
    "opted_out": gettext_lazy("They switched these messages off"),
    "red_flag": gettext_lazy("A safety answer stands"),
    "records_received": gettext_lazy("The document has come"),
    "permission_given": gettext_lazy("The clinic may ask for the records itself"),
    "answered": gettext_lazy("They have answered"),
    "read": gettext_lazy("They have read it"),
    "reviewed": gettext_lazy("A clinician has looked at it"),
    "cancelled": gettext_lazy("The appointment was cancelled"),
    "moved": gettext_lazy("The appointment was moved"),
    "completed": gettext_lazy("The form is done"),
    "rebooked": gettext_lazy("There is a new appointment"),
    "renewed": gettext_lazy("They agreed again"),
    "withdrawn": gettext_lazy("They withdrew"),
    "case_closed": gettext_lazy("The case is closed"),
}
DAYS: dict[str, Promise] = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
_OFFSET = re.compile(r"(-?)([0-9]{1,4}) (h|d|wd)")


def offset_in_words(offset: Any) -> str:
    """“3 days after”, “48 hours before”, “at once”; what is no offset yet is said as it was written."""
    found = _OFFSET.fullmatch(str(offset))
    if found is None:
        return str(offset)
    count = int(found[2])
    if count == 0:
        return _("at once") if found[3] == "h" else _("on the day")
    long = {
        "h": ngettext("%(n)d hour", "%(n)d hours", count),
        "d": ngettext("%(n)d day", "%(n)d days", count),
        "wd": ngettext("%(n)d working day", "%(n)d working days", count),
    }[found[3]] % {"n": count}
    return (_("%(long)s before") if found[1] else _("%(long)s after")) % {"long": long}


def sending_in_words(sending: Mapping[str, Any]) -> str:
    """One message of a step: when, and by which way."""
    how = _("by text message") if sending.get("channel") == "sms" else _("by email")
    return f"{offset_in_words(sending.get('after', ''))} {how}"


def task_in_words(task: Mapping[str, Any]) -> str:
    """One task of the clinic: when it appears, in which cases, and what is to be done."""
    when = offset_in_words(task.get("after", ""))
    outcome = OUTCOME.get(str(task.get("outcome")))
    if outcome is not None:
        when = _("%(when)s, where the rules say “%(outcome)s”") % {"when": when, "outcome": outcome}
    return _("%(when)s: %(what)s") % {"when": when, "what": str(task.get("text") or "")}

"""What has to be considered before each outcome: the clinical brief, section 1.6, as one table. Pure.

The form asks for it, the service refuses without it, the page of the second clinician shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.cases.workflow import State

IDENTITY = "identity"
RECORDS = "records"
RECORDS_ON = "records_on"
DIAGNOSIS = "diagnosis"
TREATMENTS = "treatments"
OPTIONS = "options"
GUIDELINE = "guideline"
PRIMARY = "primary"
CAPACITY = "capacity"
CAPACITY_WORDS = "capacity_words"
GP = "gp"
GP_ON = "gp_on"
GP_WORDS = "gp_words"
REASONS = "reasons"
HELP = "help"

# In the order of the form.
ASKED: Mapping[State, tuple[str, ...]] = {
    State.OFFERED_ASSESSMENT: (
        IDENTITY,
        RECORDS,
        DIAGNOSIS,
        TREATMENTS,
        OPTIONS,
        GUIDELINE,
        PRIMARY,
        CAPACITY,
        GP,
    ),
    State.DECLINED: (IDENTITY, RECORDS, DIAGNOSIS, TREATMENTS, OPTIONS, CAPACITY, GP, REASONS, HELP),
    State.SIGNPOSTED: (IDENTITY, RECORDS, OPTIONS, CAPACITY, GP, REASONS, HELP),
}
# Asked only where the rules found one of these cautions.
ASKED_WHERE_FOUND: Mapping[str, frozenset[str]] = {PRIMARY: frozenset({"CAU_PRIMARY_PAIN"})}
# What a letter can do without.
OPTIONAL = frozenset({(State.DECLINED, HELP), (State.SIGNPOSTED, REASONS)})
# Choices after which something more has to be said: (answer, what then is needed).
NO_RECORDS, TOLD, NOT_TOLD = "none", "told", "other"
WITH_LETTER = "letter"  # there is one only where the patient agreed to it
TITLES: Mapping[str, Promise] = {
    IDENTITY: _("Was the patient’s identity checked?"),
    RECORDS: _("Which records did you see?"),
    RECORDS_ON: _("Date of the newest record"),
    DIAGNOSIS: _("Who confirmed the diagnosis?"),
    TREATMENTS: _("Were the treatments checked against the record?"),
    OPTIONS: _("Which usual options remain open, and were they offered?"),
    GUIDELINE: _("What does NG144 say here, and why depart from it?"),
    PRIMARY: _("This is primary pain: what does NG193 say here, and why depart from it?"),
    CAPACITY: _("Can the patient decide about this, and do they consent?"),
    CAPACITY_WORDS: _("Say more about capacity and consent"),
    GP: _("Was the GP told?"),
    GP_ON: _("When was the GP told?"),
    GP_WORDS: _("Why was the GP not told?"),
    REASONS: _("Reasons for the letter"),
    HELP: _("Other help for the letter"),
}
CHOICES: Mapping[str, tuple[tuple[str, Promise], ...]] = {
    IDENTITY: (("yes", _("Yes, against a document")), ("known", _("Yes, known to us")), ("no", _("No"))),
    RECORDS: (
        ("gp_summary", _("GP summary")),
        ("letter", _("Letter of a specialist")),
        ("medicines", _("Medicine list")),
        ("results", _("Scans or test results")),
        (NO_RECORDS, _("None")),
    ),
    TREATMENTS: (
        ("all", _("Yes, all of them")),
        ("some", _("Some of them")),
        ("none", _("No, the record says nothing about them")),
    ),
    CAPACITY: (
        ("yes", _("Yes, by themselves")),
        ("supported", _("Yes, with support or through somebody with authority")),
        ("doubt", _("There is a doubt")),
    ),
    GP: (
        (TOLD, _("Yes, already")),
        (WITH_LETTER, _("With the letter about this decision")),
        ("not_agreed", _("No: the patient did not agree")),
        (NOT_TOLD, _("No, for another reason")),
    ),
}
# How a high caution was weighed.
WEIGHED: tuple[tuple[str, Promise], ...] = (
    ("no_bar", _("It does not stand in the way")),
    ("first", _("Something has to be done first")),
    ("against", _("It speaks against an offer")),
)
NEEDS_WORDS = "first"


def asked(outcome: State, *, found: Collection[str]) -> tuple[str, ...]:
    """`found`: the codes of the cautions that the rules found."""
    where = ASKED_WHERE_FOUND
    return tuple(name for name in ASKED[outcome] if name not in where or not where[name].isdisjoint(found))


def missing(outcome: State, said: Mapping[str, Any], *, found: Collection[str]) -> list[str]:
    """What has to be considered for this outcome and was not, with what an answer calls for."""
    needed = [name for name in asked(outcome, found=found) if (outcome, name) not in OPTIONAL]
    if said.get(RECORDS) and NO_RECORDS not in said[RECORDS]:
        needed.append(RECORDS_ON)
    if said.get(CAPACITY) not in (None, "", "yes"):
        needed.append(CAPACITY_WORDS)
    if said.get(GP) == TOLD:
        needed.append(GP_ON)
    if said.get(GP) == NOT_TOLD:
        needed.append(GP_WORDS)
    return [name for name in needed if not said.get(name)]


def unweighed(codes: Iterable[str], said: Mapping[str, Any]) -> list[str]:
    """The high cautions that nobody has answered."""
    return [code for code in codes if not _is_weighed(said.get(code))]


def _is_weighed(answer: Any) -> bool:
    """By choice, or in words, or both; "something first" has to say what."""
    if not isinstance(answer, Mapping):
        return False
    choice, words = answer.get("choice"), str(answer.get("words") or "").strip()
    return bool(words) if choice == NEEDS_WORDS else bool(choice or words)

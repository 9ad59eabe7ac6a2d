"""Reads what has happened to cases into the values `schedule.py` thinks about: many cases, few queries."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from screening.cases.lookups import among
from screening.cases.models import TO_RING, Case, Decision, Patient, RedFlag, Response
from screening.cases.opening import local_instant
from screening.cases.selectors import first_forms
from screening.cases.workflow import CLOSED, FINAL, State
from screening.followup import schedule as rules
from screening.followup.addresses import NONE, bounced_out, channels_of
from screening.followup.anchors import Anchored
from screening.followup.counted import anchors_of
from screening.followup.models import Attempt, OptOut, Reminder, ReminderState, SuppressedFor, Suppression
from screening.followup.replies import Result
from screening.followup.rows import ARRIVED, CAPS_LOOK_BACK, PENDING, awaited, counted, is_over, key_of
from screening.followup.written import outcome_of, written_of
from screening.intake.models import Document
from screening.intake.services import DRAFT_DAYS
from screening.questionnaires.models import DefinitionVersion
from screening.review.desk.joining import groups_of
from screening.review.models import InformationRequest
from screening.rules.questionnaire import Nation
from screening.rules.schedule import URGENT, Anchor

# Many reminders have one schedule, which is read once; what it says is remembered by its hash.
SCHEDULE = Prefetch("schedule", DefinitionVersion.objects.defer("content"))
# Encrypted, and nothing to a reminder.
NOT_READ = [f"patient__{name}" for name in ("date_of_birth", "given_name", "family_name", "nhs_number")]
OF_OTHERS = (
    "patient_id",
    "case_id",
    "schedule_id",
    "step",
    "occurrence",
    "channel",
    "due_at",
    "state",
    "attempts",
    "sent_at",
    "closed_reason",
)
RECORDS = ("records", "records_request")
# How a case ends in which a date may change what stands in the way: the brief, section 5.2, FU15.
NOT_OFFERED = FINAL - {State.OFFERED_ASSESSMENT}
# What steps of a schedule may count from and the record holds.
RECORDED: frozenset[Anchor] = frozenset(
    {
        "draft_activity",
        "draft_expiry",
        "submission",
        "info_requested",
        "message_sent",
        "outcome",
        "appointment",
        "appointment_booked",
        "appointment_missed",
        "treatment_start",
        "review_due",
        "recheck",
    }
)


@dataclasses.dataclass(frozen=True)
class _Signs:
    """Whether a case has documents, urgent answers, decisions: yes or no is all the schedule asks."""

    documents_came: bool
    flag_raised: bool
    flag_stands: bool
    decided: bool


@dataclasses.dataclass(frozen=True)
class _Facts:
    """What was read for a number of cases, by case (or patient) id."""

    responses: dict[int, dict[str, Any]]
    signs: dict[int, _Signs]
    requests: dict[int, list[InformationRequest]]
    written: dict[int, list[Anchored]]
    counted_from: dict[int, list[Anchored]]
    completed: dict[int, set[str]]
    opted_out: dict[UUID, set[tuple[str, str]]]
    suppressed: dict[UUID, list[str]]
    dead: dict[UUID, dict[str, frozenset[str]]]
    reminders: dict[UUID, list[Reminder]]
    joined: dict[UUID, set[UUID]]  # of records that are joined with others: all of one person
    doubts: dict[UUID, list[dt.datetime]]  # tries of a reminder of which nobody knows what became of them


def histories(
    cases: Sequence[Case], *, as_of: dt.datetime, leaving_out: frozenset[UUID] = frozenset()
) -> dict[int, rules.CaseHistory]:
    """The history of each case, by id. Cases come with their patient and site.

    `leaving_out` names reminders about to be sent, which must not stand in their own way.
    """
    facts = _read(cases, as_of, leaving_out)
    return {case.pk: _history(case, facts, as_of) for case in cases}


def _read(cases: Sequence[Case], as_of: dt.datetime, leaving_out: frozenset[UUID]) -> _Facts:
    ids = [case.pk for case in cases]
    patients = [case.patient_id for case in cases]
    of_patients = among("patient_id", patients)
    of_cases = among("case_id", ids)
    responses = first_forms().filter(of_cases).order_by("started_at")
    wanted = ["case_id", "status", "last_activity_at", *(f"answers__{item}" for item in RECORDS)]
    requests: dict[int, list[InformationRequest]] = defaultdict(list)
    for request in InformationRequest.objects.filter(of_cases).only("case_id", "asked_at", "answered_at"):
        requests[request.case_id].append(request)
    written = written_of(of_cases)
    opted_out: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for one in OptOut.objects.filter(of_patients, ended_at__isnull=True):
        opted_out[one.patient_id].add((one.channel, one.subject))
    suppressed: dict[UUID, list[str]] = defaultdict(list)
    same = groups_of(patients)  # what was said of, or sent to, one record of a person counts for all of them
    to_anybody = among("patient_id", {*patients, *same})
    said = Suppression.objects.filter(to_anybody, ended_at__isnull=True)
    for patient, reason in said.values_list("patient_id", "reason"):
        for record in same.get(patient, {patient}):
            suppressed[record].append(reason)
    reminders: dict[UUID, list[Reminder]] = defaultdict(list)
    planned = Reminder.objects.filter(to_anybody).exclude(among("pk", leaving_out)).only(*OF_OTHERS)
    for reminder in planned.prefetch_related(SCHEDULE):
        reminders[reminder.patient_id].append(reminder)
    return _Facts(
        responses={row["case_id"]: row for row in responses.values(*wanted)},
        signs=_signs(ids),
        requests=requests,
        written=written,
        counted_from=anchors_of(ids),
        completed=_completed(of_cases),
        opted_out=opted_out,
        suppressed=suppressed,
        dead=bounced_out(patients),
        reminders=reminders,
        joined=same,
        doubts=_doubts(reminders, as_of),
    )


def _doubts(reminders: dict[UUID, list[Reminder]], as_of: dt.datetime) -> dict[UUID, list[dt.datetime]]:
    """Nearly always there are none to look for."""
    found: dict[UUID, list[dt.datetime]] = defaultdict(list)
    usual = ReminderState.SENT
    tried = [row.pk for rows in reminders.values() for row in rows if row.attempts > int(row.state == usual)]
    if tried:
        since = as_of - CAPS_LOOK_BACK
        doubts = Attempt.objects.filter(reminder__in=tried, result=Result.AMBIGUOUS, started_at__gt=since)
        for pk, at in doubts.values_list("reminder_id", "started_at"):
            found[pk].append(at)
    return found


def _completed(of_cases: among) -> dict[int, set[str]]:
    """The later forms that were sent, by their occasion."""
    found: dict[int, set[str]] = defaultdict(set)
    sent = Response.objects.filter(of_cases, submitted_at__isnull=False).exclude(occasion="")
    for case_id, occasion in sent.values_list("case_id", "occasion"):
        found[case_id].add(occasion)
    return found


def _signs(ids: Sequence[int]) -> dict[int, _Signs]:
    of_case = {"case": OuterRef("pk")}
    urgent = RedFlag.objects.filter(**of_case, tier__lt=TO_RING)
    rows = Case.objects.filter(among("pk", ids)).values_list(
        "pk",
        Exists(Document.objects.filter(**of_case, removed_at__isnull=True)),
        Exists(urgent),
        Exists(urgent.filter(cleared_at__isnull=True)),
        Exists(Decision.objects.filter(**of_case)),
    )
    return {pk: _Signs(*signs) for pk, *signs in rows}


def _history(case: Case, facts: _Facts, as_of: dt.datetime) -> rules.CaseHistory:
    patient = case.patient
    reminders = facts.reminders.get(patient.pk, [])
    of_person = [row for key in facts.joined.get(patient.pk, [patient.pk]) for row in facts.reminders[key]]
    response, written = facts.responses.get(case.pk), facts.written.get(case.pk, ())
    return rules.CaseHistory(
        anchors=(
            *_anchors(case, response, facts.requests.get(case.pk, ()), written),
            *written,
            *facts.counted_from.get(case.pk, ()),
        ),
        facts=_facts_of(case, response, facts),
        outcome=case.outcome,
        nation=cast("Nation", patient.nation or case.site.nation),
        suppressed=suppression_of(patient, facts.suppressed.get(patient.pk, ())),
        channels=channels_of(patient, case, facts.dead.get(patient.pk, NONE)),
        reminders_wanted=patient.reminders_wanted,
        reinvitation_wanted=patient.reinvitation_wanted,
        completed=frozenset(facts.completed.get(case.pk, ())),
        opted_out=frozenset(facts.opted_out.get(patient.pk, ())),
        done=frozenset(key_of(row) for row in reminders if is_over(row)),
        arrived=frozenset(key_of(row) for row in reminders if row.state in ARRIVED),
        pending={key_of(row): row.due_at for row in reminders if row.state in PENDING},
        untried=frozenset(key_of(row) for row in reminders if row.state == ReminderState.SCHEDULED),
        counted=tuple(counted(of_person, facts.doubts, as_of)),
        awaited=tuple(awaited(case, of_person, as_of)),
    )


def suppression_of(patient: Patient, said: Collection[str]) -> str:
    """Why nothing at all may be sent to this person, or nothing; first what keeps staff from ringing too.

    `said` is what staff entered and has not ended.
    """
    if patient.deceased_at is not None or SuppressedFor.DECEASED in said:
        return "deceased"
    if patient.withdrawn_at is not None or SuppressedFor.WITHDRAWN in said:
        return "withdrawn"
    return "safeguarding" if patient.safeguarding_since is not None else next(iter(said), "")


def _anchors(
    case: Case,
    response: dict[str, Any] | None,
    requests: Iterable[InformationRequest],
    written: Iterable[Anchored],
) -> Iterable[Anchored]:
    if response is not None and case.submitted_at is None:
        last = response["last_activity_at"]
        stamp = f"{last.astimezone(dt.UTC):%Y%m%dT%H%M}"
        yield Anchored("draft_activity", last, f"{case.pk}:{stamp}")
        yield Anchored("draft_expiry", last + dt.timedelta(days=DRAFT_DAYS), f"{case.pk}:{stamp}")
    if case.submitted_at is not None:
        yield Anchored("submission", case.submitted_at, str(case.pk))
    for request in requests:
        answered = frozenset({"answered"} if request.answered_at else ())
        yield Anchored("info_requested", request.asked_at, f"{case.pk}:{request.pk}", answered)
    if case.state in FINAL and case.closed_at is not None:
        yield outcome_of(case, case.closed_at, written)
    if case.state in NOT_OFFERED and case.recheck_on is not None and case.closed_at is not None:
        at = local_instant(case.recheck_on, dt.time(0))
        yield Anchored("recheck", at, f"{case.pk}:{case.recheck_on:%Y%m%d}", known_at=case.closed_at)


def _facts_of(case: Case, response: dict[str, Any] | None, facts: _Facts) -> frozenset[str]:
    answers, signs = response or {}, facts.signs[case.pk]
    uploaded = answers.get("answers__records") == "uploaded"
    asked_to = answers.get("answers__records") == "consent_request"
    agreed = answers.get("answers__records_request")
    granted = (asked_to and agreed != "no") or (agreed == "yes" and not uploaded)
    holds = {
        "submitted": case.submitted_at is not None,
        "deleted": case.state == State.EXPIRED,
        "withdrawn": case.state == State.WITHDRAWN,
        "case_closed": case.state in CLOSED,
        "red_flag": signs.flag_raised,
        URGENT: signs.flag_stands,
        "reviewed": signs.decided or case.state in CLOSED,
        "records_received": signs.documents_came,
        "permission_given": granted,
    }
    return frozenset(name for name, true in holds.items() if true)

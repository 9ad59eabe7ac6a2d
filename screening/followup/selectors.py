"""What staff and alarms read about reminders."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import groupby

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext, ngettext

from accounts.models import Site
from audit.selectors import FLAG, openings
from screening.cases.models import TO_RING, Case, RedFlag
from screening.followup import schedule as rules
from screening.followup.histories import RECORDED, histories
from screening.followup.models import (
    HEARTBEAT,
    Alert,
    Channel,
    Heartbeat,
    Reminder,
    ReminderState,
    SendingHold,
)
from screening.followup.words import reason_in_words
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import NothingPublished, published, schedule_of

LATE = dt.timedelta(minutes=15)
SILENT = dt.timedelta(minutes=5)
IN_DOUBT = dt.timedelta(hours=1)
UNSENT = (ReminderState.SCHEDULED, ReminderState.RETRY, ReminderState.CLAIMED, ReminderState.SENDING)
AHEAD = dt.timedelta(days=90)


@dataclasses.dataclass(frozen=True)
class NotSent:
    """One message of the schedule that this person does not get, and why."""

    step: str
    title: str
    channel: str
    why: str


@dataclasses.dataclass(frozen=True)
class Given:
    """An answer that stands: when it was given, and whether a member of staff has opened the case since."""

    tier: int
    at: dt.datetime
    opened: bool


@dataclasses.dataclass(frozen=True)
class Standing:
    """A case with safety answers that nobody has cleared."""

    case: Case
    flags: tuple[Given, ...]

    @property
    def unopened(self) -> tuple[Given, ...]:
        return tuple(flag for flag in self.flags if not flag.opened)


def standing_cases(*, case: Case | None = None) -> list[Standing]:
    """Cases of every clinic, or the one case, with a safety answer that stands.

    Whether the form was finished, sent or taken back does not matter: the person said it. Opened is what a
    page showed, by the clock and by the key: an answer that was being saved as somebody opened the case has
    the earlier time and was not on the page. The keys of a case go up in the order in which they can be
    seen, because the case is locked until one is written.
    """
    opened = (
        openings()
        .filter(
            site_id=OuterRef("case__site_id"),
            case_reference=OuterRef("case__reference"),
            at__gt=OuterRef("raised_at"),
        )
        .annotate(shown=Cast(KT(f"detail__{FLAG}"), BigIntegerField()))
        .filter(Q(shown__isnull=True) | Q(shown__gte=OuterRef("pk")))
    )
    flags = RedFlag.objects.filter(cleared_at__isnull=True).annotate(opened=Exists(opened))
    if case is not None:
        flags = flags.filter(case=case)
    rows = flags.select_related("case__site").order_by("case_id", "id")
    return [
        Standing(
            found[0].case,
            tuple(Given(flag.tier, flag.raised_at, flag.opened) for flag in found),
        )
        for _, group in groupby(rows, key=lambda flag: flag.case_id)
        if (found := list(group))
    ]


def reminders_of(case: Case) -> QuerySet[Reminder]:
    """Every reminder of a case with its tries, newest first. The case was reached through its site."""
    return (
        Reminder.objects.filter(case=case, site=case.site)
        .prefetch_related("attempt_rows")
        .order_by("-due_at")
    )


def standing_holds(*, site: Site) -> list[SendingHold]:
    """Why nothing is sent to anybody of the site, the oldest first."""
    return list(SendingHold.objects.filter(site=site, released_at__isnull=True).order_by("pk"))


def upcoming_of(case: Case, *, as_of: dt.datetime) -> list[rules.Due]:
    """What would be sent in the next three months if nothing changed."""
    return [one.due for one in _considered(case, as_of) if not one.why]


def step_titles(site: Site) -> dict[str, str]:
    """What each step of the site's schedule is called, by its code."""
    version = _schedule(site)
    return {step.code: step.title for step in schedule_of(version).steps} if version else {}


def why_not_sent(case: Case, *, as_of: dt.datetime) -> list[NotSent]:
    """What the schedule holds for this case and is not sent, each with its reason in words."""
    titles = step_titles(case.site)
    silent = {"", rules.Why.NOT_YET, rules.Why.DONE}
    return [
        NotSent(one.due.step, titles[one.due.step], one.due.channel, reason_in_words(one.why))
        for one in _considered(case, as_of)
        if one.why not in silent
    ]


def unsendable(*, site: Site) -> list[NotSent]:
    """Messages of the site's schedule that leave for nobody, because nothing records what they count from."""
    version = _schedule(site)
    if version is None:
        return []
    return [
        NotSent(
            step.code,
            step.title,
            ", ".join(dict.fromkeys(str(Channel(each.channel).label) for each in step.when_to_send)),
            reason_in_words("no_anchor"),
        )
        for step in schedule_of(version).steps
        if step.when_to_send and step.anchor not in RECORDED
    ]


def alarms(*, at: dt.datetime) -> list[str]:
    """A sentence for each thing about sending that a person must look at."""
    found = []
    on_hold = SendingHold.objects.filter(released_at__isnull=True).values("site_id")
    waiting = Reminder.objects.filter(state__in=[ReminderState.SCHEDULED, ReminderState.RETRY])
    overdue = waiting.filter(due_at__lt=at - LATE)
    late = overdue.exclude(site_id__in=on_hold)
    if (number := late.count()) and (oldest := late.order_by("due_at").first()):
        minutes = int((at - oldest.due_at).total_seconds() // 60)
        found.append(
            ngettext(
                "%(number)s reminder is late, the oldest by %(minutes)s minutes.",
                "%(number)s reminders are late, the oldest by %(minutes)s minutes.",
                number,
            )
            % {"number": number, "minutes": minutes}
        )
    held = overdue.filter(site_id__in=on_hold).values_list("site__name")
    for site, number in held.annotate(Count("pk")).order_by("site__name"):
        found.append(  # a hold that nobody thinks of any more would let their time pass
            ngettext(
                "Sending for %(site)s is on hold: %(number)s reminder waits for somebody to release it.",
                "Sending for %(site)s is on hold: %(number)s reminders wait for somebody to release it.",
                number,
            )
            % {"site": site, "number": number}
        )
    heartbeat = Heartbeat.objects.filter(process=HEARTBEAT).first()
    if heartbeat is None:
        found.append(gettext("No reminder worker has ever finished a round."))
    elif heartbeat.at < at - SILENT:
        minutes = int((at - heartbeat.at).total_seconds() // 60)
        found.append(
            gettext("The reminder worker last finished a round %(minutes)s minutes ago.")
            % {"minutes": minutes}
        )
    elif heartbeat.at > at + SILENT:
        minutes = int((heartbeat.at - at).total_seconds() // 60)
        found.append(
            gettext("The clock of a reminder worker is %(minutes)s minutes ahead of this machine's.")
            % {"minutes": minutes}
        )
    doubtful = Reminder.objects.filter(state=ReminderState.AMBIGUOUS, lease_until__isnull=True)
    # Nothing can be done about an old one but to ask the person: the task of its case says so.
    lately = (at - rules.TOO_LATE, at - IN_DOUBT)
    in_doubt = doubtful.filter(attempt_rows__finished_at__range=lately).distinct().count()
    if in_doubt:
        found.append(
            ngettext(
                "%(number)s message may or may not have arrived; somebody must look.",
                "%(number)s messages may or may not have arrived; somebody must look.",
                in_doubt,
            )
            % {"number": in_doubt}
        )
    return found + _alert_alarms(at)


def _alert_alarms(at: dt.datetime) -> list[str]:
    """Urgent cases of which the clinic may not have heard: nothing was sent, or it was refused."""
    late = [
        each
        for each in standing_cases()
        if any(flag.tier < TO_RING and flag.at < at - SILENT for flag in each.unopened)
    ]
    newest = {
        row.case_id: row
        for row in Alert.objects.filter(case__in=[each.case for each in late], lead=None).order_by("number")
    }
    found = []
    for each in late:
        alert = newest.get(each.case.pk)
        words = {"reference": each.case.reference, "site": each.case.site.name}
        if alert is None or (alert.state in UNSENT and abs(at - alert.due_at) > SILENT):
            found.append(
                gettext("The clinic has not been told of the urgent case %(reference)s at %(site)s.") % words
            )
        elif alert.state == ReminderState.FAILED:
            found.append(
                gettext(
                    "The alert about the urgent case %(reference)s could not be sent to the duty address "
                    "of %(site)s: %(why)s."
                )
                % {**words, "why": reason_in_words(alert.closed_reason)}
            )
    return found


def _considered(case: Case, as_of: dt.datetime) -> list[rules.Considered]:
    version = _schedule(case.site)
    if version is None:
        return []
    history = histories([case], as_of=as_of)[case.pk]
    return rules.consider(history, schedule_of(version), as_of=as_of, horizon=AHEAD)


def _schedule(site: Site) -> DefinitionVersion | None:
    try:
        return published(site=site, kind=Kind.SCHEDULE)
    except NothingPublished:
        return None

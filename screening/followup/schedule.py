"""Which messages a case is due, worked out from its history. Pure: no database, no clock.

`consider` looks at every message the schedule could send for what has happened to a case, and says of
each either when it is due or why it is not sent. Planning, the last check before sending and the page
that tells staff why somebody was not reminded all read the same answer.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from enum import StrEnum

from screening.cases.opening import DAY, LONDON
from screening.followup.anchors import Anchored, closing, turns
from screening.followup.caps import earliest_within
from screening.followup.window import Window
from screening.rules.definition import Schedule
from screening.rules.questionnaire import Nation
from screening.rules.schedule import ScheduleStep, Sending

# What was due longer ago than this is not sent any more: it would puzzle, not remind.
TOO_LATE = dt.timedelta(days=14)
# A repeat may arrive for everything but these, which would alarm if they came twice.
AT_MOST_ONCE_TEMPLATES = frozenset({"letter"})
REMINDER_KINDS = frozenset({"form", "records", "measures"})
# What nobody can switch off: messages about somebody's own care, and appointments.
ALWAYS_SENT = frozenset({"message", "appointment"})

Key = tuple[str, str, str]  # step, occurrence, channel


class Why(StrEnum):
    """Why a message is not sent. A stop condition of the step is given by its own name instead."""

    SUPPRESSED = "suppressed"
    OPTED_OUT = "opted_out"
    NOT_WANTED = "not_wanted"
    NO_ADDRESS = "no_address"
    DONE = "done"
    SUPERSEDED = "superseded"
    TOO_LATE = "too_late"
    NOT_KNOWN_THEN = "not_known_then"
    NOT_YET = "not_yet"


@dataclasses.dataclass(frozen=True)
class CaseHistory:
    """What sending depends on. Built by selectors, or by hand in a test."""

    anchors: tuple[Anchored, ...] = ()
    facts: frozenset[str] = frozenset()
    outcome: str = ""  # what the rules suggest
    nation: Nation = "england"
    suppressed: str = ""
    # Channels with a checked address that the person chose.
    channels: frozenset[str] = frozenset({"email"})
    reminders_wanted: bool = True
    reinvitation_wanted: bool = False
    opted_out: frozenset[tuple[str, str]] = frozenset()  # channel, subject
    done: frozenset[Key] = frozenset()
    # Of what is done, what reached the person or may have: the other channel does not repeat it.
    arrived: frozenset[Key] = frozenset()
    pending: dict[Key, dt.datetime] = dataclasses.field(default_factory=dict)
    # Of what is pending, what nobody has tried or is trying: it may leave sooner than was planned.
    untried: frozenset[Key] = frozenset()
    # Later forms that were sent: step, anchor and turn ("FU11/7:20261121").
    completed: frozenset[str] = frozenset()
    # When messages that count towards the caps left, or may have; and when those of other cases will.
    counted: tuple[dt.datetime, ...] = ()
    awaited: tuple[dt.datetime, ...] = ()


@dataclasses.dataclass(frozen=True)
class Due:
    step: str
    occurrence: str
    channel: str
    template: str
    due_at: dt.datetime
    local_rule: str
    at_most_once: bool = False

    @property
    def key(self) -> Key:
        return (self.step, self.occurrence, self.channel)


@dataclasses.dataclass(frozen=True)
class Considered:
    """One possible message: due (`why` is empty), or not and why not."""

    due: Due
    why: str


def due(
    history: CaseHistory, schedule: Schedule, *, as_of: dt.datetime, horizon: dt.timedelta = dt.timedelta(0)
) -> list[Due]:
    """What is to be sent by `as_of + horizon`, earliest first, within the caps."""
    return [c.due for c in consider(history, schedule, as_of=as_of, horizon=horizon) if not c.why]


def consider(
    history: CaseHistory,
    schedule: Schedule,
    *,
    as_of: dt.datetime,
    horizon: dt.timedelta = dt.timedelta(0),
) -> list[Considered]:
    """Every message that the schedule could send."""
    window = Window(schedule.quiet, history.nation)
    steps = [step for step in schedule.steps if step.active]
    # Of what is overdue, what has waited longest: else new messages of earlier steps would take its turn.
    found = sorted(_each(history, steps, window, as_of), key=lambda each: (each[1].due.due_at, each[2]))
    until = as_of + horizon
    # What is planned, and would be planned now. A clock that was ahead for a moment may have planned more:
    # that keeps no place free.
    waiting = {
        one.due.key: max(history.pending[one.due.key], as_of)
        for step, one, _ in found
        if not (one.why or is_exempt(step)) and one.due.key in history.pending and one.due.due_at <= until
    }
    counted = [*history.counted, *history.awaited, *waiting.values()]
    result = []
    for step, one, _ in found:
        if not one.why:
            if one.due.key in waiting:  # it does not stand in its own way
                counted.remove(waiting.pop(one.due.key))
            one = _placed(one, step, schedule, history, window, counted, until=until)
            if not one.why and not is_exempt(step):
                counted.append(max(one.due.due_at, as_of))
        result.append(one)
    return result


def why_not(history: CaseHistory, schedule: Schedule, key: Key, *, as_of: dt.datetime) -> str | None:
    """Why one message is not sent, but for its hour and the caps. Empty if it is; None: it is due no more."""
    window = Window(schedule.quiet, history.nation)
    steps = [step for step in schedule.steps if step.active and step.code == key[0]]
    return {one.due.key: one.why for _, one, _ in _each(history, steps, window, as_of)}.get(key)


def _placed(
    one: Considered,
    step: ScheduleStep,
    schedule: Schedule,
    history: CaseHistory,
    window: Window,
    counted: list[dt.datetime],
    *,
    until: dt.datetime,
) -> Considered:
    """The message at the time it gets: the first within the caps, or that of its own row.

    A row that nobody has tried comes forward to the first time there is: a clock that was ahead for a moment
    may have put it off.
    """
    at = one.due.due_at
    if not is_exempt(step):
        at = earliest_within(schedule.caps, counted, at, window)
    planned = history.pending.get(one.due.key)
    if planned is not None:
        at = min(at, planned) if one.due.key in history.untried else planned
        return Considered(dataclasses.replace(one.due, due_at=at), "")
    return Considered(dataclasses.replace(one.due, due_at=at), Why.NOT_YET if at > until else "")


def is_exempt(step: ScheduleStep) -> bool:
    """Appointments and safety messages do not count towards the caps and are not held by them."""
    return step.exempt or step.critical or step.kind == "appointment"


def subject_of(step: ScheduleStep) -> str:
    """What a person switches off to stop this step, or nothing: care and safety go on.

    A version may name the stop condition at a message or an appointment; it is of neither kind.
    """
    if "opted_out" not in step.stop_when or step.kind in ALWAYS_SENT:
        return ""
    return "reinvitation" if step.kind == "reinvitation" else "reminders"


def _each(
    history: CaseHistory, steps: Sequence[ScheduleStep], window: Window, as_of: dt.datetime
) -> Iterator[tuple[ScheduleStep, Considered, dt.datetime]]:
    """Each possible message, and when it should have left if nothing stood in its way."""
    for step in steps:
        for anchored in history.anchors:
            if anchored.anchor != step.anchor:
                continue
            for number, turn in turns(step, anchored, as_of):
                times = {sending: _natural(sending, step, turn, window) for sending in step.when_to_send}
                for sending, natural in times.items():
                    later = [
                        time
                        for other, time in times.items()
                        if _channel(history, other) == _channel(history, sending) and natural < time <= as_of
                    ]
                    message = _due(history, step, turn, number, sending, natural, window, as_of)
                    why = _why_not(history, step, turn, sending, message, natural, as_of)
                    yield step, Considered(message, why or (Why.SUPERSEDED if later else "")), natural


def _natural(sending: Sending, step: ScheduleStep, anchored: Anchored, window: Window) -> dt.datetime:
    """When it should leave if nothing else stood in the way, inside the sending window."""
    local = anchored.at.astimezone(LONDON)
    before = sending.amount < 0
    if sending.unit == "h":
        wall = local.replace(tzinfo=None) + dt.timedelta(hours=sending.amount)
        natural = wall.replace(tzinfo=LONDON).astimezone(dt.UTC)
    elif sending.unit == "d":
        natural = window.opening(local.date() + sending.amount * DAY)
    else:
        natural = window.opening(window.working_days_after(local.date(), sending.amount))
    if not before:
        natural = max(natural, anchored.at)
    if step.quiet_exempt or anchored.is_near:
        return natural
    natural = window.next_open(natural)
    if before and natural >= anchored.at:  # waiting for the window would make it useless: send it earlier
        natural = window.last_opening_before(anchored.at)
    return natural


def _channel(history: CaseHistory, sending: Sending) -> str:
    if sending.channel in history.channels or sending.fallback not in history.channels:
        return sending.channel
    return sending.fallback


def _due(
    history: CaseHistory,
    step: ScheduleStep,
    anchored: Anchored,
    number: int,
    sending: Sending,
    natural: dt.datetime,
    window: Window,
    as_of: dt.datetime,
) -> Due:
    at = max(natural, as_of)
    template = sending.template or step.template or ""
    turn = f":{number}" if number else ""
    clock = natural.astimezone(LONDON).strftime("%H:%M")
    return Due(
        step=step.code,
        occurrence=f"{anchored.key}{turn}/{sending.after.replace(' ', '')}",
        channel=_channel(history, sending),
        template=template,
        due_at=at if step.quiet_exempt or anchored.is_near else window.next_open(at),
        local_rule=f"{clock} Europe/London, {sending.after} from {step.anchor}",
        at_most_once=template in AT_MOST_ONCE_TEMPLATES,
    )


def form_key(step: ScheduleStep, message: Due) -> str:
    """The later form that a message asks for."""
    return f"{step.code}/{message.occurrence.rpartition('/')[0]}"


def _why_not(
    history: CaseHistory,
    step: ScheduleStep,
    anchored: Anchored,
    sending: Sending,
    message: Due,
    natural: dt.datetime,
    as_of: dt.datetime,
) -> str:
    if history.suppressed:
        return Why.SUPPRESSED
    for condition in step.sends_unless:
        if condition in history.facts or condition in anchored.facts:
            return condition
        if condition == "completed" and form_key(step, message) in history.completed:
            return condition
    either = [(step.code, message.occurrence, c) for c in (sending.channel, sending.fallback) if c]
    # Its own row may be with a worker that gives it back in the next moment: then it is still to be sent.
    with_a_worker = {message.key}.intersection(history.pending)
    if message.key in history.done or history.arrived.intersection(either) - with_a_worker:
        return Why.DONE
    subject = subject_of(step)
    asked_for = history.reinvitation_wanted if step.opt_in else history.reminders_wanted
    if not asked_for and (step.opt_in or (subject and step.kind in REMINDER_KINDS)):
        return Why.NOT_WANTED
    if (message.channel, subject) in history.opted_out:
        return Why.OPTED_OUT
    if message.channel not in history.channels:
        return Why.NO_ADDRESS
    if anchored.known_at is not None and natural < anchored.known_at and natural < anchored.at:
        return Why.NOT_KNOWN_THEN
    if anchored.appointment is not None and message.due_at >= anchored.appointment:
        return Why.TOO_LATE
    closes = closing(step, anchored)
    before_it = natural < anchored.at
    if (before_it and message.due_at >= anchored.at) or (closes and message.due_at >= closes):
        return Why.TOO_LATE
    return Why.TOO_LATE if natural < as_of - TOO_LATE else ""

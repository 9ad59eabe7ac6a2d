"""A year of messages to a made-up patient, worked out by the same rules that send. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum

from screening.cases.opening import DAY, LONDON, local_instant
from screening.followup.anchors import Anchored
from screening.followup.schedule import CaseHistory, Due, consider, is_exempt
from screening.followup.window import Window
from screening.rules.definition import Schedule
from screening.rules.questionnaire import Nation

LENGTH = 366
NOON = dt.time(12, 30)
EVENING = dt.time(20, 30)  # outside the hours in which messages leave
# What happens to them, in days after the start; and when they do what they were asked to (never, for some).
LIFE: tuple[tuple[str, int, dt.time, int | None, tuple[str, ...]], ...] = (
    ("draft_activity", 0, EVENING, 16, ("submitted",)),
    ("submission", 16, NOON, 40, ("records_received", "permission_given")),
    ("info_requested", 42, EVENING, 58, ("answered",)),
    ("message_sent", 60, NOON, 66, ("read",)),
    ("outcome", 70, NOON, None, ()),
    ("appointment_booked", 72, NOON, None, ()),
    ("appointment", 100, NOON, None, ()),
    ("appointment_missed", 101, NOON, 130, ("rebooked",)),
    ("treatment_start", 140, NOON, None, ()),
    ("consent_given", 140, NOON, None, ()),
    ("review_due", 300, NOON, None, ()),
    ("recheck", 320, NOON, None, ()),
)


class Patient(StrEnum):
    LATE = "late"
    SILENT = "silent"


@dataclasses.dataclass(frozen=True)
class Sent:
    """One message of the year. `waited`: the sending window or a cap moved it from when it was due."""

    at: dt.datetime
    step: str
    title: str
    channel: str
    template: str
    rule: str
    waited: bool
    exempt: bool

    @property
    def day(self) -> dt.date:
        return self.at.astimezone(LONDON).date()


def year_of(schedule: Schedule, *, start: dt.date, nation: Nation, patient: Patient) -> list[Sent]:
    """What somebody who begins a form on `start` would get, day by day for a year, earliest first."""
    steps = {step.code: step for step in schedule.steps}
    history = CaseHistory(
        anchors=(), nation=nation, channels=frozenset({"email", "sms"}), reinvitation_wanted=True
    )
    window = Window(schedule.quiet, nation)
    sent: list[Sent] = []
    for number in range(LENGTH):
        day = start + DAY * number
        as_of = local_instant(day, dt.time())
        history = dataclasses.replace(history, anchors=_anchors(start, number, patient))
        for one in consider(history, schedule, as_of=as_of, horizon=DAY):
            if one.why:
                continue
            step = steps[one.due.step]
            rule = one.due.local_rule.partition(", ")[2]
            sent.append(
                Sent(
                    at=one.due.due_at,
                    step=step.code,
                    title=step.title,
                    channel=one.due.channel,
                    template=one.due.template,
                    rule=rule,
                    waited=_waited(one.due, rule.partition(" from ")[0], history, window),
                    exempt=is_exempt(step),
                )
            )
            counted = () if is_exempt(step) else (one.due.due_at,)
            history = dataclasses.replace(
                history,
                done=history.done | {one.due.key},
                arrived=history.arrived | {one.due.key},
                counted=(*history.counted, *counted),
            )
    return sorted(sent, key=lambda each: each.at)


def is_quiet(window: Window, day: dt.date) -> str:
    """Why nothing leaves on a day: "holiday", "day", or nothing."""
    if window.is_holiday(day):
        return "holiday"
    return "" if window.sends_on(day) else "day"


def _waited(due: Due, after: str, history: CaseHistory, window: Window) -> bool:
    """Whether it leaves at another time than its offset alone would say. Working days wait for caps only."""
    amount, unit = after.split()
    name = due.occurrence.partition("/")[0].partition(":")[0]
    begun = next(each.at for each in history.anchors if each.key == name).astimezone(LONDON)
    if unit == "h":
        wall = begun.replace(tzinfo=None) + dt.timedelta(hours=int(amount))
        return due.due_at != wall.replace(tzinfo=LONDON).astimezone(dt.UTC)
    if unit == "d" and ":" not in due.occurrence.partition("/")[0]:
        at = window.opening(begun.date() + DAY * int(amount))
        return due.due_at != (at if int(amount) < 0 else max(at, begun))
    return due.due_at.astimezone(LONDON).strftime("%H:%M") != due.local_rule.split()[0]


def _anchors(start: dt.date, today: int, patient: Patient) -> tuple[Anchored, ...]:
    """What has happened by the end of today, or is known to come: an appointment is known once booked."""
    known = {"appointment": 72}
    found = []
    for name, day, time, answered, facts in LIFE:
        if today < known.get(name, day):
            continue
        done = patient is Patient.LATE and answered is not None and today >= answered
        at = local_instant(start + DAY * day, time)
        found.append(Anchored(name, at, name, frozenset(facts) if done else frozenset()))
    return tuple(found)

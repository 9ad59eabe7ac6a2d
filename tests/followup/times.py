"""Times as people say them, and the schedule that ships."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from screening.cases.opening import LONDON
from screening.followup.anchors import Anchored
from screening.followup.schedule import CaseHistory, Due, due
from screening.rules.definition import Messages, Schedule

SEED = Path(__file__).parents[2] / "seed"
SCHEDULE = Schedule.model_validate(yaml.safe_load((SEED / "schedules/follow-up.yml").read_text()))
MESSAGES = Messages.model_validate(yaml.safe_load((SEED / "messages/default.yml").read_text()))

LOOK = dt.timedelta(hours=6)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def london(text: str) -> dt.datetime:
    """`2026-10-25 09:00` on the clinic's wall."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


def wall(at: dt.datetime) -> str:
    return at.astimezone(LONDON).strftime("%a %Y-%m-%d %H:%M")


def history(anchor: str, at: str, **changes: Any) -> CaseHistory:
    known_at = changes.pop("known_at", None)
    one = Anchored(anchor, london(at), "1", known_at=london(known_at) if known_at else None)
    return CaseHistory(anchors=(one,), **{"channels": frozenset({"email", "sms"}), **changes})


def all_due(past: CaseHistory, *, until: str, schedule: Schedule = SCHEDULE) -> list[Due]:
    """Everything that is sent by `until` by a planner that looks ahead four times a day."""
    sent: list[Due] = []
    now = min(one.known_at or one.at for one in past.anchors)
    while now <= london(until):
        looked = dataclasses.replace(
            past,
            done=past.done | {one.key for one in sent},
            counted=(*past.counted, *(one.due_at for one in sent if counts(one, schedule))),
        )
        sent += due(looked, schedule, as_of=now, horizon=LOOK)
        now += LOOK
    return sent


def counts(one: Due, schedule: Schedule) -> bool:
    step = next(step for step in schedule.steps if step.code == one.step)
    return not (step.exempt or step.critical or step.kind == "appointment")

"""Reminders in words. Which case, which step, when, what became of it and why; never what anybody said."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accounts.access import No
from accounts.models import Membership
from screening.followup.models import Channel, Reminder, ReminderState
from screening.followup.policies import may_cancel, may_send_again
from screening.followup.rows import step_of
from screening.followup.schedule import Due
from screening.followup.words import reason_in_words
from screening.manage.sending.selectors import MOST_COUNTED, Filters
from screening.questionnaires.selectors import schedule_of


@dataclasses.dataclass(frozen=True)
class ReminderRow:
    id: uuid.UUID
    reference: str
    step: str
    channel: str
    due_at: datetime
    sent_at: datetime | None
    state: str
    why: str

    @classmethod
    def of(cls, reminder: Reminder) -> ReminderRow:
        return cls(
            id=reminder.pk,
            reference=reminder.case.reference,
            step=reminder.step,
            channel=str(Channel(reminder.channel).label),
            due_at=reminder.due_at,
            sent_at=reminder.sent_at,
            state=str(ReminderState(reminder.state).label),
            why=reason_in_words(reminder.closed_reason) if reminder.closed_reason else "",
        )


@dataclasses.dataclass(frozen=True)
class StateTab:
    """One state with its number, and the address that shows those alone."""

    label: str
    number: str
    href: str
    chosen: bool


def tabs(counts: Mapping[str, int], filters: Filters) -> list[StateTab]:
    found = []
    for state in ReminderState:
        chosen = filters.state == state
        asked = {**filters.asked(), "state": "" if chosen else str(state)}
        number = counts[state]
        found.append(
            StateTab(
                label=str(state.label),
                number=f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else str(number),
                href=f"?{urlencode({name: value for name, value in asked.items() if value})}",
                chosen=chosen,
            )
        )
    return found


@dataclasses.dataclass(frozen=True)
class Coming:
    """One message that leaves if nothing changes."""

    title: str
    step: str
    channel: str
    due_at: datetime
    rule: str


def coming(found: Sequence[Due], titles: Mapping[str, str]) -> list[Coming]:
    return [
        Coming(
            titles.get(due.step, due.step),
            due.step,
            str(Channel(due.channel).label),
            due.due_at,
            due.local_rule,
        )
        for due in found
    ]


@dataclasses.dataclass(frozen=True)
class TryRow:
    number: int
    at: datetime
    result: str
    code: str


@dataclasses.dataclass(frozen=True)
class ReminderDetail:
    """One message with its tries, what staff did about it, and what can be done now or why not."""

    row: ReminderRow
    title: str
    rule: str
    tries: list[TryRow]
    acts: list[str]
    cancel_refused: str
    again_refused: str

    @classmethod
    def of(cls, reminder: Reminder, membership: Membership) -> ReminderDetail:
        step = step_of(schedule_of(reminder.schedule), reminder.step)
        return cls(
            row=ReminderRow.of(reminder),
            title=step.title if step else reminder.step,
            rule=reminder.local_rule,
            tries=[
                TryRow(each.number, each.started_at, _result(each.result), each.reply_code)
                for each in reminder.attempt_rows.all()
            ],
            acts=[
                _("%(what)s by %(name)s: %(reason)s")
                % {"what": each.get_act_display(), "name": each.by.name, "reason": each.reason}
                for each in reminder.acts.select_related("by")
            ],
            cancel_refused=_sentence(may_cancel(membership, reminder)),
            again_refused=_sentence(may_send_again(membership, reminder)),
        )


def _result(result: str) -> str:
    return str(ReminderState(result).label) if result in ReminderState.values else _("Not finished")


def _sentence(answer: object) -> str:
    return answer.reason if isinstance(answer, No) else ""

"""A page of reminders: by keyset, so that the last page is as quick as the first."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

from django.db.models import F, Q, Value
from django.db.models.lookups import LessThan

from accounts.models import Site
from screening.followup.models import Channel, Reminder, ReminderState
from screening.review.paging import SIGN, Row

ROWS = 50
MOST_COUNTED = 1000


@dataclasses.dataclass(frozen=True)
class Filters:
    """What the address asks for. What it cannot ask for is as if it had not been said."""

    state: str = ""
    channel: str = ""
    step: str = ""
    case: str = ""

    @classmethod
    def of(cls, asked: dict[str, str]) -> Filters:
        state, channel = asked.get("state", ""), asked.get("channel", "")
        return cls(
            state=state if state in ReminderState.values else "",
            channel=channel if channel in Channel.values else "",
            step=asked.get("step", "")[:64].replace("\x00", ""),
            case=asked.get("case", "")[:12].upper().replace("\x00", ""),
        )

    def asked(self) -> dict[str, str]:
        return {name: value for name, value in dataclasses.asdict(self).items() if value}

    def wanted(self) -> Q:
        names = {"state": "state", "channel": "channel", "step": "step", "case": "case__reference"}
        return Q(**{names[name]: value for name, value in self.asked().items()})


@dataclasses.dataclass(frozen=True)
class ReminderPage:
    rows: list[Reminder]
    next_mark: str


def reminder_page(*, site: Site, filters: Filters, after: str) -> ReminderPage:
    """The newest first. One row more is read than shown, to know whether there is a next page."""
    found = Reminder.objects.filter(filters.wanted(), _beyond(after), site=site).select_related("case")
    rows = list(found.order_by("-due_at", "-id")[: ROWS + 1])
    mark = f"{rows[ROWS - 1].due_at.isoformat()}{SIGN}{rows[ROWS - 1].pk}" if len(rows) > ROWS else ""
    return ReminderPage(rows[:ROWS], mark)


def reminder_of(*, site: Site, key: uuid.UUID) -> Reminder:
    """Raises Reminder.DoesNotExist for one of another site."""
    rows = Reminder.objects.select_related("case__patient", "case__site", "schedule", "site")
    return rows.defer("schedule__content").get(site=site, pk=key)


def counted(*, site: Site) -> dict[str, int]:
    """How many of each state, counted to a thousand and one."""
    rows = Reminder.objects.filter(site=site).order_by()
    return {state: rows.filter(state=state)[: MOST_COUNTED + 1].count() for state in ReminderState.values}


def _beyond(mark: str) -> Q:
    """Rows after a mark. What is no mark starts at the beginning: it came from the address."""
    when, sign, key = mark.partition(SIGN)
    try:
        moment, last = dt.datetime.fromisoformat(when), uuid.UUID(key)
    except ValueError:
        return Q()
    if not sign or moment.tzinfo is None:
        return Q()
    return Q(LessThan(Row(F("due_at"), F("id")), Row(Value(moment), Value(last))))

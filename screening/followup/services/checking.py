"""Everything that could have changed since a message was planned, read once more just before it leaves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.opening import LONDON
from screening.cases.selectors import language_of
from screening.followup import schedule as rules
from screening.followup.addresses import address_hash
from screening.followup.caps import earliest_within
from screening.followup.histories import histories, key_of, step_of
from screening.followup.messages import Outgoing, Refused, compose
from screening.followup.models import Reminder
from screening.followup.optout import optout_address
from screening.followup.window import Window
from screening.intake.services import issue_link
from screening.intake.services.mailing import address_of
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, messages_in, published, schedule_of
from screening.rules.definition import Messages, Schedule

NO_MESSAGE = "no_message_text"


@dataclasses.dataclass(frozen=True)
class Ready:
    """May leave now: what is sent, and what it was checked against. The try gets its number as it leaves."""

    reminder_id: uuid.UUID
    outgoing: Outgoing
    checked_at: dt.datetime
    case_lock: int
    email_hash: str
    address_hash: str
    number: int = 0


@dataclasses.dataclass(frozen=True)
class Later:
    """Still wanted, but not at this hour."""

    due_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Stop:
    """Not wanted any more, or (`failed`) it cannot be sent and somebody should know."""

    reason: str
    failed: bool = False


Answer = Ready | Later | Stop
Texts = Callable[[Site, str], Messages]


def check(reminders: Sequence[Reminder], *, by: Actor, at: dt.datetime) -> dict[uuid.UUID, Answer]:
    """Call inside the transaction that has just taken the reminders, read with case, patient, site.

    They are of different people, so that none counts for another's caps.
    """
    for reminder in reminders:
        reminder.case.patient, reminder.case.site = reminder.patient, reminder.site
    found = histories(
        [reminder.case for reminder in reminders],
        as_of=at,
        leaving_out=frozenset(reminder.pk for reminder in reminders),
    )
    texts = cache(_texts)
    return {
        reminder.pk: _check_one(reminder, found[reminder.case_id], texts, by=by, at=at)
        for reminder in reminders
    }


def _check_one(
    reminder: Reminder, history: rules.CaseHistory, texts: Texts, *, by: Actor, at: dt.datetime
) -> Answer:
    schedule = schedule_of(reminder.schedule)
    considered = {
        one.due.key: one.why for one in rules.consider(history, schedule, as_of=at, horizon=rules.TOO_LATE)
    }
    why = considered.get(key_of(reminder), "anchor_gone")
    if why and why != rules.Why.NOT_YET:  # the caps are asked below
        return Stop(why)
    moment = _allowed_from(reminder, history, schedule, at)
    if moment > at:
        return Later(moment)
    try:
        outgoing = _write(reminder, _time_of(reminder, history), texts, by=by, at=at)
    except Refused as refused:
        return Stop(str(refused), failed=True)
    return Ready(
        reminder.pk,
        outgoing,
        checked_at=at,
        case_lock=reminder.case.lock,
        email_hash=reminder.patient.email_hash,
        address_hash=address_hash(reminder.patient, reminder.channel),
    )


def _allowed_from(
    reminder: Reminder, history: rules.CaseHistory, schedule: Schedule, at: dt.datetime
) -> dt.datetime:
    """From when the sending window and the caps let it leave."""
    step = step_of(schedule, reminder.step)
    window = Window(schedule.quiet, history.nation)
    moment = at if step is None or step.quiet_exempt else window.next_open(at)
    if step is not None and not rules.is_exempt(step):
        moment = earliest_within(schedule.caps, [t for t in history.counted if t < moment], moment, window)
    return moment


def _link(reminder: Reminder, *, by: Actor, at: dt.datetime) -> str:
    """Opening it proves the address it was mailed to; a text message proves no address."""
    mailed_to = reminder.patient.email_hash if reminder.channel == "email" else ""
    return address_of(issue_link(case=reminder.case, by=by, at=at, email_hash=mailed_to))


def _time_of(reminder: Reminder, history: rules.CaseHistory) -> dict[str, str]:
    """Day and time of the appointment that this is about, as the clinic's wall shows them; else nothing."""
    key = reminder.occurrence.rsplit("/", 1)[0]
    about = (each.appointment for each in history.anchors if each.key == key and each.appointment)
    moment = next(about, None)
    if moment is None:
        return {}
    local = moment.astimezone(LONDON)
    with override(language_of(reminder.case) or settings.LANGUAGE_CODE):
        return {"date": date_format(local, "l j F Y"), "time": date_format(local, "H:i")}


def _texts(site: Site, language: str) -> Messages:
    return messages_in(published(site=site, kind=Kind.MESSAGES), language)


def _write(
    reminder: Reminder, values: Mapping[str, str], texts: Texts, *, by: Actor, at: dt.datetime
) -> Outgoing:
    patient, site = reminder.patient, reminder.site
    try:
        message = texts(site, language_of(reminder.case)).message(reminder.template, reminder.channel)
    except (KeyError, NothingPublished) as error:
        raise Refused(NO_MESSAGE) from error
    return compose(
        message,
        to=(patient.email if reminder.channel == "email" else patient.phone) or "",
        sender_name=site.neutral_sender,
        message_id=f"<{reminder.pk}@{urlsplit(settings.BASE_URL).hostname}>",
        values={
            "clinic": site.neutral_sender,
            "phone": site.phone,
            "link": _link(reminder, by=by, at=at) if "{link}" in message.text else "",
            "optout": optout_address(reminder),
            **values,
        },
    )

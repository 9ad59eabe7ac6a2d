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
from audit.services import About
from screening.cases.opening import LONDON
from screening.cases.selectors import languages_of
from screening.followup import schedule as rules
from screening.followup.addresses import address_hash
from screening.followup.anchors import Anchored
from screening.followup.caps import earliest_within
from screening.followup.histories import histories
from screening.followup.messages import Outgoing, Refused, compose
from screening.followup.models import Reminder
from screening.followup.optout import optout_address
from screening.followup.rows import key_of, step_of
from screening.followup.services.trail import about
from screening.followup.window import Window
from screening.intake.services import issue_links
from screening.intake.services.mailing import address_of
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import NothingPublished, messages_in, published, schedule_of
from screening.rules.definition import Message, Messages, Schedule

NO_MESSAGE = "no_message_text"
# What was checked longer ago than this is checked again before it leaves.
FRESH = dt.timedelta(seconds=5)


@dataclasses.dataclass(frozen=True)
class Ready:
    """May leave now: what is sent, and what it was checked against.

    The fence adds its mark of the telephone number; the try gets its row and its number as it leaves.
    `about` is its line in the trail once it was sent.
    """

    reminder_id: uuid.UUID
    outgoing: Outgoing
    about: About
    checked_at: dt.datetime
    case_lock: int
    email_hash: str
    address_hash: str
    phone_mark: int | None = None
    at_most_once: bool = False
    attempt_id: int = 0
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


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """One that may leave: its text, of which language, and what is merged in besides the link."""

    reminder: Reminder
    message: Message
    language: str
    values: Mapping[str, str]


def check(reminders: Sequence[Reminder], *, by: Actor, at: dt.datetime) -> dict[uuid.UUID, Answer]:
    """Call inside the transaction that has just taken the reminders, read with case, patient, site.

    They are of different people, so that none counts for another's caps. In the order of the reminders.
    """
    for reminder in reminders:
        reminder.case.patient, reminder.case.site = reminder.patient, reminder.site
    found = histories(
        [reminder.case for reminder in reminders],
        as_of=at,
        leaving_out=frozenset(reminder.pk for reminder in reminders),
    )
    languages, texts = languages_of([reminder.case_id for reminder in reminders]), cache(_texts)
    answers: dict[uuid.UUID, Answer] = {}
    wanted: list[_Wanted] = []
    for reminder in reminders:
        history, language = found[reminder.case_id], languages.get(reminder.case_id, "")
        against = _against(reminder, history, at)
        if against is None:
            try:
                message = texts(reminder.site, language).message(reminder.template, reminder.channel)
            except (KeyError, NothingPublished):
                against = Stop(NO_MESSAGE, failed=True)
            else:
                as_written = texts(reminder.site, "").message(reminder.template, reminder.channel)
                of_text = "" if message.text == as_written.text else language
                wanted.append(_Wanted(reminder, message, of_text, _time_of(reminder, history, of_text)))
        if against is not None:
            answers[reminder.pk] = against
    answers |= _write(wanted, by=by, at=at)
    return {reminder.pk: answers[reminder.pk] for reminder in reminders}


def _against(reminder: Reminder, history: rules.CaseHistory, at: dt.datetime) -> Later | Stop | None:
    """What keeps it from leaving now, or nothing."""
    schedule = schedule_of(reminder.schedule)
    why = rules.why_not(history, schedule, key_of(reminder), as_of=at)
    if why != "":
        return Stop(why or "anchor_gone")
    moment = _allowed_from(reminder, history, schedule, at)
    return Later(moment) if moment > at else None


def _allowed_from(
    reminder: Reminder, history: rules.CaseHistory, schedule: Schedule, at: dt.datetime
) -> dt.datetime:
    """From when the sending window and the caps let it leave."""
    step = step_of(schedule, reminder.step)
    window = Window(schedule.quiet, history.nation)
    at_any_hour = (
        step is None
        or step.quiet_exempt
        or any(one.is_near and one.anchor == step.anchor for one in _about(reminder, history))
    )
    moment = at if at_any_hour else window.next_open(at)
    if moment == at and not (at_any_hour or window.is_open(at + FRESH)):
        moment = window.next_open(at + FRESH)  # the window would close on it before it left
    if step is not None and not rules.is_exempt(step):
        moment = earliest_within(schedule.caps, history.counted, moment, window)
    return moment


def _about(reminder: Reminder, history: rules.CaseHistory) -> list[Anchored]:
    """What happened, or will, that this message is about."""
    key = reminder.occurrence.rsplit("/", 1)[0]
    return [one for one in history.anchors if one.key == key]


def _time_of(reminder: Reminder, history: rules.CaseHistory, language: str) -> dict[str, str]:
    """Day and time of the appointment that this is about, as the clinic's wall shows them; else nothing."""
    moment = next((one.appointment for one in _about(reminder, history) if one.appointment), None)
    if moment is None:
        return {}
    local = moment.astimezone(LONDON)
    with override(language or settings.LANGUAGE_CODE):
        return {"date": date_format(local, "l j F Y"), "time": date_format(local, "H:i")}


def _texts(site: Site, language: str) -> Messages:
    return messages_in(published(site=site, kind=Kind.MESSAGES), language)


def _write(wanted: Sequence[_Wanted], *, by: Actor, at: dt.datetime) -> dict[uuid.UUID, Answer]:
    """The messages, each with a fresh link where its text has one."""
    linked = [one for one in wanted if "{link}" in one.message.text]
    # Opening a link proves the address it was mailed to; a text message proves no address.
    to = [
        (one.reminder.case, one.reminder.patient.email_hash if one.reminder.channel == "email" else "")
        for one in linked
    ]
    tokens = issue_links(wanted=to, by=by, at=at)
    links = {one.reminder.pk: address_of(token) for one, token in zip(linked, tokens, strict=True)}
    answers: dict[uuid.UUID, Answer] = {}
    for one in wanted:
        try:
            answers[one.reminder.pk] = _ready(one, links.get(one.reminder.pk, ""), at)
        except Refused as refused:
            answers[one.reminder.pk] = Stop(str(refused), failed=True)
    return answers


def _ready(one: _Wanted, link: str, at: dt.datetime) -> Ready:
    reminder, patient, site = one.reminder, one.reminder.patient, one.reminder.site
    outgoing = compose(
        one.message,
        to=(patient.email if reminder.channel == "email" else patient.phone) or "",
        sender_name=site.neutral_sender,
        message_id=f"<{reminder.pk}@{urlsplit(settings.BASE_URL).hostname}>",
        values={
            "clinic": site.neutral_sender,
            "phone": site.phone,
            "link": link,
            "optout": optout_address(reminder),
            **one.values,
        },
        language=one.language,
    )
    return Ready(
        reminder.pk,
        outgoing,
        about=about(reminder),
        checked_at=at,
        case_lock=reminder.case.lock,
        email_hash=patient.email_hash,
        address_hash=address_hash(patient, reminder.channel),
        at_most_once=reminder.at_most_once,
    )

"""Words between the clinic and the patient, and the mark that they were read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership
from audit.events import Event
from screening.cases.clock import set_clock
from screening.cases.models import Case
from screening.cases.services import bring_news, locked
from screening.cases.trail import record_about
from screening.review.models import Message
from screening.review.room import policies
from screening.review.services import require


def write_to_patient(
    *, case: Case, key: UUID, text: str, membership: Membership, by: Actor, at: datetime
) -> Message:
    """Leave a message in the patient's room. The mail that says so is a reminder, planned from this row."""
    with transaction.atomic():
        case = locked(case)
        require(policies.may_write_to_patient(membership, case))
        message, new = _once(case, key, text, author=membership.user_id, at=at)
        if new:
            record_about(Event.MESSAGE_SENT, case, by=by, at=at)
    return message


def reply(*, case: Case, key: UUID, text: str, by: Actor, at: datetime) -> Message:
    """The patient writes. The same words sent twice from one page are one message."""
    with transaction.atomic():
        case = locked(case)
        require(policies.may_write(case))
        message, new = _once(case, key, text, author=None, at=at)
        if new:
            bring_news(case, at=at)
            record_about(Event.MESSAGE_SENT, case, by=by, at=at)
    return message


def read_messages(*, case: Case, by: Actor, at: datetime) -> int:
    """The patient opens the messages: how many of the clinic's are read for the first time."""
    with transaction.atomic():
        unread = case.messages.filter(author__isnull=False, read_at__isnull=True)
        read = unread.update(read_at=at)
        if read:
            record_about(Event.MESSAGE_READ, case, by=by, at=at, messages=read)
    return read


def settle_news(*, case: Case, seen: int, membership: Membership, by: Actor, at: datetime) -> Case:
    """Somebody of the clinic has read what the patient wrote, sent or changed."""
    with transaction.atomic():
        case = locked(case, seen=seen)
        open_look = case.looks.filter(answered_at__isnull=True).exists()
        require(policies.may_settle_news(membership, case, open_look=open_look))
        read = case.messages.filter(author__isnull=True, read_at__isnull=True).update(read_at=at)
        case.news_at = None
        set_clock(case)
        case.lock += 1
        case.save(update_fields=["news_at", "due_at", "lock"])
        record_about(Event.NEWS_SETTLED, case, by=by, at=at, messages=read)
    return case


def _once(case: Case, key: UUID, text: str, *, author: int | None, at: datetime) -> tuple[Message, bool]:
    """What this page said, written now unless it was before. On a locked case.

    Whoever goes back to a page that was sent and says something else has written another message.
    """
    said = {"author_id": author, "text": text, "sent_at": at}
    return case.messages.get_or_create(key=uuid5(key, text), defaults=said)

"""How often wrong links, codes and dates may come from one network. Kept as a keyed hash and a count."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Sum

from accounts.encryption import lookup_hash
from screening.intake.models import Knock

# Many people share one network: a hospital, a mobile provider. Few of them are wrong at the same time.
WRONG_AN_HOUR = 60
HOUR = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=1)


class TooManyKnocks(Exception):
    """This network was wrong too often within the hour. Nothing was looked up."""


def refuse_too_many(network: str, *, at: dt.datetime) -> None:
    """Raises TooManyKnocks. A network nobody can tell is counted with all others of its kind."""
    wrong = Knock.objects.filter(network_hash=_hash(network), since__gt=at - HOUR).aggregate(n=Sum("wrong"))
    if (wrong["n"] or 0) >= WRONG_AN_HOUR:
        raise TooManyKnocks


def count_wrong(network: str, *, at: dt.datetime) -> None:
    """One more wrong try. Counted in the database, so that every process sees the same number."""
    tenth = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    with transaction.atomic():
        knock, _ = Knock.objects.get_or_create(network_hash=_hash(network), since=tenth)
        Knock.objects.filter(pk=knock.pk).update(wrong=F("wrong") + 1)


def forget_knocks(*, at: dt.datetime) -> int:
    """Counts that no longer count for anything."""
    gone, _ = Knock.objects.filter(since__lt=at - KEPT).delete()
    return gone


def _hash(network: str) -> str:
    return lookup_hash(f"network:{network}")

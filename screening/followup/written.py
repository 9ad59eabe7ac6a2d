"""What the clinic wrote to its patients besides decisions, and the decisions by which round they ended."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from screening.cases.lookups import among
from screening.cases.models import Case
from screening.followup.anchors import Anchored
from screening.review.models import AnotherLook, Message

LOOK = ":look"


def written_of(of_cases: among) -> dict[int, list[Anchored]]:
    """By case id: messages, and letters after another look."""
    written: dict[int, list[Anchored]] = defaultdict(list)
    messages = Message.objects.filter(of_cases, author__isnull=False)
    for case_id, pk, sent_at, read_at in messages.values_list("case_id", "pk", "sent_at", "read_at"):
        read = frozenset({"read"} if read_at else ())
        written[case_id].append(Anchored("message_sent", sent_at, f"{case_id}:{pk}", read))
    looks = AnotherLook.objects.filter(of_cases, answered_at__isnull=False)
    for case_id, pk, answered_at in looks.values_list("case_id", "pk", "answered_at"):
        at = cast("dt.datetime", answered_at)
        written[case_id].append(Anchored("message_sent", at, f"{case_id}{LOOK}{pk}"))
    return written


def outcome_of(case: Case, closed_at: dt.datetime, written: Iterable[Anchored]) -> Anchored:
    """What was decided. Opened again, a case is decided anew, and that is told like the first time.

    Another look is asked for when a case is closed: answered before it closed, it had opened it again.
    """
    again = sum(LOOK in one.key and one.at <= closed_at for one in written)
    return Anchored("outcome", closed_at, f"{case.pk}:again{again}" if again else str(case.pk))

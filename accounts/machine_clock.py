"""Whether the clock of this machine can be believed. The database's is the one that all machines share.

Where they differ one of them is wrong, and nobody knows which: what cannot be taken back waits then, such as
a message to a patient or the end of a draft. A machine that runs the database as well cannot be caught so.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import connection

log = structlog.get_logger(__name__)
# As long as a lease: workers whose clocks differ by more take each other's work back.
APART = dt.timedelta(minutes=5)


def clock_of_database() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: dt.datetime = cursor.fetchone()[0]
    return found


def clocks_agree(*, at: dt.datetime) -> bool:
    """Whether this machine's time is also the database's; where it is not, the operator hears of it."""
    ahead = at - clock_of_database()
    if abs(ahead) > APART:
        log.error("clocks_differ", seconds_ahead_of_the_database=int(ahead.total_seconds()))
        return False
    return True

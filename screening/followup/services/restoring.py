"""Notices that the database was restored, and puts sending on hold before anything leaves twice.

A restored database has forgotten what was sent since its backup. Three signs give it away, and each
finds what the others miss. It is another server or database than the one the mark was written in
(restored elsewhere, or from a dump). PostgreSQL began a new timeline (restored to a point in time, or a
standby was promoted). Or a machine that sends remembers, in a file beside the database, a turn to which
the database has not come (restored over itself). Until an administrator or
a lead clinician releases the hold, no message to a patient leaves; alerts to the clinic do.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import Site
from screening.followup.models import DatabaseMark
from screening.followup.services.preferences import hold_sending

FAR = 2**60  # no clinic comes so far: what is larger is no number of ours
log = structlog.get_logger(__name__)

# Which server, which history and which database this is. Every role may ask.
IDENTITY = """
    SELECT concat_ws('-',
        (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def hold_if_restored(*, by: Actor, at: dt.datetime) -> bool:
    """Ask before every round of sending. True when it has just put every site on hold."""
    with transaction.atomic():
        identity = _identity()
        seen = _remembered(identity)
        _, new = DatabaseMark.objects.get_or_create(pk=1, defaults={"identity": identity})
        mark = DatabaseMark.objects.select_for_update().get(pk=1)
        restored = not new and (mark.identity != identity or seen > mark.turn)
        if restored:
            # Also where staff hold sending for a reason of their own: that one may end while this stands.
            for site in Site.objects.all():
                hold_sending(site=site, reason=gettext("The database was restored"), by=by, at=at)
        mark.identity, mark.turn = identity, max(mark.turn, seen) + 1
        mark.save(update_fields=["identity", "turn"])
    _remember(identity, mark.turn)
    return restored


def _identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(IDENTITY)
        return str(cursor.fetchone()[0])


def _file(identity: str) -> Path:
    """One for each database, so that two installations on one machine do not mistake each other's."""
    return Path(settings.VAR_DIR) / "turns" / identity


def _remembered(identity: str) -> int:
    """The newest turn this machine saw; 0 when it saw none or the file does not hold one."""
    try:
        turn = int(_file(identity).read_text())
        return turn if turn < FAR else 0
    except (OSError, ValueError):
        return 0


def _remember(identity: str, turn: int) -> None:
    """Only ever forward, whoever of this machine's processes comes second; a full disk stops no reminder."""
    if turn <= _remembered(identity):
        return
    path = _file(identity)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(str(turn))
        part.replace(path)
    except OSError:
        log.warning("turn_not_remembered")

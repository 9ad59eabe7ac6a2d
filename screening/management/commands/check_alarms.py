"""Says what is wrong with sending, and fails when anything is. Run it from cron: it needs no worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from accounts.machine_clock import clocks_agree
from audit.sealing import waiting_since
from screening.cases.selectors import holidays_running_out, keys_fit
from screening.followup.selectors import LATE, alarms
from screening.intake.services import not_expired


class Command(BaseCommand):
    help = "Exit code 1, with a sentence for each thing that a person must look at."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*alarms(at=timezone.now()), *undone(at=timezone.now())]
        if not clocks_agree(at=timezone.now()):
            found.insert(0, gettext("The clocks of this machine and of the database differ: set them right."))
        if not keys_fit():
            found.insert(0, gettext("FIELD_KEYS or LOOKUP_KEY is not the one the data was stored with."))
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("All is well: nothing is late, and the worker has finished its last round.")


def undone(*, at: dt.datetime) -> list[str]:
    """What nobody would miss for a long time: what a worker does besides sending, and a list that ends."""
    found = []
    waiting = waiting_since()
    if waiting is not None and waiting < at - LATE:
        minutes = int((at - waiting).total_seconds() // 60)
        found.append(
            gettext("The audit trail has waited for its seal for %(minutes)s minutes.") % {"minutes": minutes}
        )
    if number := not_expired(at=at):
        found.append(
            ngettext(
                "%(number)s form that nobody sent should have been deleted by now.",
                "%(number)s forms that nobody sent should have been deleted by now.",
                number,
            )
            % {"number": number}
        )
    for site, last in holidays_running_out(at=at):
        found.append(
            gettext("The bank holidays of %(site)s are listed until %(day)s only: add those that follow.")
            % {"site": site.name, "day": date_format(last, "j F Y")}
        )
    return found

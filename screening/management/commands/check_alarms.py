"""Says what is wrong with sending, and fails when anything is. Run it from cron: it needs no worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from accounts.machine_clock import clocks_agree
from screening.cases.selectors import keys_fit
from screening.followup.selectors import alarms


class Command(BaseCommand):
    help = "Exit code 1, with a sentence for each, when sending, clocks or keys need a person."

    def handle(self, *args: Any, **options: Any) -> None:
        found = alarms(at=timezone.now())
        if not clocks_agree(at=timezone.now()):
            found.insert(0, gettext("The clocks of this machine and of the database differ: set them right."))
        if not keys_fit():
            found.insert(0, gettext("FIELD_KEYS or LOOKUP_KEY is not the one the data was stored with."))
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("All is well: nothing is late, and the worker has finished its last round.")

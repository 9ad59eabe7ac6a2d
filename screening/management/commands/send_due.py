"""One tick by hand or from cron: the same as the worker does, and it says what it did."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.machine_clock import clocks_agree
from screening.followup.services import (
    ALERTS,
    HEARTBEAT,
    REMINDERS,
    beat,
    hold_if_restored,
    new_owner,
    plan,
    plan_alerts,
    recover,
    recover_alerts,
    send_alerts,
    send_due,
)


class Command(BaseCommand):
    help = (
        "Plans what is due, takes back what dead workers left, and sends. For cron while there is no worker. "
        "Drafts that are over, virus checks and the seal of the trail wait for one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=45, help="stop sending after this long")

    def handle(self, *args: Any, **options: Any) -> None:
        new = plan_alerts(as_of=timezone.now(), by=ALERTS)
        recover_alerts(at=timezone.now())
        told = send_alerts(now=timezone.now, owner=new_owner())
        self.stdout.write(f"{new} alerts to the clinic planned, {told.get('sent', 0)} sent")
        if not clocks_agree(at=timezone.now()):
            raise CommandError(
                "The clocks of this machine and of the database differ by more than five minutes. "
                "Set them right: until then nothing is sent to patients."
            )
        if hold_if_restored(by=REMINDERS, at=timezone.now()):
            self.stdout.write("The database was restored: sending to patients is on hold")
        planned = plan(as_of=timezone.now(), by=REMINDERS)
        self.stdout.write(
            f"{planned.cases} cases looked at: {planned.planned} reminders planned, "
            f"{planned.cancelled} no longer needed, {planned.broken} cases could not be read"
        )
        self.stdout.write(f"{recover(at=timezone.now())} taken back from workers that stopped")
        counts = send_due(now=timezone.now, owner=new_owner(), seconds=options["seconds"])
        for became, count in sorted(counts.items()) or [("nothing was due", 0)]:
            self.stdout.write(f"{became}: {count}")
        beat(process=HEARTBEAT, at=timezone.now())

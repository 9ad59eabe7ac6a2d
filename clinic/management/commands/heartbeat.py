"""Whether the alarm clock rings: fails when the last round is too long ago. For the health of containers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from screening.followup.models import HEARTBEAT, Heartbeat


class Command(BaseCommand):
    help = "Exit code 1 when no round of reminders was finished lately: worker or beat stands still."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--within", type=int, default=300, help="seconds that may have passed")

    def handle(self, *args: Any, **options: Any) -> None:
        earliest = timezone.now() - timedelta(seconds=options["within"])
        if not Heartbeat.objects.filter(process=HEARTBEAT, at__gte=earliest).exists():
            raise CommandError(f"No round of reminders was finished in the last {options['within']} seconds.")
        self.stdout.write("A round of reminders was finished lately.")

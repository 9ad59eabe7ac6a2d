"""`manage.py set_clocks`: count again by when each open case is due, after a clinic changed its targets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Site
from screening.cases.clock import set_clocks


class Command(BaseCommand):
    help = "Counts again by when each open case is due: after opening hours, holidays or targets changed."

    def handle(self, *args: Any, **options: Any) -> None:
        for site in Site.objects.order_by("pk"):
            moved = set_clocks(site=site, by=Actor.system("set_clocks"), at=timezone.now())
            self.stdout.write(f"{site.slug}: {moved:,} cases moved")

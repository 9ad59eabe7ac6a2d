"""`manage.py seed_scale --cases N`: very many made-up cases beside those of the demo."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Site
from screening.manage.scale import make_many
from screening.questionnaires.seed_files import read_definition, seed_folder


class Command(BaseCommand):
    help = "Copies the cases of the demo until there are N more, to see how quick the pages stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, required=True, help="how many cases to make")

    def handle(self, *args: Any, cases: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Fictional people belong in a demo only. Set THRESHOLD_DEMO=1 for one.")
        if cases < 1:
            raise CommandError("--cases has to be at least 1.")
        slug = read_definition(seed_folder() / "clinic.yml")["site"]["slug"]
        site = Site.objects.filter(slug=slug).first()
        if site is None:
            raise CommandError("There is no fictional clinic yet. Run seed_demo first.")
        start = time.monotonic()
        try:
            for made in make_many(site=site, count=cases):
                rate = made / (time.monotonic() - start)
                left = (cases - made) / rate
                self.stdout.write(
                    f"\rMade {made:,} of {cases:,} cases, {rate:,.0f} a second, {left:,.0f} s left  ",
                    ending="",
                )
                self.stdout.flush()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("")

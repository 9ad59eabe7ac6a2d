"""`manage.py pack_cases`: keep past cases by columns, so that judging all of them again takes seconds."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Site
from screening.cases import packing
from screening.cases.replaying import definitions_of
from screening.questionnaires.selectors import NothingPublished, intake_versions


class Command(BaseCommand):
    help = (
        "Makes the packed copy of past cases that is missing or out of date. Nothing depends on it: what is "
        "missing is made when it is needed. With --check every copy is compared with the assessments it was "
        "made from; exit code 1 if one differs. It is made again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="one site (its slug) instead of all")
        parser.add_argument("--check", action="store_true", help="compare, case by case")

    def handle(self, *args: Any, **options: Any) -> None:
        sites = Site.objects.order_by("slug")
        if options["site"]:
            sites = sites.filter(slug=options["site"])
            if not sites:
                raise CommandError(f"There is no site {options['site']}.")
        wrong = sum(self._site(site, check=options["check"]) for site in sites)
        if wrong:
            raise CommandError(f"{wrong} cases differ from their packed copy.")

    def _site(self, site: Site, *, check: bool) -> int:
        try:
            versions = intake_versions(site=site)
        except NothingPublished:
            self.stdout.write(f"{site.slug}: nothing is published.")
            return 0
        wanted = packing.Wanted.by(definitions_of(*versions))
        if check:
            return self._checked(site, wanted)
        made = packing.pack_site(site=site, wanted=wanted, progress=self._progress)
        self.stdout.write(f"{site.slug}: {made} ranges made.")
        return 0

    def _checked(self, site: Site, wanted: packing.Wanted) -> int:
        parts, total = packing.ranges(site=site, wanted=wanted)
        wrong: list[str] = []
        for done, part in enumerate(parts, start=1):
            if found := packing.differing(part):
                wrong += found
                packing.make(part)
            self._progress(done * total // len(parts), total)
        for reference in wrong:
            self.stdout.write(f"{site.slug}: {reference} differs.")
        self.stdout.write(f"{site.slug}: {total - len(wrong):,} of {total:,} cases are as they were judged.")
        return len(wrong)

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} cases", ending="")
            self.stderr.flush()

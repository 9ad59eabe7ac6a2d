"""`manage.py export_definitions FOLDER --site SLUG`: everything a clinic asks and judges by, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Site
from screening.manage.files.services import export_definitions


class Command(BaseCommand):
    help = (
        "Writes every version of a clinic's definitions, with their words in other languages, into FOLDER. "
        "The same versions give the same bytes, so that the folder can be kept under version control."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--site", required=True, help="the clinic, as in its address: harbour")

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError(f"There is no clinic {options['site']}.")
        files = export_definitions(
            site=site,
            by=Actor.system("export_definitions"),
            at=timezone.now(),
            progress=self._progress,
        )
        folder: Path = options["folder"]
        try:
            for name, content in files:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(files)} files of {site} are in {folder}.")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} versions", ending="\n" if done == total else "")
            self.stderr.flush()

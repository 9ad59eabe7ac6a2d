"""`manage.py import_definitions FOLDER --site SLUG [--dry-run]`: files of definitions, in as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Site
from screening.manage.files.archive import ENDING, MOST_FILES, Named
from screening.manage.files.arriving import Plan, plan
from screening.manage.files.presenters import PlanPage
from screening.manage.files.reading import LARGEST
from screening.manage.files.services import Changed, import_definitions


class Command(BaseCommand):
    help = (
        "Brings the files of FOLDER into a clinic, as drafts that somebody has to approve. All of them, or "
        "nothing when one is refused. With --dry-run it only says what would come in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--site", required=True, help="the clinic, as in its address: harbour")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError(f"There is no clinic {options['site']}.")
        files = _files(options["folder"])
        coming = plan(site=site, files=files)
        self._say(coming)
        if coming.refused:
            raise CommandError("Nothing came in: mend the files that are refused.")
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
            return
        try:
            done = import_definitions(
                site=site,
                files=files,
                seen=coming.fingerprint,
                by=Actor.system("import_definitions"),
                at=timezone.now(),
                progress=self._progress,
            )
        except Changed as changed:
            raise CommandError("The clinic changed meanwhile: nothing came in. Run it again.") from changed
        self.stdout.write(f"{done.brings} files came in as drafts.")

    def _say(self, coming: Plan) -> None:
        for row in PlanPage.of(coming).rows:
            self.stdout.write(f"{row.name}: {row.what}. {row.becomes}.")
            for each in row.findings:
                self.stdout.write(f"  line {each.line}, {each.place}: {each.sentence}")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} files", ending="\n" if done == total else "")
            self.stderr.flush()


def _files(folder: Path) -> list[Named]:
    """The files below a folder, by their names within it; links that lead out of it are not followed."""
    inside = folder.resolve()
    paths = [path for path in sorted(folder.rglob(f"*{ENDING}")) if path.is_file()]
    if not paths:
        raise CommandError(f"There is no file of a definition (*{ENDING}) in {folder}.")
    if len(paths) > MOST_FILES:
        raise CommandError(f"There are more than {MOST_FILES:,} files in {folder}.")
    files = []
    for path in paths:
        if not path.resolve().is_relative_to(inside):
            raise CommandError(f"{path} leads out of {folder}.")
        try:
            with path.open("rb") as file:
                files.append((path.relative_to(folder).as_posix(), file.read(LARGEST + 1)))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    return files

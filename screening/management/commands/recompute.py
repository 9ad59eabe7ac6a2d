"""`manage.py recompute REFERENCE` or `--all`: judge stored assessments again and compare byte for byte."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import Actor
from screening.cases import certificate
from screening.cases.certificate import Certificate

BY = Actor.system("recompute")
LONGEST = 60


class Command(BaseCommand):
    help = (
        "Judges past assessments again with the versions they name and reports every field that differs. "
        "Exit code 1 on any difference."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("reference", nargs="?", help="the reference of a case")
        which.add_argument("--all", action="store_true", help="every assessment of every site")

    def handle(self, *args: Any, **options: Any) -> None:
        checked, differing = self._all() if options["all"] else self._one(options["reference"])
        self.stdout.write(f"{checked - differing} of {checked} reproduced byte for byte.")
        if differing:
            raise CommandError(f"{differing} of {checked} assessments differ.")

    def _one(self, reference: str) -> tuple[int, int]:
        certificates = certificate.check(reference=reference.strip().upper(), by=BY, at=timezone.now())
        if not certificates:
            raise CommandError("No assessment is stored for this reference.")
        for each in certificates:
            self._print(each)
        return len(certificates), sum(not each.reproduced for each in certificates)

    def _all(self) -> tuple[int, int]:
        total = certificate.assessments().count() if self._is_watched() else 0
        checked = differing = after = 0
        while batch := certificate.check_batch(after=after, by=BY, at=timezone.now()):
            after = batch[-1].assessment.pk
            checked += len(batch)
            for each in batch:
                if not each.reproduced:
                    differing += 1
                    self._print(each)
            if self._is_watched():
                self.stderr.write(f"\r{checked:,} of {total:,} judged again", ending="")
                self.stderr.flush()
        if self._is_watched():
            self.stderr.write("")
        return checked, differing

    def _is_watched(self) -> bool:
        return bool(self.stderr.isatty())

    def _print(self, each: Certificate) -> None:
        row = each.assessment
        versions = f"{row.questionnaire} and {row.ruleset}, {row.sha256[:12]}"
        mark = "same" if each.reproduced else "DIFFERS"
        self.stdout.write(
            f"{mark}  {row.case.reference}  judged on {row.as_of} by {versions}, {row.sha256[:12]}"
        )
        for each_field in each.differences:
            stored, now = _short(each_field.stored), _short(each_field.now)
            self.stdout.write(f"      {each_field.field}: {stored} -> {now}")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

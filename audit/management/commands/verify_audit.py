"""Check that nobody changed the audit trail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from audit.sealing import Head, seal, verify


class Command(BaseCommand):
    help = (
        "Seals what is not sealed yet, walks the chain of seals and names every row that was changed, "
        "deleted or moved. Prints the head of the chain: keep it elsewhere, and give it back with "
        "--expect, so that a chain cut short or rebuilt is noticed too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="a head that was kept elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            expected = [Head.parse(text) for text in options["expect"]]
        except ValueError as error:
            raise CommandError(str(error)) from None
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        seal(at=timezone.now(), everything=True)
        verdict = verify(expected=expected, progress=self.report if options["verbosity"] > 1 else None)
        for problem in verdict.problems:
            self.stderr.write(str(problem))
        self.stdout.write(f"{verdict.checked:,} rows checked, {len(verdict.problems):,} problems.")
        self.stdout.write(f"Head: {verdict.head}")
        if not verdict:
            raise CommandError("The audit trail is not as it was sealed.")

    def report(self, checked: int) -> None:
        self.stdout.write(f"{checked:,} rows checked ...")

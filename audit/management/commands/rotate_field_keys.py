"""Move all encrypted data to the first key of FIELD_KEYS."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.actors import Actor
from accounts.encryption import Undecryptable
from accounts.rotation import encrypted_fields, pending, rotate_field, rotate_second_factors
from audit.events import Event
from audit.services import record


class Command(BaseCommand):
    help = (
        "Moves all encrypted data to the first key of FIELD_KEYS. Put the new key first, keep the old "
        "one behind it, restart everything, run this, then take the old key away. Can be stopped and "
        "run again at any time. The trail says that it was run, and how many values it moved."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        self.moved: dict[str, int] = {}
        try:
            self._rotate()
        finally:  # also when it is stopped: rows that nobody else may change were written anew
            if moved := sum(self.moved.values()):
                record(
                    Event.KEYS_ROTATED,
                    by=Actor.system("rotate_field_keys"),
                    at=timezone.now(),
                    site=None,
                    detail={"values": moved},
                )

    def _rotate(self) -> None:
        fields = list(encrypted_fields())
        try:
            for field in fields:
                name = str(field)
                rotate_field(field, progress=partial(self.report, name, pending(field).count()))
            self.moved["second factors"] = rotate_second_factors()
            self.stdout.write(f"Second factors: {self.moved['second factors']:,}")
        except Undecryptable as problem:  # an old key was taken away too soon, or a value is damaged
            raise CommandError(str(problem)) from None
        left = sum(pending(field).count() for field in fields)
        if left:
            raise CommandError(
                f"{left:,} values were written under an old key meanwhile. Restart what still runs with "
                "the old setting, then run this again."
            )
        self.stdout.write(f"{len(fields)} fields checked. Only the first key is in use.")

    def report(self, name: str, total: int, done: int) -> None:
        self.moved[name] = done
        self.stdout.write(f"{name}: {done:,} of {total:,}")

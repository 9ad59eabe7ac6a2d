"""A machine whose clock stands at some moment, and the database's with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import time_machine
from django.utils import timezone

from accounts import machine_clock


@contextmanager
def all_clocks_at(at: dt.datetime) -> Iterator[None]:
    with (
        time_machine.travel(at, tick=False),
        mock.patch.object(machine_clock, "clock_of_database", timezone.now),
    ):
        yield

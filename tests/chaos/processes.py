"""Real workers and clocks, started for one test on its own database, and killed like the real thing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from screening.followup.models import Heartbeat
from screening.followup.services import HEARTBEAT

# Caught up within two ticks: when the last message leaves, one round of work at most is over.
SECOND_ROUND = 1


def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for something to become true, and say what it was when it does not."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} seconds in vain: {what}")
        pause.wait(0.02)


def rounds_until(condition: Callable[[], bool], *, seconds: float, what: str) -> int:
    """Wait as `until` does. How many rounds of work were finished before: in the next it became true."""
    ends = Heartbeat.objects.filter(process=HEARTBEAT).values_list("at", flat=True)
    before, seen = set(ends.all()), set()

    def came() -> bool:
        seen.update(ends.all())
        return condition()

    until(came, seconds=seconds, what=what)
    return len(seen - before)


def address_of_this_database() -> str:
    """The database this test uses, as another process reaches it."""
    parts = connection.settings_dict
    given = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo(**{key: str(parts[name]) for key, name in given.items() if parts[name]})


address_of_this_database.__test__ = False  # type: ignore[attr-defined]


class Processes:
    """Workers and a beat, with a broker folder of their own or the one named. Leaving the block ends them."""

    def __init__(
        self, folder: Path, *, mail_port: int, lease: int = 3, tick: int = 3, broker: str = "filesystem://"
    ) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
            "DATABASE_URL": address_of_this_database(),
            "VAR_DIR": str(folder),
            "BROKER_URL": broker,
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "REMINDER_LEASE_SECONDS": str(lease),
            "TICK_SECONDS": str(tick),
        }

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.started:
            if process.poll() is None:
                self.kill(process)

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip")

    def beat(self) -> subprocess.Popen[bytes]:
        return self._start("beat", "--loglevel", "WARNING", "--schedule", str(self.folder / "beat"))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the process and all its children, as when the machine takes them away."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def kill_child(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the pool process alone: its parent lives and starts another."""
        os.kill(self.children(process)[-1], signal.SIGKILL)

    def children(self, process: subprocess.Popen[bytes]) -> list[int]:
        """The pool processes of a worker, newest last; none while it is beginning."""
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def log(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in sorted(self.folder.glob("*.log")))

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        number = len(self.started)
        with (self.folder / f"{number}-{command[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "clinic.celery", *command],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own, so that killing it kills nobody else
            )
        self.started.append(process)
        return process

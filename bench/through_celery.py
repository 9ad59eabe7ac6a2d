"""The same reminders through real workers to a mail server on this machine: what a clinic would wait for.

On Redis where one is installed, else on the filesystem broker. The time runs from the first mail to the
last row that is marked as sent; that workers begin takes as long as it takes on the machine.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.sink import counting

WORKERS, LEASE, TICK = 2, 300, 5
LONGEST = 3600.0  # seconds before it is given up


def through_celery(count: int) -> dict[str, Any]:
    """So many reminders are planned already and due. Seconds, broker, and how many arrived more than once."""
    from screening.followup.models import Reminder, ReminderState
    from tests.chaos.processes import Processes, until

    left = Reminder.objects.filter(state__in=[ReminderState.SCHEDULED, ReminderState.CLAIMED, "sending"])
    with tempfile.TemporaryDirectory() as name, counting() as (came, port), _broker() as broker:
        folder = Path(name)
        with Processes(folder, mail_port=port, lease=LEASE, tick=TICK, broker=broker) as processes:
            try:
                processes.beat()
                for _ in range(WORKERS):
                    processes.worker()
                until(lambda: bool(came), seconds=300, what="the first mail")
                start = time.perf_counter()
                until(lambda: len(came) >= count, seconds=LONGEST, what="all mails")
                until(lambda: not left.exists(), seconds=LONGEST, what="all are marked")
            except AssertionError as error:
                error.add_note(processes.log())
                raise
            seconds = time.perf_counter() - start
    twice = came.total() - len(came)
    return {"seconds": seconds, "broker": broker.partition(":")[0], "twice": twice, "workers": WORKERS}


@contextmanager
def _broker() -> Iterator[str]:
    """A Redis of our own that forgets everything at the end, else folders."""
    if (program := shutil.which("redis-server")) is None:
        yield "filesystem://"
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    redis = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        redis.terminate()
        redis.wait(10)

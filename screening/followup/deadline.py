"""An end to a conversation, however slowly the other side speaks."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Seconds one try to send may take. A lease of a reminder is longer than this by far.
ATTEMPT_SECONDS = 15.0
# Of these, how long a name's address may take to take the call; a name may have two.
CONNECT_SECONDS = 5.0
Line = Callable[[], socket.socket | None]


@contextmanager
def within(seconds: float, line: Line) -> Iterator[None]:
    """Hang up after so many seconds: a timeout of a socket alone begins anew with every byte."""
    one = _watch.begin(time.monotonic() + seconds, line)
    try:
        yield
    finally:
        _watch.end(one)


class _Watch:
    """One thread for all conversations of a process: one for each would take longer to start than most take.

    It sleeps until the first of them is over its time, and is woken only when a new one ends before that.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: dict[object, tuple[float, Line]] = {}
        self._wakes = math.inf
        self._thread = threading.Thread()

    def begin(self, until: float, line: Line) -> object:
        one = object()
        with self._changed:
            self._open[one] = (until, line)
            if not self._thread.is_alive():  # the first, or the first after a fork
                self._wakes = until
                self._thread = threading.Thread(target=self._run, name="deadline", daemon=True)
                self._thread.start()
            elif until < self._wakes:
                self._changed.notify()
        return one

    def end(self, one: object) -> None:
        with self._changed:
            self._open.pop(one, None)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for one, (until, line) in list(self._open.items()):
                    if until <= now:
                        del self._open[one]
                        _hang_up(line)
                self._wakes = min((until for until, _ in self._open.values()), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


def _hang_up(line: Line) -> None:
    found = line()
    if found is not None:
        with suppress(OSError):  # it has hung up itself
            # Not the socket's own: one under TLS would forget its keys beneath whoever is reading.
            socket.socket.shutdown(found, socket.SHUT_RDWR)


_watch = _Watch()

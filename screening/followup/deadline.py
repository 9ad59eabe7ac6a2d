"""An end to a conversation, however slowly the other side speaks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Seconds one try to send may take. A lease of a reminder is longer than this by far.
ATTEMPT_SECONDS = 15.0
# Of these, how long a name's address may take to take the call; a name may have two.
CONNECT_SECONDS = 5.0


@contextmanager
def within(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Hang up after so many seconds: a timeout of a socket alone begins anew with every byte."""
    clock = threading.Timer(seconds, _hang_up, [line])
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _hang_up(line: Callable[[], socket.socket | None]) -> None:
    found = line()
    if found is not None:
        with suppress(OSError):  # it has hung up itself
            # Not the socket's own: one under TLS would forget its keys beneath whoever is reading.
            socket.socket.shutdown(found, socket.SHUT_RDWR)

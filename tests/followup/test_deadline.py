"""An end to each conversation, and one thread that watches them all."""

from __future__ import annotations

import socket
import threading
import time

from screening.followup.deadline import within


def watchers() -> int:
    return sum(thread.name == "deadline" for thread in threading.enumerate())


def test_a_silent_line_is_hung_up_in_its_time_however_many_longer_ones_are_open() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, within(60, lambda: None), within(0.1, lambda: ours):
        began = time.monotonic()
        ours.settimeout(10)
        assert ours.recv(1) == b""
        assert 0.09 < time.monotonic() - began < 5


def test_a_line_that_was_quick_is_left_alone_and_costs_no_thread() -> None:
    (ours, theirs), (other, end) = socket.socketpair(), socket.socketpair()
    with ours, theirs, other, end:
        for _ in range(100):
            with within(0.05, lambda: ours):
                pass
        with within(0.2, lambda: other):
            other.settimeout(10)
            assert other.recv(1) == b""  # so long that the hundred would have been hung up too
        assert watchers() == 1
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"

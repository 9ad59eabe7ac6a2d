"""Bounds on what hostile input may cost: seconds of the processor, whatever else runs, and bytes."""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

# What is bounded takes about a second at most; what is not takes minutes, or never ends.
SECONDS = 5.0
TRACED = 10


@contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    if sys.gettrace() is not None:  # coverage looks at every line: what it costs is not ours
        seconds *= TRACED
    gc.freeze()  # what earlier tests keep is not gone through again on our time
    began = time.process_time()
    try:
        yield
    finally:
        took = time.process_time() - began
        gc.unfreeze()
    assert took < seconds, f"{took:.2f} s"


@contextmanager
def small(size: int) -> Iterator[None]:
    """At no moment more than so many bytes. Counting them takes time of its own."""
    tracemalloc.start()
    try:
        yield
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < size, f"{peak:,} bytes"

"""A bound on the work that hostile input may cause: some seconds of the processor, whatever else runs."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

# What is bounded takes about a second at most; what is not takes minutes, or never ends.
SECONDS = 5.0


@contextmanager
def soon() -> Iterator[None]:
    gc.freeze()  # what earlier tests keep is not gone through again on our time
    began = time.process_time()
    try:
        yield
    finally:
        took = time.process_time() - began
        gc.unfreeze()
    assert took < SECONDS, f"{took:.2f} s"

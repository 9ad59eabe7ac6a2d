"""Which request we are in, so that rows of the trail and lines of the log can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    return _request_id.get()


@contextmanager
def in_request(request_id: str) -> Iterator[None]:
    """Everything recorded inside carries this id. The request log wraps each request in it."""
    token = _request_id.set(request_id[:64])
    try:
        yield
    finally:
        _request_id.reset(token)

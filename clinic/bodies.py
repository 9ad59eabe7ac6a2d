"""A request that stops before its announced end is no request: half a page must never be taken for a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def readline(self, size: int = -1, /) -> bytes: ...


class WholeBody:
    """Around the application: reading a body that was cut off raises, whatever the server makes of it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if length.isascii() and length.isdigit() and int(length):
            environ["wsgi.input"] = Counted(environ["wsgi.input"], int(length))
        return self.application(environ, start_response)


class Counted:
    """The body, which knows how much of it is still to come."""

    def __init__(self, body: Readable, length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        parts = []
        while wanted:
            parts.append(self._some(self.body.read(wanted)))
            wanted -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        return self._some(self.body.readline(size)) if self.left and size else b""

    def _some(self, data: bytes) -> bytes:
        if not data:
            raise ConnectionError("the request stopped before its announced end")
        self.left -= len(data)
        return data

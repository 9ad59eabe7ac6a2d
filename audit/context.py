"""Which request we are in, so that rows of the trail and lines of the log can be laid side by side."""

from __future__ import annotations

import structlog


def current_request_id() -> str:
    """What the request log has bound for its own lines; empty outside a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]

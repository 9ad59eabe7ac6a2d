"""Logs as lines of JSON on standard output, without anything personal.

A log line carries names we chose (a route, an event, a type of error), never text that came from a person.
So messages of other packages are written as their template, without the arguments, and an error is written
as its type and the places it passed, without its message: a database's message quotes the row.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

Entry = MutableMapping[str, Any]

# These speak of processes and addresses of our own machines only.
TRUSTED = (
    "granian",
    "_granian",
    "celery.beat",
    "celery.worker.consumer",
    "celery.apps",
    "psycopg.pool",
    "clinic",
    "audit",
)
ROOT = Path(__file__).resolve().parent.parent


def error_places(kind: type[BaseException] | None, trace: TracebackType | None) -> dict[str, Any]:
    """The type of an error and the lines it passed through, innermost last."""
    frames = traceback.extract_tb(trace)[-12:]
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}" if kind else None,
        "places": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-3:])


def _places_not_messages(logger: Any, method: str, entry: Entry) -> Entry:
    info = entry.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        entry.update(error_places(info[0], info[2]))
    entry.pop("stack_info", None)
    return entry


def _template_not_arguments(logger: Any, method: str, entry: Entry) -> Entry:
    record, arguments = entry["_record"], entry.pop("positional_args", None)
    if isinstance(arguments, Mapping):
        entry["event"] = record.msg % _Known(arguments)
    elif arguments and record.name.startswith(TRUSTED):
        entry["event"] = record.msg % arguments
    return entry


class _Known(dict[str, Any]):
    """Of named arguments, as Celery gives them, the ones that are names and numbers of ours."""

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name) if name in {"name", "id", "runtime"} else "…"


class _Quiet(logging.Filter):
    """Django's own request lines carry the path, and a path may carry a key. We write our own."""

    def filter(self, record: logging.LogRecord) -> bool:
        return False


def logging_config(level: str = "INFO") -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _places_not_messages,
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"quiet": {"()": _Quiet}},
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*shared, _template_not_arguments],
                    "use_get_message": False,
                    "pass_foreign_args": True,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.JSONRenderer(),
                    ],
                }
            },
            "handlers": {
                "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"},
            },
            "root": {"handlers": ["out"], "level": level},
            "loggers": {
                "django.request": {"filters": ["quiet"]},
                "django.security": {"level": "WARNING"},
                "django.server": {"handlers": [], "propagate": True, "filters": ["quiet"]},
                "django.db.backends": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},  # a tick a minute is no news
                "celery.worker.strategy": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

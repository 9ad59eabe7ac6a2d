"""A database of a bench's own: made empty, used with keys of its own, dropped at the end."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from clinic.secrets import new_secrets


@contextmanager
def scratch(name: str, *, demo: bool = False) -> Iterator[None]:
    """Inside, `django.setup()` finds the scratch database. Workers started inside inherit it."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    host = "127.0.0.1" if demo else "bench.example.org"  # a demo is for this machine alone
    folder = tempfile.mkdtemp(prefix="threshold-bench-")  # a demo that stands here keeps its own files
    os.environ |= {
        **new_secrets(),
        "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "BASE_URL": f"http://{host}" if demo else f"https://{host}",
        "ALLOWED_HOSTS": host,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "VAR_DIR": folder,
        "LOG_LEVEL": "WARNING",
        "DATABASE_STATEMENT_TIMEOUT": "0",  # what is measured may take its time
        "THRESHOLD_DEMO": "1" if demo else "0",
    }
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        shutil.rmtree(folder, ignore_errors=True)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def beside(name: str, other: str) -> Iterator[str]:
    """A copy of the scratch database as it is now, and its address. Dropped at the end like the first."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # nobody may be in what is copied
    address = os.environ["DATABASE_URL"]
    home = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with psycopg.connect(home, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {other} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {other} TEMPLATE {name}")
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{other}"))
    finally:
        with psycopg.connect(home, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {other} WITH (FORCE)")


def note(text: str) -> None:
    """A line that the next one writes over; nothing where nobody looks."""
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)

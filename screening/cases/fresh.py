"""What a freshly started process has to do before it can read the database. Imports no models itself."""

from __future__ import annotations

import django


def prepare() -> None:
    django.setup()

"""The shipped settings as a production environment would get them."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from clinic.secrets import new_secrets

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    **new_secrets(),
    "THRESHOLD_DEMO": "0",
    "BASE_URL": "https://clinic.example.org",
    "ALLOWED_HOSTS": "clinic.example.org",
    "DATABASE_URL": "postgresql://threshold:secret@db.example.org/threshold?sslmode=verify-full",
    "DATABASE_POOL_SIZE": "4",
    "EMAIL_BACKEND": "",
    "DEFAULT_FROM_EMAIL": "clinic@clinic.example.org",
    "LOG_LEVEL": "",
}


def load_settings(changes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Runs the settings module anew; logging stays as the tests have it."""
    with (
        mock.patch.dict("os.environ", {**ENVIRONMENT, **(changes or {})}),
        mock.patch("clinic.logs.logging_config"),
    ):
        found = runpy.run_path(str(ROOT / "clinic" / "settings.py"))
    return {name: value for name, value in found.items() if name.isupper()}

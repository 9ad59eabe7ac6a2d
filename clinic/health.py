"""Whether this process lives, and whether it can do its work. Asked from inside only; says no version."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.encryption import decrypt, encrypt
from clinic.logs import error_places
from screening.cases.selectors import keys_fit
from screening.followup.models import Heartbeat

log = structlog.get_logger("clinic.health")
LEAST_FREE = 0.10
_migrated: set[str] = set()  # databases that were seen complete: what is applied stays applied


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else: a database that is down is no reason to kill it."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        # Each would wait for a connection as long as the first did, and say nothing new.
        lost = found.get("database") == "failed" and connection.connection is None
        asked = name == "disk" or not lost
        found[name] = "not asked" if not asked else "ok" if _holds(name, check) else "failed"
    ready = set(found.values()) == {"ok"}
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        good = check()
    except Exception as problem:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("not ready", check=name, **error_places(type(problem), problem.__traceback__))
        return False
    if not good:
        log.warning("not ready", check=name)
    return good


def _database_takes_writes() -> bool:
    """A row is written: a full disk or a standby answers every question and still keeps nothing."""
    Heartbeat.objects.update_or_create(process="ready", defaults={"at": timezone.now()})
    return True


def _migrations_are_applied() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(name)
    return True


def _keys_work() -> bool:
    return decrypt(encrypt("ready")) == "ready" and keys_fit()


def _disk_has_room() -> bool:
    """There is room, and files of patients can be written: a folder of somebody else takes none."""
    documents = Path(settings.MEDIA_ROOT)
    place = next(folder for folder in (documents, *documents.parents) if folder.exists())
    usage = shutil.disk_usage(place)
    return usage.free / usage.total > LEAST_FREE and os.access(place, os.W_OK | os.X_OK)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_takes_writes,
    "migrations": _migrations_are_applied,
    "keys": _keys_work,
    "disk": _disk_has_room,
}

"""Health that tells the truth: alive without a database, ready only when work can be kept."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from audit.sealing import seal
from clinic import health
from clinic.secrets import new_secrets
from screening.followup.models import HEARTBEAT, Heartbeat
from screening.followup.services import beat
from tests.factories.intake import draft, open_clinic

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _forget_what_was_seen() -> None:
    health._migrated.clear()


def _failed(client: Client) -> list[str]:
    answer = client.get("/readyz")
    checks = answer.json()["checks"]
    failed = [name for name, word in checks.items() if word != "ok"]
    assert answer.status_code == (503 if failed else 200)
    return failed


def test_liveness_never_asks_the_database(client: Client) -> None:
    """Without the `db` mark any query would be refused."""
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready_when_everything_holds(client: Client) -> None:
    assert _failed(client) == []


@pytest.mark.django_db
def test_a_database_that_takes_no_writes_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert _failed(client) == ["database"]


def test_a_database_out_of_reach_is_waited_for_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the `db` mark there is no connection to be had."""
    asked = []
    for name, check in health.CHECKS.items():
        monkeypatch.setitem(health.CHECKS, name, lambda name=name, check=check: asked.append(name) or check())
    monkeypatch.setattr(health, "connection", SimpleNamespace(connection=None))
    assert _failed(client) == ["database", "migrations", "keys"]
    assert asked == ["database", "disk"]


@pytest.mark.django_db
def test_a_missed_migration_is_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="audit").order_by("-id").first().delete()
    assert _failed(client) == ["migrations"]


@pytest.mark.django_db
def test_a_key_that_cannot_decrypt_is_not_ready(client: Client, settings: Any) -> None:
    settings.FIELD_KEYS = ["nonsense"]
    assert _failed(client) == ["keys"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["FIELD_KEYS", "LOOKUP_KEY"])
def test_other_keys_than_those_the_data_was_stored_with_are_not_ready(
    client: Client, settings: Any, name: str
) -> None:
    draft(open_clinic(), at=timezone.now())
    assert _failed(client) == []
    beat(process=HEARTBEAT, at=timezone.now())
    seal(at=timezone.now())  # what a factory copies was recorded when it was first made: an hour ago, perhaps
    call_command("check_alarms")
    setattr(settings, name, new_secrets()[name] if name == "LOOKUP_KEY" else [new_secrets()[name]])
    assert _failed(client) == ["keys"]
    with pytest.raises(CommandError, match="is not the one the data was stored with"):
        call_command("check_alarms")


@pytest.mark.django_db
def test_an_old_key_behind_the_new_one_is_ready(client: Client, settings: Any) -> None:
    draft(open_clinic(), at=timezone.now())
    settings.FIELD_KEYS = [new_secrets()["FIELD_KEYS"], *settings.FIELD_KEYS]
    assert _failed(client) == []


@pytest.mark.django_db
def test_a_folder_for_files_that_takes_none_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.os, "access", lambda place, how: False)
    assert _failed(client) == ["disk"]


@pytest.mark.django_db
@pytest.mark.parametrize(("free", "failed"), [(9, ["disk"]), (10, ["disk"]), (11, [])])
def test_a_disk_with_a_tenth_left_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, free: int, failed: list[str]
) -> None:
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: Usage(100, 100 - free, free))
    assert _failed(client) == failed


@pytest.mark.django_db
def test_health_names_no_version(client: Client) -> None:
    answer = client.get("/readyz")
    assert "server" not in {name.lower() for name in answer.headers}
    assert set(answer.json()) == {"ready", "checks"}


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds_ago", "well"), [(299, True), (302, False), (None, False)])
def test_a_worker_is_well_when_a_round_was_finished_lately(seconds_ago: int | None, well: bool) -> None:
    if seconds_ago is not None:
        at = timezone.now() - timedelta(seconds=seconds_ago)
        Heartbeat.objects.create(process=HEARTBEAT, at=at)
    if well:
        call_command("heartbeat")
    else:
        with pytest.raises(CommandError, match="No round of reminders"):
            call_command("heartbeat")

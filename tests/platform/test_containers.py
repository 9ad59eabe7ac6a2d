"""The compose file starts the same processes as the demo, each with a way to tell that it is well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import override_settings

from tests.platform.production import ROOT, load_settings


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return found


def test_every_process_of_the_service_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis", "mailpit"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_each_lasting_process_says_how_it_is(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


def test_nothing_is_reachable_from_other_machines(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_whoever_breaks_in_can_change_no_program_and_has_no_rights_of_root(
    services: dict[str, Any], name: str
) -> None:
    said = services[name]
    assert (said["read_only"], said["tmpfs"], said["cap_drop"]) == (True, ["/tmp"], ["ALL"])  # noqa: S108
    assert said["pids_limit"]
    assert said["mem_limit"]


def test_no_process_gains_rights_that_it_did_not_start_with(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_password_stands_in_the_file(services: dict[str, Any]) -> None:
    secrets = [
        value
        for service in services.values()
        for name, value in service.get("environment", {}).items()
        if "PASSWORD" in name or "KEY" in name
    ]
    assert secrets
    assert all(value.startswith("${") for value in secrets)


def test_processes_start_only_after_the_tables_are_there(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_the_file_with_the_keys_goes_neither_into_history_nor_into_the_image(name: str) -> None:
    said = (ROOT / name).read_text().splitlines()
    assert {".env", ".env.*"} <= set(said)


def test_the_log_of_the_database_quotes_no_statement_and_no_row(services: dict[str, Any]) -> None:
    """A save that waits too long is logged with its answers otherwise, an address that is taken in full."""
    said = services["postgres"]["command"]
    assert "log_min_error_statement=panic" in said
    assert "log_error_verbosity=terse" in said


def test_nothing_starts_with_settings_that_are_not_safe_for_patients(services: dict[str, Any]) -> None:
    steps = services["migrate"]["command"].split("&&")
    assert "check --deploy --fail-level WARNING" in steps[0]
    assert "migrate --noinput" in steps[1]


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_a_database_password_with_any_sign_is_taken_as_it_is(services: dict[str, Any], name: str) -> None:
    said = services[name]["environment"]
    assert "PASSWORD" not in said["DATABASE_URL"], "an @ or a / would end it there"
    assert said["PGPASSWORD"].startswith("${POSTGRES_PASSWORD")


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_files_are_kept_in_the_volume_whatever_the_environment_file_says(
    services: dict[str, Any], name: str
) -> None:
    kept = [volume.partition(":")[2] for volume in services[name]["volumes"]]
    assert [services[name]["environment"]["VAR_DIR"]] == kept


def test_the_image_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line for line in lines if line.startswith("USER")]
    assert users == ["USER threshold"]
    assert lines.index(users[0]) < next(i for i, line in enumerate(lines) if line.startswith("CMD"))


def test_the_image_can_read_the_style_sheets_that_root_collected(tmp_path: Path) -> None:
    kept = load_settings()["STORAGES"]
    with override_settings(STORAGES=kept, STATIC_ROOT=tmp_path / "collected"):
        call_command("collectstatic", interactive=False, verbosity=0)
    places = [tmp_path / "collected", *(tmp_path / "collected").rglob("*")]
    assert len(places) > 10
    wanted = {True: 0o755, False: 0o644}
    assert {
        path.name for path in places if path.stat().st_mode & wanted[path.is_dir()] != wanted[path.is_dir()]
    } == set()


def test_documents_are_for_nobody_else() -> None:
    settings = load_settings()
    assert (settings["FILE_UPLOAD_PERMISSIONS"], settings["FILE_UPLOAD_DIRECTORY_PERMISSIONS"]) == (
        0o600,
        0o700,
    )

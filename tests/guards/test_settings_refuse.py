"""A service with a gap in its settings does not start: it says which, and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from clinic.checks import ready_for_patients
from clinic.env import SettingsProblem
from tests.platform.production import ENVIRONMENT, ROOT, load_settings

REQUIRED = ["SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY", "BASE_URL", "DATABASE_URL"]


def test_every_missing_variable_is_told_at_once_with_what_it_is_for() -> None:
    with pytest.raises(SettingsProblem) as problem:
        load_settings(dict.fromkeys(REQUIRED, ""))
    for name in REQUIRED:
        assert f"{name} is missing. It is " in str(problem.value)
    assert ".env.example" in str(problem.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EMAIL_PORT", "twenty-five", "EMAIL_PORT cannot be understood"),
        ("THRESHOLD_DEMO", "perhaps", "THRESHOLD_DEMO cannot be understood"),
        ("DATABASE_URL", "mysql://somewhere/else", "DATABASE_URL is not a PostgreSQL address"),
        ("DATABASE_URL", "postgresql://somewhere", "DATABASE_URL names no database"),
        ("BASE_URL", "http://clinic.example.org", "must start with https://"),
        ("BASE_URL", "https://clinic.example.org/pain", "BASE_URL cannot be understood"),
        ("BASE_URL", "https://clinic.example.org:door", "BASE_URL cannot be understood"),
        ("BASE_URL", "https://[::1", "BASE_URL cannot be understood"),
        ("SECRET_KEY", "guess me", "SECRET_KEY is too short"),
        ("LOOKUP_KEY", "guess me", "LOOKUP_KEY is too short"),
        ("FIELD_KEYS", "guess me", "FIELD_KEYS holds something that is no key"),
        ("FIELD_KEYS", ",", "FIELD_KEYS is missing"),
        ("TICK_SECONDS", "0", "TICK_SECONDS must be 1 to"),
        ("DATABASE_POOL_SIZE", "-1", "DATABASE_POOL_SIZE must be 0 to"),
        ("EMAIL_PORT", "70000", "EMAIL_PORT must be 1 to 65535"),
        ("LOG_LEVEL", "DEBUG", "LOG_LEVEL cannot be understood"),
        ("DEFAULT_FROM_EMAIL", "the clinic", "DEFAULT_FROM_EMAIL is no email address"),
        ("DEFAULT_FROM_EMAIL", "Clinic <a@example.com>", "is no email address alone"),
        ("EMAIL_HOST_USER", "clinic", "EMAIL_HOST_PASSWORD belong together"),
        ("NOTIFY_API_KEY", "key", "NOTIFY_API_KEY needs"),
        ("NOTIFY_SMS_TEMPLATE", "template", "NOTIFY_API_KEY needs"),
        ("NOTIFY_CALLBACK_TOKEN", "guess me", "NOTIFY_CALLBACK_TOKEN has fewer"),
        ("NOTIFY_URL", "http://notify.example.org", "NOTIFY_URL must start with https://"),
        ("CLAMD_ADDRESS", "clamav", "CLAMD_ADDRESS must be host:port"),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsProblem, match=sentence):
        load_settings({name: value})


@pytest.mark.parametrize(
    ("said", "folder"), [("", ROOT / "var"), ("files", ROOT / "files"), ("/srv/x", Path("/srv/x"))]
)
def test_files_are_in_one_place_from_whichever_folder_a_command_is_run(said: str, folder: Path) -> None:
    assert load_settings({"VAR_DIR": said})["VAR_DIR"] == folder


def test_two_ways_to_encrypt_one_mail_connection_are_refused() -> None:
    with pytest.raises(SettingsProblem, match="both on"):
        load_settings({"EMAIL_USE_TLS": "1", "EMAIL_USE_SSL": "1"})


def test_what_goes_well_together_is_taken() -> None:
    notify = {"NOTIFY_API_KEY": "key", "NOTIFY_EMAIL_TEMPLATE": "template", "NOTIFY_CALLBACK_TOKEN": "x" * 32}
    mail = {"EMAIL_HOST_USER": "clinic", "EMAIL_HOST_PASSWORD": "secret", "EMAIL_USE_SSL": "1"}
    others = {
        "CLAMD_ADDRESS": "clamav:3310",
        "LOG_LEVEL": "WARNING",
        "BASE_URL": "https://clinic.example.org:8443/",
    }
    told = load_settings({**notify, **mail, **others})
    assert told["BASE_URL"] == "https://clinic.example.org:8443"


def test_a_secret_that_cannot_be_understood_is_not_repeated() -> None:
    with pytest.raises(SettingsProblem) as problem:
        load_settings({"DATABASE_URL": "postgresql://user:hunter2@host:notaport/x y z=1"})
    assert "hunter2" not in str(problem.value)


def test_the_demo_refuses_an_address_that_others_can_reach() -> None:
    with pytest.raises(SettingsProblem, match="not this machine"):
        load_settings({"THRESHOLD_DEMO": "1"})


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "celery", "--app", "clinic.celery", "worker"],
        ["-c", "import clinic.wsgi"],
    ],
)
def test_each_process_ends_with_the_sentence_and_without_a_traceback(command: list[str]) -> None:
    ended = _run({"SECRET_KEY": ""}, command)
    assert ended.returncode == 1
    assert "SECRET_KEY is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_command_that_finds_no_database_says_so_and_why() -> None:
    nowhere = "postgresql://threshold:hunter2@127.0.0.1:1/threshold"
    ended = _run({"DATABASE_URL": nowhere, "DATABASE_POOL_SIZE": "0"}, ["manage.py", "check_alarms"])
    assert ended.returncode == 1
    assert "The database did not answer" in ended.stderr
    assert "refused" in ended.stderr
    assert "Traceback" not in ended.stderr
    pooled = _run({"DATABASE_URL": nowhere}, ["manage.py", "check_alarms"])
    assert "The database did not answer" in pooled.stderr
    assert "refused" in pooled.stdout, "the pool gives no reason but in the log"
    assert "hunter2" not in pooled.stdout + pooled.stderr + ended.stderr


def _run(changes: dict[str, str], command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**ENVIRONMENT, **changes, "PATH": "/usr/bin:/bin"}
    whole = [sys.executable, *command]
    return subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_no_secret_has_a_default_in_the_code() -> None:
    told = load_settings()
    assert told["SECRET_KEY"] == ENVIRONMENT["SECRET_KEY"]
    assert told["DEBUG"] is False
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is told["SECURE_SSL_REDIRECT"] is True


def _deploy_findings(**changes: Any) -> set[str]:
    with mock.patch("clinic.checks.settings", SimpleNamespace(**{**load_settings(), **changes})):
        return {str(message.id) for message in ready_for_patients(None)}


def test_the_shipped_settings_pass_our_own_deployment_checks() -> None:
    assert _deploy_findings() == set()


_DATABASE = load_settings()["DATABASES"]["default"]


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, {"DEMO": True}),
        (2, {"BASE_URL": "http://clinic.example.org"}),
        (3, {"FIELD_KEYS": ["too-short"]}),
        (4, {"LOOKUP_KEY": "short"}),
        (5, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["'self'"]}}}),
        (6, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}}),
        (7, {"SESSION_COOKIE_NAME": "session"}),
        (8, {"CSRF_COOKIE_HTTPONLY": False}),
        (9, {"MIDDLEWARE": []}),
        (10, {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}),
        (11, {"DATABASES": {"default": {**_DATABASE, "OPTIONS": {"options": "-c statement_timeout=1"}}}}),
        (12, {"EMAIL_TIMEOUT": None}),
        (13, {"DATABASES": {"default": {**_DATABASE, "OPTIONS": {"sslmode": "verify-full"}}}}),
        (14, {"SECURE_HSTS_SECONDS": 3600}),
        (15, {"ALLOWED_HOSTS": ["*"]}),
        (16, {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
        (16, {"EMAIL_BACKEND": "no.such.Backend"}),
        (17, {"DEFAULT_FROM_EMAIL": "clinic@example.org"}),
        (18, {"REMINDER_LEASE_SECONDS": 60}),
    ],
)
def test_each_deployment_check_notices_its_fault(number: int, changes: dict[str, Any]) -> None:
    assert f"threshold.E{number:03d}" in _deploy_findings(**changes)

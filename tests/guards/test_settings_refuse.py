"""A service with a gap in its settings does not start: it says which, and what to do."""

from __future__ import annotations

import subprocess
import sys
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
        ("BASE_URL", "http://clinic.example.org", "must start with https://"),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsProblem, match=sentence):
        load_settings({name: value})


def test_a_secret_that_cannot_be_understood_is_not_repeated() -> None:
    with pytest.raises(SettingsProblem) as problem:
        load_settings({"DATABASE_URL": "postgresql://user:hunter2@host:notaport/x y z=1"})
    assert "hunter2" not in str(problem.value)


def test_the_demo_refuses_an_address_that_others_can_reach() -> None:
    with pytest.raises(SettingsProblem, match="not this machine"):
        load_settings({"THRESHOLD_DEMO": "1"})


def test_a_command_ends_with_the_sentence_and_without_a_traceback() -> None:
    environment = {**ENVIRONMENT, "SECRET_KEY": "", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "manage.py", "check"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "SECRET_KEY is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


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
    ],
)
def test_each_deployment_check_notices_its_fault(number: int, changes: dict[str, Any]) -> None:
    assert f"threshold.E{number:03d}" in _deploy_findings(**changes)

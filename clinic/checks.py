"""What an auditor expects beyond Django's own `check --deploy`. The tests see each line fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils.module_loading import import_string

YEAR = 365 * 24 * 3600
LEASE = 120  # seconds: twice what a sending worker may take, and a minute for its clock


def _findings() -> Iterator[tuple[int, bool, str]]:
    """A number, whether all is well, and the sentence when it is not."""
    csp = settings.CONTENT_SECURITY_POLICY.get("DIRECTIVES", {})
    said = " ".join(str(value) for values in csp.values() for value in values)
    database = settings.DATABASES["default"]
    host, options = database.get("HOST", ""), database.get("OPTIONS", {})
    remote = bool(host) and not host.startswith("/") and host not in {"localhost", "127.0.0.1", "::1"}
    cookies = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME]
    yield 1, not settings.DEMO, "THRESHOLD_DEMO is on: the demo shows passwords and mail."
    yield 2, settings.BASE_URL.startswith("https://"), "BASE_URL does not start with https://."
    yield 3, _keys_are_good(), "FIELD_KEYS must be Fernet keys: 32 bytes each, in URL-safe base64."
    yield 4, len(settings.LOOKUP_KEY) >= 32, "LOOKUP_KEY is shorter than 32 characters."
    yield 5, csp.get("default-src") == ["'none'"], "The content security policy must start from 'none'."
    yield 6, "unsafe" not in said and "*" not in said, "The content security policy has a hole."
    yield 7, all(name.startswith("__Host-") for name in cookies), "Cookies must be named __Host-."
    yield 8, settings.SESSION_COOKIE_HTTPONLY and settings.CSRF_COOKIE_HTTPONLY, "Scripts can read a cookie."
    yield 9, _private_by_default(), "SignInMiddleware is missing: pages would be public by default."
    yield 10, settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher"), "Passwords need Argon2 first."
    yield 11, not remote or "sslmode" in options, "The database is elsewhere: say sslmode in DATABASE_URL."
    yield (
        12,
        bool(settings.EMAIL_TIMEOUT),
        "EMAIL_TIMEOUT is missing: a silent server would hold a worker.",
    )
    yield 13, "statement_timeout=" in options.get("options", ""), "Statements have no time limit."
    yield 14, settings.SECURE_HSTS_SECONDS >= YEAR, "Strict transport security must last a year or more."
    yield 15, "*" not in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS lets every host name in."
    yield 16, _mail_leaves(), "Mail goes to a file or a console, or nowhere, not to people."
    yield 17, not _from_nobody(), "DEFAULT_FROM_EMAIL is not said: mail would come from example.org."
    yield (
        18,
        settings.REMINDER_LEASE_SECONDS >= LEASE,
        f"REMINDER_LEASE_SECONDS is less than {LEASE}: what one worker still sends another would send again.",
    )


def _keys_are_good() -> bool:
    try:
        return bool([Fernet(key) for key in settings.FIELD_KEYS])
    except ValueError:
        return False


def _private_by_default() -> bool:
    return "clinic.middleware.SignInMiddleware" in settings.MIDDLEWARE


def _mail_leaves() -> bool:
    try:
        import_string(settings.EMAIL_BACKEND)
    except ImportError:
        return False
    return not settings.EMAIL_BACKEND.startswith(
        "django.core.mail.backends."
    ) or settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def _from_nobody() -> bool:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].endswith("@example.org")


@register(Tags.security, deploy=True)
def ready_for_patients(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(sentence, id=f"threshold.E{number:03d}") for number, fine, sentence in _findings() if not fine
    ]

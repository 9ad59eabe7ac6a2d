"""Settings that are good one by one and wrong together. Each would be noticed when a message should leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

SHORTEST_TOKEN = 32
HERE = {"127.0.0.1", "localhost", "::1"}


def half_said(told: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each."""
    if told["EMAIL_USE_TLS"] and told["EMAIL_USE_SSL"]:
        yield "EMAIL_USE_TLS and EMAIL_USE_SSL are both on. A mail server takes one of them."
    if bool(told["EMAIL_HOST_USER"]) != bool(told["EMAIL_HOST_PASSWORD"]):
        yield "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD belong together: with one alone nobody signs in."
    if not _is_mail(told["DEFAULT_FROM_EMAIL"]):
        yield "DEFAULT_FROM_EMAIL is no email address alone. The name of the clinic is put before it."
    templates = told["NOTIFY_EMAIL_TEMPLATE"] or told["NOTIFY_SMS_TEMPLATE"]
    if bool(told["NOTIFY_API_KEY"]) != bool(templates):
        yield (
            "NOTIFY_API_KEY needs NOTIFY_EMAIL_TEMPLATE or NOTIFY_SMS_TEMPLATE, and they need it: "
            "otherwise nothing goes through Notify."
        )
    if told["NOTIFY_CALLBACK_TOKEN"] and len(told["NOTIFY_CALLBACK_TOKEN"]) < SHORTEST_TOKEN:
        yield f"NOTIFY_CALLBACK_TOKEN has fewer than {SHORTEST_TOKEN} characters: every callback is refused."
    if not _is_private(told["NOTIFY_URL"]):
        yield "NOTIFY_URL must start with https://. Messages never travel in the clear."
    if not _is_scanner(told["CLAMD_ADDRESS"]):
        yield "CLAMD_ADDRESS must be host:port, or the path of a socket that begins with /."


def _is_mail(sender: str) -> bool:
    name, _, host = sender.partition("@")
    return bool(name and host) and parseaddr(sender) == ("", sender)


def _is_private(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in HERE)
    except ValueError:
        return False


def _is_scanner(address: str) -> bool:
    host, _, port = address.rpartition(":")
    return not address or address.startswith("/") or (bool(host) and port.isascii() and port.isdigit())

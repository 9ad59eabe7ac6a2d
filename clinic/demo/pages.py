"""Pages that show a demo's own passwords, codes and mail."""

from __future__ import annotations

import email
import email.policy
import json
import time
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

MOST_MAILS = 200


@dataclass(frozen=True)
class SignIn:
    role: str
    name: str
    email: str
    password: str
    code: str


@dataclass(frozen=True)
class Mail:
    sent: datetime
    to: str
    subject: str
    text: str


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/welcome.html")


@login_not_required
@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    seconds_left = mfa.TOTP_PERIOD - int(time.time()) % mfa.TOTP_PERIOD
    return render(request, "demo/sign_ins.html", {"people": read_sign_ins(), "seconds_left": seconds_left})


@login_not_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/outbox.html", {"mails": read_outbox(Path(settings.EMAIL_FILE_PATH))})


def read_sign_ins() -> list[SignIn]:
    """The people the seed made, each with the code their phone would show now."""
    try:
        people = json.loads((settings.VAR_DIR / "demo" / "sign-ins.json").read_text())
    except FileNotFoundError:
        return []
    found = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__email__in=[person["email"] for person in people]
    )
    secrets = {row.user.email: decrypt(row.data["secret"]) for row in found.select_related("user")}
    return [
        SignIn(
            role=person["role"],
            name=person["name"],
            email=person["email"],
            password=person["password"],
            code=current_code(secrets[person["email"]]) if person["email"] in secrets else "",
        )
        for person in people
    ]


def current_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // mfa.TOTP_PERIOD)))


def read_outbox(folder: Path) -> list[Mail]:
    """The newest mails first. Django writes a file for each connection, with dashes between mails."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    mails: list[Mail] = []
    for file in files:
        sent = datetime.fromtimestamp(file.stat().st_mtime, tz=timezone.get_current_timezone())
        parts = file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
        mails += [_mail(part, sent) for part in reversed(parts) if part.strip()]
        if len(mails) >= MOST_MAILS:
            break
    return mails[:MOST_MAILS]


def _mail(raw: bytes, sent: datetime) -> Mail:
    message = email.message_from_bytes(raw.lstrip(b"\n"), EmailMessage, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the policy makes
    body = message.get_body(("plain",))
    return Mail(
        sent=sent,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        text=str(body.get_content()) if body else "",
    )

"""How allauth behaves for us: nobody signs up, secrets are encrypted, a second factor stays."""

from __future__ import annotations

from smtplib import SMTPException
from threading import Thread
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.encryption import decrypt, encrypt
from accounts.mails import as_mail
from accounts.models import User

log = structlog.get_logger("accounts")

ISSUER = "Threshold"
MAIL_THREAD = "mail for a new password"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by an administrator; the sign-up page exists for nobody."""
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMultiAlternatives:
        """Its words in the one layout of every mail."""
        mail = super().render_mail(*args, **kwargs)
        return as_mail(
            subject=mail.subject,
            text=mail.body,
            sender=mail.from_email,
            to=mail.to[0],
            language=get_language() or "",
            headers=mail.extra_headers,
        )

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Beside the answer: the time that a mail server takes would tell a stranger who has an account."""
        said = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        mail = self.render_mail("account/email/password_reset_key", email, {**said, **context})
        Thread(target=_send, args=(mail,), name=MAIL_THREAD).start()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The change is made already: a mail server that is away must not turn it into an error page."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException) as problem:
            log.warning("notification not sent", problem=type(problem).__name__)


def _send(mail: EmailMultiAlternatives) -> None:
    """The page has said what to do when nothing comes."""
    try:
        mail.send()
    except (OSError, SMTPException) as problem:
        log.error("mail for a new password not sent", problem=type(problem).__name__)


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the code app on a phone shows: our name, never the clinic's, which may tell a story."""
        return ISSUER

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor cannot go: staff would be locked into setting it up again at once."""
        return bool(
            Authenticator.objects.filter(user_id=authenticator.user_id)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exists()
        )

"""How allauth behaves for us: nobody signs up, secrets are encrypted, a second factor stays."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.encryption import decrypt, encrypt

ISSUER = "Threshold"


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by an administrator; the sign-up page exists for nobody."""
        return False


class StaffMFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the code app on a phone shows: our name, never the clinic's, which may tell a story."""
        return ISSUER

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor cannot go: staff would be locked into setting it up again at once."""
        return (
            Authenticator.objects.filter(user_id=authenticator.user_id)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exists()
        )

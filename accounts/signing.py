"""The second step of signing in, asked for once more when somebody signs a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa import signals
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

TOO_MANY = "too_many_login_attempts"


def has_app(user_id: int | None) -> bool:
    """Whether this person has an app that shows codes. Without one they sign in with a passkey."""
    return bool(Authenticator.objects.filter(user=user_id, type=Authenticator.Type.TOTP).exists())


def has_passkey(user_id: int | None) -> bool:
    return bool(Authenticator.objects.filter(user=user_id, type=Authenticator.Type.WEBAUTHN).exists())


def passkey_options(request: HttpRequest) -> dict[str, Any]:
    """What the browser asks a passkey of this person with: a new question each time, kept in the session."""
    return dict(begin_authentication(request.user))


def prove_again(request: HttpRequest, code: str, *, at: datetime) -> datetime:
    """`at`, if the code is right. Else ValidationError, and a line in the trail, also when tried too often.

    Counted with the failures of signing in: nobody gets more tries by trying here.
    """
    if not code.strip():
        if has_app(request.user.pk):
            raise ValidationError(_("Enter the code that your authenticator app shows now"))
        raise ValidationError(_("Enter one of your recovery codes"))
    form = ReauthenticateForm(user=request.user, data={"code": code})
    wrong = _("This code is not right, or was used already. Wait for the next one")
    return _proved(request, form, wrong, at=at)


def prove_by_passkey(request: HttpRequest, answer: str, *, at: datetime) -> datetime:
    """`at`, if a passkey of this person gave this answer to the question that was asked last."""
    form = ReauthenticateWebAuthnForm(user=request.user, data={"credential": answer})
    wrong = _("This passkey did not fit. Try again, or enter a code")
    return _proved(request, form, wrong, at=at)


def _proved(request: HttpRequest, form: Any, wrong: str, *, at: datetime) -> datetime:
    if form.is_valid():
        form.save()
        return at
    if any(form.has_error(name, TOO_MANY) for name in form.fields):
        signals.authentication_failed.send(
            sender=Authenticator,
            request=request,
            user=request.user,
            authenticator=None,
            reauthentication=True,
        )
        raise ValidationError(_("Too many wrong codes. What you wrote is still here: wait, then try again"))
    raise ValidationError(wrong)

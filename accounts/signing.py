"""The second step of signing in, asked for once more when somebody signs a decision."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa import signals
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

TOO_MANY = "too_many_login_attempts"


def has_app(user_id: int | None) -> bool:
    """Whether this person has an app that shows codes. Without one they sign in with a passkey."""
    return bool(Authenticator.objects.filter(user=user_id, type=Authenticator.Type.TOTP).exists())


def prove_again(request: HttpRequest, code: str, *, at: datetime) -> datetime:
    """`at`, if the code is right. Else ValidationError, and a line in the trail, also when tried too often.

    Counted with the failures of signing in: nobody gets more tries by trying here.
    """
    if not code.strip():
        if has_app(request.user.pk):
            raise ValidationError(_("Enter the code that your authenticator app shows now"))
        raise ValidationError(_("Enter one of your recovery codes"))
    form = ReauthenticateForm(user=request.user, data={"code": code})
    if form.is_valid():
        form.save()
        return at
    if form.has_error("code", TOO_MANY):
        signals.authentication_failed.send(
            sender=Authenticator,
            request=request,
            user=request.user,
            authenticator=None,
            reauthentication=True,
        )
        raise ValidationError(_("Too many wrong codes. What you wrote is still here: wait, then try again"))
    raise ValidationError(_("This code is not right, or was used already. Wait for the next one"))

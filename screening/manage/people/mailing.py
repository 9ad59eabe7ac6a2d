"""The mail that lets somebody in: to set a password, or to say that another clinic has a place for them."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.mails import as_mail, sender_of
from accounts.models import Membership, User

log = structlog.get_logger("manage.people")


def address_to_begin(user: User) -> str:
    """Where this person sets a password. It works once, and for as long as a link to a new password does."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.BASE_URL}{path}"


def send_invitation(member: Membership) -> bool:
    """Whether the mail server took it. Says nothing of patients, and no password."""
    site, user = member.site, member.user
    words = {
        "clinic": site.neutral_sender,
        "name": user.name,
        "role": member.get_role_display().lower(),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    if user.has_usable_password():
        words["link"] = f"{settings.BASE_URL}{reverse('account_login')}"
        text = _(
            "Hello %(name)s,\n\n"
            "%(clinic)s has given you access as %(role)s. Sign in as you always do: %(link)s\n\n"
            "If you did not expect this, tell the clinic.\n"
        )
    else:
        words["link"] = address_to_begin(user)
        text = _(
            "Hello %(name)s,\n\n"
            "%(clinic)s has given you access as %(role)s. Choose your password here: %(link)s\n\n"
            "The link works once, for %(days)s days. After that you need your phone, for a second step "
            "each time you sign in.\n\nIf you did not expect this, tell the clinic.\n"
        )
    mail = as_mail(
        subject=_("Your access to %(clinic)s") % words,
        text=text % words,
        sender=sender_of(site.neutral_sender),
        to=user.email,
        language=get_language() or "",
    )
    try:
        return bool(mail.send())
    except (OSError, SMTPException) as problem:
        log.warning("invitation not sent", problem=type(problem).__name__)
        return False

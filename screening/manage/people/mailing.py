"""Mails to people who work here: to let them in, and to say that their second step was removed."""

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
    return _send(member, _("Your access to %(clinic)s") % words, text % words)


def tell_of_forgotten_step(member: Membership) -> bool:
    """Whether the mail server took it. Who did not ask for this must hear of it at once."""
    words = {"clinic": member.site.neutral_sender, "name": member.user.name, "phone": member.site.phone}
    text = _(
        "Hello %(name)s,\n\n"
        "An administrator of %(clinic)s has removed the second step of your account. The next time you sign "
        "in you set up a new one.\n\n"
        "If you did not ask for this, change your password now and ring the clinic: %(phone)s\n"
    )
    return _send(member, _("Your second step was removed"), text % words)


def _send(member: Membership, subject: str, text: str) -> bool:
    mail = as_mail(
        subject=subject,
        text=text,
        sender=sender_of(member.site.neutral_sender),
        to=member.user.email,
        language=get_language() or "",
    )
    try:
        return bool(mail.send())
    except (OSError, SMTPException) as problem:
        log.warning("mail to a member not sent", problem=type(problem).__name__)
        return False

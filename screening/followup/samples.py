"""What fills a text that nobody gets yet: to look at it, and to tell whether it could leave."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Site
from screening.followup.messages import Refused, compose
from screening.rules.definition import Message

TOKEN = "2f9c1d7b4e6a8035" * 2 + "2f9c1d7b4e6"  # as long as a real one
A_DAY = dt.date(2026, 6, 1)
# Kept for examples: nobody has them.
NOBODY = {"email": "alex@example.org", "sms": "07700900123"}


def sample_values(clinic: str, phone: str) -> dict[str, str]:
    return {
        "clinic": clinic,
        "phone": phone,
        "link": settings.BASE_URL + reverse("intake-go", args=[TOKEN]),
        "optout": settings.BASE_URL + reverse("reminders-stop", args=[TOKEN]),
        "date": date_format(A_DAY, "l j F"),
        "time": "10:30",
        "hours": _("Monday to Friday, 9am to 5pm"),
    }


def refusal_of(message: Message, site: Site) -> str:
    """The code with which sending would refuse this text for whomever it is; empty where it could leave."""
    try:
        compose(
            message,
            to=NOBODY[message.channel],
            sender_name=site.neutral_sender,
            message_id="<sample@example.org>",
            values=sample_values(site.neutral_sender, site.phone),
        )
    except Refused as refused:
        return str(refused)
    return ""

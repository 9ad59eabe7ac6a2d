"""The text of one message to one person. Nothing about health can be merged in, whatever the data holds."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from enum import Enum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.mails import sender_of
from screening.followup.text_length import length_of
from screening.rules.definition import Message
from screening.rules.schedule import PLACEHOLDERS

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
# Nobody is at the other end: programs that answer by themselves keep quiet.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
MOST_PARTS = 4  # what one text may cost; the shipped ones take two
_PHONE = re.compile(r"\+?[0-9]{7,15}")


class Late(Enum):
    """What nobody has done with a case within the time of its clinic."""

    UNOPENED = "unopened"
    UNDONE = "undone"


LATE = {
    Late.UNOPENED: gettext_lazy("Nobody has opened it within the time your clinic has set."),
    Late.UNDONE: gettext_lazy(
        "Somebody opened it, but within the time your clinic has set nobody has written down what was done."
    ),
}


class Refused(ValueError):
    """The message must not leave like this. `str()` is a code for staff and holds no personal data."""


@dataclasses.dataclass(frozen=True)
class Outgoing:
    """What an adapter sends: one recipient, one text. Its language is empty for the usual one."""

    channel: str
    to: str
    sender: str
    subject: str
    body: str
    message_id: str
    headers: dict[str, str]
    language: str = ""


def compose(
    message: Message,
    *,
    to: str,
    sender_name: str,
    message_id: str,
    values: Mapping[str, str],
    language: str = "",
) -> Outgoing:
    """Fill in the text and check everything that becomes a header."""
    optout = values.get("optout", "")
    headers = dict(AUTOMATIC)
    if optout:
        headers["List-Unsubscribe"] = f"<{optout}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    outgoing = Outgoing(
        channel=message.channel,
        to=_one_address(message.channel, to),
        sender=sender_of(_one_line(sender_name)),
        subject=_one_line(fill(message.subject or "", values)),
        body=fill(message.text, values),
        message_id=message_id,
        headers=headers,
        language=language,
    )
    for value in outgoing.headers.values():
        _one_line(value)
    if outgoing.channel == "sms":
        _short_with_a_way_out(outgoing.body)
    return outgoing


def _short_with_a_way_out(text: str) -> None:
    if length_of(text).parts > MOST_PARTS:
        raise Refused("text_too_long")
    if "STOP" not in text:
        raise Refused("no_way_to_stop")


def compose_alert(
    *, reference: str, to: str, sender_name: str, message_id: str, late: Late | None
) -> Outgoing:
    """The mail that tells the clinic of a case: its reference, where to sign in, nothing of a person."""
    lines = [gettext("A case needs you: %(reference)s") % {"reference": reference}]
    if late is not None:
        lines.append(str(LATE[late]))
    address = settings.BASE_URL + reverse("account_login")
    lines += [
        gettext("Sign in to open it: %(address)s") % {"address": address},
        gettext("This email is sent again until somebody has written down what was done.")
        if late is Late.UNDONE
        else gettext("This email is sent again until somebody opens the case."),
    ]
    return Outgoing(
        channel="email",
        to=_one_address("email", to),
        sender=sender_of(_one_line(sender_name)),
        subject=_one_line(lines[0]),
        body="\n\n".join(lines) + "\n",
        message_id=message_id,
        headers=dict(AUTOMATIC),
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace `{name}` once, by plain substitution: what is merged in is never read as a pattern again."""

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in PLACEHOLDERS or not values.get(name):
            raise Refused("placeholder_unknown")
        return values[name]

    return _PLACEHOLDER.sub(value_of, text)


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise Refused("header_injection")
    return text


def plain_number(typed: str) -> str:
    """A telephone number as a provider reads it; the same for the same number however typed in the UK."""
    number = re.sub(r"[ \-().]", "", typed)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    number = f"+44{number[1:]}" if number.startswith("0") else f"+{number.removeprefix('+')}"
    return re.sub(r"^\+440", "+44", number)  # "+44 (0)20 ..." names both ways to dial it


def _one_address(channel: str, to: str) -> str:
    _one_line(to)
    if channel == "sms":
        number = plain_number(to)
        if not _PHONE.fullmatch(number):
            raise Refused("address_malformed")
        return number
    try:
        validate_email(to)
    except ValidationError as error:
        raise Refused("address_malformed") from error
    return to

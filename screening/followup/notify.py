"""GOV.UK Notify over its JSON interface: emails and text messages, and what its answers mean.

The text is ours and versioned here, so Notify holds one template for each channel that consists of
placeholders only: `((subject))` and `((body))` for an email, `((body))` for a text. It takes one POST for
each message, signed with a token of HS256, and only the standard library.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import socket
import ssl
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from screening.followup.deadline import ATTEMPT_SECONDS, CONNECT_SECONDS, within
from screening.followup.messages import Outgoing
from screening.followup.replies import Result, Verdict

# The key as Notify hands it out ends in two UUIDs: of the service, and the secret.
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
KEY = re.compile(rf"(?:.+-)?(?P<service>{_UUID})-(?P<secret>{_UUID})")
MOST = 64 * 1024  # of an answer; a real one is below 2 KiB


def is_set(channel: str) -> bool:
    """Whether this installation sends this channel through Notify."""
    template = settings.NOTIFY_EMAIL_TEMPLATE if channel == "email" else settings.NOTIFY_SMS_TEMPLATE
    return bool(settings.NOTIFY_API_KEY and template)


def send(outgoing: Outgoing) -> Verdict:
    """Hand one message over. Never raises: whatever happens is a verdict."""
    if (token := _token()) is None:
        return Verdict(Result.RETRY, "our_server_refused", "key malformed")
    body = json.dumps(_message(outgoing)).encode()
    try:
        connection = _connection()
    except (ValueError, OSError) as error:
        return Verdict(Result.RETRY, "no_answer", type(error).__name__)
    handed = False
    try:
        with within(ATTEMPT_SECONDS, lambda: connection.sock):
            connection.connect()
            line: socket.socket = connection.sock
            line.settimeout(settings.EMAIL_TIMEOUT)
            handed = True  # from here on nobody knows, unless Notify answers
            connection.request(
                "POST",
                f"{urlsplit(settings.NOTIFY_URL).path.rstrip('/')}/v2/notifications/{outgoing.channel}",
                body,
                {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            )
            reply = connection.getresponse()
            return classify(reply.status, reply.read(MOST))
    except (OSError, http.client.HTTPException) as error:
        if handed:
            return Verdict(Result.AMBIGUOUS, "no_answer_after_text", type(error).__name__[:20])
        return Verdict(Result.RETRY, "no_answer", type(error).__name__[:20])
    finally:
        connection.close()


def classify(status: int, body: bytes) -> Verdict:
    """What an answer of Notify means. Only 201 with the number of the message says that it was taken.

    A 2xx with nonsense may have been taken; whatever refuses us, our key or our template is tried again,
    since staff can mend it; only what it says of the address or the message is final.
    """
    told = str(status)
    error, text = _said(body)
    if 200 <= status < 300:
        if status == 201 and _id(body):
            return Verdict(Result.SENT, "accepted", told)
        return Verdict(Result.AMBIGUOUS, "strange_answer", told)
    if status == 400:
        if error == "ValidationError" and ("phone_number" in text or "email_address" in text):
            return Verdict(Result.FAILED, "number_refused" if "phone" in text else "address_refused", told)
        if error == "BadRequestError" and "team" in text:  # a trial account sends to its own team only
            return Verdict(Result.RETRY, "our_server_refused", told)
        if error == "ValidationError":
            return Verdict(Result.FAILED, "message_refused", told)
        return Verdict(Result.RETRY, "our_server_refused", told)
    if status in (401, 403, 404):
        return Verdict(Result.RETRY, "our_server_refused", told)
    if status == 429:
        return Verdict(Result.RETRY, "not_now", told)
    if status == 413:
        return Verdict(Result.FAILED, "message_refused", told)
    if 500 <= status < 600:
        return Verdict(Result.RETRY, "not_now", told)
    return Verdict(Result.RETRY, "strange_answer", told)


def _message(outgoing: Outgoing) -> dict[str, Any]:
    reference = outgoing.message_id.strip("<>").partition("@")[0]
    if outgoing.channel == "sms":
        return {
            "phone_number": outgoing.to,
            "template_id": settings.NOTIFY_SMS_TEMPLATE,
            "personalisation": {"body": outgoing.body},
            "reference": reference,
        }
    message: dict[str, Any] = {
        "email_address": outgoing.to,
        "template_id": settings.NOTIFY_EMAIL_TEMPLATE,
        "personalisation": {"subject": outgoing.subject, "body": outgoing.body},
        "reference": reference,
    }
    if "List-Unsubscribe" in outgoing.headers:  # Notify writes both headers of RFC 8058 itself
        message["one_click_unsubscribe_url"] = outgoing.headers["List-Unsubscribe"].strip("<>")
    return message


def _token() -> str | None:
    """A JSON web token by hand: header and claims signed with the secret half of the key."""
    found = KEY.fullmatch(settings.NOTIFY_API_KEY.strip())
    if found is None:
        return None
    signed = f"{_segment({'typ': 'JWT', 'alg': 'HS256'})}."
    signed += _segment({"iss": found["service"], "iat": int(time.time())})
    mark = hmac.new(found["secret"].encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_plain(mark)}"


def _segment(values: dict[str, Any]) -> str:
    return _plain(json.dumps(values, separators=(",", ":")).encode())


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _connection() -> http.client.HTTPConnection:
    address = urlsplit(settings.NOTIFY_URL)
    host, port = address.hostname or "", address.port
    if address.scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _id(body: bytes) -> bool:
    try:
        return bool(uuid.UUID(str(_read(body).get("id", ""))))
    except ValueError:
        return False


def _said(body: bytes) -> tuple[str, str]:
    """The first error of an answer and all that they say. Never logged: it may repeat an address."""
    errors = _read(body).get("errors")
    told = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    first = str(told[0].get("error", "")) if told else ""
    return first, " ".join(str(each.get("message", "")) for each in told).lower()

"""An email of the service: plain text, and the same words as HTML. Nothing is fetched when it is opened.

No picture, no style from elsewhere, no link but those of the text. No colour is set, so that a mail
program shows it in its own, in the light and in the dark.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from email.header import Header
from email.utils import formataddr, formatdate
from html import escape

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives

# An address as our texts hold one; the full stop that ends a sentence is not part of it.
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
LONGEST_LINE = 998  # RFC 5322, 2.1.1, without its end
_LAYOUT = """\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
</head>
<body style="margin: 0; padding: 16px">
<div style="max-width: 36em; margin: 0 auto; font: 18px/1.5 Arial, sans-serif; overflow-wrap: anywhere">
{paragraphs}
</div>
</body>
</html>
"""


def as_mail(
    *,
    subject: str,
    text: str,
    sender: str,
    to: str,
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """To one person. `language` is that of the text; empty is the one everything is written in."""
    mail = EmailMultiAlternatives(
        subject=subject, body=_in_lines(text), from_email=sender, to=[to], headers=dict(headers or {})
    )
    mail.attach_alternative(html_of(text, subject=subject, language=language), "text/html")
    return mail


def as_bytes(
    *, subject: str, text: str, sender: str, to: str, language: str = "", headers: Mapping[str, str]
) -> bytes:
    """What `as_mail` makes, as it travels. To write a usual mail out is many times quicker than Django's way,
    which sets every header anew; an unusual one goes that way. Raises BadHeaderError.
    """
    html = html_of(text, subject=subject, language=language)
    fields = {"From": sender, "To": to, **headers}
    body = [part.encode() for part in (_in_lines(text), html)]
    if any("\n" in value or "\r" in value for value in (subject, *fields.values())):
        raise BadHeaderError("A header has one line.")
    usual = all(value.isascii() and len(value) < LONGEST_LINE - 50 for value in fields.values())
    if not usual or max(map(len, b"\n".join(body).split(b"\n"))) >= LONGEST_LINE:
        mail = as_mail(subject=subject, text=text, sender=sender, to=to, language=language, headers=headers)
        return mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    mark = f"=_{secrets.token_hex(12)}"
    fields |= {
        "Subject": subject if subject.isascii() else Header(subject, "utf-8").encode(),
        "Date": formatdate(),
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{mark}"',
    }
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    parts = [
        f'--{mark}\nContent-Type: text/{kind}; charset="utf-8"\nMIME-Version: 1.0\n'
        f"Content-Transfer-Encoding: {'7bit' if part.isascii() else '8bit'}\n\n".encode()
        + part
        for kind, part in zip(("plain", "html"), body, strict=True)
    ]
    return b"\n".join([head.encode(), *parts, f"--{mark}--\n".encode()]).replace(b"\n", b"\r\n")


def sender_of(name: str) -> str:
    """The From of a clinic that is called by this name, whatever signs the name holds."""
    return formataddr((name, settings.DEFAULT_FROM_EMAIL))


def html_of(text: str, *, subject: str, language: str = "") -> str:
    """The paragraphs of a text, its addresses as links, and not a word more."""
    language = language or settings.LANGUAGE_CODE
    paragraphs = _PARAGRAPHS.split(_in_lines(text).strip())
    return _LAYOUT.format(
        language=escape(language),
        direction="rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr",
        subject=escape(subject),
        paragraphs="\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph),
    )


def _in_lines(text: str) -> str:
    """A browser ends the lines of what was typed with two signs; mail servers may refuse one alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _linked(paragraph: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(paragraph):
        address = escape(found[0])
        parts += [escape(paragraph[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(paragraph[end:])]).replace("\n", "<br>\n")

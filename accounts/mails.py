"""An email of the service: plain text, and the same words as HTML. Nothing is fetched when it is opened.

No picture, no style from elsewhere, no link but those of the text. No colour is set, so that a mail
program shows it in its own, in the light and in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

# An address as our texts hold one; the full stop that ends a sentence is not part of it.
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
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
        subject=subject, body=text, from_email=sender, to=[to], headers=dict(headers or {})
    )
    mail.attach_alternative(html_of(text, subject=subject, language=language), "text/html")
    return mail


def sender_of(name: str) -> str:
    """The From of a clinic that is called by this name, whatever signs the name holds."""
    return formataddr((name, settings.DEFAULT_FROM_EMAIL))


def html_of(text: str, *, subject: str, language: str = "") -> str:
    """The paragraphs of a text, its addresses as links, and not a word more."""
    language = language or settings.LANGUAGE_CODE
    paragraphs = _PARAGRAPHS.split(text.strip())
    return _LAYOUT.format(
        language=escape(language),
        direction="rtl" if language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr",
        subject=escape(subject),
        paragraphs="\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph),
    )


def _linked(paragraph: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(paragraph):
        address = escape(found[0])
        parts += [escape(paragraph[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(paragraph[end:])]).replace("\n", "<br>\n")

"""A language nobody speaks, made from English: accents on every letter, a third longer, in brackets.

Whoever reads a plain word in it has found one that cannot be translated; a sentence without its brackets
was put together from pieces. It is generated when tests run and kept nowhere.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from pathlib import Path

from tests.words.extraction import Message

CODE = "en-xa"
LOCALE = "en_XA"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀçðéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)
# What a program fills in or reads: names in braces or after a percent sign, tags and their attributes.
KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;")
LONGER = 0.3
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
MAGIC = 0x950412DE


def pseudo(text: str) -> str:
    """The same sentence in accents and a third longer, its placeholders and tags untouched."""
    place, parts = 0, []
    for kept in KEPT.finditer(text):
        parts += [text[place : kept.start()].translate(ACCENTS), kept[0]]
        place = kept.end()
    parts.append(text[place:].translate(ACCENTS))
    letters = sum(sign.isalpha() for sign in text)
    longer = " ~" * max(1, round(letters * LONGER / 2)) if letters else ""
    return f"[{''.join(parts)}{longer}]" if letters else text


def write_catalogue(messages: Iterable[Message], folder: Path) -> Path:
    """A compiled catalogue of all messages, as gettext reads it: `folder/en_XA/LC_MESSAGES/django.mo`."""
    entries = {b"": HEADER.encode()}
    for message in messages:
        context = f"{message.context}\x04" if message.context else ""
        key = context + message.text + (f"\0{message.plural}" if message.plural else "")
        words = pseudo(message.text) + (f"\0{pseudo(message.plural)}" if message.plural else "")
        entries[key.encode()] = words.encode()
    path = folder / LOCALE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(compiled(entries))
    return path


def compiled(entries: dict[bytes, bytes]) -> bytes:
    """The MO format: GNU gettext manual, "The Format of GNU MO Files"."""
    keys = sorted(entries)
    start = 28 + 16 * len(keys)
    originals, translations, strings = [], [], b""
    for table, texts in ((originals, keys), (translations, [entries[key] for key in keys])):
        for text in texts:
            table += [len(text), start + len(strings)]
            strings += text + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{4 * len(keys)}I", *originals, *translations) + strings

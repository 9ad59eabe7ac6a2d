"""Everything that leaves during the whole test run is looked at: mails, texts, messages to the broker."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as Files
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.core.mail.backends.smtp import EmailBackend as Smtp
from kombu import Producer

from screening.rules.wording import BANNED, HEALTH

TASK = re.compile(r"(?:audit|screening\.[a-z_.]+)\.tasks\.[a-z_]+")


@dataclasses.dataclass
class Outgoing:
    """What was wrong with what left since somebody asked, and how much left in all."""

    wrong: list[str] = dataclasses.field(default_factory=list)
    mails: int = 0
    published: int = 0

    def mail(self, message: EmailMessage) -> None:
        self.mails += 1
        self.wrong += complaints(message)

    def task(self, body: Any, headers: dict[str, Any]) -> None:
        self.published += 1
        self.wrong += told_to_broker(body, headers)


def complaints(message: EmailMessage) -> list[str]:
    """One recipient, and no banned word in the sender, subject, headers or body."""
    found = [] if len(message.recipients()) == 1 else [f"{len(message.recipients())} recipients"]
    headers = [f"{name}: {value}" for name, value in message.extra_headers.items()]
    parts = [message.from_email, message.subject, *headers, str(message.body)]
    parts += [str(alternative[0]) for alternative in getattr(message, "alternatives", [])]
    for text in parts:
        for pattern in (BANNED, HEALTH):
            found += [f"{match[0]!r} in {text[:60]!r}" for match in pattern.finditer(text)]
    return found


def told_to_broker(body: Any, headers: dict[str, Any]) -> list[str]:
    """A message names a task of ours, and gives it nothing."""
    found = [] if TASK.fullmatch(str(headers.get("task"))) else [f"task {headers.get('task')!r}"]
    if isinstance(body, list | tuple) and (body[0] or body[1]):
        found.append(f"{headers.get('task')} is given arguments")
    for shown, empty in (("argsrepr", "()"), ("kwargsrepr", "{}")):
        if str(headers.get(shown, empty)) != empty:
            found.append(f"{headers.get('task')} tells the broker {headers[shown]}")
    return found


def watch(outgoing: Outgoing, patch: pytest.MonkeyPatch) -> None:
    """Stands before every way out; what leaves, leaves as ever."""
    for backend in (Files, Memory, Smtp):
        patch.setattr(backend, "send_messages", _looking(backend.send_messages, outgoing))
    publish = Producer.publish

    def published(self: Producer, body: Any, *rest: Any, **options: Any) -> Any:
        if (options.get("headers") or {}).get("task"):
            outgoing.task(body, options["headers"])
        return publish(self, body, *rest, **options)

    patch.setattr(Producer, "publish", published)


def _looking(send: Callable[..., Any], outgoing: Outgoing) -> Callable[..., Any]:
    def looked(self: Any, messages: Iterable[EmailMessage]) -> Any:
        messages = list(messages)
        for message in messages:
            outgoing.mail(message)
        return send(self, messages)

    return looked

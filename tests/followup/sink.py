"""A real mail server on the loopback interface that counts what it takes and answers as it is told."""

from __future__ import annotations

import asyncio
import email
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


def words_of(message: Message, kind: str = "text/plain") -> str:
    """The text part of a mail, or its HTML."""
    (part,) = [part for part in message.walk() if part.get_content_type() == kind]
    return bytes(part.get_payload(decode=True)).decode().replace("\r\n", "\n")


class Sink:
    """Keeps every message. `answers` holds replies to give instead, by stage, each used once."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, list[str]] = {}
        self.lock = threading.Lock()

    @property
    def counts(self) -> Counter[str]:
        with self.lock:
            return Counter(str(message["Message-ID"]) for message in self.messages)

    def _answer(self, stage: str, usual: str) -> str:
        waiting = self.answers.get(stage)
        return waiting.pop(0) if waiting else usual

    async def handle_MAIL(  # noqa: N802 (the name is the library's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._answer("mail", "250 OK")
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._answer("rcpt", "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = self._answer("data", "250 OK")
        if reply.startswith("2") or reply == "drop":
            content = envelope.content
            assert isinstance(content, bytes)
            with self.lock:
                self.messages.append(email.message_from_bytes(content))
                self.recipients.append(list(envelope.rcpt_tos))
        if reply == "drop":
            transport: Any = server.transport
            transport.abort()
        return reply


@contextmanager
def running(sink: Sink | None = None) -> Iterator[tuple[Sink, int]]:
    """The sink and its port, in a thread of its own until the block ends."""
    sink = sink or Sink()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(sink, hostname="sink.test"), "127.0.0.1", 0)

    async def close(server: asyncio.Server) -> None:
        server.close()
        for task in asyncio.all_tasks(loop) - {asyncio.current_task(loop)}:
            task.cancel()

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield sink, server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

"""A mail server on this machine that takes everything at once and counts: what is measured is who sends."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

END = b"\r\n.\r\n"
OK, GO_ON, BYE = b"250 OK\r\n", b"354 Go on\r\n", b"221 Bye\r\n"
GREETING, ABLE = b"220 sink.test\r\n", b"250-sink.test\r\n250-SIZE 1000000\r\n250 8BITMIME\r\n"
_NAME = re.compile(rb"^Message-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)


class _Conversation(asyncio.Protocol):
    def __init__(self, names: Counter[bytes]) -> None:
        self.names, self.heard, self.reading = names, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.line = transport
        self.line.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := END if self.reading else b"\r\n") in self.heard:
            said, _, self.heard = self.heard.partition(end)
            self.line.write(self._answer(said))

    def _answer(self, said: bytes) -> bytes:
        if self.reading:
            self.reading = False
            found = _NAME.search(said)
            self.names[found[1] if found else b""] += 1
            return OK
        verb = said[:4].upper()
        self.reading = verb == b"DATA"
        return {b"EHLO": ABLE, b"DATA": GO_ON, b"QUIT": BYE}.get(verb, OK)


@contextmanager
def counting() -> Iterator[tuple[Counter[bytes], int]]:
    """How often each message came, and the port, in a thread of its own until the block ends."""
    names: Counter[bytes] = Counter()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: _Conversation(names), "127.0.0.1", 0)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield names, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

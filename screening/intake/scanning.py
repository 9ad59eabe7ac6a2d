"""Ask clamd whether a file is clean: its INSTREAM command over a socket. Reads no database.

Files are looked at by the tick and never while somebody waits for a page: a scanner that is slow or
down then costs nobody an answer. Until it has looked, staff cannot open the file.
"""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 64 * 1024
# clamd stops reading at its StreamMaxLength, 25 MB as shipped: more than a file of ours can be.
LONGEST_REPLY = 4096


class ScannerSilent(Exception):
    """No verdict: the scanner is not there, too slow, or said something nobody understands."""


@dataclass(frozen=True)
class Clamd:
    """A clamd at "host:port" or at the path of its socket. `seconds` is for a whole file."""

    address: str
    seconds: float = 20.0

    def is_clean(self, file: BinaryIO) -> bool:
        """Whether the file is clean. Raises ScannerSilent without a verdict."""
        deadline = time.monotonic() + self.seconds
        try:
            with self._connect(deadline) as connection:
                connection.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK):
                    self._keep_time(connection, deadline)
                    connection.sendall(struct.pack(">I", len(chunk)) + chunk)
                connection.sendall(struct.pack(">I", 0))
                reply = self._read(connection, deadline)
        except OSError as error:
            raise ScannerSilent from error
        if reply == "stream: OK":
            return True
        if reply.startswith("stream: ") and reply.endswith(" FOUND"):
            return False
        raise ScannerSilent

    def _connect(self, deadline: float) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._keep_time(connection, deadline)
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self.seconds)

    def _read(self, connection: socket.socket, deadline: float) -> str:
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < LONGEST_REPLY:
            self._keep_time(connection, deadline)
            part = connection.recv(LONGEST_REPLY)
            if not part:
                break
            reply += part
        return reply.rstrip(b"\0\n").decode("utf-8", "replace")

    def _keep_time(self, connection: socket.socket, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)

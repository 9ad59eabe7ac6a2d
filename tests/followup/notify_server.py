"""GOV.UK Notify on the loopback interface: keeps what it is given and answers as it is told."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes] | str  # "hang up", "silent"


class Notify:
    """`answers` are given in order and each once; then every message is taken."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.tokens: list[str] = []
        self.answers: list[Answer] = []
        self.over = threading.Event()


@contextmanager
def running(notify: Notify) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            notify.paths.append(self.path)
            notify.tokens.append(self.headers["Authorization"].removeprefix("Bearer "))
            taken = json.dumps({"id": str(uuid.uuid4())}).encode()
            answer = notify.answers.pop(0) if notify.answers else (201, taken)
            if answer == "silent":
                notify.over.wait(30)
            if isinstance(answer, str):
                self.close_connection = True
                return
            status, content = answer
            if status == 201:
                notify.taken.append(json.loads(body))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        notify.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)

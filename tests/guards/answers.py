"""What must be true of every answer of ours, whoever asked and however it went."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def knock(client: Client, method: str, path: str, **sent: Any) -> HttpResponseBase:
    """Ask, and check what holds for every answer: no traceback, the headers, nothing inline."""
    answer = getattr(client, method)(path, **sent)
    assert answer.status_code != 500, f"{method.upper()} {path} ends in an error page"
    check(answer, path=path)
    return answer


# The preview of a draft: a page of staff with two frames, and what stands in them. Nothing else is framed.
FRAMES, FRAMED = "/edit/preview/", "/edit/screen/"


def check(answer: HttpResponseBase, *, path: str = "") -> None:
    policy = answer.headers["Content-Security-Policy"]
    said = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    here = path.endswith(FRAMED) and answer.status_code == 200
    framed = {"frame-ancestors": "'self'"} if here else {}
    assert {name: said.get(name) for name in POLICY} == POLICY | framed
    assert ("frame-src" in said) == (path.endswith(FRAMES) and answer.status_code == 200)
    assert "unsafe" not in policy
    assert "*" not in policy
    for name, value in (HEADERS | ({"X-Frame-Options": "SAMEORIGIN"} if here else {})).items():
        # allauth adds to it on its own pages; no-store is what counts.
        assert value in answer.headers.get(name, ""), f"{name} is {answer.headers.get(name)!r}, not {value}"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert not {"Server", "X-Powered-By"} & set(answer.headers), "an answer names its server"
    if not answer.streaming and "html" in answer.headers.get("Content-Type", ""):
        found = [tag for tag in inline(answer.content.decode(), policy) if tag != "<iframe>"]
        assert found == []
        assert ("<iframe" in answer.content.decode()) == ("frame-src" in said)


def inline(html: str, policy: str = "") -> list[str]:
    """What the policy would refuse, or what it should not have to: inline styles, handlers and scripts."""
    reader = _Inline(policy)
    reader.feed(html)
    return reader.found


class _Inline(HTMLParser):
    def __init__(self, policy: str) -> None:
        super().__init__()
        self.policy = policy
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        for name, value in attributes:
            if name.startswith("on") or name == "style" or (value or "").strip().startswith("javascript:"):
                self.found.append(f"<{tag} {name}=…>")
        if tag in ("base", "iframe", "object", "embed", "style"):
            self.found.append(f"<{tag}>")
        nonce, file = values.get("nonce"), values.get("src") or ""
        data = values.get("type") == "application/json"  # nothing runs it
        if (
            tag == "script"
            and not data
            and not file.startswith("/static/")
            and f"'nonce-{nonce}'" not in self.policy
        ):
            self.found.append("<script> that is neither a file of ours nor has the nonce of this answer")

"""What a browser is told on every answer, also on the ones that went wrong."""

from __future__ import annotations

import re

import pytest
from django.test import Client

POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
PAGES = [("/healthz", 200), ("/no-such-page/", 404), ("/accounts/login/", 200), ("/demo/", 404)]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_every_answer_carries_the_strict_policy(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    told = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    for directive, value in POLICY.items():
        assert told[directive] == value
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), PAGES)
def test_no_answer_is_kept_or_shared(client: Client, path: str, status: int) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_wrong_host_is_refused_with_the_same_headers(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"host": "evil.example.net"})
    assert answer.status_code == 400
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.urls("tests.platform.page_with_script")
def test_a_nonce_is_used_once(client: Client) -> None:
    seen = set()
    for _ in range(20):
        answer = client.get("/")
        found = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert found
        assert answer.content.decode() == found[1]
        seen.add(found[1])
    assert len(seen) == 20
    assert all(len(nonce) >= 22 for nonce in seen)


def test_a_request_larger_than_anything_we_ask_for_is_refused_unread(client: Client) -> None:
    answer = client.post(
        "/healthz", data=b"", content_type="text/plain", CONTENT_LENGTH=str(64 * 1024 * 1024 + 1)
    )
    assert answer.status_code == 413


def test_a_page_is_private_unless_it_says_otherwise(client: Client) -> None:
    answer = client.get("/staff/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")

"""The demo shows its own passwords, codes and mail; an installation with patients has no such page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from clinic.demo import pages

DEMO = pytest.mark.urls("tests.platform.demo_urls")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/demo/", "/demo/sign-ins/", "/demo/outbox/", "/demo/components/"])
def test_no_page_of_the_demo_exists_in_production(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@DEMO
@pytest.mark.django_db
def test_the_first_page_leads_everywhere(client: Client) -> None:
    body = client.get("/demo/").content.decode()
    for address in ("/demo/sign-ins/", "/demo/outbox/", "/demo/components/", "/accounts/login/"):
        assert f'href="{address}"' in body


@DEMO
@pytest.mark.django_db
def test_people_are_shown_with_their_password(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert "no people yet" in client.get("/demo/sign-ins/").content.decode()
    (tmp_path / "demo").mkdir()
    person = {
        "role": "clinician",
        "name": "Ada Example",
        "email": "ada@example.org",
        "password": "not a secret",
    }
    (tmp_path / "demo" / "sign-ins.json").write_text(json.dumps([person]))
    body = client.get("/demo/sign-ins/").content.decode()
    assert all(value in body for value in person.values())


def test_the_code_is_the_one_a_phone_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first value of RFC 6238's own table, in six digits."""
    monkeypatch.setattr(pages.time, "time", lambda: 59)
    assert pages.current_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == "287082"


@DEMO
@pytest.mark.django_db
def test_mail_in_the_folder_is_shown_as_text(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert "Nothing has been sent yet" in client.get("/demo/outbox/").content.decode()
    with get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)) as mail:
        for number in ("first", "second"):
            words = f"This is the {number}: <b>não</b> https://example.org/a"
            EmailMessage(f"The {number}", words, to=["you@example.org"], connection=mail).send()
    found = pages.read_outbox(tmp_path)
    assert [mail.subject for mail in found] == ["The second", "The first"]
    body = client.get("/demo/outbox/").content.decode()
    assert "&lt;b&gt;não&lt;/b&gt;" in body
    assert 'href="https://example.org/a"' in body


@DEMO
@pytest.mark.django_db
def test_a_text_message_has_a_heading_although_it_has_no_subject(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    with get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)) as mail:
        EmailMessage("", "Words", to=["07700900123@sms.invalid"], connection=mail).send()
    assert "Text message</h2>" in client.get("/demo/outbox/").content.decode()

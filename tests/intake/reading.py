"""A page as text, however its lines were broken."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.test import Client

from screening.intake import session

# The date of birth that opens a form whose time ran out.
BORN = {"again-date_of_birth_day": "1", "again-date_of_birth_month": "1", "again-date_of_birth_year": "1980"}


def text_of(response: Any) -> str:
    """With its tags."""
    return re.sub(r"\s+", " ", response.content.decode())


def words_of(response: Any) -> str:
    """What is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def flags_shown(page: Any) -> str:
    """What a page of advice says it showed: it goes with "I have read this"."""
    found = re.search(r'name="shown" value="([^"]*)"', page.content.decode())
    assert found is not None
    return found[1]


def reads_advice(browser: Client, **typed: str) -> Any:
    """Opens the page of the advice, ticks that it was read, and goes on."""
    shown = flags_shown(browser.get("/form/advice/"))
    return browser.post("/form/advice/", {"read": "on", "shown": shown, **typed})


def hidden_in(page: bytes) -> dict[str, str]:
    """What a page carries along without showing it, but for the token against forgery."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.decode())
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def time_runs_out(browser: Client) -> None:
    """As after half an hour in which nobody touched the form."""
    kept = browser.session
    held = kept[session.SESSION_KEY]
    last = dt.datetime.fromisoformat(held["at"]) - session.IDLE - dt.timedelta(minutes=1)
    kept[session.SESSION_KEY] = {**held, "at": last.isoformat()}
    kept.save()

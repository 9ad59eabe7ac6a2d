"""Whoever asks for a new password learns nothing about who has an account, also while no mail leaves."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.adapters import MAIL_THREAD
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
ASK = "/accounts/password/reset/"


def asked(email: str) -> tuple[int, str]:
    answer = Client().post(ASK, {"email": email})
    return answer.status_code, answer.headers.get("Location", "")


def until_sent() -> None:
    for thread in threading.enumerate():
        if thread.name == MAIL_THREAD:
            thread.join(5)


def test_a_link_is_mailed_to_whoever_has_an_account() -> None:
    member = make_member()
    asked(member.user.email)
    until_sent()
    assert [told.to for told in mail.outbox] == [[member.user.email]]


def test_a_mail_server_that_is_away_gives_everybody_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> int:
        raise ConnectionRefusedError

    member = make_member()
    monkeypatch.setattr(EmailMultiAlternatives, "send", refused)
    assert asked(member.user.email) == asked("nobody@example.org") == (302, f"{ASK}done/")
    until_sent()


def test_nobody_waits_for_the_mail_server_so_that_the_time_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered, waited = threading.Event(), []

    def slow(*_: object, **__: object) -> int:
        waited.append(answered.wait(5))
        return 1

    member = make_member()
    monkeypatch.setattr(EmailMultiAlternatives, "send", slow)
    asked(member.user.email)
    answered.set()
    until_sent()
    assert waited == [True]

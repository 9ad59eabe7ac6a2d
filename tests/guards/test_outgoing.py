"""The look at everything that leaves would find what must not (tests/outgoing.py looks during every test)."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage, send_mail

from clinic.celery import app, schedule
from tests.outgoing import Outgoing, complaints, told_to_broker

GOOD = {
    "subject": "Your form is saved",
    "body": "Go on.",
    "from_email": "Harbour <h@example.org>",
    "to": ["a@b.org"],
}


def test_a_neutral_mail_to_one_person_passes() -> None:
    assert complaints(EmailMessage(**GOOD)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"to": ["a@b.org", "c@d.org"]},
        {"bcc": ["c@d.org"]},
        {"to": []},
        {"subject": "You are eligible"},
        {"body": "About your cannabis treatment"},
        {"from_email": "The pain clinic <h@example.org>"},
        {"headers": {"X-About": "your pain"}},
    ],
)
def test_a_mail_that_must_not_leave_is_found(change: dict[str, object]) -> None:
    assert complaints(EmailMessage(**{**GOOD, **change}))  # type: ignore[arg-type]


def test_what_leaves_during_a_test_is_seen(outgoing: Outgoing) -> None:
    before = outgoing.mails
    send_mail("Your form is saved", "Go on.", "h@example.org", ["a@b.org"])
    assert outgoing.mails == before + 1


def test_a_message_to_the_broker_names_a_task_and_tells_nothing() -> None:
    tick = {"task": "screening.followup.tasks.tick", "argsrepr": "()", "kwargsrepr": "{}"}
    assert told_to_broker([[], {}, {}], tick) == []
    assert told_to_broker([["a@b.org"], {}, {}], tick)
    assert told_to_broker([[], {"case": "ABCD"}, {}], tick)
    assert told_to_broker([[], {}, {}], {**tick, "argsrepr": "('a@b.org',)"})
    assert told_to_broker([[], {}, {}], {"task": "a@b.org"})


def test_every_tick_of_the_clock_tells_the_broker_nothing() -> None:
    app.loader.import_default_modules()
    for entry in schedule(60).values():
        assert told_to_broker([[], {}, {}], {"task": entry["task"]}) == []
        assert not entry.keys() & {"args", "kwargs"}
        assert entry["task"] in app.tasks

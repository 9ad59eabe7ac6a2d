"""What each answer of a mail server means, and how long we keep trying."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from screening.followup.replies import Stage, classify, next_try

TABLE = [
    # stage, code, result, reason
    (Stage.CONNECT, None, "retry", "no_answer"),  # refused, silent, name not found, TLS failed
    (Stage.CONNECT, 421, "retry", "server_going_away"),
    (Stage.CONNECT, 554, "retry", "our_server_refused"),
    (Stage.HELLO, None, "retry", "no_answer"),
    (Stage.HELLO, 501, "retry", "our_server_refused"),
    (Stage.HELLO, 550, "retry", "our_server_refused"),
    (Stage.SIGN_IN, 454, "retry", "not_now"),
    (Stage.SIGN_IN, 535, "retry", "our_server_refused"),
    (Stage.SENDER, None, "retry", "no_answer"),
    (Stage.SENDER, 421, "retry", "server_going_away"),
    (Stage.SENDER, 432, "retry", "not_now"),
    (Stage.SENDER, 451, "retry", "not_now"),
    (Stage.SENDER, 530, "retry", "our_server_refused"),
    (Stage.SENDER, 553, "retry", "our_server_refused"),
    (Stage.RECIPIENT, None, "retry", "no_answer"),
    (Stage.RECIPIENT, 421, "retry", "server_going_away"),
    (Stage.RECIPIENT, 450, "retry", "not_now"),
    (Stage.RECIPIENT, 451, "retry", "not_now"),
    (Stage.RECIPIENT, 452, "retry", "not_now"),
    (Stage.RECIPIENT, 552, "retry", "mailbox_full"),
    (Stage.RECIPIENT, 550, "failed", "address_refused"),
    (Stage.RECIPIENT, 551, "failed", "address_refused"),
    (Stage.RECIPIENT, 553, "failed", "address_refused"),
    (Stage.RECIPIENT, 554, "failed", "address_refused"),
    (Stage.RECIPIENT, 999, "retry", "strange_answer"),
    (Stage.DATA, None, "retry", "no_answer"),
    (Stage.DATA, 451, "retry", "not_now"),
    (Stage.DATA, 554, "failed", "message_refused"),
    (Stage.CONTENT, 250, "sent", "accepted"),
    (Stage.CONTENT, 421, "retry", "server_going_away"),
    (Stage.CONTENT, 450, "retry", "not_now"),
    (Stage.CONTENT, 452, "retry", "not_now"),
    (Stage.CONTENT, 550, "failed", "message_refused"),
    (Stage.CONTENT, 552, "failed", "message_refused"),
    (Stage.CONTENT, 554, "failed", "message_refused"),
    (Stage.CONTENT, None, "ambiguous", "no_answer_after_text"),  # the line dropped after the text
    (Stage.CONTENT, -1, "ambiguous", "no_answer_after_text"),  # nonsense instead of a number
    (Stage.CONTENT, 354, "ambiguous", "strange_answer"),
]


@pytest.mark.parametrize(("stage", "code", "result", "reason"), TABLE)
def test_a_reply_is_classified(stage: Stage, code: int | None, result: str, reason: str) -> None:
    verdict = classify(stage, code)
    assert (verdict.result, verdict.reason) == (result, reason)


@pytest.mark.parametrize("stage", Stage)
def test_every_number_gets_a_verdict_and_only_a_taken_text_counts_as_sent(stage: Stage) -> None:
    for code in [None, *range(-1, 1000)]:
        verdict = classify(stage, code)
        if verdict.result == "sent":
            assert stage is Stage.CONTENT
            assert 200 <= (code or 0) < 300
        if stage is not Stage.CONTENT:
            assert verdict.result != "ambiguous"


def test_what_did_not_work_is_tried_quickly_at_first_and_given_up_after_three_days() -> None:
    first = at = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
    waits, tries = [], 1
    while (again := next_try(tries=tries, first_at=first, at=at)) is not None:
        waits.append((again - at).total_seconds() / 60)
        at, tries = again, tries + 1
    assert waits[:6] == [1, 5, 15, 60, 240, 720]
    assert set(waits[6:]) == {720}
    assert tries >= 6
    assert dt.timedelta(days=2, hours=12) < at - first <= dt.timedelta(days=3)


def test_closed_days_take_none_of_the_six_tries_away() -> None:
    """First tried on Christmas Eve in the evening; the window opens again on the 29th."""
    first = dt.datetime(2026, 12, 24, 18, 50, tzinfo=dt.UTC)
    after = dt.datetime(2026, 12, 29, 9, 0, tzinfo=dt.UTC)
    assert next_try(tries=3, first_at=first, at=after) == after + dt.timedelta(minutes=15)
    assert next_try(tries=5, first_at=first, at=after) == after + dt.timedelta(minutes=240)
    assert next_try(tries=6, first_at=first, at=after) is None


def test_the_table_that_staff_read_says_the_same() -> None:
    """Every reply of the table above stands in the documentation at its stage, with its reason."""
    page = (Path(__file__).parents[2] / "docs/reference/sending.md").read_text()
    words = dict(
        zip(Stage, ("connect", "greeting", "sign in", "sender", "recipient", "data", "text"), strict=True)
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line[:1] == "|"]
    told = {(row[0], code.strip(), row[-1]) for row in rows for code in row[1].split(" (")[0].split(",")}
    for stage, code, _result, reason in TABLE:
        written = "none" if code is None else "nonsense" if code < 0 else str(code)
        assert (words[stage], written, reason) in told, (stage, code)

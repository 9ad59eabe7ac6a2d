"""Schedules and messages as data: what they may say, and the sentence with which anything else is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from screening.rules.questionnaire import Questionnaire
from screening.rules.schedule import (
    FURTHEST,
    Message,
    Messages,
    Quiet,
    Schedule,
    ScheduleStep,
    Sending,
    StaffAction,
)
from tests.rules.content import SMALL

STEP = {"code": "S1", "title": "One", "anchor": "submission", "kind": "message", "template": "t"}
QUIET = {"from": "09:00", "to": "18:00", "days": "mon-sat"}
CAPS = {"per_day": 1, "per_week": 3}
SMS = {"code": "m", "channel": "sms", "text": "Your form is at {link}"}
EMAIL = {"code": "m", "channel": "email", "subject": "Your form", "text": "It is at {link}"}


def schedule(*steps: dict[str, Any], **more: Any) -> Schedule:
    content = {"code": "s", "title": "S", "steps": list(steps), "quiet": QUIET, "caps": CAPS}
    return Schedule.model_validate({**content, **more})


@pytest.mark.parametrize(
    ("after", "amount", "unit"),
    [("-2 d", -2, "d"), ("48 h", 48, "h"), ("1000 wd", 1000, "wd"), ("0 d", 0, "d")],
)
def test_a_message_is_so_many_hours_days_or_working_days_from_its_anchor(
    after: str, amount: int, unit: str
) -> None:
    sending = Sending(after=after, channel="sms")
    assert (sending.amount, sending.unit) == (amount, unit)
    assert (sending.fallback, sending.template) == (None, None)


@pytest.mark.parametrize("after", ["2", "2 weeks", "10000 d", "+2 d", "2d", "", "x 2 d"])
def test_any_other_time_is_refused(after: str) -> None:
    with pytest.raises(ValidationError, match="after"):
        Sending(after=after, channel="sms")


def test_a_step_says_nothing_that_it_was_not_told_to() -> None:
    step = ScheduleStep.model_validate(STEP)
    flags = (step.critical, step.exempt, step.quiet_exempt, step.opt_in, step.active)
    assert flags == (False, False, False, False, True)
    assert (step.when_to_send, step.stop_when, step.form, step.staff_actions) == ((), (), (), ())
    left = (step.opens, step.closes, step.expires_after, step.repeats_every, step.staff_action, step.source)
    assert left == (None,) * 6
    task = StaffAction(after="5 wd", text="Ring.")
    assert (task.outcome, task.until_done) == (None, False)


@pytest.mark.parametrize(
    ("form", "expected"), [("measures", ("measures",)), (["a", "b"], ("a", "b")), ((), ())]
)
def test_a_step_asks_one_part_of_the_form_or_several(form: Any, expected: tuple[str, ...]) -> None:
    assert ScheduleStep.model_validate({**STEP, "form": form}).form == expected


SENT = {"after": "1 d", "channel": "sms"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens": 3, "closes": 2}, "S1: it closes before it opens"),
        ({"opens": 2, "closes": 2}, None),
        ({"opens": 3}, None),
        ({"closes": -3}, None),
        ({"template": None, "when_to_send": [SENT]}, "S1: what is sent after 1 d has no template"),
        ({"template": None, "when_to_send": [{**SENT, "template": "u"}]}, None),
        ({"when_to_send": [SENT]}, None),
        ({"template": None}, None),
        ({"repeats_every": "3 months"}, None),
        ({"repeats_every": "3 weeks"}, "repeats_every"),
        ({"anchor": "birthday"}, "anchor"),
        ({"staff_actions": [{"after": "5 wd", "text": "Ring."}]}, None),
        ({"staff_actions": [{"after": "5 wd", "text": ""}]}, "text"),
    ],
)
def test_a_step_that_cannot_be_followed_is_refused(changes: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        ScheduleStep.model_validate({**STEP, **changes})
        return
    with pytest.raises(ValidationError, match=sentence):
        ScheduleStep.model_validate({**STEP, **changes})


def test_a_form_opens_and_closes_within_ten_years_of_its_anchor() -> None:
    assert FURTHEST == 3650
    ScheduleStep.model_validate({**STEP, "opens": -FURTHEST, "closes": FURTHEST})
    for end, day in (("opens", -FURTHEST - 1), ("closes", FURTHEST + 1)):
        with pytest.raises(ValidationError, match=end):
            ScheduleStep.model_validate({**STEP, end: day})


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("mon-sat", "mon tue wed thu fri sat"),
        ("tue-tue", "tue"),
        ("sat-sun", "sat sun"),
        ("wed", "wed"),
        (["fri", "mon"], "fri mon"),
    ],
)
def test_days_are_named_or_given_as_a_range(days: Any, expected: str) -> None:
    quiet = Quiet.model_validate({**QUIET, "days": days})
    assert quiet.days == tuple(expected.split())
    assert (quiet.opens, quiet.closes, quiet.bank_holidays) == (dt.time(9), dt.time(18), {})


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("sat-mon", "Input should be 'mon', 'tue'"),
        ("mon-xyz", "Input should be 'mon', 'tue'"),
        ("xyz-mon", "Input should be 'mon', 'tue'"),
        ("mon-tue-wed", "Input should be 'mon', 'tue'"),
        ("someday", "Input should be 'mon', 'tue'"),
        ([], "at least 1 item"),
        (3, "valid tuple"),
    ],
)
def test_days_that_are_no_days_of_one_week_are_refused(days: Any, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Quiet.model_validate({**QUIET, "days": days})


@pytest.mark.parametrize("closes", ["09:00", "08:59"])
def test_a_window_must_open_before_it_closes(closes: str) -> None:
    with pytest.raises(ValidationError, match="the sending window must open before it closes"):
        Quiet.model_validate({**QUIET, "to": closes})
    Quiet.model_validate({**QUIET, "to": "09:01"})


@pytest.mark.parametrize("caps", [{"per_day": 0, "per_week": 1}, {"per_day": 1, "per_week": 0}])
def test_a_cap_of_nothing_is_refused(caps: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        schedule(STEP, caps=caps)
    schedule(STEP, caps={"per_day": 1, "per_week": 1})


def test_a_schedule_has_steps_each_with_a_code_of_its_own() -> None:
    assert [step.code for step in schedule(STEP, {**STEP, "code": "S2"}).steps] == ["S1", "S2"]
    assert (schedule(STEP).text, schedule(STEP).messages) == (None, None)
    with pytest.raises(ValidationError, match="the step S1 is there twice"):
        schedule(STEP, STEP)
    with pytest.raises(ValidationError, match="at least 1"):
        schedule()


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (SMS, None),
        (EMAIL, None),
        ({**SMS, "text": "{clinic} {link} {optout} {date} {time} {phone}"}, None),
        ({**SMS, "text": "{zz} {condition}"}, r"m: \{condition\} may not be used in a message"),
        ({**SMS, "text": "{}"}, r"\{\} may not be used"),
        ({**EMAIL, "subject": "Your {name}"}, r"\{name\} may not be used"),
        ({**SMS, "placeholders": ["name", "link"]}, r"\{name\} may not be used"),
        ({**SMS, "placeholders": ["link"]}, None),
        ({**SMS, "placeholders": ["link", "date"]}, None),
        ({**SMS, "placeholders": ["date"]}, "m: a placeholder is used that is not listed"),
        ({**EMAIL, "subject": "At {time}", "placeholders": ["link"]}, "not listed"),
        ({**SMS, "subject": "Yours"}, "an email has a subject, a text message has none"),
        ({**EMAIL, "subject": None}, "an email has a subject"),
        ({**EMAIL, "subject": ""}, "an email has a subject"),
    ],
)
def test_a_message_says_only_what_is_neutral(message: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        Message.model_validate(message)
        return
    with pytest.raises(ValidationError, match=sentence):
        Message.model_validate(message)


def test_a_message_is_found_by_its_code_and_channel() -> None:
    both = Messages.model_validate({"code": "m", "title": "M", "messages": [SMS, EMAIL]})
    assert both.message("m", "email").subject == "Your form"
    assert both.message("m", "sms").subject is None
    assert both.text is None
    for code, channel in (("m", "post"), ("n", "sms")):
        with pytest.raises(KeyError, match=f"{code} by {channel}"):
            both.message(code, channel)
    with pytest.raises(ValidationError, match="the message m by sms is there twice"):
        Messages.model_validate({"code": "m", "title": "M", "messages": [SMS, SMS]})
    with pytest.raises(ValidationError, match="at least 1"):
        Messages.model_validate({"code": "m", "title": "M", "messages": []})


def test_what_a_schedule_sends_and_no_text_says_is_named_once() -> None:
    both = Messages.model_validate({"code": "m", "title": "M", "messages": [SMS, EMAIL]})
    own = {"after": "1 d", "channel": "sms", "template": "m", "fallback": "email"}
    steps = [
        {**STEP, "template": "m", "when_to_send": [{"after": "1 d", "channel": "email"}]},
        {**STEP, "code": "S2", "template": "u", "when_to_send": [own, SENT, {**SENT, "after": "2 d"}]},
        {**STEP, "code": "S3", "when_to_send": [{**own, "template": "v"}]},
        {**STEP, "code": "S4", "template": "w", "when_to_send": [SENT], "active": False},
    ]
    assert both.lacking(schedule(*steps[:1])) == []
    assert both.lacking(schedule(*steps)) == ["u by sms", "v by sms", "v by email"]
    assert both.lacking(schedule({**STEP, "template": None})) == []


def test_what_a_later_form_asks_is_looked_for_among_steps_pages_and_questions() -> None:
    form = Questionnaire.model_validate(SMALL)
    known = (
        "small",
        form.steps[0].id,
        form.pages[0].id,
        form.pages[-1].id,
        "flag",
        form.pages[-1].items[-1].id,
    )
    asking = {**STEP, "kind": "measures"}
    later = schedule(
        {**asking, "form": [*known, "weight"]}, {**asking, "code": "S2", "form": ["flags", "flag"]}
    )
    missing = [(step.code, name) for step, name in later.unasked(form)]
    assert missing == [("S1", "weight"), ("S2", "flags")]

"""Who is due what and when, from the schedule that ships. No database."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from screening.followup.anchors import Anchored, months_after
from screening.followup.later import later_forms_of
from screening.followup.schedule import CaseHistory, Why, consider, due
from screening.followup.window import Window
from tests.followup.times import MESSAGES, SCHEDULE, all_due, history, london, wall


def sent(past: CaseHistory, until: str) -> list[tuple[str, str, str]]:
    return [(one.step, one.channel, wall(one.due_at)) for one in all_due(past, until=until)]


def test_an_unfinished_form_is_nudged_after_one_three_and_seven_days_and_before_it_expires() -> None:
    past = history("draft_activity", "2026-11-03 14:20")
    assert sent(past, "2026-12-20 12:00") == [
        ("FU01", "email", "Wed 2026-11-04 14:20"),
        ("FU01", "email", "Fri 2026-11-06 09:00"),
        ("FU01", "email", "Tue 2026-11-10 09:00"),
        ("FU02", "email", "Thu 2026-11-26 09:00"),
    ]


def test_a_warning_that_waited_for_the_holidays_promises_no_more_days_than_are_left() -> None:
    """Touched last on 2 December: the warning of Christmas Day leaves on the 29th; deleted on 1 January."""
    past = history("draft_activity", "2026-12-02 14:20")
    (warning,) = (one for one in all_due(past, until="2026-12-31 12:00") if one.step == "FU02")
    assert wall(warning.due_at) == "Tue 2026-12-29 09:00"
    assert "It will be deleted within 7 days." in MESSAGES.message(warning.template, "email").text


@pytest.mark.parametrize("fact", ["submitted", "deleted", "red_flag", "withdrawn"])
def test_a_nudge_stops_when_the_form_is_sent_or_a_safety_answer_stands(fact: str) -> None:
    past = history("draft_activity", "2026-11-03 14:20", facts=frozenset({fact}))
    assert sent(past, "2026-12-20 12:00") == []


def test_without_a_checked_email_a_nudge_goes_by_text_and_the_expiry_warning_is_not_sent() -> None:
    past = history("draft_activity", "2026-11-03 14:20", channels=frozenset({"sms"}))
    assert {(step, channel) for step, channel, _ in sent(past, "2026-12-20 12:00")} == {("FU01", "sms")}


def test_records_are_asked_for_three_times_with_the_second_by_text() -> None:
    past = history("submission", "2026-11-02 10:00", facts=frozenset({"reviewed"}))
    assert sent(past, "2026-12-20 12:00") == [
        ("FU03", "email", "Wed 2026-11-04 09:00"),
        ("FU03", "sms", "Mon 2026-11-09 09:00"),
        ("FU03", "email", "Mon 2026-11-16 09:00"),
    ]


@pytest.mark.parametrize("fact", ["records_received", "permission_given", "case_closed"])
def test_records_are_not_asked_for_once_they_came_or_may_be_requested(fact: str) -> None:
    past = history("submission", "2026-11-02 10:00", facts=frozenset({"reviewed", fact}))
    assert sent(past, "2026-12-20 12:00") == []


def test_a_form_nobody_reviewed_gets_a_note_after_five_working_days_over_christmas() -> None:
    past = history("submission", "2026-12-21 10:00", facts=frozenset({"permission_given"}))
    assert sent(past, "2027-01-20 12:00") == [("FU05", "email", "Wed 2026-12-30 09:00")]


def test_a_question_reaches_the_patient_at_once_and_again_until_it_is_answered() -> None:
    past = history("info_requested", "2026-11-02 20:15")
    assert [when for _, _, when in sent(past, "2026-12-20 12:00")] == [
        "Tue 2026-11-03 09:00",
        "Thu 2026-11-05 09:00",
        "Mon 2026-11-09 09:00",
        "Mon 2026-11-16 09:00",
    ]
    answered = dataclasses.replace(past.anchors[0], facts=frozenset({"answered"}))
    assert sent(dataclasses.replace(past, anchors=(answered,)), "2026-12-20 12:00") == []


def test_an_outcome_on_a_saturday_night_is_announced_on_monday_morning() -> None:
    past = history("outcome", "2026-11-21 21:00", facts=frozenset({"case_closed", "reviewed"}))
    assert sent(past, "2026-12-20 12:00") == [("FU06", "email", "Mon 2026-11-23 09:00")]


def test_somebody_who_wants_no_reminders_still_hears_about_their_own_care() -> None:
    past = history("info_requested", "2026-11-02 10:00", reminders_wanted=False)
    assert sent(past, "2026-11-03 09:00") == [("FU04", "email", "Mon 2026-11-02 10:00")]


def test_stopping_emails_stops_emails_and_not_texts() -> None:
    past = history("submission", "2026-11-02 10:00", facts=frozenset({"reviewed"}))
    past = dataclasses.replace(past, opted_out=frozenset({("email", "reminders")}))
    assert [channel for _, channel, _ in sent(past, "2026-12-20 12:00")] == ["sms"]


@pytest.mark.parametrize("reason", ["deceased", "withdrawn", "safeguarding"])
def test_nothing_at_all_is_sent_to_somebody_who_is_suppressed(reason: str) -> None:
    anchors = tuple(Anchored(step.anchor, london("2026-11-02 10:00"), "1") for step in SCHEDULE.steps)
    past = CaseHistory(anchors=anchors, suppressed=reason, reinvitation_wanted=True)
    found = consider(past, SCHEDULE, as_of=london("2026-11-20 10:00"), horizon=dt.timedelta(days=400))
    assert found
    assert {one.why for one in found} == {Why.SUPPRESSED}


def test_the_invitation_to_come_back_needs_its_own_yes() -> None:
    past = history("recheck", "2026-11-16 00:00", facts=frozenset({"case_closed"}))
    assert sent(past, "2026-12-20 12:00") == []
    wanted = dataclasses.replace(past, reinvitation_wanted=True, reminders_wanted=False)
    assert sent(wanted, "2026-12-20 12:00") == [("FU15", "email", "Mon 2026-11-16 09:00")]


def test_appointment_messages_come_before_it_and_ignore_the_caps() -> None:
    past = history("appointment", "2026-11-25 10:30", known_at="2026-11-02 12:00")
    due_at = [(step, when) for step, _, when in sent(past, "2026-12-20 12:00") if step == "FU07"]
    assert due_at == [
        ("FU07", "Wed 2026-11-18 09:00"),
        ("FU07", "Mon 2026-11-23 10:30"),
        ("FU07", "Tue 2026-11-24 10:30"),
    ]


def test_what_lies_before_the_booking_is_not_sent_late() -> None:
    past = history("appointment", "2026-11-25 10:30", known_at="2026-11-24 08:00")
    assert [(step, when) for step, _, when in sent(past, "2026-12-20 12:00")] == [
        ("FU07", "Tue 2026-11-24 10:30")
    ]


def test_a_day_before_an_appointment_after_a_holiday_is_pulled_forward_not_pushed_past_it() -> None:
    past = history("appointment", "2026-12-29 08:45", known_at="2026-11-02 12:00")
    last = [when for step, _, when in sent(past, "2027-01-10 12:00") if step == "FU07"][-1]
    assert last == "Thu 2026-12-24 09:00"


def test_measures_follow_the_start_of_treatment_on_their_days() -> None:
    past = history("treatment_start", "2026-03-02 00:00")
    assert sent(past, "2026-09-30 12:00") == [
        ("FU10", "email", "Mon 2026-03-09 09:00"),
        ("FU10", "sms", "Wed 2026-03-11 09:00"),
        ("FU11", "email", "Mon 2026-03-30 09:00"),  # day 27 is Sunday, the night of the clock change
        ("FU11", "email", "Sat 2026-04-04 09:00"),
        ("FU11", "email", "Wed 2026-04-08 09:00"),
        ("FU12", "email", "Tue 2026-05-26 09:00"),  # day 84 is the spring bank holiday
        ("FU12", "email", "Thu 2026-06-04 09:00"),
        ("FU12", "email", "Mon 2026-06-08 09:00"),
        ("FU13", "email", "Mon 2026-08-24 09:00"),
        ("FU13", "email", "Thu 2026-09-03 09:00"),
        ("FU13", "email", "Mon 2026-09-07 09:00"),
    ]


def test_the_yearly_review_comes_round_every_year_with_a_key_of_its_own() -> None:
    past = history("review_due", "2027-02-28 00:00", known_at="2026-02-28 12:00")
    found = all_due(past, until="2028-03-31 12:00")
    assert [one.occurrence for one in found] == [
        "1/-28d", "1/-14d", "1/0d", "1/14d", "1:1/-28d", "1:1/-14d", "1:1/0d", "1:1/14d",
    ]  # fmt: skip
    assert len({one.key for one in found}) == 8


def test_after_a_week_without_a_worker_only_the_latest_of_a_series_is_sent() -> None:
    past = history("draft_activity", "2026-11-02 10:00")
    found = consider(past, SCHEDULE, as_of=london("2026-11-11 10:00"))
    assert [(one.due.occurrence, one.why) for one in found if one.due.step == "FU01"] == [
        ("1/24h", Why.SUPERSEDED),
        ("1/3d", Why.SUPERSEDED),
        ("1/7d", ""),
    ]


def test_what_is_weeks_late_is_not_sent_any_more() -> None:
    past = history("outcome", "2026-11-02 10:00")
    assert due(past, SCHEDULE, as_of=london("2026-11-16 09:59"))
    assert due(past, SCHEDULE, as_of=london("2026-11-16 10:01")) == []


def test_a_form_that_has_closed_is_not_asked_for() -> None:
    past = history("treatment_start", "2026-03-02 00:00")
    found = consider(past, SCHEDULE, as_of=london("2026-04-16 09:00"))
    assert {one.why for one in found if one.due.step == "FU11"} <= {Why.TOO_LATE, Why.SUPERSEDED}


@pytest.mark.parametrize(
    ("as_of", "asked"),
    [("2026-11-14 10:00", True), ("2026-11-14 19:30", False), ("2026-11-16 09:00", False)],
)
def test_a_form_is_asked_for_while_it_is_open_and_so_on_its_last_day(as_of: str, *, asked: bool) -> None:
    """Day 44 of a start on 1 October, across the end of summer time."""
    past = history("treatment_start", "2026-10-01 00:00")
    (form,) = [each for each in later_forms_of(past, SCHEDULE, as_of=london(as_of)) if each.step == "FU11"]
    assert wall(form.closes_at or form.opens_at) == "Sun 2026-11-15 00:00"
    found = consider(past, SCHEDULE, as_of=london(as_of))
    assert any(one.due.step == "FU11" and not one.why for one in found) is asked


def test_nobody_gets_more_than_one_in_a_day_or_three_in_a_week() -> None:
    at = london("2026-11-02 10:00")
    anchors = tuple(
        Anchored(name, at, f"{name}-{n}")
        for name in ("submission", "info_requested", "outcome")
        for n in range(3)
    )
    past = CaseHistory(anchors=anchors, channels=frozenset({"email", "sms"}))
    times = sorted(one.due_at for one in all_due(past, until="2026-12-31 12:00"))
    assert len(times) > 6
    for start in times:
        assert sum(start <= time < start + dt.timedelta(hours=24) for time in times) == 1
        assert sum(start <= time < start + dt.timedelta(days=7) for time in times) <= 3


def test_what_the_caps_put_off_has_its_turn_before_what_came_later() -> None:
    """Two questions, each with its reminders, leave no day free that nothing else is due on."""
    asked = [Anchored("info_requested", london(f"2026-11-{day} 08:00"), day) for day in ("03", "07")]
    sent_form = Anchored("submission", london("2026-11-02 10:00"), "1")
    found = all_due(CaseHistory(anchors=(sent_form, *asked)), until="2026-12-05 12:00")
    at = {(one.step, one.occurrence): one.due_at for one in found}
    assert wall(at["FU05", "1/5wd"]) == "Fri 2026-11-13 09:00"
    assert at["FU04", "07/0h"] < at["FU03", "1/7d"] < at["FU05", "1/5wd"] < at["FU04", "03/7d"]


@pytest.mark.parametrize("start", [dt.date(2026, 3, 1) + dt.timedelta(days=n) for n in range(0, 900, 13)])
def test_every_message_of_three_years_leaves_inside_the_window(start: dt.date) -> None:
    names = {step.anchor for step in SCHEDULE.steps}
    at = london(f"{start} 23:40")
    anchors = tuple(Anchored(name, at, name, known_at=at - dt.timedelta(days=60)) for name in sorted(names))
    past = CaseHistory(anchors=anchors, reinvitation_wanted=True)
    window = Window(SCHEDULE.quiet, "england")
    found = due(past, SCHEDULE, as_of=at, horizon=dt.timedelta(days=260))
    assert len(found) > 15
    assert all(window.is_open(one.due_at) for one in found)


def test_looking_twice_gives_the_same_keys_and_what_is_done_is_not_due_again() -> None:
    past = history("submission", "2026-11-02 10:00")
    as_of = london("2026-11-04 09:00")
    first = due(past, SCHEDULE, as_of=as_of)
    assert first == due(past, SCHEDULE, as_of=as_of)
    again = dataclasses.replace(past, done=frozenset(one.key for one in first))
    assert due(again, SCHEDULE, as_of=as_of) == []


def test_a_message_that_went_by_email_is_not_repeated_by_text_when_the_address_is_lost() -> None:
    past = history("draft_activity", "2026-11-02 10:00")
    as_of = london("2026-11-03 10:00")
    (first,) = due(past, SCHEDULE, as_of=as_of)
    later = dataclasses.replace(past, arrived=frozenset({first.key}), channels=frozenset({"sms"}))
    assert due(later, SCHEDULE, as_of=as_of) == []
    failed = dataclasses.replace(past, done=frozenset({first.key}), channels=frozenset({"sms"}))
    assert [one.channel for one in due(failed, SCHEDULE, as_of=as_of)] == ["sms"]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 1, 31), 1, dt.date(2028, 2, 29)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 15), 12, dt.date(2027, 12, 15)),
    ],
)
def test_months_end_where_the_calendar_ends(day: dt.date, months: int, expected: dt.date) -> None:
    assert months_after(day, months) == expected

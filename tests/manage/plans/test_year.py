"""A year of messages to a made-up patient: the hours, Sundays, bank holidays and limits show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from screening.cases.opening import LONDON
from screening.manage.plans.year import Patient, Sent, year_of
from screening.questionnaires.models import Kind
from screening.rules.definition import Schedule
from tests.factories.intake import shipped

BEFORE_CHRISTMAS = dt.date(2026, 12, 21)


def year(*, patient: Patient = Patient.LATE, start: dt.date = BEFORE_CHRISTMAS, **changes: Any) -> list[Sent]:
    schedule = Schedule.model_validate({**shipped(Kind.SCHEDULE), **changes})
    return year_of(schedule, start=start, nation="england", patient=patient)


def test_no_message_leaves_at_night_on_a_sunday_or_on_a_bank_holiday() -> None:
    sent = year()
    assert len(sent) > 20
    for each in sent:
        local = each.at.astimezone(LONDON)
        assert dt.time(9) <= local.time() < dt.time(19)
        assert local.weekday() < 6
        assert local.date() not in {dt.date(2026, 12, 25), dt.date(2026, 12, 26), dt.date(2026, 12, 28)}
    first = next(each for each in sent if each.step == "FU01")
    assert first.waited, "begun in the evening, so that the day after is in the evening too"
    assert first.at.astimezone(LONDON) == dt.datetime(2026, 12, 23, 9, tzinfo=LONDON)


def test_the_limits_hold_back_what_may_wait() -> None:
    counted = [each.at for each in year() if not each.exempt]
    for at in counted:
        assert sum(at <= other < at + dt.timedelta(days=1) for other in counted) <= 1
        assert sum(at <= other < at + dt.timedelta(days=7) for other in counted) <= 3
    assert any(each.waited for each in year(caps={"per_day": 1, "per_week": 1}))


def test_somebody_who_never_answers_gets_what_the_steps_say_until_they_end() -> None:
    silent, late = year(patient=Patient.SILENT), year()
    assert {each.step for each in silent} >= {each.step for each in late}
    assert len(silent) > len(late)
    assert sum(each.step == "FU03" for each in silent) == 3

"""Opened is not dealt with: leads hear of what nobody wrote down in time, and of calls that nobody made."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Role, Site
from screening.cases.models import TO_RING, Case
from screening.followup.models import Alert
from screening.followup.selectors import alarms
from screening.followup.services import ALERTS, new_owner, plan_alerts, send_alerts
from screening.review.services import Refused, clear_red_flags
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import make_member
from tests.factories.review import Clinician, fresh
from tests.factories.urgent import say, urgent_case, urgent_draft
from tests.followup.rounds import look, received
from tests.followup.sink import Sink, words_of
from tests.followup.times import london

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
DUTY = "duty@clinic.example"


@pytest.fixture
def site() -> Site:
    return open_clinic(duty_email=DUTY)


@pytest.fixture
def lead(site: Site) -> str:
    return make_member(Role.LEAD_CLINICIAN, site=site).user.email


def opened(case: Case, *, at: dt.datetime) -> Clinician:
    clinician = Clinician.at(case.site)
    clinician.takes(case, at=at)
    return clinician


def rounds(start: dt.datetime, hours: int) -> None:
    for quarter in range(hours * 4):
        look(start + quarter * 15 * MINUTE)


def test_an_opened_case_that_is_not_cleared_in_time_is_told_to_the_lead_once(
    sink: Sink, site: Site, lead: str
) -> None:
    opened(urgent_case(site), at=NOON + MINUTE)
    look(NOON + HOUR)  # exactly the target of one working hour
    assert received(sink) == []
    rounds(NOON + HOUR + MINUTE, 4)
    assert received(sink).count(lead) == 1
    assert DUTY not in received(sink), "somebody has it in hand"
    text = words_of(sink.messages[0])
    assert "nobody has written down what was done" in text
    assert "Nobody has opened it" not in text


def test_it_comes_again_each_morning_until_what_was_done_is_written_down(
    sink: Sink, site: Site, lead: str
) -> None:
    case = urgent_case(site)
    clinician = opened(case, at=NOON + MINUTE)
    look(NOON + 2 * HOUR)
    rounds(london("2026-06-15 18:00"), 15)  # the night, until 8:45
    assert received(sink).count(lead) == 1
    rounds(london("2026-06-16 09:00"), 3)
    assert received(sink).count(lead) == 2
    clinician.takes(case, at=london("2026-06-16 13:00"))
    who = clinician.who(london("2026-06-16 13:05"))
    clear_red_flags(case=case, seen=fresh(case).lock, reason="Rang them.", no_call="Seen in person.", **who)
    rounds(london("2026-06-17 09:00"), 3)
    assert received(sink).count(lead) == 2


@pytest.mark.parametrize(
    ("item", "answer", "before", "after"),
    [
        ("rf_injury", "new_or_worse", "2026-06-15 17:00", "2026-06-15 17:01"),
        ("rf_weight", "new_or_worse", "2026-06-16 17:00", "2026-06-16 17:01"),
    ],
)
def test_the_target_is_that_of_the_answers_tier(
    sink: Sink, site: Site, lead: str, item: str, answer: str, before: str, after: str
) -> None:
    opened(urgent_draft(site, item=item, answer=answer).case, at=NOON + MINUTE)
    look(london(before))
    assert lead not in received(sink)
    look(london(after))
    assert lead in received(sink)


def test_a_second_answer_that_runs_late_is_told_again(sink: Sink, site: Site, lead: str) -> None:
    response = urgent_draft(site)
    clinician = opened(response.case, at=NOON + MINUTE)
    look(NOON + HOUR + MINUTE)
    say(response, "rf_bladder", "new_or_worse", at=NOON + 90 * MINUTE)
    clinician.opens(response.case, at=NOON + 91 * MINUTE)
    rounds(NOON + 92 * MINUTE, 4)
    assert received(sink).count(lead) == 2


def test_what_was_written_down_between_planning_and_sending_is_not_sent(
    sink: Sink, site: Site, lead: str
) -> None:
    case = urgent_case(site)
    clinician = opened(case, at=NOON + MINUTE)
    late = NOON + 2 * HOUR
    plan_alerts(as_of=late, by=ALERTS)
    clear_red_flags(
        case=case,
        seen=fresh(case).lock,
        reason="Rang them.",
        no_call="Seen in person.",
        **clinician.who(late),
    )
    send_alerts(now=lambda: late, owner=new_owner())
    assert received(sink) == []
    assert {alert.closed_reason for alert in Alert.objects.all()} == {"cleared"}


# --- somebody would rather not say: a call by the end of the next working day -----------------------------


def silent(site: Site, *, at: dt.datetime = NOON) -> Case:
    return urgent_draft(site, item="rf_suicide", answer="prefer_not_say", at=at).case


def test_a_call_is_told_to_the_clinic_although_the_form_was_left(sink: Sink, site: Site, lead: str) -> None:
    silent(site)
    rounds(NOON + MINUTE, 4)
    assert received(sink) == [DUTY], "told once a day, it is not urgent"
    look(london("2026-06-16 09:00"))
    look(london("2026-06-16 17:00"))
    assert received(sink) == [DUTY] * 2
    look(london("2026-06-17 09:00"))
    assert lead in received(sink)


def test_a_call_waits_for_the_morning(sink: Sink, site: Site) -> None:
    night = london("2026-06-15 22:00")
    silent(site, at=night)
    rounds(night + MINUTE, 8)
    assert received(sink) == []
    assert alarms(at=night + HOUR) == ["No reminder worker has ever finished a round."]
    look(london("2026-06-16 09:00"))
    assert received(sink) == [DUTY]


def test_a_call_is_no_urgent_outcome_but_comes_before_a_decision(site: Site) -> None:
    case = submitted_case(site, rf_suicide="prefer_not_say")
    assert (case.outcome, fresh(case).rank, case.senior_review) == ("flagged_review", TO_RING, True)
    clinician = Clinician.at(site)
    clinician.takes(case)
    with pytest.raises(Refused, match="Safety answers come first"):
        clinician.decides(case)
    clear_red_flags(
        case=case,
        seen=fresh(case).lock,
        reason="Rang them: safe.",
        no_call="Seen in person.",
        **clinician.who(),
    )
    clinician.decides(case)

"""By when the clinic has to act on a case: counted in its own days, moved by every step, and kept."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.clock import due_at
from screening.cases.models import Case
from screening.cases.opening import local_instant
from screening.cases.services import raise_red_flag
from screening.cases.targets import NO_CLOCK
from screening.cases.workflow import State
from screening.intake.services import withdraw
from screening.review.room import services as room
from tests.factories.intake import NOON, draft, open_clinic, response_of, submitted_case
from tests.factories.review import LATER, Clinician, fresh
from tests.factories.room import LATE, amends, decided_case, replies, wants_another_look
from tests.factories.urgent import say, urgent_case

pytestmark = pytest.mark.django_db
MONDAY = NOON.date()  # 15 June 2026
DAY = dt.timedelta(days=1)
TUESDAY = dt.datetime(2026, 6, 16, 9, 0, tzinfo=dt.UTC)


def closing(day: int) -> dt.datetime:
    """When the clinic closes on that day of June."""
    return local_instant(MONDAY.replace(day=day), dt.time(17))


@pytest.fixture
def site() -> Site:
    return open_clinic()


def answers(case: Case, onset: str = "2019-03", *, at: dt.datetime) -> None:
    """The patient answers the question that is open."""
    request = case.information_requests.get(answered_at__isnull=True)
    amends(case, answers={"onset": onset}, request=request, text="Here.", at=at)


def asked(case: Case) -> Case:
    """A clinician has put a question back to the patient."""
    Clinician.at(case.site).asks(case, items=["onset"])
    return fresh(case)


def test_a_flagged_case_is_looked_at_within_two_working_days_and_any_other_within_five(site: Site) -> None:
    flagged, refused = submitted_case(site), submitted_case(site, dx_confirmed="no")
    assert (flagged.underlying, flagged.due_at) == ("flagged_review", closing(17))
    assert (refused.underlying, refused.due_at) == ("not_currently", closing(22))


def test_an_urgent_answer_sets_the_target_of_its_tier_while_the_form_is_a_draft(site: Site) -> None:
    assert draft(site).case.due_at == NO_CLOCK
    assert fresh(urgent_case(site)).due_at == NOON + dt.timedelta(hours=1)


def test_of_several_urgent_answers_the_target_that_passes_first_counts(site: Site) -> None:
    case = urgent_case(site)
    say(response_of(case), "rf_bladder", "new_or_worse", at=LATER)
    assert fresh(case).waiting_since == LATER
    assert fresh(case).due_at == NOON + dt.timedelta(hours=1), "the first answer is still unanswered"


def test_when_the_urgent_answer_is_dealt_with_the_ordinary_target_counts(site: Site) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician = Clinician.at(site)
    clinician.takes(case)
    clinician.clears(case)
    assert fresh(case).state == State.AWAITING_REVIEW
    assert fresh(case).due_at == closing(17)


def test_a_new_urgent_answer_buys_the_clinic_no_time_for_the_ordinary_one(site: Site) -> None:
    """The case had waited a day of its two when the answer came in: one is left once that is dealt with."""
    case = submitted_case(site)
    raise_red_flag(
        case=case,
        item="rf_saddle",
        answer="new_or_worse",
        tier=3,
        advice="",
        by=Actor.patient(case.patient_id),
        at=TUESDAY,
    )
    clinician = Clinician.at(site)
    clinician.takes(case, at=TUESDAY)
    clinician.clears(case, at=TUESDAY)
    assert fresh(case).due_at == closing(17)


def test_the_clock_stands_still_while_the_patient_is_asked_and_goes_on_with_the_answer(site: Site) -> None:
    case = submitted_case(site)
    Clinician.at(site).asks(case, items=["onset"], at=TUESDAY)
    assert fresh(case).due_at == NO_CLOCK
    answers(case, at=TUESDAY + 2 * DAY)
    assert fresh(case).state == State.AWAITING_REVIEW
    assert fresh(case).due_at == closing(19), "one of the two working days had passed when we asked"
    assert fresh(case).waiting_since == TUESDAY + 2 * DAY


def test_asking_on_the_day_itself_spends_nothing_of_the_target(site: Site) -> None:
    case = asked(submitted_case(site))
    answers(case, at=TUESDAY + 2 * DAY)
    assert fresh(case).due_at == closing(22), "two working days after Thursday"


def test_asking_again_does_not_buy_time_and_what_was_late_is_late_again(site: Site) -> None:
    case = submitted_case(site)
    clinician = Clinician.at(site)
    clinician.asks(case, items=["onset"], at=TUESDAY)
    answers(case, at=TUESDAY + DAY)
    clinician.asks(case, items=["onset"], at=TUESDAY + 2 * DAY)
    answers(case, "2018", at=TUESDAY + 3 * DAY)
    assert fresh(case).due_at == closing(19), "both days are spent: it is due today"
    clinician.asks(case, items=["onset"], at=TUESDAY + 6 * DAY)
    answers(case, "2017", at=TUESDAY + 9 * DAY)
    assert fresh(case).due_at == TUESDAY + 9 * DAY, "overdue from the moment it is our turn"


def test_a_decision_made_while_the_patient_is_asked_does_not_count_their_time(site: Site) -> None:
    case = submitted_case(site)
    clinician = Clinician.at(site)
    clinician.asks(case, items=["onset"], at=TUESDAY)
    clinician.takes(case, at=TUESDAY + 6 * DAY)
    clinician.decides(case, at=TUESDAY + 6 * DAY)
    assert fresh(case).due_at == closing(26), "four working days of five were left, from Monday"


def test_a_message_starts_a_clock_and_reading_it_stops_it(site: Site) -> None:
    case = asked(submitted_case(site))
    replies(case)
    assert fresh(case).due_at == closing(22)
    replies(case, "And another thing.", at=LATE + dt.timedelta(days=1))
    assert fresh(case).due_at == closing(22), "who waits already keeps their day"
    clinician = Clinician.at(site)
    room.settle_news(case=case, seen=fresh(case).lock, **clinician.who(LATE))
    assert fresh(case).due_at == NO_CLOCK


def test_another_look_has_the_day_that_the_patient_was_told(site: Site) -> None:
    case = decided_case(site)
    assert case.due_at == NO_CLOCK
    wants_another_look(case)
    assert fresh(case).due_at == closing(22)
    other = Clinician.at(site, Role.LEAD_CLINICIAN)
    other.opens(case, at=LATE)
    room.answer_look(
        case=case, seen=fresh(case).lock, reopens=False, answer="We looked again.", **other.who(LATE)
    )
    assert fresh(case).due_at == NO_CLOCK


def test_every_step_leaves_the_clock_that_the_case_as_it_stands_would_be_given(site: Site) -> None:
    """Whatever a service changes, it has set the clock again: stored and counted anew are the same."""
    first, lead = Clinician.at(site), Clinician.at(site, Role.LEAD_CLINICIAN)
    decided = submitted_case(site)
    first.takes(decided)
    first.decides(decided)
    sent_back = submitted_case(site)
    first.takes(sent_back)
    first.decides(sent_back)
    lead.opens(sent_back)
    lead.looks_second(sent_back, agrees=False)
    amended = submitted_case(site)
    amends(amended, answers={"rf_saddle": "new_or_worse"})
    gone = submitted_case(site)
    withdraw(case=gone, by=first.who()["by"], at=LATER)
    wants_another_look(decided_case(site))
    urgent_case(site)
    submitted_case(site, onset=None)
    cases = list(Case.objects.select_related("site"))
    assert {case.state for case in cases} >= {
        State.DRAFT,
        State.URGENT_HOLD,
        State.AWAITING_INFO,
        State.AWAITING_REVIEW,
        State.CLINICIAN_REVIEWED,
        State.DECLINED,
        State.WITHDRAWN,
    }
    wrong = {case.state: (case.due_at, due_at(case)) for case in cases if case.due_at != due_at(case)}
    assert wrong == {}


def test_when_the_targets_of_a_clinic_change_the_clocks_are_set_again(site: Site) -> None:
    case, waits = submitted_case(site), asked(submitted_case(site))
    Site.objects.filter(pk=site.pk).update(flagged_days=1)
    out = StringIO()
    call_command("set_clocks", stdout=out)
    assert (fresh(case).due_at, fresh(waits).due_at) == (closing(16), NO_CLOCK)
    assert f"{site.slug}: 1 cases moved" in out.getvalue()
    assert AuditEvent.objects.get(event=Event.CLOCKS_SET, site_id=site.pk).detail == {"cases": 1}
    assert fresh(case).lock == case.lock, "nobody's open page goes stale"


def test_a_clinic_that_never_opens_is_late_at_once() -> None:
    shut = open_clinic()
    Site.objects.filter(pk=shut.pk).update(opening_days=[])
    case = submitted_case(Site.objects.get(pk=shut.pk))
    assert case.due_at == case.waiting_since

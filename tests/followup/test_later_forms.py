"""Forms of follow-up: open when the schedule says, filled in like the first, told to the clinic at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.models import AuditEvent
from screening.cases.models import Case, RedFlag, Response
from screening.followup.later import later_forms_of, pages_of
from screening.followup.open_forms import open_forms, pages_asked
from screening.followup.selectors import why_not_sent
from screening.intake import filling, services
from screening.intake.services import Occasion
from screening.questionnaires.selectors import questionnaire_of
from screening.review.measures import measures_of
from screening.review.whole import whole_case_of
from tests.factories.followup import reachable_case
from tests.factories.intake import NOON, baseline, enter, open_clinic, response_of, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician
from tests.followup.test_planning import fresh
from tests.followup.times import DAY, HOUR, SCHEDULE, history, london
from tests.intake.reading import reads_advice

pytestmark = pytest.mark.django_db
WELL = {
    **baseline(),
    "pgic": 4,
    "ae_serious": "no",
    "ae_mind": "no",
    "ae_any": "no",
    "ae_driving": "no",
}


@pytest.fixture
def case(db: None) -> Case:
    found = reachable_case(at=NOON)
    Clinician.at(found.site).starts(found, NOON.date())
    return fresh(found)


def begun(case: Case, *, at: dt.datetime, step: str) -> Response:
    form = next(each for each in open_forms(case, at=at) if each.key.startswith(step))
    occasion = Occasion(form.key, pages_asked(case, form), form.closes_at)
    return services.begin_later_form(case=case, occasion=occasion, by=patient(case), at=at)


def patient(case: Case) -> Actor:
    return Actor.patient(case.patient_id)


def sent(case: Case, *, at: dt.datetime, step: str = "FU11", **said: object) -> Response:
    response = begun(case, at=at, step=step)
    filling.carry_on(response=response, answers={**WELL, **said}, by=patient(case), at=at)
    return services.send_later_form(response=response, by=patient(case), at=at)


def steps(case: Case, *, at: dt.datetime) -> list[str]:
    return [form.key.partition("/")[0] for form in open_forms(case, at=at)]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (6, []),
        (7, ["FU10"]),
        (26, ["FU10"]),
        (27, ["FU11"]),
        (44, ["FU11"]),
        (45, []),
        (84, ["FU12"]),
        (119, ["FU12"]),
        (120, []),
        (175, ["FU13"]),
        (210, ["FU13"]),
        (211, []),
    ],
)
def test_each_form_is_open_on_the_days_of_the_schedule(case: Case, days: int, found: list[str]) -> None:
    day = (NOON + days * DAY).date()
    assert steps(case, at=london(f"{day} 00:01")) == found
    assert steps(case, at=london(f"{day} 23:59")) == found


def test_the_yearly_form_opens_before_each_year_is_over(case: Case) -> None:
    assert steps(case, at=NOON + 338 * DAY) == ["FU14"]
    assert steps(case, at=NOON + (365 + 338) * DAY) == ["FU14"]
    one, two = (form.key for form in _yearly(case))
    assert one != two


def _yearly(case: Case) -> list[object]:
    return [*open_forms(case, at=NOON + 338 * DAY), *open_forms(case, at=NOON + (365 + 338) * DAY)]


def test_before_an_appointment_the_form_is_open_until_it_begins() -> None:
    past = history("appointment", "2026-10-28 14:00", known_at="2026-10-01 09:00")
    (form,) = later_forms_of(past, SCHEDULE, as_of=london("2026-10-20 09:00"))
    assert (form.step, form.opens_at, form.closes_at) == (
        "FU08",
        london("2026-10-23 00:00"),
        london("2026-10-28 14:00"),
    )


def test_it_asks_every_warning_sign_and_what_the_schedule_names(case: Case) -> None:
    response = begun(case, at=NOON + 30 * DAY, step="FU11")
    form = questionnaire_of(response.version)
    safety = {page.id for page in form.pages if page.step == "safety"}
    assert safety <= set(response.pages)
    assert {"peg", "mood-1", "mood-4", "pgic", "ae-serious", "ae-driving"} <= set(response.pages)
    assert not {"start", "your-name", "treatments", "agree"} & set(response.pages)
    yearly = pages_of(["pain-intake", "pgic", "adverse-events"], form, closed=())
    assert set(yearly) == {page.id for page in form.pages}


def test_the_first_form_asks_nothing_of_follow_up(case: Case) -> None:
    first = response_of(case)
    assert not {"pgic", "ae-serious"} & set(first.page_locks)


def test_nothing_is_filled_in_from_before(case: Case) -> None:
    response = begun(case, at=NOON + 30 * DAY, step="FU11")
    assert response.answers == {}
    assert response.private_answers is None


def test_a_corrected_start_asks_nothing_again_and_moves_what_is_to_come(case: Case) -> None:
    at = NOON + 30 * DAY
    sent(case, at=at)
    Clinician.at(case.site).starts(case, (NOON + 5 * DAY).date(), at=at)
    Clinician.at(case.site).starts(case, (NOON + 10 * DAY).date(), at=at)
    assert {row.why for row in why_not_sent(fresh(case), as_of=at) if row.step == "FU11"} == {"It is done"}
    assert steps(case, at=at + 10 * DAY) == []
    assert steps(case, at=NOON + 93 * DAY) == []
    assert steps(case, at=NOON + 94 * DAY) == ["FU12"]


def test_a_form_that_was_begun_is_still_there_when_the_start_is_corrected(case: Case) -> None:
    at = NOON + 30 * DAY
    response = begun(case, at=at, step="FU11")
    Clinician.at(case.site).starts(case, (NOON - 2 * DAY).date(), at=at)
    (form,) = open_forms(case, at=at)
    assert (form.key, form.begun) == (response.occasion, True)


def test_another_start_asks_for_everything_again(case: Case) -> None:
    at = NOON + 30 * DAY
    sent(case, at=at)
    Clinician.at(case.site).starts(case, (NOON + 15 * DAY).date(), at=at)
    assert steps(case, at=NOON + (15 + 30) * DAY) == ["FU11"]


def test_a_form_that_was_sent_stops_its_reminders_and_no_others(case: Case) -> None:
    at = NOON + 30 * DAY
    sent(case, at=at)
    reasons = {row.step: row.why for row in why_not_sent(fresh(case), as_of=at)}
    assert reasons["FU11"] == "It is done"
    assert reasons.get("FU12") != "It is done"
    assert steps(case, at=at + HOUR) == []


def test_sending_twice_is_sending_once_and_late_is_said(case: Case) -> None:
    response = begun(case, at=NOON + 44 * DAY, step="FU11")
    at = NOON + 46 * DAY
    assert steps(case, at=at) == ["FU11"], "what was begun in time may be finished"
    filling.carry_on(response=response, answers=WELL, by=patient(case), at=at)
    first = services.send_later_form(response=response, by=patient(case), at=at)
    again = services.send_later_form(response=response, by=patient(case), at=at + HOUR)
    assert first.submitted_at == again.submitted_at == at
    (event,) = AuditEvent.objects.filter(event="measures_completed")
    assert event.detail["late"] is True


@pytest.mark.parametrize(
    ("said", "item", "tier"),
    [
        ({"rf_chest": "new_or_worse"}, "rf_chest", 1),
        ({"rf_suicide": "thoughts"}, "rf_suicide", 2),
        ({"ae_serious": "yes"}, "ae_serious", 1),
        ({"ae_mind": "yes"}, "ae_mind", 2),
        ({"ae_driving": "yes"}, "ae_driving", 4),
        ({"ae_any": "yes", "ae_which": ["dizzy"], "ae_how_dizzy": "severe"}, "ae_how_dizzy", 2),
        ({"ae_any": "not_sure", "ae_which": ["dizzy"], "ae_how_dizzy": "mild"}, "ae_any", 2),
        ({"peg_p": 10, "peg_e": 10, "peg_g": 10}, "clearly_worse", 2),
    ],
)
def test_what_somebody_has_to_act_on_is_on_the_worklist_at_once(
    case: Case, said: dict[str, object], item: str, tier: int
) -> None:
    before = case.rank
    sent(case, at=NOON + 30 * DAY, **said)
    flag = RedFlag.objects.get(case=case, item=item)
    assert flag.tier == tier
    assert fresh(case).rank == min(before, tier)
    assert not services_unread(case), "advice that nobody can read would never be confirmed"


def services_unread(case: Case) -> list[RedFlag]:
    return list(RedFlag.objects.filter(case=case, read_at__isnull=True))


def test_a_form_that_says_all_is_well_raises_nothing_but_is_news(case: Case) -> None:
    before = RedFlag.objects.filter(case=case).count()
    sent(case, at=NOON + 30 * DAY)
    assert RedFlag.objects.filter(case=case).count() == before
    assert fresh(case).news_at is not None


def test_the_case_shows_the_measures_of_both_forms(case: Case) -> None:
    sent(case, at=NOON + 30 * DAY, pgic=2)
    measures = measures_of(whole_case_of(site=case.site, reference=case.reference))
    assert [moment.title for moment in measures.moments][-1] == "Measures at 1 month"
    assert measures.moments[-1].values["pgic"] == 2


# The pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def here(site: Site, now: dt.datetime) -> Case:
    case = submitted_case(site, at=now - 40 * DAY)
    Clinician.at(site).starts(case, (now - 30 * DAY).date(), at=now)
    return case


def test_a_patient_fills_in_a_form_from_the_room(
    client: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    enter(client, response_of(here), at=now)
    assert reverse("patient-forms") in client.get(reverse("patient-room")).content.decode()
    page = client.get(reverse("patient-forms")).content.decode()
    assert "Measures at 1 month" in page
    (form,) = open_forms(here, at=now)
    answer = client.post(reverse("patient-forms"), {"form": form.key})
    assert answer.status_code == 303
    client.get(answer.headers["Location"])
    later = here.responses.exclude(occasion="").get()
    shown = client.get(reverse("intake-page", args=["rf-saddle"])).content.decode()
    said_with_it = re.search(r'id="id_rf_saddle-hint">\s*Last time you said: No\s*<', shown)
    assert said_with_it, "what was said before is read out with the question"
    assert re.search(r'<fieldset[^>]* aria-describedby="id_rf_saddle-hint"', shown)
    assert not re.search(r"<input[^>]* checked", shown), "an earlier answer is shown beside, never filled in"
    said = {"lock": "0", "asked": "rf_saddle", "rf_saddle": "new_or_worse"}
    answer = client.post(reverse("intake-page", args=["rf-saddle"]), said)
    assert answer.headers["Location"] == reverse("intake-advice")
    assert "Go to A&amp;E now" in client.get(reverse("intake-advice")).content.decode()
    assert RedFlag.objects.filter(case=here, item="rf_saddle", tier=1).exists()
    read = reads_advice(client)
    assert read.headers["Location"] == reverse("intake-page", args=["rf-bladder"])
    by = Actor.patient(here.patient_id)
    filling.carry_on(response=Response.objects.get(pk=later.pk), answers=WELL, by=by, at=now)
    check = client.get(reverse("intake-check")).content.decode()
    assert "how are you overall" in check
    answer = client.post(reverse("intake-submit"))
    assert "Your answers are sent" in client.get(answer.headers["Location"]).content.decode()
    later.refresh_from_db()
    assert later.submitted_at is not None
    assert "no form to fill in now" in client.get(reverse("patient-forms")).content.decode()


def test_a_form_that_is_not_open_is_not_begun(client: Client, here: Case, now: dt.datetime) -> None:
    enter(client, response_of(here), at=now)
    for key in ("", "FU13/1:1", "x" * 5000):
        answer = client.post(reverse("patient-forms"), {"form": key})
        assert answer.status_code == 422
        assert "not open any more" in answer.content.decode()
    assert not here.responses.exclude(occasion="").exists()


def test_a_clinician_reads_the_form_and_what_it_means(
    client: Client, site: Site, here: Case, now: dt.datetime
) -> None:
    sent(here, at=now, peg_p=0, peg_e=0, peg_g=0)
    sign_in(client, Clinician.at(site, Role.CLINICIAN).membership)
    page = client.get(reverse("case", args=[here.reference])).content.decode()
    assert "Measures at 1 month" in page
    assert "Responds: clearly better" in page
    assert "In the first form:" in page

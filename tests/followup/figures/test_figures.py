"""Figures of follow-up: medians and quartiles, who sent what in time, response and adverse events."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Site
from screening.cases.models import Case
from screening.followup.figures import presenters, selectors
from screening.followup.figures.selectors import Completed, Sent
from tests.factories.followup import reachable_case
from tests.factories.intake import NOON, open_clinic
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician
from tests.followup.test_later_forms import sent
from tests.followup.test_planning import fresh
from tests.followup.times import DAY

pytestmark = pytest.mark.django_db
JULY = dt.date(2026, 7, 1)


def form(step: str = "FU11", month: dt.date = JULY, **said: Any) -> Sent:
    known = {"late": False, "answers": {}, "scores": {}, "first": {}, **said}
    return Sent(step=step, month=month, **known)


def test_median_and_quartiles_of_a_month() -> None:
    forms = [form(scores={"peg": Decimal(value)}) for value in (2, 4, 6, 8, 10)]
    (found,) = selectors.peg_by_month([*forms, form(scores={"peg": None})])
    assert (found.n, found.lower, found.median, found.upper) == (5, 4, 6, 8)
    assert presenters.peg_table([found]).rows[0][3].text == "Too few", "quartiles of five say nothing"


@pytest.mark.parametrize(
    ("before", "now", "pgic", "counted"),
    [
        ({"peg": 6}, {"peg": 4}, None, "better"),
        ({"peg": 6}, {"peg": Decimal("5.0")}, None, "neither"),
        ({"peg": 6}, {"peg": 7}, 1, "worse"),
        ({"peg": 6}, {"peg": 6}, 2, "better"),
        ({}, {"peg": 6}, 4, "unknown"),
    ],
)
def test_each_form_counts_once(
    before: dict[str, Any], now: dict[str, Any], pgic: int | None, counted: str
) -> None:
    whole = {"phq9": None, "gad7": None}
    one = form(first={**whole, **before}, scores={**whole, **now}, answers={"pgic": pgic})
    (found,) = selectors.results([one], {"FU11": "Measures at 1 month"})
    kinds = {name: getattr(found, name) for name in ("better", "worse", "neither", "unknown")}
    assert kinds == {name: int(name == counted) for name in kinds}


def test_symptoms_are_counted_by_how_bad_they_were() -> None:
    forms = [
        form(answers={"ae_which": ["dizzy", "sick"], "ae_how_dizzy": "mild", "ae_how_sick": "severe"}),
        form(answers={"ae_which": ["dizzy"], "ae_how_dizzy": "mild"}),
        form(answers={"ae_which": ["dizzy"]}),
        form(answers={"ae_any": "no"}),
    ]
    dizzy, sick = selectors.symptoms(forms, {"dizzy": "Dizzy"})
    assert (dizzy.text, dizzy.counts, dizzy.unsaid) == ("Dizzy", (2, 0, 0), 1)
    assert (sick.code, sick.counts, sick.unsaid) == ("sick", (0, 0, 1), 0)


def test_a_share_is_said_of_ten_or_more() -> None:
    few = presenters.completion_table([Completed("FU11", "A", 9, 9, 0)])
    many = presenters.completion_table([Completed("FU11", "A", 10, 6, 1)])
    assert few.rows[0][-1] == presenters.Shown("Too few", "")
    assert few.columns[-1] == ("Share sent, %", True), "its words stand above where numbers would"
    assert [cell.plain for cell in many.rows[0]] == ["A", 10, 6, 1, 3, 70]


@pytest.fixture
def site(db: None) -> Site:
    return open_clinic()


@pytest.fixture
def case(site: Site) -> Case:
    found = reachable_case(site, at=NOON)
    Clinician.at(site).starts(found, NOON.date())
    return fresh(found)


def test_what_was_due_counts_and_what_is_still_open_does_not(site: Site, case: Case) -> None:
    sent(case, at=NOON + 30 * DAY)
    found = {each.step: each for each in selectors.completion(site=site, at=NOON + 90 * DAY)}
    assert (found["FU10"].due, found["FU10"].in_time) == (1, 0)
    assert (found["FU11"].due, found["FU11"].in_time, found["FU11"].late) == (1, 1, 0)
    assert "FU12" not in found, "its window is open"
    assert selectors.completion(site=open_clinic(), at=NOON + 90 * DAY) == []


def test_the_forms_of_one_clinic_are_its_own(site: Site, case: Case) -> None:
    at = NOON + 30 * DAY
    sent(case, at=at, ae_any="yes", ae_which=["dizzy"], ae_how_dizzy="mild")
    (one,) = selectors.sent_forms(site=site, at=at + DAY)
    assert one.step == "FU11"
    assert one.scores["peg"] == one.first["peg"]
    assert selectors.sent_forms(site=open_clinic(), at=at + DAY) == []
    assert selectors.sent_forms(site=site, at=at + 400 * DAY) == []


def test_the_page_and_its_files(client: Client, site: Site) -> None:
    sign_in(client, make_member(Role.LEAD_CLINICIAN, site=site))
    page = client.get(reverse("follow-up-figures")).content.decode()
    for title in ("Forms that were sent", "PEG in later forms", "Response", "Adverse events"):
        assert title in page
    assert "Nothing to count yet" in page
    file = client.get(reverse("follow-up-figures-csv", args=["completion"]))
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Form"
    assert client.get(reverse("follow-up-figures-csv", args=["waiting"])).status_code == 404

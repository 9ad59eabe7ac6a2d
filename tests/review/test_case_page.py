"""What one page of a case costs, and what stands on it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.sentences import sentence_of
from screening.cases.models import Case
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from screening.review.charts import line_chart
from screening.review.measures import Measures, measures_of
from screening.review.whole import whole_case_of
from tests.factories.intake import NOON, shipped, submitted_case
from tests.factories.people import make_member, sign_in
from tests.factories.review import Clinician
from tests.factories.room import amends

MOST_STATEMENTS = 15


@pytest.fixture
def room(client: Client, clinician: Clinician) -> Client:
    return sign_in(client, clinician.membership)


def text_of(browser: Client, case: Case, name: str = "case") -> str:
    response = browser.get(reverse(name, args=[case.reference]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_an_urgent_case_in_work_takes_few_statements(
    room: Client, clinician: Clinician, site: Site
) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician.takes(case)
    with CaptureQueriesContext(connection) as queries:
        text_of(room, case)
    assert 5 < len(queries) <= MOST_STATEMENTS, [query["sql"][:80] for query in queries]


def test_what_a_case_has_not_is_not_asked_for(room: Client, case: Case) -> None:
    with CaptureQueriesContext(connection) as queries:
        text_of(room, case)
    asked = " ".join(query["sql"].split(" WHERE ")[0][-60:] for query in queries)
    assert '"screening_assessment"' in asked
    assert "screening_decision" not in asked
    assert "screening_message" not in asked


def test_the_page_says_who_looked_how_often_and_when(
    client: Client, clinician: Clinician, lead: Clinician, case: Case
) -> None:
    seen = sign_in(client, clinician.membership)
    text_of(seen, case)
    text_of(seen, case)
    text = text_of(sign_in(Client(), lead.membership), case)
    looked = text.split("Who looked")[1]
    assert clinician.membership.user.name in looked
    assert sentence_of(Event.CASE_VIEWED) in looked
    assert "2 times" in looked


def part(text: str, heading: str) -> str:
    """What stands under a heading of the page, as words."""
    found = re.split(r"<h2", text.split(f">{heading}</h2>", 1)[1])[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def test_the_first_card_says_what_the_rules_suggest_and_what_is_in_the_way(room: Client, site: Site) -> None:
    case = submitted_case(site, onset=None, dx_confirmed="no", gp_share="no")
    said = part(text_of(room, case), "What the rules suggest")
    assert "Criteria not met at present" in said
    assert "5 of 7 criteria met." in said
    assert "Not met Confirmed diagnosis" in said
    assert "Cannot tell Pain for longer than 3 months" in said
    assert "Adult" not in said, "what is met stands in nobody's way"
    assert "1 high caution to be answered" in said


def test_what_is_in_the_way_leads_to_where_it_is_explained(room: Client, site: Site) -> None:
    text = text_of(room, submitted_case(site, onset=None, pregnant="yes"))
    for anchor in re.findall(r'href="#([^"]+)"', text.split("What the rules suggest")[1]):
        assert f'id="{anchor}"' in text


def test_the_first_card_says_that_something_is_missing_of_no_criterion(room: Client, site: Site) -> None:
    text = text_of(room, submitted_case(site, peg_p=None))
    said = part(text, "What the rules suggest")
    assert "7 of 7 criteria met." in said
    assert "1 thing missing or contradictory" in said
    assert "A PEG item is blank." in part(text, "Missing or contradictory")
    assert 'href="#missing"' in text
    assert "missing" not in part(text_of(room, submitted_case(site)), "What the rules suggest")


def test_an_urgent_answer_comes_before_the_suggestion(room: Client, site: Site) -> None:
    said = part(text_of(room, submitted_case(site, rf_saddle="new_or_worse")), "What the rules suggest")
    assert said.startswith("The urgent answers come first. Without them: For specialist review")


def test_a_treatment_says_how_long_would_have_been_enough(room: Client, case: Case) -> None:
    said = part(text_of(room, case), "Treatments tried")
    assert "Long enough: 6 weeks or 4 sessions" in said
    assert "Long enough: 2 weeks" in said


def measures(case: Case) -> Measures:
    return measures_of(whole_case_of(site=case.site, reference=case.reference))


def row(found: Measures, name: str) -> list[str]:
    return next([cell.value for cell in row.cells] for row in found.rows if row.id == name)


def test_a_single_value_is_a_value_and_no_chart(room: Client, case: Case) -> None:
    assert len(measures(case).moments) == 1
    assert measures(case).charts == []
    text = text_of(room, case)
    assert "chart__line" not in text
    assert "PEG" in part(text, "Scores")


def test_a_correction_of_something_measured_makes_a_line_and_another_one_none(case: Case) -> None:
    before = row(measures(case), "q_sleep")
    amends(case, answers={"dx_confirmed": "no"})
    assert len(measures(case).moments) == 1
    amends(case, answers={"q_sleep": 2})
    found = measures(case)
    assert row(found, "q_sleep") == [*before, "2 out of 10"]
    (chart,) = [chart for chart in found.charts if chart.id == "trend-q_sleep"]
    assert [mark.value for mark in chart.marks] == [before[0].split()[0], "2"]
    assert "2 on 15 Jun 2026" in chart.description or "2 out of 10 on 15 Jun 2026" in chart.description


def test_the_trend_is_drawn_with_its_words_and_stands_beside_a_table(room: Client, case: Case) -> None:
    amends(case, answers={"q_sleep": 2})
    text = text_of(room, case)
    assert '<title id="trend-q_sleep-title">Effect on sleep</title>' in text
    assert re.search(r'<desc id="trend-q_sleep-desc">Effect on sleep: \d out of 10 on', text)
    assert "After a correction" in part(text, "Scores")


def test_only_an_instrument_with_bands_has_one(site: Site) -> None:
    severe = {f"phq_{n}": 3 for n in range(1, 9)} | {"phq_9": 0}
    found = measures(submitted_case(site, **severe))
    bands = {row.id: row.cells[0].band for row in found.rows}
    assert bands["phq9"] == "severe"
    assert {bands["peg"], bands["phq2"], bands["peg_p"]} == {""}


@pytest.mark.parametrize(("value", "y"), [(0, 124.0), (5, 74.0), (10, 24.0)])
def test_a_higher_value_is_drawn_higher(value: int, y: float) -> None:
    points = [(0.0, Decimal(value), str(value), "then"), (60.0, Decimal(value), str(value), "now")]
    chart = line_chart("x", "X", "X", points, low=Decimal(0), high=Decimal(10))
    assert [mark.y for mark in chart.marks] == [y, y]
    assert chart.marks[0].x < chart.marks[1].x <= chart.width
    assert [rule.label for rule in chart.rules] == ["0", "5", "10"]


def test_a_corrected_answer_stands_beside_the_first_one(room: Client, case: Case) -> None:
    amends(case, answers={"q_sleep": 2})
    said = part(text_of(room, case), "All answers")
    assert re.search(r"sleep\? \d out of 10 changed on 15 June 2026, \d\d:\d\d to 2 out of 10", said)


def test_a_blank_answer_says_so_and_its_part_counts_them(room: Client, site: Site) -> None:
    said = part(text_of(room, submitted_case(site, q_sleep=None)), "All answers")
    assert re.search(r"Daily life \(\d not answered\)", said), re.findall(r"[A-Z][a-z ]+ \(\d[^)]*\)", said)
    assert "How much has pain disturbed your sleep? Not answered" in said


def test_cleared_urgent_answers_stay_with_who_cleared_them(
    room: Client, clinician: Clinician, site: Site
) -> None:
    case = submitted_case(site, rf_saddle="new_or_worse")
    clinician.takes(case)
    clinician.clears(case)
    said = part(text_of(room, case), "Calls")
    assert clinician.membership.user.name in said
    assert "Rang; seen today." in said


Rules = dict[str, Any]


def publish(site: Site, change: Callable[[Rules], None]) -> None:
    """The shipped rules with a change, as the next version."""
    rules: Rules = copy.deepcopy(shipped(Kind.RULESET))
    rules["cases"] = []
    change(rules)
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    approver = make_member(Role.LEAD_CLINICIAN, site=site)
    draft = draft_version(site=site, kind=Kind.RULESET, content=rules, by=Actor.staff(author), at=NOON)
    publish_version(version=draft, by=Actor.staff(approver), at=NOON)


def test_the_newest_rules_are_named_as_such(room: Client, case: Case) -> None:
    assert "These are the newest rules." in part(text_of(room, case), "Versions")


def test_newer_rules_that_say_the_same_say_so(room: Client, case: Case) -> None:
    publish(case.site, lambda rules: rules.update(title="Rules of the summer"))
    assert "The newest rules, version 2, would say the same." in part(text_of(room, case), "Versions")


def test_newer_rules_that_differ_say_in_what(room: Client, case: Case) -> None:
    def stricter(rules: Rules) -> None:
        age = next(rule for rule in rules["rules"] if rule["code"] == "EXC_AGE")
        age["when"] = '"Age" < 90'

    publish(case.site, stricter)
    said = part(text_of(room, case), "Versions")
    assert "The newest rules, version 2, would say otherwise:" in said
    assert "Suggestion: “Criteria not met at present” in place of “Candidate for specialist review”" in said
    assert "Adult: “Not met” in place of “Met”" in said
    assert fresh_outcome(case) == "flagged_review", "nothing is judged anew by looking"


def fresh_outcome(case: Case) -> str:
    return Case.objects.get(pk=case.pk).outcome

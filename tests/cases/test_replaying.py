"""Every case of a site, judged once more out of the database."""

from __future__ import annotations

import copy

import pytest

from screening.cases import replaying
from screening.cases.models import Assessment
from screening.cases.services import judge
from screening.questionnaires.models import Kind
from screening.review.services import clear_red_flags
from tests.factories.intake import NOON, draft, open_clinic, published_version, response_of, submitted_case
from tests.factories.review import Clinician, fresh

pytestmark = pytest.mark.django_db


def test_what_was_judged_last_is_counted_and_compared() -> None:
    site = open_clinic()
    cases = [submitted_case(site), submitted_case(site, pregnancy="pregnant"), submitted_case(site)]
    submitted_case()  # of another site
    questionnaire = published_version(site, Kind.QUESTIONNAIRE)
    ruleset = published_version(site, Kind.RULESET)
    milder = copy.deepcopy(ruleset.content)
    milder["rules"] = [rule for rule in milder["rules"] if rule["code"] != "EXC_PREGNANCY"]
    heard: list[tuple[int, int]] = []
    result = replaying.replay_site(
        site=site,
        definitions=replaying.definitions_of(questionnaire, ruleset),
        candidate=replaying.Definitions.of(questionnaire.content, milder),
        progress=lambda done, total: heard.append((done, total)),
        processes=1,
        size=2,
    )
    stored = [row.result["outcome"] for row in Assessment.objects.filter(case__in=cases)]
    assert sorted(result.before.outcomes.elements()) == sorted(stored)
    assert result.names == {("not_currently", "flagged_review"): [cases[1].reference]}
    assert heard == [(2, 3), (3, 3)]


def test_what_a_clinician_had_cleared_when_it_was_judged_is_not_counted_as_urgent() -> None:
    site = open_clinic()
    case, clinician = submitted_case(site, rf_saddle="new_or_worse"), Clinician.at(site)
    clinician.takes(case)
    clear_red_flags(case=case, seen=fresh(case).lock, reason="Seen at A&E.", **clinician.who())
    judge(response=response_of(case), by=clinician.who()["by"], at=NOON)
    definitions = replaying.definitions_of(
        published_version(site, Kind.QUESTIONNAIRE), published_version(site, Kind.RULESET)
    )
    result = replaying.replay_site(site=site, definitions=definitions, processes=1)
    assert dict(result.before.outcomes) == {"flagged_review": 1}


def test_a_case_that_was_never_judged_is_passed_over() -> None:
    site = open_clinic()
    case = submitted_case(site)
    draft(site)
    chunks, total = replaying.ranges(site=site)
    assert total == 2
    assert [document.name for document in replaying.judged_documents(chunks[0])] == [case.reference]


def test_a_site_without_cases_has_nothing_to_judge() -> None:
    assert replaying.ranges(site=open_clinic()) == ([], 0)

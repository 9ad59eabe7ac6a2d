"""Every case of a site, judged once more out of the database."""

from __future__ import annotations

import copy

import pytest

from accounts.models import Site
from screening.cases import replaying
from screening.cases.models import Assessment
from screening.cases.packs import PackedCases
from screening.cases.replaying import Definitions, definitions_of
from screening.cases.services import judge
from screening.questionnaires.models import Kind
from screening.review.services import clear_red_flags
from tests.factories.intake import NOON, draft, open_clinic, published_version, response_of, submitted_case
from tests.factories.review import Clinician, fresh

pytestmark = pytest.mark.django_db


def current(site: Site) -> Definitions:
    return definitions_of(published_version(site, Kind.QUESTIONNAIRE), published_version(site, Kind.RULESET))


def test_what_was_judged_last_is_counted_and_compared() -> None:
    site = open_clinic()
    cases = [submitted_case(site), submitted_case(site, pregnancy="pregnant"), submitted_case(site)]
    submitted_case()  # of another site
    questionnaire = published_version(site, Kind.QUESTIONNAIRE)
    milder = copy.deepcopy(published_version(site, Kind.RULESET).content)
    milder["rules"] = [rule for rule in milder["rules"] if rule["code"] != "EXC_PREGNANCY"]
    heard: list[tuple[int, int]] = []
    result = replaying.replay_site(
        site=site,
        definitions=current(site),
        candidate=Definitions.of(questionnaire.content, milder),
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
    assert dict(replayed(site).before.outcomes) == {"urgent": 1}
    clinician.takes(case)
    clear_red_flags(
        case=case, seen=fresh(case).lock, reason="Seen at A&E.", no_call="Seen in person.", **clinician.who()
    )
    judge(response=response_of(case), by=clinician.who()["by"], at=NOON)
    assert dict(replayed(site).before.outcomes) == {"flagged_review": 1}


def replayed(site: Site) -> replaying.Replay:
    return replaying.replay_site(site=site, definitions=current(site), processes=1)


def test_a_case_that_was_never_judged_is_passed_over() -> None:
    site = open_clinic()
    submitted_case(site)
    draft(site)
    assert replayed(site).before.total == 1


def test_a_site_without_cases_has_nothing_to_judge() -> None:
    assert replayed(open_clinic()).before.total == 0


def test_a_second_time_nothing_is_read_but_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    site = open_clinic()
    submitted_case(site, pregnancy="pregnant")
    first = replayed(site)

    def never(part: object) -> None:
        raise AssertionError("the assessments were read again")

    monkeypatch.setattr("screening.cases.packing.judged_documents", never)
    assert replayed(site) == first


def test_cases_that_came_since_are_judged_too() -> None:
    site = open_clinic()
    submitted_case(site)
    assert replayed(site).before.total == 1
    submitted_case(site)
    waiting = draft(site)
    assert replayed(site).before.total == 2
    assert PackedCases.objects.filter(site=site).count() == 1
    judge(response=waiting, by=Clinician.at(site).who()["by"], at=NOON)
    assert replayed(site).before.total == 3


def test_a_rule_may_read_words_that_no_rule_read_before() -> None:
    """What people wrote in words is kept only if a rule asks for it: then it is fetched."""
    site = open_clinic()
    case = submitted_case(site, goals="Dance the mazurka again")
    replayed(site)
    assert "goals" not in PackedCases.objects.get().items
    candidate = copy.deepcopy(published_version(site, Kind.RULESET).content)
    rule = next(each for each in candidate["rules"] if each["code"] == "EXC_PREGNANCY")
    candidate["rules"].append({**rule, "code": "EXC_DANCE", "when": "goals is not null", "unknown": None})
    result = replaying.replay_site(
        site=site,
        definitions=current(site),
        candidate=Definitions.of(published_version(site, Kind.QUESTIONNAIRE).content, candidate),
        processes=1,
    )
    assert result.names == {("flagged_review", "not_currently"): [case.reference]}

"""A past decision comes out the same, byte for byte, or says where it does not."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.certificate import ABSENT, Difference, certificate_of, differences
from screening.cases.models import Assessment, Case
from tests.factories.intake import open_clinic, submitted_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return open_clinic()


@pytest.fixture
def case(site: Site) -> Case:
    return submitted_case(site, pregnancy="pregnant", rf_saddle="new_or_worse")


def assessment_of(case: Case) -> Assessment:
    return Assessment.objects.get(case=case)


def falsify(row: Assessment, **changes: Any) -> None:
    """What only someone with the rights of the database's owner could do."""
    with pgtrigger.ignore("screening.Assessment:assessment_append_only"):
        Assessment.objects.filter(pk=row.pk).update(**changes)


def recompute(*words: str) -> str:
    out = StringIO()
    call_command("recompute", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_stored_assessment_is_reproduced(case: Case) -> None:
    certificate = certificate_of(assessment_of(case))
    assert certificate.reproduced
    assert certificate.judgement.outcome == "urgent"


def test_one_case_by_its_reference(case: Case) -> None:
    assert "1 of 1 reproduced byte for byte." in recompute(case.reference)


def test_every_differing_field_is_named(case: Case) -> None:
    row = assessment_of(case)
    falsify(row, result={**row.result, "outcome": "flagged_review", "exclusions": []})
    fields = [each.field for each in certificate_of(assessment_of(case)).differences]
    assert fields == ["exclusions.0", "outcome", "sha256"]


def test_a_result_that_was_changed_together_with_its_hash_is_found(case: Case) -> None:
    row = assessment_of(case)
    falsify(row, judged={**row.judged, "answers": {**row.judged["answers"], "pregnancy": "not_applicable"}})
    certificate = certificate_of(assessment_of(case))
    assert "exclusions.0" in [each.field for each in certificate.differences]


def test_an_engine_version_that_was_changed_is_found(case: Case) -> None:
    falsify(assessment_of(case), engine_version="another")
    assert not certificate_of(assessment_of(case)).reproduced


def test_a_difference_ends_the_command_with_an_error(case: Case) -> None:
    row = assessment_of(case)
    falsify(row, result={**row.result, "senior_review": not row.result["senior_review"]})
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 assessments differ"):
        call_command("recompute", "--all", stdout=out, stderr=StringIO())
    assert "senior_review" in out.getvalue()
    assert case.reference in out.getvalue()


def test_all_goes_on_behind_the_last_of_a_batch(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [submitted_case(site) for _ in range(3)]
    monkeypatch.setattr("screening.cases.certificate.check_batch.__kwdefaults__", {"size": 2})
    assert f"{len(cases)} of {len(cases)} reproduced" in recompute("--all")
    assert AuditEvent.objects.filter(event=Event.CERTIFICATE_CHECKED).count() == 2


def test_it_is_written_down(case: Case) -> None:
    recompute(case.reference)
    event = AuditEvent.objects.get(event=Event.CERTIFICATE_CHECKED)
    assert event.case_reference == case.reference
    assert event.detail == {"checked": 1, "differing": 0}


def test_all_names_the_cases_of_each_site(site: Site) -> None:
    cases = [submitted_case(site), submitted_case(site), submitted_case()]
    recompute("--all")
    events = AuditEvent.objects.filter(event=Event.CERTIFICATE_CHECKED).order_by("site_id")
    assert [event.references for event in events] == [sorted(c.reference for c in cases[:2]), []]
    assert events[1].case_reference == cases[2].reference


def test_an_unknown_reference_is_refused() -> None:
    with pytest.raises(CommandError, match="No assessment"):
        recompute("NOTHING")


def test_leaves_are_compared_by_name_and_place() -> None:
    stored, now = {"a": [1, 2], "b": {"c": None}}, {"a": [1], "b": {"c": None, "d": True}}
    assert list(differences(stored, now)) == [
        Difference("a.1", "2", ABSENT),
        Difference("b.d", ABSENT, "true"),
    ]

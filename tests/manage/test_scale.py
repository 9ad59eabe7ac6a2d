"""Very many made-up cases: what the copies are, and what a clinician finds among them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Site
from screening.cases.models import Case
from screening.cases.targets import NO_CLOCK
from screening.cases.workflow import FINAL, OPEN, State
from screening.manage import scale
from screening.manage.demo import make_cases, make_clinic
from screening.questionnaires.seed_files import read_definition, seed_folder
from screening.review.selectors import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_site() -> Site:
    at = timezone.now()
    site, staff, _ = make_clinic(read_definition(seed_folder() / "clinic.yml"), at=at)
    stories, seen = [], Counter[str]()
    for story in read_definition(seed_folder() / "cases.yml")["cases"]:
        path = " ".join(story.get("path", []))
        if seen[path] < 1:  # one of each way through the clinic is enough to copy
            seen[path] += 1
            stories.append(story)
    for _ in make_cases(site, staff, stories, at=at):
        pass
    return site


@pytest.mark.nightly
def test_copies_are_whole_cases_with_people_of_their_own(
    demo_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(Case.objects.values_list("pk", flat=True))
    assert list(scale.make_many(site=demo_site, count=300)) == [300]
    made = Case.objects.exclude(pk__in=before).select_related("patient")
    assert len(made) == 300
    assert len({case.reference for case in made}) == 300
    assert len({case.patient.nhs_number for case in made}) == 300
    closed = [case for case in made if State(case.state) in FINAL]
    assert len(closed) > 200
    for case in closed:
        decided = case.decisions.filter(outcome=case.state, assessment__case=case)
        assert decided.values("clinician").distinct().count() == 2
        assert case.assessments.get().response.case_id == case.pk
    for case in made:
        turn = State(case.state) in OPEN - {State.AWAITING_INFO}
        assert (case.due_at < NO_CLOCK) >= turn, "where the clinic has to act, a clock runs"
        assert case.due_at == NO_CLOCK or case.due_at.year < 9999
    someone = made[0]
    assert someone in search(site=demo_site, text=str(someone.patient.nhs_number)).cases
    assert search(site=demo_site, text=str(someone.patient.family_name)).cases
    list(scale.make_many(site=demo_site, count=5))  # more can be made later
    assert Case.objects.count() == len(before) + 305
    # Where the patient wrote, what they wrote is there.
    monkeypatch.setattr(scale, "SHARES", {State.AWAITING_INFO: 1, State.SIGNPOSTED: 1})
    monkeypatch.setattr(scale, "NEWS", 1)
    list(scale.make_many(site=demo_site, count=40))
    news = Case.objects.exclude(pk__in=before).filter(news_at__isnull=False)
    looks = [look for case in news for look in case.looks.select_related("decision")]
    assert looks
    for look in looks:
        assert (look.decision.case_id, look.decision.outcome) == (look.case_id, look.case.state)
        assert look.asked_at.date() <= look.due_on <= look.asked_at.date() + timedelta(days=60)
    told = {case.pk for case in news if case.messages.filter(read_at__isnull=True).exists()}
    assert told
    assert told | {look.case_id for look in looks} == {case.pk for case in news}


def test_without_the_demo_there_is_nothing_to_copy(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="Run seed_demo first"):
        call_command("seed_scale", cases=5, stdout=StringIO())


def test_it_is_refused_outside_a_demo(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="demo only"):
        call_command("seed_scale", cases=5, stdout=StringIO())

"""A draft is tried on every past case before anybody meets it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from accounts.actors import Actor
from accounts.models import Role, Site
from bench.cases import Progress, fill
from screening.cases import packing
from screening.manage.publication.models import ImpactCase, ImpactChange, ImpactRun, RunState
from screening.manage.publication.selectors import is_current, setting_of
from screening.manage.publication.services import begin_run, give_reason, runs, work
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import compiled
from screening.questionnaires.services import NotReady
from screening.rules.anew import raised_by, still_standing
from screening.rules.assess import assess
from screening.rules.changes import Change
from screening.rules.judged import Short
from tests.factories.drafts import drafted, milder, weighed, without_rule
from tests.factories.intake import NOON, open_clinic, published_version, submitted_case
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db
MANY = 400
LATER = NOON + dt.timedelta(minutes=5)


def one_by_one(site: Site, version: DefinitionVersion) -> dict[Change, set[str]]:
    """Which cases change and how, each judged alone by the judgement that patients get."""
    setting = setting_of(version)
    assert setting is not None
    pairs = [compiled(*setting.pair(judged)) for judged in (setting.compared, version)]
    parts, _ = packing.ranges(site=site, wanted=packing.Wanted.by(setting.before(), setting.after(version)))
    found: dict[Change, set[str]] = {}
    raised = raised_by(pairs[0].ruleset)
    for part in parts:
        for case in packing.judged_documents(part):
            standing = still_standing([*case.standing_red_flags], [*case.cleared], case.answers, raised)
            before, after = (
                Short.of(
                    assess(
                        rules,
                        case.answers,
                        as_of=case.as_of,
                        standing_red_flags=[(item, tier) for item, tier in standing],
                        cleared=case.cleared,
                    )
                )
                for rules in pairs
            )
            if before != after:
                found.setdefault(Change.between(before, after), set()).add(case.name)
    return found


def kept(run: ImpactRun) -> dict[Change, set[str]]:
    return {
        Change(
            row.was,
            row.was_underlying,
            row.was_tier,
            row.now,
            row.now_underlying,
            row.now_tier,
            tuple(row.gained),
            tuple(row.lost),
        ): set(row.named.values_list("reference", flat=True))
        for row in run.changes.all()
    }


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Site:
    """Some hundreds of past cases, in ranges so small that there are several."""
    original = packing.ranges
    monkeypatch.setattr(packing, "ranges", lambda **given: original(**{"size": 100, **given}))
    site, _questionnaire, _ruleset = fill(MANY, Progress("made"), processes=1)
    return site


def test_what_changes_is_what_changes_when_each_case_is_judged_alone(many: Site) -> None:
    def change(content: dict[str, Any]) -> None:
        without_rule("EXC_PREGNANCY")(content)
        milder("rf_saddle", {"new_or_worse": 2, "not_sure": 3})(content)
        content["definitions"] = content["definitions"].replace('"Impact severe": 7', '"Impact severe": 8')
        content["cases"] = []

    draft = drafted(many, Kind.RULESET, change)
    run = weighed(draft)
    assert (run.state, run.done, run.total) == (RunState.DONE, MANY, MANY)
    expected = one_by_one(many, draft)
    assert len(expected) > 5
    assert any(each.less_urgent for each in expected)
    assert kept(run) == expected
    moved: Counter[str] = Counter()
    for each, names in expected.items():
        if each.was != each.now:
            moved[f"{each.was} {each.now}"] += len(names)
    assert run.counts["moved"] == dict(moved)
    assert run.counts["changed"] == sum(map(len, expected.values()))
    assert sum(run.counts["before"].values()) == sum(run.counts["after"].values()) == MANY
    less = sum(len(names) for each, names in expected.items() if each.less_urgent)
    assert run.counts["less_urgent"] == less == ImpactCase.objects.filter(change__less_urgent=True).count()


def test_a_worker_that_stopped_half_way_costs_nothing_but_its_range(many: Site) -> None:
    draft = drafted(many, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    manager = make_member(Role.QUESTIONNAIRE_MANAGER, site=many)
    run = begin_run(version=draft, by=Actor.staff(manager), at=NOON)
    assert work(now=lambda: NOON, seconds=1, processes=1) == MANY
    whole = kept(run)
    run.refresh_from_db()
    ImpactChange.objects.all().delete()
    ImpactRun.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, done=0, finished=[], counts={}, finished_at=None, lease_until=NOON
    )
    ticks = iter(NOON + dt.timedelta(seconds=n) for n in range(1, 100))
    assert 0 < work(now=lambda: next(ticks), seconds=4, processes=1) < MANY
    run.refresh_from_db()
    assert (run.state, run.lease_until) == (RunState.RUNNING, None)
    assert 0 < run.done < MANY
    work(now=lambda: LATER, processes=1)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, MANY)
    assert kept(run) == whole


def test_who_holds_the_run_is_left_alone_until_the_lease_is_over() -> None:
    site = open_clinic()
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    manager = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    begin_run(version=draft, by=Actor.staff(manager), at=NOON)
    assert runs._claimed(at=NOON) is not None
    assert work(now=lambda: NOON) == 0
    assert work(now=lambda: LATER) == 1


@pytest.mark.parametrize("trouble", [OperationalError, SoftTimeLimitExceeded])
def test_what_is_wrong_for_a_moment_ends_no_run(monkeypatch: pytest.MonkeyPatch, trouble: type) -> None:
    site = open_clinic()
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    manager = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    run = begin_run(version=draft, by=Actor.staff(manager), at=NOON)

    def breaks(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(runs.packing, "ranges", lambda **_: breaks())
        with pytest.raises(trouble):
            work(now=lambda: NOON)
    run.refresh_from_db()
    assert (run.state, run.lease_until) == (RunState.RUNNING, None)
    assert work(now=lambda: NOON) == 1


def test_a_question_that_fewer_are_asked_has_an_effect_too() -> None:
    site = open_clinic()
    submitted_case(site)
    urgent = submitted_case(site, rf_weight="new_or_worse")

    def change(content: dict[str, Any]) -> None:
        page = next(page for page in content["pages"] if page["id"] == "rf-weight")
        page["show_when"] = "rf_saddle = 'new_or_worse'"

    run = weighed(drafted(site, Kind.QUESTIONNAIRE, change))
    assert run.counts["before"] == {"flagged_review": 1, "urgent": 1}
    assert run.counts["less_urgent"] == 1
    (names,) = (names for change, names in kept(run).items() if change.less_urgent)
    assert names == {urgent.reference}


def test_a_run_counts_for_one_text_and_what_was_published_then() -> None:
    site = open_clinic()
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    run = weighed(draft)
    setting = setting_of(draft)
    assert setting is not None
    assert is_current(run, draft, setting)
    assert not is_current(run, DefinitionVersion(pk=draft.pk, sha256="0" * 64), setting)
    assert not is_current(
        ImpactRun(sha256=run.sha256, compared_id=0, beside_id=run.beside_id), draft, setting
    )


def test_what_is_known_is_not_asked_again() -> None:
    site = open_clinic()
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    assert weighed(draft) == weighed(draft)


def test_a_draft_with_errors_is_not_tried() -> None:
    site = open_clinic()

    def change(content: dict[str, Any]) -> None:
        content["rules"][-1]["when"] = "nobody_asks_this = 1"

    with pytest.raises(NotReady, match="nobody_asks_this"):
        weighed(drafted(site, Kind.RULESET, change))
    with pytest.raises(NotReady, match="Only a draft"):
        weighed(published_version(site, Kind.RULESET))
    with pytest.raises(NotReady, match="No past case"):
        weighed(drafted(site, Kind.MESSAGES))


def test_a_reason_is_typed_once_and_kept_for_each_case() -> None:
    site = open_clinic()
    for _ in range(2):
        submitted_case(site, rf_saddle="new_or_worse")
    run = weighed(drafted(site, Kind.RULESET, milder("rf_saddle", {"new_or_worse": 2, "not_sure": 2})))
    change = run.changes.get(less_urgent=True)
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    agreed = "Agreed with spinal surgery."
    assert give_reason(change=change, reason=agreed, by=Actor.staff(lead), at=NOON) == 2
    rows = ImpactCase.objects.filter(change=change)
    assert {(row.reason, row.reason_by_id) for row in rows} == {(agreed, lead.user_id)}
    assert rows.count() == 2

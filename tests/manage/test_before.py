"""The page before publication: what is wrong, what differs, and what past cases would come to."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.manage.publication.differences import differences
from screening.manage.publication.models import ImpactCase, ImpactRun, RunState
from screening.manage.publication.selectors import read_of
from screening.manage.publication.services import begin_run
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from tests.factories.drafts import Content, drafted, milder, weighed, with_caution, without_rule
from tests.factories.intake import NOON, published_version, shipped, submitted_case
from tests.factories.people import make_member, sign_in

PAYLOAD = "<script>alert(1)</script>{{ 7|add:7 }}"


def address(version: DefinitionVersion, name: str = "version-before", **more: int) -> str:
    return reverse(
        name, kwargs={"kind": version.kind, "code": version.code, "number": version.number, **more}
    )


def shown(client: Client, version: DefinitionVersion) -> str:
    answer = client.get(address(version))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def manager(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def test_the_page_says_what_differs_from_what_is_published(site: Site, lead: Client) -> None:
    draft = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    page = shown(lead, draft)
    assert "EXC_PREGNANCY" in page
    assert "Removed" in page
    assert "No errors" in page
    assert "As expected" in page


@pytest.mark.parametrize("kind", [Kind.SCHEDULE, Kind.MESSAGES, Kind.LETTERS])
def test_what_judges_nobody_is_not_said_to_have_been_tried_on_cases(
    site: Site, lead: Client, kind: Kind
) -> None:
    judging = ("Worked cases come out as expected", "The safety questions are all there", "Effect on past")
    said = shown(lead, drafted(site, kind))
    assert "No errors" in said
    assert [words for words in judging if words in said] == []
    of_rules = shown(lead, drafted(site, Kind.RULESET))
    assert [words for words in judging if words in of_rules] == list(judging)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_the_page_and_the_same_words_differ_in_nothing(
    site: Site, lead: Client, kind: Kind
) -> None:
    assert "It says the same as version 1" in shown(lead, drafted(site, kind))


def test_a_draft_that_cannot_be_read_has_the_page_too(site: Site, lead: Client) -> None:
    def change(content: Content) -> None:
        content["rules"] = [{"code": PAYLOAD, "when": PAYLOAD, "clinician": PAYLOAD}, 7]
        content["tables"] = []

    page = shown(lead, drafted(site, Kind.RULESET, change))
    assert "Stops publication" in page
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page


def test_a_button_asks_for_the_effect_and_the_page_says_how_far_it_is(site: Site, manager: Client) -> None:
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, with_caution)
    assert "See the effect on past cases" in shown(manager, draft)
    manager.post(address(draft, "version-effect"))
    page = shown(manager, draft)
    assert "It starts in a few seconds" in page
    assert "Look again" in page
    part = manager.get(address(draft), {"part": "effect"}).content.decode()
    assert "data-running" in part
    assert "<html" not in part
    weighed(draft)
    page = shown(manager, draft)
    assert "1 past case was judged" in page
    assert "Look again" not in page
    assert "Found now: CAU_EVERYBODY, Said of everybody. (a new rule)" in page


def test_a_change_of_the_draft_makes_the_effect_out_of_date(site: Site, manager: Client) -> None:
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, with_caution)
    weighed(draft)
    DefinitionVersion.objects.filter(pk=draft.pk).update(sha256="0" * 64)
    page = shown(manager, draft)
    assert "This is out of date" in page
    assert "See the effect on past cases" in page


def test_a_run_that_stopped_says_so_and_can_be_asked_again(site: Site, manager: Client) -> None:
    submitted_case(site)
    draft = drafted(site, Kind.RULESET, with_caution)
    writer = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    run = begin_run(version=draft, by=writer, at=NOON)
    ImpactRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, problem="It stopped.")
    assert "It stopped." in shown(manager, draft)
    manager.post(address(draft, "version-effect"))
    assert "It starts in a few seconds" in shown(manager, draft)


def test_the_reason_is_asked_kept_for_each_case_and_shown(site: Site, manager: Client, lead: Client) -> None:
    joint = {"conditions": ["osteoarthritis"], "main_condition": "osteoarthritis", "rf_joint": "not_sure"}
    case = submitted_case(site, answers=joint)
    draft = drafted(site, Kind.RULESET, milder("rf_joint", {"new_or_worse": 3, "not_sure": 3}))
    change = weighed(draft).changes.get(less_urgent=True)
    assert "Less urgent: wants a reason" in shown(manager, draft)
    page = address(draft, "version-effect-change", change=change.pk)
    assert case.reference in manager.get(page).content.decode()
    assert f'href="/staff/cases/{case.reference}/"' not in manager.get(page).content.decode()
    assert reverse("case", args=[case.reference]) in lead.get(page).content.decode()
    read = AuditEvent.objects.filter(event=Event.VERSION_REPLAYED, references=[case.reference])
    assert read.count() == 3, "who looked at a list of cases is written down with what it named"
    refused = manager.post(page, {"reason": "short"})
    assert refused.status_code == 422
    assert "short" in refused.content.decode()
    manager.post(page, {"reason": f"Agreed with rheumatology. {PAYLOAD}"})
    assert "Agreed with rheumatology" in ImpactCase.objects.get(change=change).reason
    text = shown(lead, draft)
    assert "Agreed with rheumatology" in text
    assert "<script>alert" not in text
    assert "Approve and publish</button>" in text.replace("\n", "").replace("  ", "")


def test_a_place_in_the_list_that_no_number_holds_is_its_beginning(site: Site, manager: Client) -> None:
    case = submitted_case(site)
    draft = drafted(site, Kind.RULESET, with_caution)
    page = address(draft, "version-effect-change", change=weighed(draft).changes.get().pk)
    assert case.reference in manager.get(page, {"after": "9" * 5000}).content.decode()
    assert case.reference in manager.get(page, {"after": "9" * 19}).content.decode()


def test_a_change_of_another_draft_is_not_found(site: Site, manager: Client) -> None:
    submitted_case(site)
    draft, other = (drafted(site, Kind.RULESET, with_caution) for _ in range(2))
    change = weighed(draft).changes.get()
    assert manager.get(address(other, "version-effect-change", change=change.pk)).status_code == 404


def test_an_older_version_is_published_again_as_a_new_one(site: Site, manager: Client, lead: Client) -> None:
    old = published_version(site, Kind.MESSAGES)
    draft = drafted(site, Kind.MESSAGES, lambda content: content.update(title="Kinder"))
    lead.post(address(draft, "version-publish"), {"seen": read_of(draft)})
    old.refresh_from_db()
    assert old.status == VersionStatus.RETIRED
    assert "Publish this again as a new version" in manager.get(address(old, "version")).content.decode()
    manager.post(address(old, "version-draft"))
    again = DefinitionVersion.objects.get(site=site, kind=Kind.MESSAGES, number=3)
    lead.post(address(again, "version-publish"), {"seen": read_of(again)})
    assert published_version(site, Kind.MESSAGES) == again
    assert again.sha256 == old.sha256


def test_differences_name_the_thing_and_both_sides() -> None:
    before = {
        "rules": [{"code": "A", "when": "x = 1", "clinician": "One."}, {"code": "B", "clinician": "Two."}],
        "definitions": "define One: 1\ndefine Two: 2",
        "tables": {"classes": {"columns": {"a": "String"}, "rows": [{"a": "old"}]}},
    }
    after = {
        "rules": [{"code": "A", "when": "x = 2", "clinician": "One."}, {"code": "C", "clinician": "Three."}],
        "definitions": "define One: 1\ndefine Two: 3",
        "tables": {"classes": {"columns": {"a": "String"}, "rows": [{"a": "new"}]}},
    }
    said = {
        (section.title, row.kind, row.what, row.part, row.before, row.after)
        for section in differences("ruleset", before, after)
        for row in section.differences
    }
    assert said == {
        ("Rules", "changed", "A", "When", "x = 1", "x = 2"),
        ("Rules", "removed", "B", "", "Two.", ""),
        ("Rules", "added", "C", "", "", "Three."),
        ("Definitions", "changed", "Two", "Text", "define Two: 2", "define Two: 3"),
        ("Reference tables", "removed", "classes: old", "", "", ""),
        ("Reference tables", "added", "classes: new", "", "", ""),
    }


def test_all_of_a_new_question_and_a_new_rule_is_shown_to_whoever_approves_them() -> None:
    """What it asks is not enough: its advice and its effect are new too."""
    options = [{"code": "new", "text": "Since today"}, {"code": "no", "text": "No"}]
    item = {"id": "q", "type": "choice", "text": "Since when?", "options": options, "advice": {"new": "now"}}
    page = {"id": "p", "step": "s", "title": "P", "items": []}
    asked = differences("questionnaire", {"pages": [page]}, {"pages": [{**page, "items": [item]}]})
    (question,) = next(section for section in asked if section.title == "Questions").differences
    assert question.after.splitlines() == [
        "Words: Since when?",
        "Type: choice",
        "Options: new: Since today; no: No",
        "Advice: new: now",
        "Page: p",
    ]
    rule = {"code": "C", "when": "x = 1", "clinician": "Three.", "effect": "exclude", "patient": "Sorry."}
    (judged,) = differences("ruleset", {"rules": []}, {"rules": [rule]})
    assert "Effect: exclude" in judged.differences[0].after
    assert "Sentence for the patient: Sorry." in judged.differences[0].after


def test_who_may_not_publish_reads_who_may_and_they_find_it_in_their_list(
    site: Site, lead: Client, manager: Client
) -> None:
    draft = drafted(site, Kind.RULESET)
    other = make_member(Role.LEAD_CLINICIAN, site=site)
    gone = make_member(Role.LEAD_CLINICIAN, site=site, active=False)
    page = shown(manager, draft)
    assert "Ask one of these people to open this page" in page
    assert other.user.name in page
    assert gone.user.name not in page
    found = f'{address(draft)}">{draft.title}, version {draft.number}</a>'
    assert found in lead.get(reverse("versions")).content.decode()
    assert found not in manager.get(reverse("versions")).content.decode()


def test_what_has_to_be_mended_is_named_by_its_question_and_leads_there(site: Site, manager: Client) -> None:
    def change(content: Content) -> None:
        page = next(page for page in content["pages"] if page["id"] == "driving")
        page["items"].append({"id": "van", "type": "choice", "text": "Do you drive a van?", "options": []})

    draft = drafted(site, Kind.QUESTIONNAIRE, change)
    page = shown(manager, draft)
    part = reverse("editor-part", args=[draft.kind, draft.code, draft.number, "item", "van"])
    assert f'<a href="{part}">item van</a>' in page
    assert "A choice needs options." in page
    assert "They cannot be judged before the errors are mended." in page


def test_a_finding_leads_to_the_page_of_its_rule_table_or_step(site: Site, manager: Client) -> None:
    def change(content: Content) -> None:
        content["rules"][0]["source"] = " "
        content["tables"]["interactions"]["source"] = None
        content["definitions"] += '\ndefine "Odd": nobody_asks_this'

    rules = drafted(site, Kind.RULESET, change)
    page = shown(manager, rules)
    code = rules.content["rules"][0]["code"]
    for name, *more in (("rule", code), ("rule-table", "interactions"), ("rule-definitions",)):
        part = reverse(name, args=[rules.kind, rules.code, rules.number, *more])
        assert f'<a href="{part}">' in page, name
        assert manager.get(part).status_code == 200

    def ask(content: Content) -> None:
        next(step for step in content["steps"] if step["code"] == "FU11")["form"] = ["nowhere"]

    plan = drafted(site, Kind.SCHEDULE, ask)
    part = reverse("schedule-step", args=[plan.kind, plan.code, plan.number, "FU11"])
    assert f'<a href="{part}">FU11: form</a>' in shown(manager, plan)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_text_changes_unseen(kind: Kind) -> None:
    """Two that share a name must not hide behind each other."""
    content = shipped(kind)
    for path in leaves(content):
        changed = copy.deepcopy(content)
        *way, last = path
        part = functools.reduce(lambda inner, key: inner[key], way, changed)
        part[last] = f"{part[last]} more"
        assert differences(kind, content, changed), path


def leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each text and number: of long lists the first two, one between and the last."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        case list():
            for key in sorted({0, 1, len(value) // 2, len(value) - 1} & {*range(len(value))}):
                yield from leaves(value[key], (*path, key))
        case _:
            yield path

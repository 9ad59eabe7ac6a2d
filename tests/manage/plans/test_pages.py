"""Authors change steps, the window and texts of a draft; what may not be said or sent is refused in words."""

from __future__ import annotations

import copy
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import messages_of, schedule_of
from screening.questionnaires.services import draft_version
from tests.components.markup import Page
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def draft(site: Site, kind: Kind) -> DefinitionVersion:
    return draft_version(site=site, kind=kind, content=shipped(kind), by=Actor.system("tests"), at=NOON)


def page(version: DefinitionVersion, what: str) -> str:
    return f"/staff/manage/versions/{version.kind}/{version.code}/{version.number}/{what}"


STEP = {
    "lock": "0",
    "code": "FU01",
    "title": "Form begun",
    "anchor": "draft_activity",
    "kind": "form",
    "template": "nudge",
    "stop_when": ["submitted", "opted_out"],
    "after_1": "2 d",
    "channel_1": "email",
    "fallback_1": "sms",
    "active": "on",
}


def test_a_step_is_changed_and_the_year_follows(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    assert (
        "Thursday 3 December 2026" in manager.get(page(version, "steps/?start=2026-12-01")).content.decode()
    )
    assert manager.post(page(version, "steps/step/FU01/"), STEP).status_code == 302
    step = schedule_of(DefinitionVersion.objects.get(pk=version.pk)).steps[0]
    assert [sending.after for sending in step.when_to_send] == ["2 d"]
    assert step.source == "brief 5.2", "what the form does not show stays"
    year = manager.get(page(version, "steps/?start=2026-12-01&patient=silent")).content.decode()
    assert year.count('Form begun <code class="code">FU01</code></td>') == 1


def test_a_step_is_added_and_removed(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    assert manager.post(page(version, "steps/add/"), {**STEP, "code": "FU20"}).status_code == 302
    codes = [step.code for step in schedule_of(DefinitionVersion.objects.get(pk=version.pk)).steps]
    assert codes[-1] == "FU20"
    assert "Remove this step?" in manager.get(page(version, "steps/step/FU20/remove/")).content.decode()
    gone = manager.post(page(version, "steps/step/FU20/remove/"), {"lock": "1"})
    assert gone.status_code == 302
    assert len(schedule_of(DefinitionVersion.objects.get(pk=version.pk)).steps) == len(codes) - 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "FU02"}, "Another step has this code"),
        ({"after_1": "soon"}, "Enter a time like 24 h, 3 d or 2 wd"),
        ({"channel_1": ""}, "Choose how this message is sent"),
        ({"template": ""}, "has no template"),
        ({"opens": "5", "closes": "3"}, "it closes before it opens"),
        ({"closes": "3000000"}, "Write a number from -3650 to 3650"),
        ({"task_1": "Call them"}, "A task needs a time"),
    ],
)
def test_a_wrong_step_is_refused_in_words(
    manager: Client, site: Site, changes: dict[str, Any], said: str
) -> None:
    version = draft(site, Kind.SCHEDULE)
    answer = manager.post(page(version, "steps/step/FU01/"), {**STEP, **changes})
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    assert DefinitionVersion.objects.get(pk=version.pk).lock == 0


def test_what_somebody_else_saved_is_not_overwritten(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    assert manager.post(page(version, "steps/step/FU01/"), STEP).status_code == 302
    stale = manager.post(page(version, "steps/step/FU01/"), {**STEP, "title": "Mine"})
    assert stale.status_code == 409
    assert 'value="Mine"' in stale.content.decode()
    assert (
        manager.post(page(version, "steps/step/FU01/"), {**STEP, "title": "Mine", "lock": "1"}).status_code
        == 302
    )


def test_a_step_is_removed_only_from_the_draft_that_was_seen(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    assert manager.post(page(version, "steps/step/FU01/"), STEP).status_code == 302
    stale = manager.post(page(version, "steps/step/FU02/remove/"), {"lock": "0"})
    assert stale.status_code == 409
    assert "Nothing was removed" in stale.content.decode()
    ways = {each.text: each.get("href") for each in Page(stale.content.decode()).all("a")}
    assert ways["Keep it"] == ways["Open the step"] == page(version, "steps/step/FU02/")
    assert manager.post(page(version, "steps/step/FU02/remove/"), {"lock": "1"}).status_code == 302
    again = manager.post(page(version, "steps/step/FU02/remove/"), {"lock": "1"}, follow=True)
    assert "Somebody removed it already" in again.content.decode()


def test_what_is_mended_after_a_mistake_does_not_overwrite_a_colleague(manager: Client, site: Site) -> None:
    steps, texts = draft(site, Kind.SCHEDULE), draft(site, Kind.MESSAGES)
    assert manager.post(page(steps, "steps/step/FU01/"), STEP).status_code == 302
    wrong = manager.post(page(steps, "steps/step/FU01/"), {**STEP, "title": ""})
    assert wrong.status_code == 422
    lock = wrong.context["lock"]
    mended = manager.post(page(steps, "steps/step/FU01/"), {**STEP, "title": "Mine", "lock": lock})
    assert mended.status_code == 409
    address, typed = page(texts, "texts/messages/1/"), {"lock": "0", "text": "{clinic}: go on {link}"}
    assert manager.post(address, typed).status_code == 302
    looked = manager.post(address, {"lock": "0", "text": "Mine {link}", "act": "look"})
    assert manager.post(address, {"text": "Mine {link}", "lock": looked.context["lock"]}).status_code == 409


def test_both_texts_are_shown_where_two_people_changed_a_step(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    assert manager.post(page(version, "steps/step/FU01/"), {**STEP, "title": "Theirs"}).status_code == 302
    stale = manager.post(page(version, "steps/step/FU01/"), {**STEP, "title": "Mine"})
    shown = stale.content.decode()
    assert '<td data-label="As it is now">Theirs</td><td data-label="As you typed it">Mine</td>' in shown


def test_what_was_typed_into_a_step_that_was_removed_is_kept(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    manager.post(page(version, "steps/step/FU01/remove/"), {"lock": "0"})
    gone = manager.post(page(version, "steps/step/FU01/"), {**STEP, "title": "Mine"})
    assert gone.status_code == 409
    assert 'value="Mine"' in gone.content.decode()
    assert "Somebody else removed this" in gone.content.decode()
    once_more = {**STEP, "title": "Mine", "lock": gone.context["lock"]}
    assert manager.post(page(version, "steps/step/FU01/"), once_more).status_code == 302
    assert schedule_of(DefinitionVersion.objects.get(pk=version.pk)).steps[-1].title == "Mine"


@pytest.mark.parametrize("code", ["new", "A:B(1)", "a b", "A/B"])
def test_a_step_of_any_code_has_its_page_or_no_link(manager: Client, site: Site, code: str) -> None:
    version = draft(site, Kind.SCHEDULE)
    steps = [{**version.content["steps"][0], "code": code, "title": "This one"}]
    DefinitionVersion.objects.filter(pk=version.pk).update(content={**version.content, "steps": steps})
    shown = manager.get(page(version, "steps/")).content.decode()
    link = re.search(r'<a href="([^"]+)">This one</a>', shown)
    assert (link is None) == ("/" in code)
    if link:
        assert 'value="This one"' in manager.get(unescape(link[1])).content.decode()


def test_a_step_that_closes_in_thousands_of_years_is_said_and_never_planned(
    manager: Client, site: Site
) -> None:
    content = shipped(Kind.SCHEDULE)
    steps = [{**step, "closes": 3_000_000} for step in content["steps"]]
    by = Actor.system("tests")
    version = draft_version(
        site=site, kind=Kind.SCHEDULE, content={**content, "steps": steps}, by=by, at=NOON
    )
    shown = manager.get(page(version, "steps/"))
    assert "The year cannot be shown yet" in shown.content.decode()


def test_hours_bank_holidays_and_limits_are_changed(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    typed = {
        "lock": "0",
        "opens": "10:00",
        "closes": "16:00",
        "days": ["mon", "tue"],
        "per_day": "1",
        "per_week": "2",
        "holidays_england": "2027-01-01\n2026-12-25",
    }
    assert (
        manager.post(page(version, "steps/window/"), {**typed, "holidays_wales": "Christmas"}).status_code
        == 422
    )
    assert manager.post(page(version, "steps/window/"), {**typed, "closes": "09:00"}).status_code == 422
    assert manager.post(page(version, "steps/window/"), typed).status_code == 302
    schedule = schedule_of(DefinitionVersion.objects.get(pk=version.pk))
    assert (schedule.quiet.days, schedule.caps.per_week) == (("mon", "tue"), 2)
    assert [str(day) for day in schedule.quiet.bank_holidays["england"]] == ["2026-12-25", "2027-01-01"]


def test_a_text_shows_as_it_will_arrive_and_is_changed(manager: Client, site: Site) -> None:
    version = draft(site, Kind.MESSAGES)
    shown = manager.get(page(version, "texts/")).content.decode()
    assert f"You started a form with {site.neutral_sender}" in shown
    assert "(GSM-7)" in shown
    typed = {"lock": "0", "text": "{clinic} asks you to go on: {link} ’"}
    look = manager.post(page(version, "texts/messages/1/"), {**typed, "act": "look"})
    assert look.status_code == 200
    assert "UCS-2" in look.content.decode()
    assert DefinitionVersion.objects.get(pk=version.pk).lock == 0, "a look saves nothing"
    assert manager.post(page(version, "texts/messages/1/"), typed).status_code == 302
    assert messages_of(DefinitionVersion.objects.get(pk=version.pk)).messages[1].text == typed["text"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{clinic}: your pain form. {link}", "“pain” may not be said"),
        ("{clinic}: you are eligible. {link}", "“eligible” may not be said"),
        ("Go on: {link", "A brace stands alone"),
        ("Dear {name}, go on: {link}", "{name} may not be used in a message"),
        ("", "There is a problem"),
    ],
)
def test_a_text_that_says_too_much_is_refused(manager: Client, site: Site, text: str, said: str) -> None:
    version = draft(site, Kind.MESSAGES)
    answer = manager.post(page(version, "texts/messages/1/"), {"lock": "0", "text": text})
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())


def test_letters_are_changed_the_same_way(manager: Client, site: Site) -> None:
    version = draft(site, Kind.LETTERS)
    assert "Dear Alex Example" in manager.get(page(version, "texts/")).content.decode()
    refused = manager.post(page(version, "texts/letters/0/"), {"lock": "0", "text": "Dear {patient}"})
    assert refused.status_code == 422
    changed = {"lock": "0", "text": "Dear {name}\n\nCome and see us."}
    assert manager.post(page(version, "texts/letters/0/"), changed).status_code == 302


def test_what_is_published_shows_its_year_and_cannot_be_changed(manager: Client, site: Site) -> None:
    published = DefinitionVersion.objects.get(site=site, kind=Kind.SCHEDULE)
    assert manager.get(page(published, "steps/")).status_code == 200
    assert manager.post(page(published, "steps/step/FU01/"), STEP).status_code == 403


def test_whoever_reads_the_steps_sees_what_the_clinic_does_and_when(site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    reader = sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))
    shown = unescape(reader.get(page(version, "steps/")).content.decode())
    assert "21 days after: Records are still missing. Call the patient." in shown
    assert "A draft with a warning sign opens an urgent task instead of a reminder." in shown
    with_outcome = next(
        (step.title, action.outcome)
        for step in schedule_of(version).steps
        for action in step.staff_actions
        if action.outcome
    )
    assert "where the rules say “" in shown, with_outcome


def test_the_year_says_until_when_bank_holidays_are_listed(manager: Client, site: Site) -> None:
    version = draft(site, Kind.SCHEDULE)
    listed = "The last bank holiday listed here is 26 December 2028."
    assert listed in manager.get(page(version, "steps/?nation=scotland")).content.decode()
    content = copy.deepcopy(version.content)
    del content["quiet"]["bank_holidays"]["scotland"]
    DefinitionVersion.objects.filter(pk=version.pk).update(content=content, sha256="0" * 64)
    shown = manager.get(page(version, "steps/?nation=scotland")).content.decode()
    assert "No bank holidays are listed here." in shown

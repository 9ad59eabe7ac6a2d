"""Before publication: what a changed rule means, shown as made-up people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import Role, Site
from screening.manage.publication import examples
from screening.manage.publication.examples import example_rows
from screening.questionnaires.models import DefinitionVersion, Kind
from tests.factories.drafts import Content, drafted, without_rule
from tests.factories.intake import open_clinic
from tests.factories.people import make_member, sign_in
from tests.manage.test_before import shown

pytestmark = pytest.mark.django_db
HEADING = "What the changed rules mean"


@pytest.fixture
def manager(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def rule(content: Content, code: str) -> Content:
    found: Content = next(rule for rule in content["rules"] if rule["code"] == code)
    return found


def more_relief(content: Content) -> None:
    content["definitions"] = content["definitions"].replace('enough": 50', 'enough": 40')


def row_of(version: DefinitionVersion, code: str) -> Any:
    return next(row for row in example_rows(version) if row.code == code)


def test_the_page_shows_the_person_and_what_each_version_says(site: Site, manager: Client) -> None:
    draft = drafted(site, Kind.RULESET, without_rule("rf_saddle"))
    page = shown(manager, draft)
    assert HEADING in page
    row = row_of(draft, "rf_saddle")
    ((question, answer),) = row.answers
    assert "numbness, tingling" in question
    assert answer.startswith("Yes")
    assert escape(question) in page
    assert (row.before.words, row.before.outcome, row.before.tier) == ("It is found", "urgent", 1)
    assert (row.after.words, row.after.outcome, row.after.tier) == (
        "There is no such rule",
        "flagged_review",
        None,
    )


def test_of_an_entry_only_what_is_not_usual_is_named(site: Site) -> None:
    ((question, answer),) = row_of(drafted(site, Kind.RULESET, more_relief), "K4").answers
    assert "pain? (1) How much" in question
    assert answer == "40 %"


def test_a_rule_that_says_the_same_in_other_words_of_the_language_is_told_so(site: Site) -> None:
    row = row_of(
        drafted(site, Kind.RULESET, lambda content: rule(content, "EXC_AGE").update(when='"Age" <= 17')),
        "EXC_AGE",
    )
    assert row.none.startswith("It is written in another way.")
    assert row.before is None


def test_nothing_is_said_of_a_draft_that_changes_no_meaning_cannot_be_read_or_is_the_first(
    site: Site, manager: Client
) -> None:
    same = drafted(site, Kind.RULESET, lambda content: rule(content, "EXC_AGE").update(clinician="Others."))
    assert HEADING not in shown(manager, same)
    broken = drafted(site, Kind.RULESET, lambda content: rule(content, "EXC_AGE").update(when="nobody ="))
    assert HEADING not in shown(manager, broken)
    assert example_rows(drafted(site, Kind.QUESTIONNAIRE)) == []
    first = drafted(open_clinic(), Kind.RULESET, lambda content: content.update(code="another"))
    assert example_rows(first) == []


def test_people_are_looked_for_once_for_each_pair_of_versions(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, asked = drafted(site, Kind.RULESET, more_relief), []
    real = examples.meanings
    monkeypatch.setattr(examples, "meanings", lambda *pair: asked.append(pair) or real(*pair))
    again = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    for version in (draft, draft, again, draft, again):
        example_rows(version)
    assert len(asked) <= 2


def test_where_nobody_could_be_tried_that_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screening.rules.firing.MOST_WORK", 1)
    row = row_of(drafted(site, Kind.RULESET, without_rule("EXC_LIVER")), "EXC_LIVER")
    assert row.none.endswith("Too much has changed at once to look for an example.")

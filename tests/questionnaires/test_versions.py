"""Versions: numbered, checked, approved by somebody else, and then the same for ever."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.actors import Actor
from accounts.models import Role, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import NothingPublished, intake_versions, published
from screening.questionnaires.services import NotReady, draft_version, publish_version
from screening.rules.canonical import sha256_of
from tests.factories.intake import NOON, published_version, shipped
from tests.factories.people import make_member, make_site

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Desk:
    """Who writes and who approves at one site."""

    site: Site
    author: Actor
    approver: Actor

    def drafts(self, kind: Kind, **changes: Any) -> DefinitionVersion:
        content = {**copy.deepcopy(shipped(kind)), **changes}
        return draft_version(site=self.site, kind=kind, content=content, by=self.author, at=NOON)

    def publishes(self, kind: Kind, *, at: dt.datetime = NOON, **changes: Any) -> DefinitionVersion:
        return publish_version(version=self.drafts(kind, **changes), by=self.approver, at=at)


@pytest.fixture
def desk() -> Desk:
    site = make_site()
    return Desk(
        site,
        author=Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site)),
        approver=Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site)),
    )


def test_drafts_are_numbered_from_one_for_each_code_and_site(desk: Desk) -> None:
    numbers = [desk.drafts(Kind.MESSAGES).number for _ in range(3)]
    other_code = desk.drafts(Kind.MESSAGES, code="other").number
    elsewhere = dataclasses.replace(desk, site=make_site()).drafts(Kind.MESSAGES).number
    assert (numbers, other_code, elsewhere) == ([1, 2, 3], 1, 1)


def test_a_draft_keeps_the_hash_of_its_content_and_says_who_wrote_it(desk: Desk) -> None:
    draft = desk.drafts(Kind.MESSAGES)
    draft.refresh_from_db()
    assert draft.sha256 == sha256_of(draft.content) == sha256_of(shipped(Kind.MESSAGES))
    assert (draft.status, draft.author_id) == (VersionStatus.DRAFT, desk.author.user_id)
    event = AuditEvent.objects.get(event=Event.VERSION_DRAFTED)
    assert event.detail == {"kind": "messages", "code": draft.code, "number": 1, "sha256": draft.sha256}


def test_publishing_retires_the_version_before(desk: Desk) -> None:
    first = desk.publishes(Kind.MESSAGES)
    second = desk.publishes(Kind.MESSAGES, at=LATER, title="Other words")
    first.refresh_from_db()
    assert (first.status, first.retired_at) == (VersionStatus.RETIRED, LATER)
    assert published(site=desk.site, kind=Kind.MESSAGES) == second
    assert (second.approved_by_id, second.published_at) == (desk.approver.user_id, LATER)
    assert AuditEvent.objects.filter(event=Event.VERSION_PUBLISHED).count() == 2


def test_the_database_refuses_that_an_author_approves(desk: Desk) -> None:
    draft = desk.drafts(Kind.MESSAGES)
    with pytest.raises(IntegrityError, match="version_author_never_approves"), transaction.atomic():
        publish_version(version=draft, by=desk.author, at=LATER)
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT
    assert not AuditEvent.objects.filter(event=Event.VERSION_PUBLISHED).exists()


def test_only_a_draft_can_be_published(desk: Desk) -> None:
    version = desk.publishes(Kind.MESSAGES)
    with pytest.raises(NotReady, match="Only a draft"):
        publish_version(version=version, by=desk.approver, at=LATER)


def test_rules_whose_worked_cases_fail_are_not_published(desk: Desk) -> None:
    desk.publishes(Kind.QUESTIONNAIRE)
    cases = copy.deepcopy(shipped(Kind.RULESET)["cases"])
    wrong = cases[0]
    wrong["expect"]["outcome"] = "urgent" if wrong["expect"]["outcome"] != "urgent" else "flagged_review"
    with pytest.raises(NotReady, match=wrong["id"]):
        desk.publishes(Kind.RULESET, cases=cases)
    with pytest.raises(NothingPublished):
        intake_versions(site=desk.site)


def test_rules_wait_for_the_questionnaire_they_judge(desk: Desk) -> None:
    with pytest.raises(NotReady, match="has no published questionnaire"):
        desk.publishes(Kind.RULESET)


def test_a_questionnaire_that_the_published_rules_cannot_read_is_refused(desk: Desk) -> None:
    """Or the next person who sends the form could not be judged."""
    desk.publishes(Kind.QUESTIONNAIRE)
    desk.publishes(Kind.RULESET)
    pages = copy.deepcopy(shipped(Kind.QUESTIONNAIRE)["pages"])
    onset = next(item for page in pages for item in page["items"] if item["id"] == "onset")
    onset["id"] = "began"
    kept = published_version(desk.site, Kind.QUESTIONNAIRE)
    with pytest.raises(NotReady, match="onset"):
        desk.publishes(Kind.QUESTIONNAIRE, pages=pages)
    assert published_version(desk.site, Kind.QUESTIONNAIRE) == kept


MALFORMED = [
    (Kind.QUESTIONNAIRE, {"pages": 3}, "pages"),
    (Kind.QUESTIONNAIRE, {"pages": []}, "pages"),
    (Kind.QUESTIONNAIRE, {"unheard_of": 1}, "unheard_of"),
    (Kind.QUESTIONNAIRE, {"steps": [{"id": "other", "title": "Other"}]}, "start"),
    (Kind.RULESET, {"rules": None}, "rules"),
    (Kind.RULESET, {"definitions": 'define "Broken": 1 +'}, "line|Line"),
    (Kind.RULESET, {"definitions": ["no", "text"]}, "definitions"),
    (Kind.RULESET, {"questionnaire": "of-somebody-else"}, "of-somebody-else"),
    (Kind.SCHEDULE, {"steps": {"a": "b"}}, "steps"),
    (Kind.MESSAGES, {"messages": [{"code": "nudge", "channel": "pigeon", "text": "Hello"}]}, "channel"),
    (Kind.MESSAGES, {"messages": "{clinic.__class__}"}, "messages"),
]


@pytest.mark.parametrize(("kind", "changes", "named"), MALFORMED)
def test_malformed_content_is_refused_with_a_sentence_that_names_the_place(
    desk: Desk, kind: Kind, changes: dict[str, Any], named: str
) -> None:
    if kind is Kind.RULESET:
        desk.publishes(Kind.QUESTIONNAIRE)
    with pytest.raises(NotReady, match=named) as refused:
        desk.publishes(kind, **changes)
    sentence = str(refused.value)
    assert sentence
    assert "\n" not in sentence, "a sentence, not the dump of a library"
    assert not DefinitionVersion.objects.filter(site=desk.site, kind=kind, status="published").exists()


def test_a_draft_that_was_changed_behind_our_back_is_refused(desk: Desk) -> None:
    draft = desk.drafts(Kind.MESSAGES)
    DefinitionVersion.objects.filter(pk=draft.pk).update(content={**draft.content, "title": "Other"})
    with pytest.raises(NotReady, match="fingerprint"):
        publish_version(version=draft, by=desk.approver, at=LATER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE screening_definitionversion SET content = '{}' WHERE id = %s",
        "UPDATE screening_definitionversion SET title = 'Other' WHERE id = %s",
        "UPDATE screening_definitionversion SET sha256 = '' WHERE id = %s",
        "UPDATE screening_definitionversion SET status = 'draft' WHERE id = %s",
        "UPDATE screening_definitionversion SET approved_by_id = NULL WHERE id = %s",
        "DELETE FROM screening_definitionversion WHERE id = %s",
    ],
)
def test_a_published_row_cannot_be_changed_by_sql(desk: Desk, statement: str) -> None:
    version = desk.publishes(Kind.MESSAGES)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])
    version.refresh_from_db()
    assert version.sha256 == sha256_of(version.content)


def test_a_retired_row_cannot_come_back(desk: Desk) -> None:
    first = desk.publishes(Kind.MESSAGES)
    desk.publishes(Kind.MESSAGES, title="Other words", at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        DefinitionVersion.objects.filter(pk=first.pk).update(status=VersionStatus.PUBLISHED)


def test_a_draft_can_still_be_thrown_away(desk: Desk) -> None:
    draft = desk.drafts(Kind.MESSAGES)
    draft.delete()
    assert not DefinitionVersion.objects.filter(site=desk.site).exists()


def test_two_of_one_code_cannot_be_published_at_once(desk: Desk) -> None:
    desk.publishes(Kind.MESSAGES)
    draft = desk.drafts(Kind.MESSAGES, title="Other words")
    with pytest.raises(IntegrityError, match="version_one_published"), transaction.atomic():
        DefinitionVersion.objects.filter(pk=draft.pk).update(
            status=VersionStatus.PUBLISHED, published_at=LATER, approved_by=desk.approver.user_id
        )

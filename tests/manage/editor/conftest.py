from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.manage.editor import parts
from screening.manage.editor.editing import Editing
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import draft_version
from tests.factories.intake import NOON, shipped
from tests.factories.people import make_member, sign_in


def posted(editing: Editing) -> dict[str, str]:
    """What a browser sends of the forms as they are shown."""
    sent: dict[str, str] = {}
    for shown in editing.forms:
        single: list[BaseForm] = (
            [shown]
            if not hasattr(shown, "management_form")
            else [
                shown.management_form,
                *shown.forms,
            ]
        )
        for form in single:
            for bound in form:
                value = bound.value()
                if value is True:
                    sent[bound.html_name] = "on"
                elif value is not None and value is not False:
                    sent[bound.html_name] = str(value)
    return sent


@dataclasses.dataclass
class Desk:
    """Somebody with a draft of the shipped questionnaire open."""

    client: Client
    draft: DefinitionVersion

    @property
    def content(self) -> dict[str, Any]:
        self.draft.refresh_from_db()
        return self.draft.content

    def address(self, name: str, *more: str) -> str:
        return reverse(name, args=[self.draft.kind, self.draft.code, self.draft.number, *more])

    def opens(self, kind: str, key: str) -> dict[str, str]:
        """What the page of a part would send if nothing was touched."""
        content = self.content
        seen = parts.seen(kind, parts.part(content, kind, key))
        return {**posted(Editing.of(content, kind, key, before={})), "seen": seen}

    def saves(self, kind: str, key: str, sent: dict[str, str], **headers: str) -> HttpResponse:
        return self.client.post(self.address("editor-part", kind, key), sent, headers=headers)

    def changes(self, kind: str, key: str, **typed: str) -> HttpResponse:
        sent = self.opens(kind, key) | {name.replace("__", "-"): value for name, value in typed.items()}
        return self.saves(kind, key, sent)

    def removes(self, kind: str, key: str, *, seen: str = "") -> HttpResponse:
        """As from the page that asks once: `seen` is what it showed, the part as it is now unless said."""
        seen = seen or parts.seen_whole(self.part(kind, key))
        return self.client.post(self.address("editor-remove", kind, key), {"seen": seen}, follow=True)

    def part(self, kind: str, key: str) -> dict[str, Any]:
        return parts.part(self.content, kind, key)


def desk_of(site: Site) -> Desk:
    author = make_member(Role.QUESTIONNAIRE_MANAGER, site=site)
    content = json.loads(json.dumps(shipped(Kind.QUESTIONNAIRE), default=str))
    draft = draft_version(
        site=site, kind=Kind.QUESTIONNAIRE, content=content, by=Actor.staff(author), at=NOON
    )
    return Desk(sign_in(Client(), author), draft)


@pytest.fixture
def desk(site: Site) -> Desk:
    return desk_of(site)

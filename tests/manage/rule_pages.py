"""The pages of the rule editor as a browser uses them."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from screening.questionnaires.models import DefinitionVersion
from tests.factories.drafts import Content


def at(draft: DefinitionVersion, name: str, **more: str) -> str:
    return reverse(name, kwargs={"kind": draft.kind, "code": draft.code, "number": draft.number, **more})


def boxes(client: Client, address: str) -> dict[str, Any]:
    """What the form on a page would send as it stands."""
    context = client.get(address).context
    form = context["form"]
    values = {name: form[name].value() for name in form.fields}
    found = {name: value for name, value in values.items() if value not in (None, False)}
    if "rows" in dir(form):
        found["rows"] = form.count
    return {**found, "seen": context["seen"]}


def stored(draft: DefinitionVersion) -> Content:
    draft.refresh_from_db()
    return draft.content  # type: ignore[no-any-return]

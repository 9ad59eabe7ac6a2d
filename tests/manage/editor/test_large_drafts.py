"""Drafts as large as a file may bring them: what the workshop makes of them stays in step with their size."""

from __future__ import annotations

from typing import Any

import pytest

from screening.manage.editor import parts
from screening.manage.editor.dependents import Going, in_draft
from screening.manage.editor.library.copying import copied
from screening.manage.publication.differences import differences
from tests.soon import soon

EMPTY: dict[str, Any] = {"code": "e", "title": "Empty", "steps": [], "pages": []}


def form(many: int) -> dict[str, Any]:
    items = [
        {"id": f"i{number}", "type": "boolean", "text": "x", "show_when": f"i{max(number - 1, 0)}"}
        for number in range(many)
    ]
    page = {"id": "p", "step": "s", "title": "t", "items": items}
    return {"code": "q", "title": "t", "steps": [{"id": "s", "title": "s"}], "pages": [page]}


def test_very_many_things_without_a_name_are_compared_soon() -> None:
    with soon():
        (section,) = differences("ruleset", {}, {"cases": [{}] * 12_000})
    assert section.differences[-1].what == "? (12000)"


def test_what_names_one_of_very_many_questions_is_found_soon() -> None:
    content = form(1200)
    with soon():
        found = in_draft(content, Going("page", "q", tuple(f"i{number}" for number in range(600))))
    assert [each.key for each in found] == ["i600"]


def test_very_many_questions_are_copied_soon() -> None:
    source = form(1000)
    keys = [f"i{number}" for number in range(1000)]
    with soon():
        content = copied(EMPTY, source, [*keys, *keys])
    assert [key for key, _item in parts.parts(content, "item")] == keys
    assert EMPTY["pages"] == []
    with pytest.raises(parts.Missing):
        copied(EMPTY, source, ["i1000"])

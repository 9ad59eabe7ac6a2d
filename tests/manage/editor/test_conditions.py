"""Expressions in the questionnaire editor: written from rows or as text, and told where they are wrong."""

from __future__ import annotations

import pytest

from tests.manage.editor.conftest import Desk

ROW = {"when__how": "rows", "when__question_0": "helper"}


def test_a_condition_is_written_from_rows_and_can_be_read_back(desk: Desk) -> None:
    rows = {
        "when__how": "rows",
        "when__question_0": "helper",
        "when__comparison_0": "is",
        "when__values_0": "no, i am helping someone else",
        "when__question_1": "uk_resident",
        "when__comparison_1": "is_not",
        "when__values_1": "No",
        "when__join": "or",
        "when__skips": "yes",
    }
    assert desk.changes("item", "given_name", **rows).status_code == 302
    stored = desk.part("item", "given_name")["show_when"]
    assert stored == "(Coalesce(helper, '') = 'helping')\nor Coalesce(not (uk_resident = 'no'), false)"
    shown = desk.client.get(desk.address("editor-part", "item", "given_name")).content.decode()
    assert "In English:" in shown
    assert "is answered “No, I am helping someone else”" in shown
    desk.changes("item", "given_name", when__how="always")
    assert "show_when" not in desk.part("item", "given_name")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (ROW | {"when__comparison_0": "is", "when__values_0": "Perhaps"}, "Write one of: Yes,"),
        (ROW | {"when__comparison_0": "more"}, "can be compared by"),
        ({"when__how": "rows"}, "Choose a question"),
        ({"when__how": "cql", "when__text": "helper = \n'x' and"}, "Line 2, column"),
        ({"when__how": "cql", "when__text": "helpr = 'x'"}, "Did you mean &#x27;helper&#x27;"),
        ({"when__how": "cql"}, "Write an expression"),
        (ROW | {"when__how": "always", "when__values_0": "No"}, "You filled in rows."),
        ({"when__how": "always", "when__text": "true"}, "You wrote an expression."),
    ],
)
def test_a_mistake_in_a_condition_is_said_and_the_text_kept(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    refused = desk.changes("item", "given_name", part__text="Kept words", **typed)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert said in shown
    assert "Kept words" in shown
    assert "show_when" not in desk.part("item", "given_name")


@pytest.mark.parametrize(
    ("kind", "key", "typed", "said"),
    [
        ("item", "onset", {"checks__0__check": "onset before dobb"}, "Line 1, column 14"),
        ("item", "treatments.started", {"checks__0__check": "started before dob"}, "called &#x27;dob&#x27;"),
        ("item", "onset", {"checks__2__check": "onset + "}, "Line 1, column"),
        ("score", "peg", {"part__expression": "peg_p + dob"}, "Line 1, column"),
        ("score", "peg", {"part__expression": "peg_p > 3"}, "This should come to Integer or Decimal"),
    ],
)
def test_a_mistake_in_a_check_or_a_score_is_said_in_place(
    desk: Desk, kind: str, key: str, typed: dict[str, str], said: str
) -> None:
    before = desk.draft.sha256
    refused = desk.changes(kind, key, **typed)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)
    desk.draft.refresh_from_db()
    assert desk.draft.sha256 == before


def test_an_expression_that_rows_cannot_say_is_shown_as_it_is_and_stays(desk: Desk) -> None:
    page = desk.client.get(desk.address("editor-part", "page", "adults-only")).content.decode()
    assert "years between dob and Today() &lt; 18" in page
    assert "This expression says more than rows can" in page
    desk.changes("page", "adults-only", part__title="Adults")
    assert "years between dob" in desk.part("page", "adults-only")["show_when"]

"""What the closed lists of rights and of events name is there: a right opens something, an event happens."""

from __future__ import annotations

import ast

from accounts.permissions import Permission
from audit.events import Event
from tests.guards.source import modules

# They say who has a right, what an event is called and which ones are somebody looking: none uses one.
LISTS = {
    *("accounts/permissions.py", "accounts/roles.py"),
    *("audit/events.py", "audit/sentences.py", "audit/reads.py"),
    *("screening/review/case_history.py", "screening/review/words.py"),
    "screening/review/room/presenters.py",
}


def used(of: str) -> set[str]:
    """The members of a list that any other module names."""
    return {
        node.attr
        for path, tree in modules().items()
        if path not in LISTS
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of
    }


def test_the_lists_that_are_left_out_are_there() -> None:
    assert modules().keys() >= LISTS


def test_every_right_is_asked_for_somewhere() -> None:
    """Nobody is told of a right that leads nowhere."""
    assert {right.name for right in Permission} - used("Permission") == set()


def test_every_event_is_written_by_somebody() -> None:
    assert {event.name for event in Event} - used("Event") == set()

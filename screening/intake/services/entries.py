"""One entry of a repeating group at a time: added, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from screening.cases.models import Response
from screening.cases.responses import answers_of
from screening.intake.services.drafts import Saved, raise_due_advice
from screening.intake.services.writing import StalePage, locked_draft, telling_refusals, write
from screening.rules.answers import is_blank


class NoSuchEntry(LookupError):
    """The list has no entry at this place."""


def save_entry(
    *,
    response: Response,
    page_id: str,
    item_id: str,
    place: int | None,
    entry: Mapping[str, Any],
    seen_lock: int,
    by: Actor,
    at: datetime,
) -> Saved:
    """Write the entry at `place`, counted from 0; None adds one at the end."""
    kept = {key: value for key, value in entry.items() if not is_blank(value)}
    with telling_refusals(response=response, by=by, at=at), transaction.atomic():
        response = locked_draft(response)
        entries = _entries(response, item_id)
        if place is None:
            # Adding never overwrites anything, so it needs no lock; the same entry twice is a double press.
            if _lock(response, page_id) != seen_lock and kept in entries:
                return Saved(response)
            entries.append(kept)
        else:
            if not 0 <= place < len(entries):
                # It was removed elsewhere: what was typed now is shown beside nothing, and may be added anew.
                lock = _lock(response, page_id)
                raise StalePage(page_id=page_id, saved={}, typed=kept, lock=lock)
            _refuse_stale(response, page_id, entries[place], kept, seen_lock=seen_lock)
            entries[place] = kept
        before = answers_of(response)
        write(response, page_id, {item_id: entries}, by=by, at=at)
        due = raise_due_advice(response, page_id, before=before, by=by, at=at)
    return Saved(response, due)


def remove_entry(
    *,
    response: Response,
    page_id: str,
    item_id: str,
    place: int,
    seen_lock: int,
    by: Actor,
    at: datetime,
) -> Saved:
    """Take an entry out of the list. The last one leaves the question blank, not answered with "none"."""
    with telling_refusals(response=response, by=by, at=at), transaction.atomic():
        response = locked_draft(response)
        entries = _entries(response, item_id)
        if not 0 <= place < len(entries):
            raise NoSuchEntry(place)
        # A changed list may hold another entry at this place: removing the wrong one loses answers.
        _refuse_stale(response, page_id, entries[place], {}, seen_lock=seen_lock)
        del entries[place]
        write(response, page_id, {item_id: entries or None}, by=by, at=at)
    return Saved(response)


def _entries(response: Response, item_id: str) -> list[dict[str, Any]]:
    return [dict(entry) for entry in answers_of(response).get(item_id) or []]


def _lock(response: Response, page_id: str) -> int:
    return int(response.page_locks.get(page_id, 0))


def _refuse_stale(
    response: Response, page_id: str, saved: dict[str, Any], typed: dict[str, Any], *, seen_lock: int
) -> None:
    if _lock(response, page_id) != seen_lock and saved != typed:
        raise StalePage(page_id=page_id, saved=saved, typed=typed, lock=_lock(response, page_id))

"""Put one part back into a draft. What others changed elsewhere in it meanwhile stays as they left it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from screening.manage.ruling.parts import Part
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.services import MovedOn, change_draft

TRIES = 5


class ChangedMeanwhile(Exception):
    """Somebody changed the same part since the page was opened. `version` is the draft as it is now."""

    def __init__(self, version: DefinitionVersion) -> None:
        super().__init__()
        self.version = version


def save_part(
    version: DefinitionVersion, part: Part, value: Any, *, seen: str, by: Actor, at: datetime
) -> DefinitionVersion:
    """The draft with the part in place. Raises ChangedMeanwhile, NotADraft or Unstorable."""
    for _try in range(TRIES):
        if part.seen(version.content) != seen:
            break
        content = part.put(version.content, value)
        try:
            return change_draft(version=version, content=content, lock=version.lock, by=by, at=at)
        except MovedOn as moved:
            version = moved.version
    raise ChangedMeanwhile(version)

"""Judge every case of a site once more, in short: to count, or to see whom another rule set would move.

The latest assessment of each case is judged as it was: its answers, its day, its red flags. Each worker
reads its own ranges of cases (`screening.cases.packing`), so nothing large is held or sent about.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Site
from screening.cases import fresh, packing
from screening.questionnaires.models import DefinitionVersion
from screening.rules.judged import Replay
from screening.rules.replay import Definitions, replay


def definitions_of(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> Definitions:
    return Definitions.of(questionnaire.content, ruleset.content)


def replay_site(
    *,
    site: Site,
    definitions: Definitions,
    candidate: Definitions | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
    size: int = packing.SIZE,
) -> Replay:
    """Every case of the site that was ever judged, by one pair of definitions or by two."""
    wanted = packing.Wanted.by(definitions, *([] if candidate is None else [candidate]))
    parts, total = packing.ranges(site=site, wanted=wanted, size=size)
    return replay(
        definitions,
        parts,
        read=packing.read,
        candidate=candidate,
        progress=None if progress is None else lambda done: progress(done, total),
        prepare=fresh.prepare,
        processes=1 if len(parts) < 2 else processes,
    )

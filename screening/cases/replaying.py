"""Judge every case of a site once more, in short: to count, or to see whom another rule set would move.

The latest assessment of each case is read as it was judged: its answers, its day, its standing red flags.
Chunks are ranges of keys. Each worker reads its own range out of the database, through a server-side
cursor, so nothing large is held or sent about.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection, transaction

from accounts.encryption import decrypt
from accounts.models import Site
from screening.cases import fresh
from screening.questionnaires.models import DefinitionVersion
from screening.rules.replay import Definitions, Document, Replay, replay

CHUNK = 2_000
FETCHED = 500

_BOUNDS = """
    SELECT max(id), count(*) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS chunk
        FROM screening_case WHERE site_id = %s
    ) AS numbered GROUP BY chunk ORDER BY chunk
"""
_JUDGED = """
    SELECT c.reference, a.judged, a.as_of
    FROM screening_case c
    CROSS JOIN LATERAL (
        SELECT judged, as_of FROM screening_assessment WHERE case_id = c.id ORDER BY id DESC LIMIT 1
    ) AS a
    WHERE c.site_id = %s AND c.id > %s AND c.id <= %s
    ORDER BY c.id
"""


@dataclass(frozen=True, slots=True)
class Range:
    """The cases of a site behind one key, up to another."""

    site_id: int
    after: int
    upto: int


def ranges(*, site: Site, size: int = CHUNK) -> tuple[list[Range], int]:
    """The cases there are now, in ranges, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS, [size, site.pk])
        rows = cursor.fetchall()
    ends = [0, *(last for last, _ in rows)]
    found = [Range(site.pk, after, upto) for after, upto in pairwise(ends)]
    return found, sum(count for _, count in rows)


def judged_documents(chunk: Range) -> Iterator[Document]:
    """What was judged last of each case in the range."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_JUDGED, [chunk.site_id, chunk.after, chunk.upto])
        while rows := cursor.fetchmany(FETCHED):
            for reference, stored, as_of in rows:
                yield _document(reference, stored, as_of)


def _document(reference: str, stored: str, as_of: dt.date) -> Document:
    judged = json.loads(decrypt(stored))
    standing = tuple((item, tier) for item, tier in judged["standing_red_flags"])
    cleared = tuple((item, answer) for item, answer in judged.get("cleared", ()))
    return Document(reference, judged["answers"], as_of, standing, cleared)


def definitions_of(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> Definitions:
    return Definitions.of(questionnaire.content, ruleset.content)


def replay_site(
    *,
    site: Site,
    definitions: Definitions,
    candidate: Definitions | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
    size: int = CHUNK,
) -> Replay:
    """Every case of the site that was ever judged, by one pair of definitions or by two."""
    chunks, total = ranges(site=site, size=size)
    return replay(
        definitions,
        chunks,
        read=judged_documents,
        candidate=candidate,
        progress=None if progress is None else lambda done: progress(done, total),
        prepare=fresh.prepare,
        processes=1 if len(chunks) < 2 else processes,
    )

"""Keep past cases by columns: which ranges there are, what a range holds, and whether that is still true.

A range is made from the assessments when somebody asks for it and it is missing or no longer true, so
nothing has to be done for a replay to be right; `manage.py pack_cases` makes it quick beforehand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from django.db import connection, transaction

from accounts.encryption import decrypt
from accounts.models import Site
from screening.cases import fresh
from screening.cases.packs import PackedCases
from screening.cases.responses import is_private
from screening.rules.packed import Document, Pack, UnreadableError, pack
from screening.rules.replay import Definitions, bulk_of, on_all_cores

SIZE = 16_384  # cases in a range: it takes some tens of megabytes to judge one
FETCHED = 500

_BOUNDS = """
    SELECT max(id), count(*) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS part
        FROM screening_case WHERE site_id = %s AND id > %s
    ) AS numbered GROUP BY part ORDER BY part
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
_STATE = """
    SELECT count(DISTINCT c.id), count(a.id), coalesce(max(a.id), 0)
    FROM screening_case c LEFT JOIN screening_assessment a ON a.case_id = c.id
    WHERE c.site_id = %s AND c.id > %s AND c.id <= %s
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The questions that somebody will ask a pack about, and those among them that have entries."""

    items: frozenset[str]
    groups: frozenset[str]

    @classmethod
    def by(cls, *definitions: Definitions) -> Wanted:
        """Every coded answer, and of what people wrote in words only what these definitions read."""
        items: set[str] = set()
        groups: set[str] = set()
        for each in definitions:
            bulk = bulk_of(each)
            items |= bulk.needed
            for item in bulk.compiled.questionnaire.items():
                if item.holds_an_answer and not is_private(item):
                    items.add(item.id)
                if item.type == "group":
                    groups.add(item.id)
        return cls(frozenset(items), frozenset(groups))


@dataclass(frozen=True, slots=True)
class Range:
    """The cases of a site behind one key, up to another, and what is wanted of them."""

    site_id: int
    after: int
    upto: int
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class State:
    """How many cases and assessments there are in a range, and the newest assessment."""

    cases: int
    assessments: int
    newest: int


def ranges(*, site: Site, wanted: Wanted, size: int = SIZE) -> tuple[list[Range], int]:
    """The cases there are now, in ranges, and how many. Ranges that are full stay as they were made."""
    ends, total = [0], 0
    kept = PackedCases.objects.filter(site=site).order_by("after").values_list("after", "upto", "cases")
    for after, upto, cases in kept:
        if after != ends[-1] or cases < size:
            break
        ends.append(upto)
        total += cases
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS, [size, site.pk, ends[-1]])
        for upto, cases in cursor.fetchall():
            ends.append(upto)
            total += cases
    return [Range(site.pk, after, upto, wanted) for after, upto in pairwise(ends)], total


def read(part: Range) -> Pack:
    """The cases of a range as they were judged last, out of what is kept or made now and kept."""
    kept = PackedCases.objects.filter(site_id=part.site_id, after=part.after, upto=part.upto).first()
    if kept is not None and is_true(kept) and part.wanted.items <= frozenset(kept.items):
        try:
            return Pack.from_bytes(kept.content)
        except UnreadableError:
            pass  # of another layout: made again
    return make(part, more=() if kept is None else kept.items)


def make(part: Range, *, more: Iterable[str] = ()) -> Pack:
    """Read the range from the assessments and keep it, in place of anything that overlaps it."""
    items = sorted({*part.wanted.items, *more})
    with transaction.atomic():
        # Counted before anything is read: what comes in between makes the pack one that is made again.
        state = state_of(part.site_id, part.after, part.upto)
        made = pack(judged_documents(part), items=items, groups=sorted(part.wanted.groups))
        overlapping = PackedCases.objects.filter(
            site_id=part.site_id, after__lt=part.upto, upto__gt=part.after
        )
        overlapping.exclude(after=part.after).delete()
        PackedCases.objects.update_or_create(
            site_id=part.site_id,
            after=part.after,
            defaults={
                "upto": part.upto,
                "cases": state.cases,
                "assessments": state.assessments,
                "newest": state.newest,
                "items": items,
                "content": made.to_bytes(),
            },
        )
    return made


def state_of(site_id: int, after: int, upto: int) -> State:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [site_id, after, upto])
        return State(*cursor.fetchone())


def is_true(kept: PackedCases) -> bool:
    """Assessments are added and never changed, so their number and the newest of them say it all."""
    now = state_of(kept.site_id, kept.after, kept.upto)
    return (now.assessments, now.newest) == (kept.assessments, kept.newest)


def judged_documents(part: Range) -> Iterator[Document]:
    """What was judged last of each case in the range: the truth."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_JUDGED, [part.site_id, part.after, part.upto])
        while rows := cursor.fetchmany(FETCHED):
            for reference, stored, as_of in rows:
                yield _document(reference, stored, as_of)


def _document(reference: str, stored: str, as_of: dt.date) -> Document:
    judged = json.loads(decrypt(stored))
    standing = tuple((item, tier) for item, tier in judged["standing_red_flags"])
    cleared = tuple((item, answer) for item, answer in judged.get("cleared", ()))
    return Document(reference, judged["answers"], as_of, standing, cleared)


def pack_site(
    *,
    site: Site,
    wanted: Wanted,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
    size: int = SIZE,
) -> int:
    """Make every range that is missing or no longer true. Returns how many were made."""
    parts, total = ranges(site=site, wanted=wanted, size=size)
    done = made = 0
    if len(parts) < 2:
        processes = 1
    for cases, was_made in on_all_cores(_packed, parts, prepare=fresh.prepare, processes=processes):
        done += cases
        made += was_made
        if progress is not None:
            progress(done, total)
    return made


def _packed(part: Range) -> tuple[int, bool]:
    kept = PackedCases.objects.filter(site_id=part.site_id, after=part.after, upto=part.upto).defer("content")
    found = kept.first()
    if found is not None and is_true(found) and part.wanted.items == frozenset(found.items):
        return found.cases, False
    make(part)
    return state_of(part.site_id, part.after, part.upto).cases, True


def differing(part: Range) -> list[str]:
    """The references of cases that a kept range says something else of than their assessments."""
    pairs = zip_longest(judged_documents(part), read(part).documents())
    return [
        (truth or kept).name
        for truth, kept in pairs
        if truth is None or kept is None or _held(truth, part) != _held(kept, part)
    ]


def _held(document: Document, part: Range) -> str:
    """One document with the answers that are wanted, as text in which 1 and true differ."""
    wanted = {name: value for name, value in document.answers.items() if name in part.wanted.items}
    answers = {name: value for name, value in wanted.items() if value is not None}
    return json.dumps([document.name, answers, str(document.as_of), *document[3:]], sort_keys=True)

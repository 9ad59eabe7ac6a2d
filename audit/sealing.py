"""The chain of seals: makes every later change of the trail visible, at the exact row.

Rows are sealed afterwards, in batches, by a tick: a chain written with each row would make every
request wait for the one before it. What is younger than a tick is therefore not sealed yet, and
somebody who owns the database could rebuild the whole chain; so its head leaves the machine daily,
and `verify` compares with a head that was kept elsewhere.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from audit.models import AuditEvent, AuditSeal

LOCK = 0x7EA1  # any number: one sealer at a time
BATCH = 5_000
# A row becomes visible when its transaction ends, perhaps after rows with higher ids. The tick looks
# back this far; `seal(everything=True)` and `verify` look at all.
LOOK_BACK = 10_000
START = "0" * 64

COLUMNS = (
    "id",
    "at",
    "recorded_at",
    "event",
    "actor_kind",
    "actor_label",
    "user_id",
    "role",
    "patient_id",
    "site_id",
    "case_reference",
    "references",
    "request_id",
    "detail",
)
Row = tuple[Any, ...]


class Kind(StrEnum):
    CHANGED = "changed"
    DELETED = "deleted"
    REORDERED = "reordered"
    SEAL_DELETED = "seal_deleted"
    HEAD_DIFFERS = "head_differs"


SENTENCES = {
    Kind.CHANGED: "Row {audit_id} is not what was sealed (seal {seq}).",
    Kind.DELETED: "Row {audit_id} is gone (seal {seq}).",
    Kind.REORDERED: "Seal {seq} does not follow the one before it (row {audit_id}).",
    Kind.SEAL_DELETED: "Seal {seq} is gone.",
    Kind.HEAD_DIFFERS: "Seal {seq} is not the head that was kept elsewhere: the end was cut off or rebuilt.",
}


@dataclasses.dataclass(frozen=True)
class Problem:
    kind: Kind
    seq: int
    audit_id: int | None = None

    def __str__(self) -> str:
        return SENTENCES[self.kind].format(seq=self.seq, audit_id=self.audit_id)


@dataclasses.dataclass(frozen=True)
class Head:
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        seq, _, value = text.strip().partition(":")
        if not seq.isdigit() or len(value) != len(START):
            raise ValueError("A head reads NUMBER:HASH, as printed by verify_audit.")
        return cls(int(seq), value)


@dataclasses.dataclass(frozen=True)
class Verdict:
    checked: int
    unsealed: int
    head: Head
    problems: tuple[Problem, ...]

    def __bool__(self) -> bool:
        return not self.problems


def _plain(value: Any) -> str:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)


CANONICAL = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def link(previous: str, row: Row) -> str:
    """The hash of a row and of the link before it."""
    return hashlib.sha256(f"{previous}\n{CANONICAL.encode(row)}".encode()).hexdigest()


def head() -> Head:
    last = AuditSeal.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*last) if last is not None else Head(0, START)


def unsealed(after: int = 0) -> QuerySet[AuditEvent, tuple[int]]:
    """Numbers of rows no link speaks about.

    A set difference and not an anti-join, which goes through the whole chain once for each row when
    the database has no statistics yet, that is after every large import.
    """
    rows = AuditEvent.objects.filter(id__gt=after).order_by().values_list("id")
    return rows.difference(AuditSeal.objects.filter(audit_id__gt=after).order_by().values_list("audit_id"))


def waiting_since() -> dt.datetime | None:
    """When the first row behind the end of the chain was written; the tick seals it within a minute."""
    highest = AuditSeal.objects.aggregate(highest=Max("audit_id"))["highest"] or 0
    waiting = AuditEvent.objects.filter(id__gt=highest).order_by("id").values_list("recorded_at", flat=True)
    return waiting.first()


def seal(*, at: dt.datetime, everything: bool = False) -> int:
    """Add a link for each row that has none. Returns how many; stops when another sealer is at work."""
    total, look_back = 0, True
    while True:
        with transaction.atomic():
            if not _locked():
                return total
            highest = AuditSeal.objects.aggregate(highest=Max("audit_id"))["highest"] or 0
            ids = _late(highest, everything=everything) if look_back else []
            look_back = len(ids) == BATCH
            newer = AuditEvent.objects.filter(id__gt=highest).order_by("id").values_list("id", flat=True)
            ids += newer[: BATCH - len(ids)]
            _append(ids, at=at)
        total += len(ids)
        if len(ids) < BATCH:
            return total


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _late(highest: int, *, everything: bool) -> list[int]:
    """Rows that became visible after rows with higher numbers had been sealed."""
    after = 0 if everything else max(highest - LOOK_BACK, 0)
    return sorted(each for (each,) in unsealed(after) if each <= highest)[:BATCH]


def _append(ids: list[int], *, at: dt.datetime) -> None:
    last = head()
    seq, previous, links = last.seq, last.hash, []
    for row in AuditEvent.objects.filter(id__in=ids).order_by("id").values_list(*COLUMNS):
        seq, before = seq + 1, previous
        previous = link(before, row)
        links.append(AuditSeal(seq=seq, audit_id=row[0], previous=before, hash=previous, sealed_at=at))
    AuditSeal.objects.bulk_create(links)


def verify(*, expected: Iterable[Head] = (), progress: Callable[[int], None] | None = None) -> Verdict:
    """Walk the whole chain and name every row and link that is not as it was sealed."""
    kept = {each.seq: each for each in expected}
    problems: list[Problem] = []
    checked, last = 0, Head(0, START)
    for batch in _batches():
        rows = {
            row[0]: row
            for row in AuditEvent.objects.filter(id__in=[each.audit_id for each in batch]).values_list(
                *COLUMNS
            )
        }
        for each in batch:
            problems += _compare(each, rows.get(each.audit_id), last, kept.pop(each.seq, None))
            last = Head(each.seq, each.hash)
        checked += len(batch)
        if progress is not None:
            progress(checked)
    problems += [Problem(Kind.HEAD_DIFFERS, seq) for seq in kept if seq > 0]
    return Verdict(checked=checked, unsealed=unsealed().count(), head=last, problems=tuple(problems))


def _compare(each: AuditSeal, row: Row | None, last: Head, kept: Head | None) -> Iterator[Problem]:
    for missing in range(last.seq + 1, each.seq):
        yield Problem(Kind.SEAL_DELETED, missing)
    if each.seq == last.seq + 1 and each.previous != last.hash:
        yield Problem(Kind.REORDERED, each.seq, each.audit_id)
    if row is None:
        yield Problem(Kind.DELETED, each.seq, each.audit_id)
    elif link(each.previous, row) != each.hash:
        yield Problem(Kind.CHANGED, each.seq, each.audit_id)
    if kept is not None and kept.hash != each.hash:
        yield Problem(Kind.HEAD_DIFFERS, each.seq)


def _batches() -> Iterator[list[AuditSeal]]:
    last = 0
    while True:
        batch = list(AuditSeal.objects.filter(seq__gt=last).order_by("seq")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].seq

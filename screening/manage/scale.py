"""Very many made-up cases, to see that the pages stay quick. For the demo and the bench only.

The cases of the demo are the patterns: each was made through the services, and each new case copies every
row of one of them (answers, judgement, history, decisions, messages) under another reference, person and
time. The database copies, so a million take minutes. What is not copied: what each save wrote, files, links
and the trail. The answers still hold the name of the pattern's person; the person of a copy has a name of
its own, so that searches find as many people as they would in a clinic.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate
from typing import Any

import pgtrigger
from django.db import connection, models, transaction

from accounts.encryption import encrypt, lookup_hash
from accounts.models import Site
from screening.cases.models import Assessment, Case, Decision, Patient, RedFlag, Response, Transition
from screening.cases.references import ALPHABET
from screening.cases.surnames import surname_hashes
from screening.cases.targets import NO_CLOCK
from screening.cases.workflow import OPEN, State
from screening.review.models import AnotherLook, InformationRequest, Letter, Message

BATCH = 10_000
PATTERNS = 20  # of each state
# The trail is not copied, so no copied decision has an opening there.
EYES = "screening.Decision:decision_with_open_eyes"
Pattern = tuple[int, uuid.UUID, bool]  # a case, its person, and whether something new of theirs is unread
# How a clinic's archive divides: one case in fifty is open. Parts of a thousand.
SHARES: Mapping[State, int] = {
    State.DRAFT: 2,
    State.URGENT_HOLD: 1,
    State.AWAITING_INFO: 5,
    State.AWAITING_REVIEW: 10,
    State.CLINICIAN_REVIEWED: 3,
    State.OFFERED_ASSESSMENT: 459,
    State.DECLINED: 320,
    State.SIGNPOSTED: 160,
    State.WITHDRAWN: 40,
}
FRESH = frozenset({*OPEN, State.DRAFT})
# A clinic at its busiest: of everything that waits for somebody there is more than a page shows.
BUSY: Mapping[State, int] = {
    State.URGENT_HOLD: 1,
    State.AWAITING_INFO: 2,
    State.AWAITING_REVIEW: 10,
    State.CLINICIAN_REVIEWED: 2,
    State.SIGNPOSTED: 3,
}
YEARS, DAYS = 5, 30
BIRTHDAYS, FEW_BIRTHDAYS = 25_000, 10
NEWS = 0.02  # how seldom the patient of a closed case has written something that nobody has read yet
SURNAMES = 4_000
STARTS = ("Al", "Ben", "Car", "Dun", "Ed", "Fen", "Gar", "Hol", "Ir", "Jes", "Kel", "Lor", "Mar", "Nor", "Os")
ENDINGS = (
    "bury",
    "croft",
    "den",
    "field",
    "ford",
    "gate",
    "ham",
    "ley",
    "man",
    "moor",
    "ton",
    "well",
    "wood",
)
GIVEN = ("Ada", "Ben", "Cora", "Dev", "Eve", "Finn", "Gita", "Hugh", "Ines", "Jack", "Kim", "Liam", "Mei")
SIGNS = len(ALPHABET)
STEP = 104_729_871_123  # has no factor in common with SIGNS ** 8, so every reference differs


def make_many(*, site: Site, count: int, seed: int = 1, busy: bool = False) -> Iterator[int]:
    """Copy the cases of this site until there are `count` more. Yields how many are made so far.

    `busy` makes such as wait for somebody, with news that nobody has read, of people who share few birthdays.
    """
    patterns = _patterns(site)
    if missing := [state for state in SHARES if state not in patterns]:
        raise ValueError(f"No case to copy in the state {missing[0]}. Run seed_demo first.")
    chance, there = random.Random(seed), Case.objects.count()  # noqa: S311  made-up people
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        with pgtrigger.ignore(EYES), transaction.atomic(), connection.cursor() as cursor:
            _plan(cursor, _rows(patterns, first=there + first, size=size, chance=chance, busy=busy))
            for model, overrides in COPIED:
                cursor.execute(_copy(model, overrides))
            cursor.execute("DROP TABLE scale")
        yield first + size
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _patterns(site: Site) -> dict[State, list[Pattern]]:
    """Cases answered once and judged once at most, by state: each row of a copy has one to point to."""
    found: dict[State, list[Pattern]] = {}
    for state in SHARES:
        cases = Case.objects.filter(site=site, state=state).order_by("pk")
        for case in cases.prefetch_related("responses", "assessments")[:PATTERNS]:
            if len(case.responses.all()) == 1 and len(case.assessments.all()) <= 1:
                found.setdefault(state, []).append((case.pk, case.patient_id, case.news_at is not None))
    return found


def _rows(
    patterns: Mapping[State, list[Pattern]], *, first: int, size: int, chance: random.Random, busy: bool
) -> Iterator[tuple[Any, ...]]:
    shares, seldom = (BUSY, 1.0) if busy else (SHARES, NEWS)
    birthdays = FEW_BIRTHDAYS if busy else BIRTHDAYS
    states = chance.choices(list(shares), list(shares.values()), k=size)
    for number, state in enumerate(states, start=first):
        likely = [seldom if news and state not in FRESH else 1 for _, _, news in patterns[state]]
        ((pattern, patient, news),) = chance.choices(patterns[state], likely)
        days = DAYS if news or state in FRESH else YEARS * 365
        family, family_hash, start_hash = _surname(_one_surname(chance))
        nhs = f"9{number:09}"
        born, born_hash = _birthday(chance.randrange(birthdays))
        yield (
            pattern,
            patient,
            uuid.uuid4(),
            uuid.uuid4(),
            _reference(number),
            dt.timedelta(seconds=chance.randrange(days * 86_400)),
            _sealed(chance.choice(GIVEN)),
            family,
            family_hash,
            start_hash,
            encrypt(nhs),
            lookup_hash(nhs),
            born,
            born_hash,
        )


PLANNED = """
    pattern bigint, pattern_patient uuid, patient uuid, response uuid, reference text, back interval,
    given text, family text, family_hash text, family_start text, nhs text, nhs_hash text,
    born text, born_hash text,
    place bigint DEFAULT nextval(pg_get_serial_sequence('screening_case', 'id'))
"""
GIVEN_COLUMNS = ", ".join(part.split()[0] for part in PLANNED.strip().split(",")[:14])


def _plan(cursor: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    """A table of what is to be made: one row for each case, with the ids it will have."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        # Every row is a copy of one that passed all checks: making them again takes two thirds of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(f"CREATE TEMPORARY TABLE scale ({PLANNED})")
    with cursor.copy(f"COPY scale ({GIVEN_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("ANALYZE scale")


PERSON = {
    "id": "s.patient",
    "given_name": "s.given",
    "family_name": "s.family",
    "family_name_hash": "s.family_hash",
    "family_name_start_hash": "s.family_start",
    "nhs_number": "s.nhs",
    "nhs_number_hash": "s.nhs_hash",
    "date_of_birth": "s.born",
    "date_of_birth_hash": "s.born_hash",
}
OF_CASE = {"case_id": "s.place", "response_id": "s.response", "patient_id": "s.patient"}
# The judgement that was copied just before. There is one for each case.
JUDGEMENT = "(SELECT a.id FROM screening_assessment a WHERE a.case_id = s.place)"
# The copy of the decision that the patient asked about: a case that was opened again has more of them.
DECIDED = """(
    SELECT d.id FROM screening_decision d JOIN screening_decision o ON o.id = p.decision_id
    WHERE d.case_id = s.place AND d.stage = o.stage AND d.decided_at = o.decided_at - s.back
)"""
# Where no clock runs, none runs in the copy.
DUE = f"CASE WHEN p.due_at = '{NO_CLOCK.isoformat()}' THEN p.due_at ELSE p.due_at - s.back END"
# Whoever works on a case took it today, however long it has waited: else every claim would have lapsed.
HELD = {"claimed_at": "p.claimed_at", "lease_until": "p.lease_until"}
# The decisions stand before the case they close: the database refuses a closed case without them.
COPIED: tuple[tuple[type[models.Model], Mapping[str, str]], ...] = (
    (Patient, PERSON),
    (Response, {**OF_CASE, "id": "s.response"}),
    (Assessment, OF_CASE),
    (Decision, {**OF_CASE, "assessment_id": JUDGEMENT}),
    (Case, {"id": "s.place", "patient_id": "s.patient", "reference": "s.reference", "due_at": DUE} | HELD),
    (RedFlag, OF_CASE),
    (Transition, OF_CASE),
    (InformationRequest, OF_CASE),
    (Letter, OF_CASE),
    (Message, {**OF_CASE, "key": "gen_random_uuid()"}),
    (AnotherLook, {**OF_CASE, "decision_id": DECIDED, "due_on": "(p.due_on - s.back)::date"}),
)
FROM: Mapping[type[models.Model], str] = {
    Patient: "p.id = s.pattern_patient",
    Case: "p.id = s.pattern",
}


def _copy(model: type[models.Model], overrides: Mapping[str, str]) -> str:
    """One INSERT. Everything is made of names in this file and in the models."""
    meta, taken = model._meta, {}  # noqa: SLF001  there is no other way to ask
    for field in meta.concrete_fields:
        column = str(field.column)
        if column in overrides:
            taken[column] = overrides[column]
        elif isinstance(field, models.DateTimeField):
            taken[column] = f"p.{column} - s.back"
        elif not field.primary_key:
            taken[column] = f'p."{column}"'
    names = ", ".join(f'"{name}"' for name in taken)
    joined = FROM.get(model, "p.case_id = s.pattern")
    values = ", ".join(taken.values())
    return (
        f"INSERT INTO {meta.db_table} ({names}) "  # noqa: S608  no text of anybody's is in it
        f"SELECT {values} FROM scale s JOIN {meta.db_table} p ON {joined}"
    )


def _reference(number: int) -> str:
    left, signs = (number * STEP + 7) % SIGNS**8, ""
    for _ in range(8):
        left, place = divmod(left, SIGNS)
        signs += ALPHABET[place]
    return f"{signs[:4]}-{signs[4:]}"


def _one_surname(chance: random.Random) -> int:
    """Few surnames are common and most are rare."""
    return chance.choices(range(SURNAMES), cum_weights=_weights())[0]


@cache
def _weights() -> list[float]:
    return list(accumulate(1 / (place + 10) for place in range(SURNAMES)))


@cache
def _surname(place: int) -> tuple[str, str, str]:
    """Encrypted, with its hash and that of its first three letters."""
    rest, ending = divmod(place, len(ENDINGS))
    rest, start = divmod(rest, len(STARTS))
    name = (
        STARTS[start] + ("", "er", "in", "o")[rest % 4] + ENDINGS[ending] + ("" if rest < 4 else f"-{rest}")
    )
    return encrypt(name), *surname_hashes(name)


@cache
def _sealed(name: str) -> str:
    return encrypt(name)


@cache
def _birthday(days: int) -> tuple[str, str]:
    text = (dt.date(1935, 1, 1) + dt.timedelta(days=days)).isoformat()
    return encrypt(text), lookup_hash(text)

"""A stolen copy of the database says nothing about a person: every column is classified, then looked at."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.encryption import EncryptedJSONField, EncryptedTextField
from screening.followup.models import Attempt
from screening.review import services as review
from tests.factories.followup import reachable_case
from tests.factories.intake import open_clinic
from tests.factories.review import Clinician, fresh
from tests.guards import fields

KEYS = (models.ForeignKey, models.OneToOneField, models.ManyToManyField, models.AutoField, models.UUIDField)
ENCRYPTED = (EncryptedTextField, EncryptedJSONField)
TYPED = (models.CharField, models.TextField, models.JSONField)
OURS = ("accounts", "audit", "screening")


def every_field() -> dict[str, models.Field]:
    """Every column of our models that is neither a key nor encrypted."""
    return {
        f"{model._meta.label}.{field.name}": field
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if not isinstance(field, KEYS + ENCRYPTED) and field.name != "seq"  # the number of a link: its key
    }


def _listed(table: Mapping[str, str]) -> Iterator[str]:
    return (f"{model}.{name}" for model, names in table.items() for name in names.split())


def listed() -> list[str]:
    tables = (fields.NUMBERS_AND_TIMES, fields.CODES, fields.HASHES)
    return [name for table in tables for name in _listed(table)] + list(fields.BY_STAFF)


def test_every_field_is_classified_once() -> None:
    assert len(every_field()) > 120, "the scan found too few fields"
    assert len(listed()) == len(set(listed())), "a field is classified twice"
    new = sorted(set(every_field()) - set(listed()))
    assert not new, f"encrypt {new}, or say in tests/guards/fields.py what they hold"
    assert not set(listed()) - set(every_field()), "a field is gone or encrypted by now: take it out"


def test_no_text_hides_among_the_numbers() -> None:
    allowed = {"accounts.Site.opening_days", "screening.Response.page_locks"}  # lists and counts of numbers
    found = {name for name in _listed(fields.NUMBERS_AND_TIMES) if isinstance(every_field()[name], TYPED)}
    assert found == allowed


def test_text_that_a_person_types_is_never_long_and_plain() -> None:
    """TextField has no limit: whoever needs that much room writes about somebody."""
    texts = (models.TextField, EncryptedTextField)
    plain = {name for name, field in every_field().items() if isinstance(field, texts)}
    assert plain == {"accounts.Site.address", "screening.TranslatedText.text"}


CANARIES = {
    "given_name": "Ottoline",
    "family_name": "Quillfeather",
    "email": "ottoline.quillfeather@example.org",
    "phone": "07700 900777",
    "nhs_number": "9434765919",
    "dob": "1971-03-29",
    "goals": "Dance the mazurka again",
    "main_condition_other": "Zebrafish syndrome",
    "meds": ["Wobblamine 12 mg"],
    "gp_name": "Doctor Pimpernel",
    "allergies": "Dandelions",
    "hospitals": ["Saint Swithinburne Infirmary"],
    "record_files": ["ottoline-letter.pdf"],
}
BY_A_CLINICIAN = "Rang her husband Bartholomew"


@pytest.mark.django_db
def test_a_copy_of_the_database_names_nobody() -> None:
    """Everything a person types is marked, the whole way is walked, and every plain column is searched."""
    site = open_clinic()
    case = reachable_case(site, **CANARIES)
    first = Clinician.at(site)
    first.takes(case)
    review.add_note(case=case, key=uuid.uuid4(), text=BY_A_CLINICIAN, **first.who())
    review.ask_patient(case=case, seen=fresh(case).lock, items=[], text=BY_A_CLINICIAN, **first.who())
    assert not Attempt.objects.exists()
    marks = {word.lower() for value in CANARIES.values() for word in _words(value)} | {"bartholomew"}
    dump = _dump()
    assert case.reference in dump, "the scan read nothing"
    assert case.patient.email == CANARIES["email"], "what is searched for was never stored"
    found = {
        (line.split(":")[0], mark) for line in dump.lower().splitlines() for mark in marks if mark in line
    }
    assert not found, "encrypt what was typed, or do not write it down"


def _words(value: str | list[str]) -> list[str]:
    """Whole, and its one word that nothing else uses."""
    whole = value if isinstance(value, list) else [value]
    return [*whole, *(max(text.split(), key=len) for text in whole)]


def _dump() -> str:
    """Every row of every table as text, as somebody reads it who stole the disk."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608  our own tables
            lines += [f"{table}: {row}" for (row,) in cursor.fetchall()]
    return "\n".join(lines)

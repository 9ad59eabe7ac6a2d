"""A surname is the same however its accents and gaps are written; those kept before are hashed anew."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.encryption import lookup_hash
from screening.cases.models import Patient
from screening.cases.surnames import sought, surname_hashes
from tests.factories.intake import open_clinic, submitted_case

hash_anew = importlib.import_module("screening.migrations.0028_plain_surnames").hash_anew


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("O'Neill", "oneill"),
        ("Мар\u02bcянчук", "марянчук"),  # its apostrophe counts as a letter
        (" Mac Leod ", "macleod"),
        ("Smith–Jones", "smithjones"),
        ("Zoë-Müller", "zoemuller"),
        ("Straße", "strasse"),
        ("Łoś", "los"),
        ("Næss", "naess"),
        ("Þór", "thor"),
        ("Ökonomi\u0301a 2", "okonomia2"),
        ("김", "김"),  # one letter, not the three it can be taken apart into
        ("नीलम", "नीलम"),  # its vowels are signs, and stay
        ("'-", ""),
        ("", ""),
    ],
)
def test_what_is_looked_for(name: str, plain: str) -> None:
    assert sought(name) == plain


def test_a_name_without_a_letter_is_itself_and_not_every_other_of_its_kind() -> None:
    assert surname_hashes("-") == (lookup_hash("-"), lookup_hash("-"))
    assert surname_hashes("-") != surname_hashes("…")


@pytest.mark.django_db
def test_names_kept_before_are_hashed_anew_and_one_that_no_key_opens_stops_nobody() -> None:
    site = open_clinic()
    people = {name: submitted_case(site, family_name=name).patient for name in ("O’Neill", "Turing", "Ng")}
    expected = {name: surname_hashes(name) for name in people}
    old = {"family_name_hash": lookup_hash("o’neill"), "family_name_start_hash": lookup_hash("o’n")}
    Patient.objects.filter(pk=people["O’Neill"].pk).update(**old)
    with connection.cursor() as cursor:
        damaged = "SET family_name = 'v1:none:x', family_name_hash = 'kept'"
        cursor.execute(f"UPDATE screening_patient {damaged} WHERE id = %s", [people["Ng"].pk])
    hash_anew(apps, SimpleNamespace(connection=connection))
    rows = Patient.objects.filter(site=site).values_list("pk", "family_name_hash", "family_name_start_hash")
    found = {pk: hashes for pk, *hashes in rows}
    for name in ("O’Neill", "Turing"):
        assert tuple(found[people[name].pk]) == expected[name]
    assert found[people["Ng"].pk] == ["kept", expected["Ng"][1]]

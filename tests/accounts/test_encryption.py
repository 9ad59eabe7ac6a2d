from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models

from accounts import encryption
from accounts.encryption import (
    EncryptedJSONField,
    EncryptedTextField,
    Undecryptable,
    decrypt,
    encrypt,
    key_id,
    lookup_hash,
)

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def keys(settings) -> None:
    settings.FIELD_KEYS = [OLD]
    settings.LOOKUP_KEY = "a key for lookups"


@pytest.mark.parametrize(
    "text", ["", "Zoë O'Neill", "v1:looks:encrypted", "多行\nline", "\u202e" + "x" * 10_000]
)
def test_what_is_encrypted_comes_back_the_same(text: str) -> None:
    stored = encrypt(text)

    assert decrypt(stored) == text
    assert stored.startswith(f"v1:{key_id(OLD)}:")
    assert not text or text not in stored


def test_the_same_word_is_stored_differently_each_time() -> None:
    assert encrypt("Morgan") != encrypt("Morgan")


def test_an_old_key_still_opens_and_the_first_key_writes(settings) -> None:
    stored = encrypt("Morgan")
    settings.FIELD_KEYS = [NEW, OLD]

    assert decrypt(stored) == "Morgan"
    assert encrypt("Morgan").startswith(f"v1:{key_id(NEW)}:")


def test_a_missing_key_is_named_and_the_value_is_not(settings) -> None:
    stored = encrypt("Morgan")
    settings.FIELD_KEYS = [NEW]

    with pytest.raises(Undecryptable, match=key_id(OLD)) as raised:
        decrypt(stored)
    assert stored.split(":")[2] not in str(raised.value)


@pytest.mark.parametrize("stored", ["", "Morgan", "v1:", "v2:abc:def", "v1:only"])
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(Undecryptable):
        decrypt(stored)


def test_a_damaged_value_is_refused() -> None:
    stored = encrypt("Morgan")
    with pytest.raises(Undecryptable, match="damaged"):
        decrypt(stored[:-4] + "AAAA")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Neill", "  o'neill "),
        ("ＭＯＲＧＡＮ", "morgan"),
        ("Zoe\u0308", "ZOË"),
        ("Straße", "STRASSE"),
        ("person@example.org", "Person@Example.ORG"),
    ],
)
def test_the_same_word_typed_differently_is_found(one: str, other: str) -> None:
    assert lookup_hash(one) == lookup_hash(other)


def test_other_words_and_other_keys_give_other_hashes(settings) -> None:
    before = lookup_hash("Morgan")
    assert lookup_hash("Morgana") != before
    assert len(before) == 64

    settings.LOOKUP_KEY = "another key"
    assert lookup_hash("Morgan") != before


def test_a_hash_never_changes_from_one_release_to_the_next() -> None:
    assert lookup_hash("Zoë O'Neill") == "44ffbf4e72cd621859c24411257954fda88d31582ccf06e29edbe2e572034714"


@pytest.mark.django_db
def test_a_field_stores_what_nobody_can_read_and_gives_back_what_was_put_in() -> None:
    class Secret(models.Model):
        words = EncryptedTextField(null=True)
        answers = EncryptedJSONField(null=True)

        class Meta:
            app_label = "encryption_test"

    with connection.schema_editor() as editor:
        editor.create_model(Secret)
    answers = {"who": "Morgan", "list": [1, None, True, "é"]}
    full = Secret.objects.create(words="Morgan", answers=answers)
    empty = Secret.objects.create()

    full.refresh_from_db()
    empty.refresh_from_db()
    assert (full.words, full.answers) == ("Morgan", answers)
    assert (empty.words, empty.answers) == (None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, answers FROM encryption_test_secret ORDER BY id")
        (words, document), nothing = cursor.fetchall()
    assert nothing == (None, None)
    assert "Morgan" not in words + document
    assert list(Secret.objects.filter(words__isnull=True)) == [empty]
    assert list(Secret.objects.values_list("words", flat=True).order_by("pk")) == ["Morgan", None]

    for lookup in ({"words": "Morgan"}, {"words__icontains": "org"}, {"answers__in": ["Morgan"]}):
        with pytest.raises(FieldError, match="lookup_hash"):
            list(Secret.objects.filter(**lookup))

    full.words = "Taylor"
    Secret.objects.bulk_update([full], ["words"])
    full.refresh_from_db()
    assert full.words == "Taylor"


def test_a_field_can_be_written_into_a_migration() -> None:
    _name, path, args, kwargs = EncryptedJSONField(null=True).deconstruct()
    assert (path, args, kwargs) == ("accounts.encryption.EncryptedJSONField", [], {"null": True})


def test_the_prefix_of_today_is_that_of_the_first_key(settings) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    assert encrypt("x").startswith(encryption.current_prefix())

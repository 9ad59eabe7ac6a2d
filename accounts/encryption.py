"""Fields whose content nobody reads in the database, and a hash to find a row by such a value.

A stored value reads `v1:<key id>:<token>`. The key id names the key without revealing it, so that
rotation can ask the database which rows still use an old key, and so that a missing key is named in
the error instead of looking like a damaged row. Keys come from `settings.FIELD_KEYS`: the first one
encrypts, every one decrypts.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

FORMAT = "v1"


class Undecryptable(Exception):
    """A stored value does not open with the keys we have. Says which key, never what was stored."""


def key_id(key: str) -> str:
    return hashlib.sha256(b"field key id:" + key.encode()).hexdigest()[:8]


@functools.lru_cache(maxsize=8)
def _keyring(keys: tuple[str, ...]) -> Mapping[str, Fernet]:
    return {key_id(key): Fernet(key) for key in keys}


def keyring() -> Mapping[str, Fernet]:
    return _keyring(tuple(settings.FIELD_KEYS))


def current_prefix() -> str:
    """What every value written today begins with."""
    return f"{FORMAT}:{key_id(settings.FIELD_KEYS[0])}:"


def encrypt(text: str) -> str:
    return encrypt_bytes(text.encode())


def encrypt_bytes(data: bytes) -> str:
    name = key_id(settings.FIELD_KEYS[0])
    return f"{FORMAT}:{name}:{keyring()[name].encrypt(data).decode()}"


def decrypt(stored: str) -> str:
    return decrypt_bytes(stored).decode()


def decrypt_bytes(stored: str) -> bytes:
    form, _, rest = stored.partition(":")
    name, _, token = rest.partition(":")
    if form != FORMAT or not token:
        raise Undecryptable("The stored value is not encrypted in a form we know.")
    key = keyring().get(name)
    if key is None:
        raise Undecryptable(f"FIELD_KEYS no longer holds the key {name}. Put it back after the first one.")
    try:
        return key.decrypt(token.encode())
    except InvalidToken:
        raise Undecryptable(f"A value stored with the key {name} is damaged.") from None


def lookup_hash(value: str) -> str:
    """The same for the same words however typed, useless without the key: HMAC-SHA256, hex."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).strip()
    known = plain.encode(errors="replace")  # half a character, as JSON may hold one, is nobody's
    return hmac.new(settings.LOOKUP_KEY.encode(), known, hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, encrypted at rest. NULL stays NULL; an empty string is encrypted like any other."""

    rotated_at_once = 500  # values that `accounts.rotation` holds in memory

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Expression):
            return value
        return encrypt(self.to_plain(value))

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        return None if value is None else self.from_plain(decrypt(value))

    def get_lookup(self, lookup_name: str) -> Any:
        # Two encryptions of one word differ, so a comparison would always quietly find nothing.
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look rows up by a lookup_hash column instead.")
        return super().get_lookup(lookup_name)

    def to_plain(self, value: Any) -> str:
        return str(value)

    def from_plain(self, text: str) -> Any:
        return text


class EncryptedJSONField(EncryptedTextField):
    """Any JSON value, encrypted as a whole."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_plain(self, value: Any) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))

    def from_plain(self, text: str) -> Any:
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)


class EncryptedBytesField(EncryptedTextField):
    """Bytes, encrypted at rest; large ones, so few of them are ever held at once."""

    rotated_at_once = 4
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt_bytes(value)

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        return None if value is None else decrypt_bytes(value)

    def to_python(self, value: Any) -> Any:
        return value

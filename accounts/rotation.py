"""Move what is stored under an old key to the first key of FIELD_KEYS, while the service runs.

Resumable without a note of where it stopped: each value names its key, so what is still to do is a
question to the database. A row is written only if it has not changed since it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pgtrigger
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from accounts.encryption import (
    EncryptedTextField,
    current_prefix,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
)

Progress = Callable[[int], None]


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """Every encrypted field of every model, found by looking."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:  # noqa: SLF001  there is no other way to ask
            if isinstance(field, EncryptedTextField):
                yield field


def pending(field: EncryptedTextField) -> models.QuerySet[Any]:
    """Rows that hold a value under another key than the first. `stored` is the value as it lies there."""
    return (
        field.model._base_manager.annotate(stored=Cast(field.attname, models.TextField()))  # noqa: SLF001
        .filter(stored__isnull=False)
        .exclude(stored__startswith=current_prefix())
    )


def rotate_field(field: EncryptedTextField, *, progress: Progress | None = None) -> int:
    """Rewrite the values of one field. Returns how many."""
    done, last = 0, None
    while True:
        rows = pending(field).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        batch = list(rows.values_list("pk", "stored")[: field.rotated_at_once])
        if not batch:
            return done
        done += _rewrite(field, batch)
        last = batch[-1][0]
        if progress is not None:
            progress(done)


def _rewrite(field: EncryptedTextField, batch: list[tuple[Any, str]]) -> int:
    meta = field.model._meta  # noqa: SLF001
    quote = connection.ops.quote_name
    column = quote(str(field.column))
    key = meta.pk
    statement = (
        f"UPDATE {quote(meta.db_table)} SET {column} = %s "  # noqa: S608  names from our own models
        f"WHERE {quote(str(key.column))} = %s AND {column} = %s"
    )
    # Frozen rows are meant to keep their meaning, and do: only the key under which it is kept changes.
    frozen = [f"{meta.label}:{trigger.name}" for trigger in getattr(meta, "triggers", [])]
    with transaction.atomic(), connection.cursor() as cursor:
        if frozen:
            with pgtrigger.ignore(*frozen):
                return _each(cursor, statement, batch)
        return _each(cursor, statement, batch)


def _each(cursor: Any, statement: str, batch: list[tuple[Any, str]]) -> int:
    count = 0
    for pk, stored in batch:
        cursor.execute(statement, [encrypt_bytes(decrypt_bytes(stored)), pk, stored])
        count += cursor.rowcount
    return count


def rotate_second_factors() -> int:
    """The secrets allauth keeps for us inside JSON."""
    count = 0
    for found in Authenticator.objects.order_by("pk").iterator():
        with transaction.atomic():
            authenticator = Authenticator.objects.select_for_update().filter(pk=found.pk).first()
            if authenticator is None:
                continue
            fresh = _reencrypted(authenticator.data)
            if fresh != authenticator.data:
                authenticator.data = fresh
                authenticator.save(update_fields=["data"])
                count += 1
    return count


def _reencrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reencrypted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_reencrypted(each) for each in value]
    if isinstance(value, str) and value.startswith("v1:") and not value.startswith(current_prefix()):
        return encrypt(decrypt(value))
    return value

"""Surnames are looked for without accents, apostrophes, hyphens and gaps: those kept so far get these hashes.

Only what changes is written. A name that no key opens keeps the hashes that it has.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Cast

from accounts.encryption import Undecryptable, decrypt
from screening.cases.surnames import surname_hashes

HASHES = ["family_name_hash", "family_name_start_hash"]
AT_ONCE = 1_000


def hash_anew(apps: Any, editor: Any) -> None:
    people = apps.get_model("screening", "Patient").objects.using(editor.connection.alias)
    stored = Cast("family_name", models.TextField())  # as it is stored: one that no key opens stops nobody
    named = people.filter(family_name__isnull=False).annotate(stored=stored).only("pk", *HASHES)
    changed = []
    for patient in named.iterator(chunk_size=AT_ONCE):
        try:
            hashes = surname_hashes(decrypt(patient.stored))
        except Undecryptable:
            continue
        if hashes != (patient.family_name_hash, patient.family_name_start_hash):
            patient.family_name_hash, patient.family_name_start_hash = hashes
            changed.append(patient)
        if len(changed) >= AT_ONCE:
            people.bulk_update(changed, HASHES)
            changed.clear()
    people.bulk_update(changed, HASHES)


class Migration(migrations.Migration):
    dependencies = [("screening", "0027_old_records")]

    operations = [migrations.RunPython(hash_anew, migrations.RunPython.noop, elidable=True)]

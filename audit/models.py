"""What happened: rows that are written once and never change.

No foreign keys, so that the trail neither holds back nor follows what it speaks about. UPDATE and
DELETE are refused by triggers which a migration installs by hand, because those that pgtrigger makes
can be switched off for a session with one setting. TRUNCATE is refused by a pgtrigger one, so that
tests can empty the tables between each other.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


def refuse_truncate(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'the audit trail cannot be emptied';",
    )


class AuditEvent(models.Model):
    """Who did what, when, to whom. `at` is when it happened, `recorded_at` the database's own clock."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    event = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=150)
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    patient_id = models.UUIDField(null=True)
    site_id = models.BigIntegerField(null=True)
    case_reference = models.CharField(max_length=40, blank=True)
    references = models.JSONField(default=list)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site_id", "-id"], name="audit_by_site"),
            models.Index(
                fields=["site_id", "case_reference", "-id"],
                name="audit_by_case",
                condition=~Q(case_reference=""),
            ),
            models.Index(
                fields=["site_id", "patient_id", "-id"],
                name="audit_by_patient",
                condition=Q(patient_id__isnull=False),
            ),
            models.Index(
                fields=["site_id", "user_id", "-id"],
                name="audit_by_person",
                condition=Q(user_id__isnull=False),
            ),
            GinIndex(
                name="audit_by_reference_shown",
                fields=["references"],
                opclasses=["jsonb_path_ops"],
                condition=~Q(references=[]),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(actor_label=""), name="audit_event_has_actor"),
            models.CheckConstraint(condition=~Q(event=""), name="audit_event_is_named"),
        ]
        triggers = [refuse_truncate("audit_event_kept")]

    def __str__(self) -> str:
        return f"{self.id} {self.event}"


class AuditSeal(models.Model):
    """One link of the chain: the hash of an audit row and of the link before it.

    The chain has its own order, `seq`, because rows of transactions that overlap become visible in
    another order than their ids were given out. No link is ever missing: a gap in `seq` means that
    somebody deleted one.
    """

    seq = models.BigIntegerField(primary_key=True)
    audit_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["seq"]
        constraints = [models.CheckConstraint(condition=Q(seq__gte=1), name="audit_seal_seq_from_one")]
        triggers = [refuse_truncate("audit_seal_kept")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"

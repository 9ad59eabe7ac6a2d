"""An answer that somebody has to act on, from the moment it was given until it is cleared."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.encryption import EncryptedTextField


class RedFlag(models.Model):
    """A positive red-flag answer, or one TO_RING about: it stands, with its time, until it is cleared."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="red_flags")
    item = models.CharField(max_length=64)
    answer = models.CharField(max_length=64)
    tier = models.PositiveSmallIntegerField()
    advice = models.CharField(max_length=64)
    raised_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_reason = EncryptedTextField(null=True)
    # What clearing rests on: a call, or the reason why there was none.
    cleared_call = models.ForeignKey("screening.Call", null=True, on_delete=models.PROTECT, related_name="+")
    cleared_uncalled = EncryptedTextField(null=True)

    class Meta:
        ordering = ["tier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "item", "answer"],
                condition=Q(cleared_at__isnull=True),
                name="red_flag_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False, cleared_reason__isnull=False),
                name="red_flag_cleared_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_call__isnull=True, cleared_uncalled__isnull=True)
                | Q(cleared_at__isnull=False)
                & (Q(cleared_call__isnull=True) ^ Q(cleared_uncalled__isnull=True)),
                name="red_flag_cleared_by_call",
            ),
        ]

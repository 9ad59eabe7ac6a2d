"""Past cases kept a second time, by columns, so that all of them can be judged again in seconds."""

from __future__ import annotations

from django.db import models

from accounts.encryption import EncryptedBytesField


class PackedCases(models.Model):
    """What was judged last of the cases of a site behind one key, up to another (`screening.rules.packed`).

    A copy and nothing else: any row may be deleted at any time and is made again from the assessments. It
    counts for as long as there are as many assessments of these cases as when it was made, and no newer one.
    """

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    cases = models.PositiveIntegerField()
    assessments = models.PositiveIntegerField()
    newest = models.BigIntegerField()
    # The ids of the questions whose answers are in it.
    items = models.JSONField()
    content = EncryptedBytesField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "after"], name="packed_range_once"),
            models.CheckConstraint(
                condition=models.Q(after__lt=models.F("upto")), name="packed_range_forward"
            ),
        ]

"""Chapter 2, the clinician: what they ask, note and write."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from screening.cases.triggers import append_only


class InformationRequest(models.Model):
    """Questions put back to the patient; answered when the patient sends those items."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="information_requests")
    items = models.JSONField(default=list)
    text = EncryptedTextField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class ReviewNote(models.Model):
    """A clinician's note on a case. Added to, never changed."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("review_note")


class Letter(models.Model):
    """What the clinic wrote to the patient about a decision; read after signing in."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="letters")
    text = EncryptedTextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

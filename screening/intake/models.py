"""Chapter 1, the patient: how they come back, what they upload, what they agree to."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from screening.cases.triggers import append_only, kept_while_it_counts


class Mode(models.TextChoices):
    TELEPHONE = "telephone", _("By telephone")
    PAPER = "paper", _("From paper")


class Entered(models.Model):
    """Staff fill in this form for the patient. A form without one was filled in by the patient."""

    response = models.OneToOneField("screening.Response", on_delete=models.PROTECT, related_name="entered")
    mode = models.CharField(max_length=9, choices=Mode)
    # Who read the answers out, or where the paper came from.
    source = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(mode__in=Mode.values), name="entered_mode_known")
        ]
        triggers = kept_while_it_counts("entered")


class Link(models.Model):
    """A way back in: a secret of which only a hash is kept. Opens nothing without the date of birth.

    The secret is 256 random bits in a mail, or a short code that somebody types (`by_code`).
    `email_hash` is the address that it was mailed to: opening the link proves that address and no other.
    """

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="links")
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    by_code = models.BooleanField(default=False)
    email_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["site", "locked_at"],
                name="link_locked",
                condition=models.Q(locked_at__isnull=False, revoked_at__isnull=True),
            )
        ]


class Knock(models.Model):
    """How often wrong secrets came from one network within ten minutes. The network is not kept."""

    network_hash = models.CharField(max_length=64)
    since = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network_hash", "since"], name="knock_counted_once")]
        indexes = [models.Index(fields=["since"], name="knock_since")]


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("Not checked for viruses")
    FAILED = "failed", _("Could not be checked for viruses")
    CLEAN = "clean", _("Checked, nothing found")
    INFECTED = "infected", _("Blocked: a virus was found")


class Document(models.Model):
    """A file a patient sent. Stored outside the web root under our own name (the id)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="documents")
    item = models.CharField(max_length=64)
    name = EncryptedTextField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    scan_tries = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["scan_tries", "uploaded_at"],
                name="document_unscanned",
                condition=models.Q(scan__in=["not_scanned", "failed"], removed_at__isnull=True),
            )
        ]


class Statement(models.Model):
    """What a patient agreed to, or not: the text by its version, the answer, the time."""

    response = models.ForeignKey("screening.Response", on_delete=models.PROTECT, related_name="statements")
    code = models.CharField(max_length=8)
    version_sha256 = models.CharField(max_length=64)
    answer = models.CharField(max_length=200)
    at = models.DateTimeField()
    session_key_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = append_only("statement", of="response")

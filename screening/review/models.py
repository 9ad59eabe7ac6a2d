"""Chapter 2, the clinician: what they ask, note and write."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedJSONField, EncryptedTextField
from screening.cases.triggers import append_only
from screening.review.triggers import letter_is_kept


class InformationRequest(models.Model):
    """Questions put back to the patient; answered when the patient sends those items."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="information_requests")
    items = models.JSONField(default=list)
    text = EncryptedTextField(null=True)
    # What the patient said in words; the answers to `items` stand in the form.
    answer = EncryptedTextField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class ReviewNote(models.Model):
    """A clinician's note on a case. Added to, never changed."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="notes")
    # Of the page that holds the form and of the words: both sent twice are one note. Older notes have none.
    key = models.UUIDField(null=True, unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("review_note")


class Addressee(models.TextChoices):
    PATIENT = "patient", _("Patient")
    GP = "gp", _("GP")


class Copy(models.TextChoices):
    """How a letter on paper left the clinic."""

    PRINTED = "printed", _("Printed and handed over")
    POSTED = "posted", _("Posted")
    SECURE_MAIL = "secure_mail", _("Sent by secure mail")


class Letter(models.Model):
    """What the clinic wrote about a decision. The patient reads theirs after signing in; the GP's is a copy
    on paper, written only if the patient agreed to it, and recorded as made.
    """

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="letters")
    to = models.CharField(max_length=8, choices=Addressee, default=Addressee.PATIENT)
    text = EncryptedTextField()
    # The published letters it was made from; none for a letter that was written freely.
    template = models.ForeignKey(
        "screening.DefinitionVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.JSONField(default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    made_as = models.CharField(max_length=12, choices=Copy, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_as="", made_by__isnull=True, made_at__isnull=True)
                | (~Q(made_as="") & Q(made_by__isnull=False, made_at__isnull=False)),
                name="letter_copy_is_whole",
            ),
        ]
        triggers = letter_is_kept()


class Message(models.Model):
    """A few words between the clinic and the patient. Read after signing in, never mailed."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="messages")
    # Of the page that holds the form and of the words: both sent twice are one message.
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    # Nobody: the patient wrote it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = EncryptedTextField()
    sent_at = models.DateTimeField()
    # When the other side first read it.
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]


class Amendment(models.Model):
    """One answer that changed after the form was sent: what stood before, and what stands now.

    A correction names no request; an answer to what a clinician asked back names the one it answers.
    """

    response = models.ForeignKey("screening.Response", on_delete=models.PROTECT, related_name="amendments")
    request = models.ForeignKey(
        InformationRequest, null=True, on_delete=models.PROTECT, related_name="amendments"
    )
    revision = models.PositiveIntegerField()
    item = models.CharField(max_length=64)
    before = EncryptedJSONField(null=True)
    after = EncryptedJSONField(null=True)
    reason = EncryptedTextField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("amendment", of="response")


class Objection(models.Model):
    """The patient says that something they entered or agreed to is not right.

    It stands beside the first value and replaces nothing: neither the answers nor the judgement change.
    """

    response = models.ForeignKey("screening.Response", on_delete=models.PROTECT, related_name="objections")
    item = models.CharField(max_length=64)
    # What they object to, as it stood: one entry of a list, or what was ticked.
    value = EncryptedJSONField(null=True)
    text = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("objection", of="response")


class AnotherLook(models.Model):
    """The patient asks that somebody else looks at a decision again."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="looks")
    decision = models.ForeignKey("screening.Decision", on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reopened = models.BooleanField(null=True)
    answer = EncryptedTextField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at__isnull=True), name="another_look_open_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                    reopened__isnull=True,
                    answer__isnull=True,
                )
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    reopened__isnull=False,
                    answer__isnull=False,
                ),
                name="another_look_answer_is_whole",
            ),
        ]

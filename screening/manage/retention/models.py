"""A record that was put forward to be deleted, and what became of it: its certificate."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField


class Outcome(models.TextChoices):
    KEPT = "kept", _("Kept longer")
    DELETED = "deleted", _("Deleted")


class Disposal(models.Model):
    """Everything about one person: `patients` are their records, more than one where these were joined.

    Two people settle it: whoever put it forward, and a lead clinician. Once it is settled as deleted, and
    until it is done, the database lets the history of these records go (see `cases.triggers`). Afterwards
    this row is what is left, and those that kept the record longer before, with their reasons emptied: they
    have keys and references, but nothing that says who it was.
    """

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    patients = ArrayField(models.UUIDField())
    references = ArrayField(models.CharField(max_length=12))
    last_contact = models.DateField()
    put_forward_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_forward_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    kept_until = models.DateField(null=True)
    reason = EncryptedTextField(null=True)
    done_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # how many rows of each kind went

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site", "-id"], name="disposal_by_site"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="disposal_settled_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("put_forward_by")),
                name="disposal_needs_two",
            ),
            models.CheckConstraint(
                condition=Q(outcome="kept", kept_until__isnull=False, reason__isnull=False)
                | (~Q(outcome="kept") & Q(kept_until__isnull=True, reason__isnull=True)),
                name="disposal_kept_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(outcome="deleted"), name="disposal_done_was_agreed"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="disposal_never_deleted", operation=pgtrigger.Delete),
            # Two people agreed to these records and no others; what was settled and done stays so. Only why
            # a record was kept longer once goes with it.
            pgtrigger.Trigger(
                name="disposal_settled_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.outcome = 'kept' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason'
                        AND EXISTS (SELECT 1 FROM screening_disposal
                            WHERE patients && OLD.patients AND outcome = 'deleted' AND done_at IS NULL) THEN
                        RETURN NEW;
                    END IF;
                    IF OLD.outcome = 'kept' OR OLD.done_at IS NOT NULL
                        OR (NEW.id, NEW.site_id, NEW.patients, NEW."references", NEW.last_contact,
                            NEW.put_forward_by_id, NEW.put_forward_at)
                        <> (OLD.id, OLD.site_id, OLD.patients, OLD."references", OLD.last_contact,
                            OLD.put_forward_by_id, OLD.put_forward_at) THEN
                        RAISE EXCEPTION 'what becomes of a record is settled once, for the records named';
                    END IF;
                    IF NEW.outcome <> '' AND NOT EXISTS (
                        SELECT 1 FROM accounts_membership WHERE site_id = NEW.site_id
                            AND user_id = NEW.settled_by_id AND role = 'lead_clinician') THEN
                        RAISE EXCEPTION 'a lead clinician of the site says what becomes of a record';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="disposal_begins_open",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome}"

    @property
    def is_agreed(self) -> bool:
        """Settled as deleted, and still there."""
        return self.outcome == Outcome.DELETED and self.done_at is None

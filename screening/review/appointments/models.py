"""When somebody is seen, and from which day their follow-up counts. Rows are added; what happened stays."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from screening.cases.triggers import append_only, goes_with_record


class AppointmentKind(models.TextChoices):
    FIRST = "first", _("First assessment")
    FOLLOW_UP = "follow_up", _("Follow-up")


class Way(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    TELEPHONE = "telephone", _("By telephone")


class AppointmentState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Missed")


class Appointment(models.Model):
    """One time to be seen. It is moved by a new row that takes its place; its own time never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=10, choices=AppointmentKind)
    way = models.CharField(max_length=10, choices=Way)
    # The place itself, the address of the video room, or the number that is rung.
    place = EncryptedTextField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    instead_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="moved_to")
    # How often it was moved before: calendars take the file with the highest number.
    sequence = models.PositiveSmallIntegerField(default=0)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    # Who said that it was moved, cancelled or missed, and why.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(null=True)

    class Meta:
        ordering = ["starts_at", "booked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppointmentState.values), name="appointment_state"),
            models.CheckConstraint(
                condition=Q(state="booked", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="booked") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="appointment_settled_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(settled_at__gte=F("starts_at")),
                name="appointment_missed_after_it",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="appointment_has_length"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="appointment_when")]
        triggers = [
            *goes_with_record("appointment"),
            # All that ever happens to it is that it is moved, cancelled or missed, once.
            pgtrigger.Trigger(
                name="appointment_settled_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.state <> 'booked' OR NEW.state = 'booked'
                        OR (NEW.id, NEW.case_id, NEW.kind, NEW.way, NEW.place, NEW.starts_at, NEW.minutes,
                            NEW.sequence, NEW.booked_by_id, NEW.booked_at)
                        <> (OLD.id, OLD.case_id, OLD.kind, OLD.way, OLD.place, OLD.starts_at, OLD.minutes,
                            OLD.sequence, OLD.booked_by_id, OLD.booked_at)
                        OR NEW.instead_of_id IS DISTINCT FROM OLD.instead_of_id THEN
                        RAISE EXCEPTION 'an appointment is only moved, cancelled or missed, and once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class TreatmentStart(models.Model):
    """The day from which follow-up counts: the first appointment or treatment. The last row holds."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="treatment_starts")
    day = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("treatment_start")

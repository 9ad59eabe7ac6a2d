"""Chapter 3: reminders as rows. The database is the truth, Celery only the alarm clock."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from screening.cases.triggers import append_only

# The process whose heartbeat says that reminders are being sent.
HEARTBEAT = "reminders"


class Channel(models.TextChoices):
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")


class Subject(models.TextChoices):
    """What a person can switch off. Appointments, messages and safety are not among them."""

    REMINDERS = "reminders", _("Reminders about forms, documents and measures")
    REINVITATION = "reinvitation", _("Being asked to fill in the form again later")


class ReminderState(models.TextChoices):
    SCHEDULED = "scheduled", _("Planned")
    CLAIMED = "claimed", _("About to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    RETRY = "retry", _("Will be tried again")
    FAILED = "failed", _("Could not be sent")
    CANCELLED = "cancelled", _("No longer needed")
    AMBIGUOUS = "ambiguous", _("May or may not have arrived")


class Reminder(models.Model):
    """One message that is due to one person once. The unique key makes planning safe to repeat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="reminders")
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="reminders")
    schedule = models.ForeignKey("screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=64)  # the code of a step, as long as it may be
    # What makes this one different from the same step at another time: the anchor and its number.
    occurrence = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel)
    template = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    # The rule in local words ("09:00 Europe/London, 3 days after ..."), so that it can be worked out anew.
    local_rule = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=ReminderState, default=ReminderState.SCHEDULED)
    at_most_once = models.BooleanField(default=False)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=80, blank=True)
    # Keyed hash of where the last try went, so that a bounce or a STOP finds it; useless without the key.
    address_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "step", "occurrence", "channel"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="reminder_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="reminder_due", condition=Q(state__in=["scheduled", "retry"])
            ),
            models.Index(
                fields=["lease_until"], name="reminder_leased", condition=Q(state__in=["claimed", "sending"])
            ),
            models.Index(fields=["case", "due_at"], name="reminder_of_case"),
            models.Index(fields=["site", "-due_at", "-id"], name="reminder_of_site"),
            models.Index(fields=["site", "state", "-due_at", "-id"], name="reminder_by_state"),
            models.Index(
                fields=["address_hash", "-sent_at"], name="reminder_to", condition=~Q(address_hash="")
            ),
        ]


class Attempt(models.Model):
    """One try to send, written just before the network is touched: without one, nothing has left."""

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="attempt_rows")
    number = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # sent, retry, failed, ambiguous, or empty while it runs
    result = models.CharField(max_length=12, blank=True)
    reply_code = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["id"]


class StaffAct(models.TextChoices):
    CANCELLED = "cancelled", _("Cancelled")
    AGAIN = "again", _("Sent again")


class ReminderAct(models.Model):
    """What staff did about one reminder, and why. Added to, never changed."""

    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10, choices=StaffAct)
    reason = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("reminder_act", of="reminder")


class Alert(models.Model):
    """One mail to the clinic about a case with a safety answer that nobody has opened, or dealt with in time.

    It goes to the duty address of the site, or to the own address of a lead clinician. Which address that
    is, is asked when it leaves. The number counts the alerts about one case to one of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="alerts")
    # Empty for the duty address.
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    tier = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ReminderState, default=ReminderState.SCHEDULED)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "lead", "number"], nulls_distinct=False, name="alert_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="alert_sent_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], name="alert_due", condition=Q(state__in=["scheduled", "retry"])),
            models.Index(
                fields=["lease_until"], name="alert_leased", condition=Q(state__in=["claimed", "sending"])
            ),
        ]


class OptOut(models.Model):
    """Someone switched one kind of message off on one channel. Ended, never deleted."""

    patient = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="opt_outs")
    channel = models.CharField(max_length=8, choices=Channel)
    subject = models.CharField(max_length=16, choices=Subject)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "channel", "subject"],
                condition=Q(ended_at__isnull=True),
                name="opt_out_stands_once",
            )
        ]


class Bounce(models.Model):
    """One message that came back from an address. Two of them, and the address is used no more.

    Staff who checked the address forgive them; a new address starts without any.
    """

    reminder = models.OneToOneField(Reminder, on_delete=models.PROTECT, related_name="bounce")
    patient = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="bounces")
    channel = models.CharField(max_length=8, choices=Channel)
    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=80)
    at = models.DateTimeField()
    forgiven_at = models.DateTimeField(null=True)
    forgiven_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    forgiven_because = EncryptedTextField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["patient", "channel"], name="bounce_counts", condition=Q(forgiven_at__isnull=True)
            )
        ]


class SuppressedFor(models.TextChoices):
    """Why nothing at all is sent to somebody."""

    DECEASED = "deceased", _("The person has died")
    WITHDRAWN = "withdrawn", _("The person does not want to hear from us")
    SAFEGUARDING = "safeguarding", _("A message could put the person at risk")
    COMPLAINT = "complaint", _("A complaint is open")
    IN_HOSPITAL = "in_hospital", _("The person is in hospital")


class Suppression(models.Model):
    """Staff said that nothing may be sent to a person, and why. Ended, never deleted."""

    patient = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="suppressions")
    reason = models.CharField(max_length=16, choices=SuppressedFor)
    note = EncryptedTextField(null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_because = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "reason"],
                condition=Q(ended_at__isnull=True),
                name="suppression_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="suppression_ended_by_someone",
            ),
        ]


class SendingHold(models.Model):
    """While one stands for a site, nothing is sent to its patients."""

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="sending_holds")
    reason = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_because = models.CharField(max_length=200, blank=True, default="")


class DatabaseMark(models.Model):
    """Which database this is and how far it had come, to notice that it was restored. One row.

    `turn` only grows; each machine that sends keeps the newest it saw in a file outside the database.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    identity = models.CharField(max_length=80)
    turn = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="database_mark_is_one")]


class Heartbeat(models.Model):
    """When a process last finished its work: the proof that it lives."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

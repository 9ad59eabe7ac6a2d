"""Whose hands a case passed through, who rang about it, what is left to do, and who is the same person."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from screening.cases.triggers import append_only, goes_with_record


class Handover(models.Model):
    """A case went from one colleague to another: given by the first, or taken over from them (`taken`)."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="handovers")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken = models.BooleanField()
    # Why it was taken over; for one that was given, a note to the colleague.
    reason = EncryptedTextField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handover_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(taken=False) | Q(reason__isnull=False), name="handover_taken_with_reason"
            ),
        ]
        triggers = append_only("handover")


class CallResult(models.TextChoices):
    ATTEMPTED = "attempted", _("Rang, nobody answered")
    MESSAGE_LEFT = "message_left", _("Left a neutral message")
    REACHED = "reached", _("Reached the person")
    ADVICE_GIVEN = "advice_given", _("Reached the person and gave the safety advice")
    OTHER_SERVICE = "other_service", _("Called another service for the person")


class Call(models.Model):
    """One try to reach somebody about an urgent answer. Added to, never changed."""

    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="calls")
    # Of the page that holds the form and what was said there: the same sent twice is one call.
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    result = models.CharField(max_length=16, choices=CallResult)
    text = EncryptedTextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(result__in=CallResult.values), name="call_result_known"),
            models.CheckConstraint(
                condition=Q(made_at__lte=F("recorded_at")), name="call_made_before_recorded"
            ),
        ]
        triggers = append_only("call")


class Task(models.Model):
    """Something to do about a case, by a day: for one person, or for anybody at the site. Never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("screening.Case", on_delete=models.PROTECT, related_name="tasks")
    text = EncryptedTextField()
    # Nobody: whoever of the site comes first.
    for_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField()
    # Nobody: the service noted it itself.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                # What the service noted itself it also closes, when it is needed no more.
                | Q(done_at__isnull=False, done_by__isnull=False)
                | Q(done_at__isnull=False, made_by__isnull=True),
                name="task_done_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "made_at"], name="task_open", condition=Q(done_at__isnull=True))
        ]
        triggers = [
            *goes_with_record("task"),
            # All that ever happens to a task is that somebody does it, once.
            pgtrigger.Trigger(
                name="task_done_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.done_at IS NOT NULL OR NEW.done_at IS NULL
                        OR (NEW.id, NEW.case_id, NEW.text, NEW.due_on, NEW.made_at)
                            <> (OLD.id, OLD.case_id, OLD.text, OLD.due_on, OLD.made_at)
                        OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id
                        OR NEW.for_user_id IS DISTINCT FROM OLD.for_user_id THEN
                        RAISE EXCEPTION 'a task is only ever done, and once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class SamePerson(models.Model):
    """Two records are one person: said by a clinician, and taken back when that was wrong.

    Neither record is changed: each case keeps the one it was begun with, so that taking it back restores
    everything exactly.
    """

    # The older record, and the one that was joined to it.
    kept = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="+")
    joined = models.ForeignKey("screening.Patient", on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_reason = EncryptedTextField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("joined")), name="same_person_two_records"),
            models.UniqueConstraint(
                fields=["joined"], condition=Q(undone_at__isnull=True), name="same_person_joined_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, undone_reason__isnull=False),
                name="same_person_undone_is_whole",
            ),
        ]
        triggers = [
            *goes_with_record("same_person", of="two patients"),
            # All that ever happens to it is that it is taken back, once.
            pgtrigger.Trigger(
                name="same_person_undone_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
                        OR (NEW.id, NEW.kept_id, NEW.joined_id, NEW.reason, NEW.by_id, NEW.at)
                            <> (OLD.id, OLD.kept_id, OLD.joined_id, OLD.reason, OLD.by_id, OLD.at) THEN
                        RAISE EXCEPTION 'that two records are one person is only ever taken back, and once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

"""The effect of a draft on past cases: one judging of all of them by what is published and by the draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")


class ImpactRun(models.Model):
    """Every case of a site judged by what is published and by one state of a draft.

    It counts for the draft as it was when `sha256` was its hash, and for the published versions of then.
    `finished` holds the ranges of cases that are judged: a worker that dies costs one range. Counts are those
    of all cases: `before` and `after` by outcome, `moved` from one outcome to another.
    """

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        "screening.DefinitionVersion", on_delete=models.CASCADE, related_name="impact_runs"
    )
    sha256 = models.CharField(max_length=64)
    compared = models.ForeignKey("screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+")
    # The published rule set beside a questionnaire, and the questionnaire beside a rule set.
    beside = models.ForeignKey("screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    problem = models.CharField(max_length=200, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    finished = models.JSONField(default=list)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], name="impact_run_open", condition=Q(state__in=["waiting", "running"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["waiting", "running"]),
                name="impact_one_open_run",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False, done=models.F("total")),
                name="impact_done_is_whole",
            ),
        ]


class ImpactChange(models.Model):
    """Cases that differ alike: what they came to, what they come to now, and the codes that say why."""

    run = models.ForeignKey(ImpactRun, on_delete=models.CASCADE, related_name="changes")
    fingerprint = models.CharField(max_length=64)
    was = models.CharField(max_length=20)
    was_underlying = models.CharField(max_length=20)
    was_tier = models.PositiveSmallIntegerField(null=True)
    now = models.CharField(max_length=20)
    now_underlying = models.CharField(max_length=20)
    now_tier = models.PositiveSmallIntegerField(null=True)
    gained = models.JSONField(default=list)
    lost = models.JSONField(default=list)
    less_urgent = models.BooleanField()
    cases = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-less_urgent", "-cases", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "fingerprint"], name="impact_change_once")]


class ImpactCase(models.Model):
    """One case that changes. Where it becomes less urgent: why that is right, and who said so."""

    change = models.ForeignKey(ImpactChange, on_delete=models.CASCADE, related_name="named")
    reference = models.CharField(max_length=12)
    reason = models.CharField(max_length=500, default="")
    reason_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason="", reason_by__isnull=True, reason_at__isnull=True)
                | (~Q(reason="") & Q(reason_by__isnull=False, reason_at__isnull=False)),
                name="impact_reason_has_name_and_time",
            ),
        ]

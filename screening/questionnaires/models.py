"""What we ask and judge by: versions, each drafted, approved and then frozen; and their words in other
languages, which stand beside them.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    RULESET = "ruleset", _("Rule set")
    SCHEDULE = "schedule", _("Schedule")
    MESSAGES = "messages", _("Messages")
    LETTERS = "letters", _("Letters")


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")
    DISCARDED = "discarded", _("Thrown away")


class DefinitionVersion(models.Model):
    """One version of a questionnaire, rule set, schedule or set of messages.

    `content` is the definition as JSON, `sha256` the hash of its canonical form. A row that is
    no longer a draft cannot change, but for its move from published to retired: the database
    refuses it. Old answers stay readable and old decisions can be recomputed. `writers` are all
    who changed the draft, its author among them; none of them approves it.
    """

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.SlugField(max_length=64)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    lock = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    writers = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "code", "number"], name="version_number_unique"),
            models.UniqueConstraint(
                fields=["site", "kind", "code"],
                condition=Q(status="published"),
                name="version_one_published",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"])
                | Q(published_at__isnull=False, approved_by__isnull=False),
                name="version_published_has_approver",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(approved_by=models.F("author")),
                name="version_author_never_approves",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(writers__contains=[models.F("approved_by")]),
                name="version_writer_never_approves",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="version_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__status__in=["published", "retired", "discarded"]),
                func="""
                    IF (to_jsonb(NEW) - 'status' - 'retired_at') <> (to_jsonb(OLD) - 'status' - 'retired_at')
                       OR NEW.status IN ('draft', 'discarded') OR OLD.status <> 'published' THEN
                        RAISE EXCEPTION 'a published version cannot be changed';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="version_kept",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__status__in=["published", "retired", "discarded"]),
                func="RAISE EXCEPTION 'a version that was published or thrown away is never deleted';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code} {self.number}"


class Translation(models.Model):
    """One version in another language. `lock` counts its changes; patients may choose what is `offered`."""

    version = models.ForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=16)
    lock = models.PositiveIntegerField(default=0)
    offered = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="translation_language_unique"),
        ]


class TranslatedText(models.Model):
    """One text in another language, with the hash of the text it translates. The newest of a place counts.

    Rows are added and never changed, but for their approval, which is given once: what a patient read on
    any day can be found again.
    """

    translation = models.ForeignKey(Translation, on_delete=models.PROTECT, related_name="texts")
    place = models.CharField(max_length=300)
    source_sha256 = models.CharField(max_length=64)
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["translation", "place", "-id"], name="translated_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="translated_approval_has_name_and_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(written_by__isnull=True)
                | ~Q(approved_by=models.F("written_by")),
                name="translated_writer_never_approves",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="translated_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.approved_at IS NOT NULL
                       OR (to_jsonb(NEW) - 'approved_at' - 'approved_by_id')
                       <> (to_jsonb(OLD) - 'approved_at' - 'approved_by_id') THEN
                        RAISE EXCEPTION 'translated words are added, never changed';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="translated_never_deleted", operation=pgtrigger.Delete),
        ]

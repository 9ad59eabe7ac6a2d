import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0001_initial"),
        ("screening", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("tier", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Planned"),
                            ("claimed", "About to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("retry", "Will be tried again"),
                            ("failed", "Could not be sent"),
                            ("cancelled", "No longer needed"),
                            ("ambiguous", "May or may not have arrived"),
                        ],
                        default="scheduled",
                        max_length=12,
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=80)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("try_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="screening.case",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.site"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["scheduled", "retry"])),
                        fields=["try_at"],
                        name="alert_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["claimed", "sending"])),
                        fields=["lease_until"],
                        name="alert_leased",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "lead", "number"), name="alert_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="alert_sent_has_time",
                    ),
                ],
            },
        ),
    ]

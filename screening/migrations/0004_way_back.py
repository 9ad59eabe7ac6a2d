import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_room")]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network_hash", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("wrong", models.PositiveIntegerField(default=0)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="revision",
            name="revision_append_only",
        ),
        migrations.AddField(
            model_name="document",
            name="scan_tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="document",
            name="scanned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="link",
            name="by_code",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="link",
            name="email_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="document",
            name="scan",
            field=models.CharField(
                choices=[
                    ("not_scanned", "Not checked for viruses"),
                    ("failed", "Could not be checked for viruses"),
                    ("clean", "Checked, nothing found"),
                    ("infected", "Blocked: a virus was found"),
                ],
                default="not_scanned",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", True), ("scan__in", ["not_scanned", "failed"])),
                fields=["scan_tries", "uploaded_at"],
                name="document_unscanned",
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=models.Q(("locked_at__isnull", False), ("revoked_at__isnull", True)),
                fields=["site", "locked_at"],
                name="link_locked",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revision",
            trigger=pgtrigger.compiler.Trigger(
                name="revision_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7e336480955d0c95d33ba82e5d001f348210858e",
                    operation="UPDATE",
                    pgid="pgtrigger_revision_append_only_2ec98",
                    table="screening_revision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revision",
            trigger=pgtrigger.compiler.Trigger(
                name="revision_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT EXISTS (SELECT 1 FROM screening_response\n                        WHERE id = OLD.response_id AND status = 'stopped' AND submitted_at IS NULL) THEN\n                        RAISE EXCEPTION 'the saves of a form that counts cannot be deleted';\n                    END IF;\n                    RETURN OLD;\n                ",
                    hash="7ab8f7c61e5347ec595a7bad0c7798df22527029",
                    operation="DELETE",
                    pgid="pgtrigger_revision_kept_3ad64",
                    table="screening_revision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="knock",
            index=models.Index(fields=["since"], name="knock_since"),
        ),
        migrations.AddConstraint(
            model_name="knock",
            constraint=models.UniqueConstraint(fields=("network_hash", "since"), name="knock_counted_once"),
        ),
    ]

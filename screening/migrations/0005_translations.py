import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0004_way_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='response',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=16),
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=16)),
                ('lock', models.PositiveIntegerField(default=0)),
                ('offered', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='translations', to='screening.definitionversion')),
            ],
            options={
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='TranslatedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=300)),
                ('source_sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('translation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='screening.translation')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='translation',
            constraint=models.UniqueConstraint(fields=('version', 'language'), name='translation_language_unique'),
        ),
        migrations.AddIndex(
            model_name='translatedtext',
            index=models.Index(fields=['translation', 'place', '-id'], name='translated_newest'),
        ),
        migrations.AddConstraint(
            model_name='translatedtext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='translated_approval_has_name_and_time'),
        ),
        migrations.AddConstraint(
            model_name='translatedtext',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('written_by__isnull', True), models.Q(('approved_by', models.F('written_by')), _negated=True), _connector='OR'), name='translated_writer_never_approves'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='translatedtext',
            trigger=pgtrigger.compiler.Trigger(name='translated_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF OLD.approved_at IS NOT NULL\n                       OR (to_jsonb(NEW) - 'approved_at' - 'approved_by_id')\n                       <> (to_jsonb(OLD) - 'approved_at' - 'approved_by_id') THEN\n                        RAISE EXCEPTION 'translated words are added, never changed';\n                    END IF;\n                    RETURN NEW;\n                ", hash='09a35907f64219ff73e6c9929c39ffb02f5a6d17', operation='UPDATE', pgid='pgtrigger_translated_kept_51048', table='screening_translatedtext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='translatedtext',
            trigger=pgtrigger.compiler.Trigger(name='translated_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e8167f317968a700097f253c02551142c8a423ac', operation='DELETE', pgid='pgtrigger_translated_never_deleted_84170', table='screening_translatedtext', when='BEFORE')),
        ),
    ]

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import accounts.encryption


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("screening", "0005_translations")]

    operations = [
        migrations.CreateModel(
            name='PackedCases',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.BigIntegerField()),
                ('upto', models.BigIntegerField()),
                ('cases', models.PositiveIntegerField()),
                ('assessments', models.PositiveIntegerField()),
                ('newest', models.BigIntegerField()),
                ('items', models.JSONField()),
                ('content', accounts.encryption.EncryptedBytesField()),
            ],
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['case', '-id'], name='assessment_latest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='assessment_forgets_its_pack', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    DELETE FROM screening_packedcases WHERE after < OLD.case_id AND upto >= OLD.case_id;\n                    RETURN NULL;\n                ', hash='eb99dd5f86389da91763c3da6350ad188b31ace6', operation='DELETE OR UPDATE OF "judged"', pgid='pgtrigger_assessment_forgets_its_pack_4a1a2', table='screening_assessment', when='AFTER')),
        ),
        migrations.AddField(
            model_name='packedcases',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site'),
        ),
        migrations.AddConstraint(
            model_name='packedcases',
            constraint=models.UniqueConstraint(fields=('site', 'after'), name='packed_range_once'),
        ),
        migrations.AddConstraint(
            model_name='packedcases',
            constraint=models.CheckConstraint(condition=models.Q(('after__lt', models.F('upto'))), name='packed_range_forward'),
        ),
    ]

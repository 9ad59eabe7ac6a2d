import accounts.encryption
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import screening.cases.workflow
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0002_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('item', models.CharField(max_length=64)),
                ('before', accounts.encryption.EncryptedJSONField(null=True)),
                ('after', accounts.encryption.EncryptedJSONField(null=True)),
                ('reason', accounts.encryption.EncryptedTextField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AnotherLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', accounts.encryption.EncryptedTextField()),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('reopened', models.BooleanField(null=True)),
                ('answer', accounts.encryption.EncryptedTextField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('text', accounts.encryption.EncryptedTextField()),
                ('sent_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_worklist',
        ),
        migrations.AddField(
            model_name='case',
            name='news_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='informationrequest',
            name='answer',
            field=accounts.encryption.EncryptedTextField(null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', [screening.cases.workflow.State['AWAITING_INFO'], screening.cases.workflow.State['AWAITING_REVIEW'], screening.cases.workflow.State['CLINICIAN_REVIEWED'], screening.cases.workflow.State['MDT_REVIEWED'], screening.cases.workflow.State['SUBMITTED'], screening.cases.workflow.State['URGENT_HOLD']]), ('rank__lt', 5), ('news_at__isnull', False), _connector='OR'), fields=['site', 'rank', 'waiting_since', 'id'], name='case_worklist'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='screening.informationrequest'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='screening.response'),
        ),
        migrations.AddField(
            model_name='anotherlook',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='anotherlook',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='screening.case'),
        ),
        migrations.AddField(
            model_name='anotherlook',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.decision'),
        ),
        migrations.AddField(
            model_name='message',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='screening.case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='amendment',
            trigger=pgtrigger.compiler.Trigger(name='amendment_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ce63da822d96d7684e854c97db3becae21f315a4', operation='UPDATE OR DELETE', pgid='pgtrigger_amendment_append_only_eff41', table='screening_amendment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='anotherlook',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('case',), name='another_look_open_once'),
        ),
        migrations.AddConstraint(
            model_name='anotherlook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('answered_at__isnull', True), ('answered_by__isnull', True), ('reopened__isnull', True)), models.Q(('answer__isnull', False), ('answered_at__isnull', False), ('answered_by__isnull', False), ('reopened__isnull', False)), _connector='OR'), name='another_look_answer_is_whole'),
        ),
    ]

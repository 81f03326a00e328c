"""Deeds behind labels, erasable reasons of honours, and frozen years that say what the journal held."""
import denizen.kit.ids
import django.db.models.deletion
from django.db import migrations, models

from denizen.kit.db import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('chronicle', '0001_tables'),
        ('identity', '0001_tables'),
        ('standing', '0002_truths'),
    ]

    operations = [
        migrations.DeleteModel(
            name='FrozenLine',
        ),
        migrations.DeleteModel(
            name='FrozenYear',
        ),
        migrations.DeleteModel(
            name='Honour',
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='chronicle.entry')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=120)),
                ('occurred_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['resident', 'kind'], name='standing_deed_count')],
                'constraints': [models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('undone_at__gte', models.F('occurred_at')), _connector='OR'), name='standing_deed_undone_after_done')],
            },
        ),
        migrations.CreateModel(
            name='Honour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=denizen.kit.ids.uuid7, editable=False, unique=True)),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('title_en', models.CharField(max_length=120)),
                ('title_zh', models.CharField(max_length=120)),
                ('reason_digest', models.CharField(max_length=64)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                ('given_at', models.DateTimeField()),
                ('signature', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='HonourReason',
            fields=[
                ('honour', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='standing.honour')),
                ('salt', models.CharField(max_length=32)),
                ('reason', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='FrozenYear',
            fields=[
                ('year', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('basis', models.CharField(choices=[('year', 'year'), ('total', 'total')], max_length=10)),
                ('since', models.DateTimeField(null=True)),
                ('until', models.DateTimeField()),
                ('places', models.IntegerField()),
                ('known_to', models.BigIntegerField()),
                ('unseen', models.JSONField()),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff')),
                ('frozen_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('basis__in', ['year', 'total'])), name='standing_frozenyear_basis'), models.CheckConstraint(condition=models.Q(models.Q(('basis', 'year'), ('since__isnull', False), ('since__lt', models.F('until'))), models.Q(('basis', 'total'), ('since__isnull', True)), _connector='OR'), name='standing_frozenyear_range'), models.CheckConstraint(condition=models.Q(('places__gt', 0), ('until__lte', models.F('frozen_at'))), name='standing_frozenyear_past_only')],
            },
        ),
        migrations.CreateModel(
            name='FrozenLine',
            fields=[
                ('pk', models.CompositePrimaryKey('year_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('year', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='standing.frozenyear')),
                ('position', models.IntegerField()),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('contribution', models.BigIntegerField()),
                ('reached_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'resident'), name='standing_frozenline_once'), models.CheckConstraint(condition=models.Q(('contribution__gt', 0), ('position__gt', 0)), name='standing_frozenline_positive')],
            },
        ),
        migrations.RunSQL(append_only("standing_frozenline"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("standing_honour"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("standing_frozenyear"), migrations.RunSQL.noop),
    ]

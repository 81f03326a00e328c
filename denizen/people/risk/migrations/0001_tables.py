"""The tables of risk."""

import denizen.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chronicle', '0005_held_entries'),
        ('identity', '0003_posts_orders_undoing'),
        ('ledger', '0009_quarantine'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('version', models.SmallIntegerField()),
                ('strength', models.SmallIntegerField()),
                ('numbers', models.JSONField()),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('found_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('strength__gte', 1), ('strength__lte', 1000)), name='risk_signal_strength'), models.CheckConstraint(condition=models.Q(('begins_at__lte', models.F('ends_at'))), name='risk_signal_window')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='SignalParty',
            fields=[
                ('pk', models.CompositePrimaryKey('signal_id', 'resident_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('signal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.signal')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SignalEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('signal_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('signal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.signal')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=denizen.kit.ids.uuid7, editable=False, unique=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('released', 'Released'), ('voided', 'Voided')], default='open', max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(models.F('opened_at'), models.F('id'), condition=models.Q(('state', 'open')), name='risk_case_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('opened_at__lt', models.F('lapses_at'))), name='risk_case_lapses_later')],
            },
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'resident_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='CaseSignal',
            fields=[
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='risk.signal')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='CaseKind',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'kind_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
                ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.kindcode')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'posting_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.posting')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('slot', models.SmallIntegerField()),
                ('amount', models.BigIntegerField()),
                ('apart', models.BigIntegerField()),
                ('placed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('apart__gte', 0), ('apart__lte', models.F('amount'))), name='risk_quarantine_amounts')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='risk.case')),
                ('outcome', models.CharField(choices=[('released', 'released'), ('voided', 'voided')], max_length=8)),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff')),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('staff__isnull', False), ('outcome', 'released'), _connector='OR'), name='risk_verdict_voided_by_somebody')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('words', models.TextField()),
                ('said_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('pk', models.CompositePrimaryKey('entry_id', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry')),
                ('code', models.CharField(max_length=10)),
                ('trace', models.CharField(max_length=120)),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident')),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'trace', 'resident'], name='risk_sighting_trace'), models.Index(fields=['resident', 'code'], name='risk_sighting_resident')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Usual',
            fields=[
                ('kind', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='chronicle.kindcode')),
                ('hourly', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Sweep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('swept_at', models.DateTimeField()),
                ('last_entry', models.BigIntegerField()),
                ('signals', models.IntegerField()),
                ('cases', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['-swept_at'], name='risk_sweep_latest')],
                'constraints': [],
            },
        ),
    ]

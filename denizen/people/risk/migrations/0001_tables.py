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
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=denizen.kit.ids.uuid7, editable=False, unique=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('released', 'Released'), ('voided', 'Voided')], default='open', max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CaseKind',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'kind_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'resident_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
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
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'posting_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('slot', models.SmallIntegerField()),
                ('amount', models.BigIntegerField()),
                ('apart', models.BigIntegerField()),
                ('placed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('pk', models.CompositePrimaryKey('entry_id', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=10)),
                ('trace', models.CharField(max_length=120)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SignalEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('signal_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='SignalParty',
            fields=[
                ('pk', models.CompositePrimaryKey('signal_id', 'resident_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('words', models.TextField()),
                ('said_at', models.DateTimeField()),
            ],
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
        ),
        migrations.CreateModel(
            name='Usual',
            fields=[
                ('kind', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='chronicle.kindcode')),
                ('hourly', models.IntegerField()),
                ('counted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='risk.case')),
                ('outcome', models.CharField(choices=[('released', 'released'), ('voided', 'voided')], max_length=8)),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.F('opened_at'), models.F('id'), condition=models.Q(('state', 'open')), name='risk_case_open'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('opened_at__lt', models.F('lapses_at'))), name='risk_case_lapses_later'),
        ),
        migrations.AddField(
            model_name='casekind',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddField(
            model_name='casekind',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.kindcode'),
        ),
        migrations.AddField(
            model_name='caseparty',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddField(
            model_name='caseparty',
            name='resident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident'),
        ),
        migrations.CreateModel(
            name='CaseSignal',
            fields=[
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='risk.signal')),
            ],
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(('strength__gte', 1), ('strength__lte', 1000)), name='risk_signal_strength'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(('begins_at__lte', models.F('ends_at'))), name='risk_signal_window'),
        ),
        migrations.AddField(
            model_name='quarantine',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddField(
            model_name='quarantine',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry'),
        ),
        migrations.AddField(
            model_name='quarantine',
            name='posting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.posting'),
        ),
        migrations.AddField(
            model_name='quarantine',
            name='resident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='resident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident'),
        ),
        migrations.AddField(
            model_name='signalentry',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry'),
        ),
        migrations.AddField(
            model_name='signalentry',
            name='signal',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.signal'),
        ),
        migrations.AddField(
            model_name='signalparty',
            name='resident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident'),
        ),
        migrations.AddField(
            model_name='signalparty',
            name='signal',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.signal'),
        ),
        migrations.AddField(
            model_name='statement',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddField(
            model_name='statement',
            name='resident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.resident'),
        ),
        migrations.AddIndex(
            model_name='sweep',
            index=models.Index(fields=['-swept_at'], name='risk_sweep_latest'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddField(
            model_name='waitingentry',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chronicle.entry'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.staff'),
        ),
        migrations.AddField(
            model_name='casesignal',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.case'),
        ),
        migrations.AddConstraint(
            model_name='quarantine',
            constraint=models.CheckConstraint(condition=models.Q(('apart__gte', 0), ('apart__lte', models.F('amount'))), name='risk_quarantine_amounts'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['code', 'trace', 'resident'], name='risk_sighting_trace'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['resident', 'code'], name='risk_sighting_resident'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(('staff__isnull', False), ('outcome', 'released'), _connector='OR'), name='risk_verdict_voided_by_somebody'),
        ),
    ]

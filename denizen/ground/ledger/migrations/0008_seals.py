"""Seals over the journal and roots of days; what was promised by salted hashes stays when words are erased."""

import django.db.models.deletion
from django.db import migrations, models

from denizen.kit.db import append_only

PROMISES = """
CREATE FUNCTION ledger_promise_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.posting_id, NEW.commitment) IS DISTINCT FROM (OLD.posting_id, OLD.commitment) OR NEW.salt IS NOT NULL THEN
    RAISE EXCEPTION 'what the reason of posting % committed to stands', OLD.posting_id USING ERRCODE = 'DZ010';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_reasoncommitment_stands BEFORE UPDATE ON ledger_reasoncommitment
  FOR EACH ROW EXECUTE FUNCTION ledger_promise_stands();
CREATE TRIGGER ledger_reasoncommitment_kept BEFORE DELETE OR TRUNCATE ON ledger_reasoncommitment
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();
"""

class Migration(migrations.Migration):

    dependencies = [
        ('chronicle', '0005_held_entries'),
        ('ledger', '0007_parts_are_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayRoot',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('seals', models.IntegerField()),
                ('seals_root', models.BinaryField(max_length=32)),
                ('previous', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32, unique=True)),
                ('closed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='EntryCommitment',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='chronicle.entry')),
                ('commitment', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='EntrySalt',
            fields=[
                ('resident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='chronicle.resident')),
                ('salt', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='ReasonCommitment',
            fields=[
                ('posting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.posting')),
                ('salt', models.BinaryField(max_length=32, null=True)),
                ('commitment', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('first_id', models.BigIntegerField()),
                ('last_id', models.BigIntegerField(unique=True)),
                ('count', models.IntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('total', models.BigIntegerField()),
                ('points', models.BigIntegerField()),
                ('contribution', models.BigIntegerField()),
                ('previous', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32, unique=True)),
                ('sealed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SealMarks',
            fields=[
                ('seal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.seal')),
                ('marks', models.BinaryField()),
            ],
        ),
        migrations.AddIndex(
            model_name='seal',
            index=models.Index(fields=['day', 'number'], name='ledger_seal_day'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1), ('first_id__lte', models.F('last_id')), ('number__gte', 1)), name='ledger_seal_covers_something'),
        ),
        migrations.AddField(
            model_name='dayroot',
            name='last_seal',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.seal'),
        ),
        migrations.AddConstraint(
            model_name='dayroot',
            constraint=models.CheckConstraint(condition=models.Q(('seals__gte', 1)), name='ledger_dayroot_has_seals'),
        ),
        *(
            migrations.RunSQL(append_only(table), migrations.RunSQL.noop)
            for table in ("ledger_seal", "ledger_sealmarks", "ledger_dayroot", "ledger_entrycommitment")
        ),
        migrations.RunSQL(PROMISES, migrations.RunSQL.noop),
    ]

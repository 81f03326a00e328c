"""Postings and lots are written in bulk: one value of the sequence stands for a block of ids."""

from django.db import migrations

from denizen.kit.db import in_blocks


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_stronger_truths")]
    operations = [
        migrations.RunSQL(in_blocks("ledger_posting") + in_blocks("ledger_lot"), migrations.RunSQL.noop)
    ]

"""Entries are written in bulk: one value of the sequence stands for a block of ids."""

from django.db import migrations

from denizen.kit.db import in_blocks


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0003_admissions_and_checkpoints")]
    operations = [migrations.RunSQL(in_blocks("chronicle_entry"), migrations.RunSQL.noop)]

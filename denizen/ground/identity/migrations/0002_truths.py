"""Rows that are never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("identity_staffact"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("identity_fact"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("identity_levelversion"), migrations.RunSQL.noop),
    ]

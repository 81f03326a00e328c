"""Rows that are never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("growth", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("growth_decision"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("growth_undoing"), migrations.RunSQL.noop),
    ]

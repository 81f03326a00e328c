"""Rows that are never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("standing", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("standing_frozenline"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("standing_honour"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("standing_frozenyear"), migrations.RunSQL.noop),
    ]

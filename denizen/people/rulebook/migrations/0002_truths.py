"""Rows that are never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("rulebook_bookversion"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("rulebook_approval"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("rulebook_force"), migrations.RunSQL.noop),
    ]

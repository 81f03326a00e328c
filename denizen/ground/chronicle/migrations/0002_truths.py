"""Entries are append-only; residents' ids leave room below for system accounts of the ledger."""

from django.db import migrations

from denizen.ground.chronicle.constants import RESIDENT_ID_MIN
from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("chronicle_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(
            f"ALTER TABLE chronicle_resident ALTER COLUMN id SET START WITH {RESIDENT_ID_MIN},"
            " ALTER COLUMN id RESTART;", migrations.RunSQL.noop
        ),
    ]

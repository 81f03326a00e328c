"""What was assumed, closed and reviewed stays; journals are found by when they were recorded without a scan."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("central_bank", "0001_tables")]
    operations = [
        migrations.RunSQL(append_only("central_bank_assumption"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("central_bank_monthclose"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("central_bank_grantreview"), migrations.RunSQL.noop),
    ]

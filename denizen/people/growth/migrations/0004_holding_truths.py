"""Why an entry waited is never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("growth", "0003_holding")]
    operations = [migrations.RunSQL(append_only("growth_holding"), migrations.RunSQL.noop)]

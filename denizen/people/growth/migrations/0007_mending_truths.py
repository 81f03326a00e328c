"""What was proposed for a pause is never edited."""

from django.db import migrations

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("growth", "0006_mending")]
    operations = [migrations.RunSQL(append_only("growth_mending"), migrations.RunSQL.noop)]

"""A label always names its ground and which time it was earned, and was held for a while."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0001_tables"), ("standing", "0003_grounds")]
    operations = [
        migrations.AlterField(
            model_name="label",
            name="entry",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="chronicle.entry",
            ),
        ),
        migrations.AlterField(model_name="label", name="occurrence", field=models.CharField(max_length=40)),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gt=models.F("earned_at")),
                name="standing_label_held_for_a_while",
            ),
        ),
    ]

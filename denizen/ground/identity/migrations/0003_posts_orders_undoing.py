"""Posts name a field and never overlap, acts name a department, facts know what they undo, first orders are kept."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0001_tables"), ("identity", "0002_truths")]
    operations = [
        migrations.RenameField("fact", "fact", "kind"),
        migrations.AlterField("fact", "kind", models.CharField(max_length=60)),
        migrations.AddField(
            "fact",
            "undoes",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="chronicle.entry",
            ),
        ),
        migrations.AddField("fact", "recorded_at", models.DateTimeField()),
        migrations.AddField("post", "field", models.CharField(max_length=60)),
        migrations.AddConstraint(
            "post",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="identity_post_one_at_a_time",
                expressions=[
                    (
                        models.Func(
                            models.F("staff_id"), models.F("staff_id"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    ("held", "&&"),
                ],
            ),
        ),
        migrations.AddConstraint(
            "staffact",
            models.CheckConstraint(
                condition=models.Q(("department__isnull", True), ("staff__isnull", True))
                | models.Q(("department__isnull", False), ("staff__isnull", False)),
                name="identity_act_names_department",
            ),
        ),
        migrations.CreateModel(
            name="FirstOrder",
            fields=[
                (
                    "resident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="chronicle.resident",
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chronicle.entry",
                    ),
                ),
            ],
        ),
    ]

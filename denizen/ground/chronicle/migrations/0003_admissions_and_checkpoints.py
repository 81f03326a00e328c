"""Who issued and revoked a key, who admitted a late entry, and how far the ingestion of a file has come."""

import django.db.models.deletion
from django.db import migrations, models

from denizen.kit.db import append_only


class Migration(migrations.Migration):
    dependencies = [("chronicle", "0002_truths")]
    operations = [
        migrations.AlterField("undecided", "waits_for", models.CharField(max_length=240, default="")),
        migrations.AddField("servicekey", "issued_by", models.CharField(max_length=80, default="")),
        migrations.AddField("servicekey", "revoked_by", models.CharField(max_length=80, default="")),
        migrations.CreateModel(
            name="Admission",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="chronicle.entry",
                    ),
                ),
                ("admitted_by", models.CharField(max_length=80)),
                ("admitted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="chronicle.source"
                    ),
                ),
                ("content_hash", models.BinaryField(max_length=32)),
                ("lines", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("existing", models.BigIntegerField(default=0)),
                ("conflicting", models.BigIntegerField(default=0)),
                ("rejected", models.BigIntegerField(default=0)),
                ("late", models.BigIntegerField(default=0)),
                ("rejected_bytes", models.BigIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "content_hash"), name="chronicle_checkpoint_unique"
                    )
                ]
            },
        ),
        migrations.RunSQL(append_only("chronicle_admission"), migrations.RunSQL.noop),
    ]

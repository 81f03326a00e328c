"""A backdated force names its source and ends where the default one begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0002_truths")]
    operations = [
        migrations.AddField("force", "until", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "force",
            models.CheckConstraint(
                condition=models.Q(source__isnull=True, until__isnull=True)
                | models.Q(source__isnull=False, until__gt=models.F("effective_from")),
                name="rulebook_force_span",
            ),
        ),
    ]

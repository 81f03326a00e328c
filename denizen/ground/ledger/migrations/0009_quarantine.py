"""What a review keeps apart is marked, resolved once and never forgotten."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION ledger_contributionhold_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' OR (NEW.id, NEW.posting_id, NEW.account_id, NEW.amount, NEW.key, NEW.placed_at)
     IS DISTINCT FROM (OLD.id, OLD.posting_id, OLD.account_id, OLD.amount, OLD.key, OLD.placed_at) THEN
    RAISE EXCEPTION 'what is kept apart of posting % is resolved', OLD.posting_id USING ERRCODE = 'DZ009';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_contributionhold_once BEFORE UPDATE ON ledger_contributionhold
  FOR EACH ROW EXECUTE FUNCTION ledger_contributionhold_resolved_once();
CREATE TRIGGER ledger_contributionhold_kept BEFORE DELETE OR TRUNCATE ON ledger_contributionhold
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_seals"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="watched",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="ContributionHold",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", models.BigIntegerField()),
                ("key", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("released", "Released"), ("voided", "Voided")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("placed_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.posting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="ledger_contributionhold_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("state", "pending")),
                            models.Q(models.Q(("state", "pending"), _negated=True), ("resolved_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="ledger_contributionhold_resolved_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("posting",),
                        name="ledger_contributionhold_one_pending",
                    ),
                    models.UniqueConstraint(fields=("key", "posting"), name="ledger_contributionhold_key"),
                ],
            },
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]

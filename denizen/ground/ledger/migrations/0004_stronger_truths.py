"""Undoing goes back where the original came from; lots and holds are never deleted; a correction is decided once."""

from importlib import import_module

from django.db import migrations

from denizen.ground.ledger.constants import POINTS_EXPIRED, Code

truths = import_module("denizen.ground.ledger.migrations.0002_truths")

ROUTES = " OR ".join(
    (
        truths.ROUTES,
        # Undoing a gift: what expired at the taker, and what he could not give, still goes back to the giver.
        f"(code = {Code.REVERSE.value} AND debit_id = {POINTS_EXPIRED} AND {truths.WALLET.format('credit_id')})",
        truths.route(Code.CLAW_BACK, truths.DEBT, truths.WALLET),
    )
)

SQL = f"""
ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_route, ADD CONSTRAINT ledger_posting_route CHECK ({ROUTES});

CREATE OR REPLACE FUNCTION ledger_reversal_within_original() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  original ledger_posting;
  undone bigint;
BEGIN
  SELECT * INTO original FROM ledger_posting WHERE id = NEW.reverses_id FOR UPDATE;
  SELECT coalesce(sum(amount), 0) INTO undone FROM ledger_posting WHERE reverses_id = NEW.reverses_id;
  IF undone > original.amount THEN
    RAISE EXCEPTION 'posting % is already undone', NEW.reverses_id USING ERRCODE = 'DZ002';
  END IF;
  IF original.code IN ({Code.EXPIRE.value}, {Code.REVERSE.value}, {Code.CLAW_BACK.value}, {Code.REPAY.value},
                       {Code.REFUND.value}) THEN
    RAISE EXCEPTION 'posting % cannot be undone', NEW.reverses_id USING ERRCODE = 'DZ003';
  END IF;
  IF NEW.credit_id <> original.debit_id THEN
    RAISE EXCEPTION 'posting % came from account %', NEW.reverses_id, original.debit_id USING ERRCODE = 'DZ006';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_lot_keeps_its_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.account_id, NEW.posting_id, NEW.amount, NEW.granted_at, NEW.priority, NEW.spendable_from)
     IS DISTINCT FROM
     (OLD.id, OLD.account_id, OLD.posting_id, OLD.amount, OLD.granted_at, OLD.priority, OLD.spendable_from)
     OR NEW.expires_at < OLD.expires_at OR (NEW.expires_at IS NULL) <> (OLD.expires_at IS NULL) THEN
    RAISE EXCEPTION 'lot % keeps its origin', OLD.id USING ERRCODE = 'DZ004';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_hold_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' OR (NEW.id, NEW.account_id, NEW.amount, NEW.purpose_id, NEW.key, NEW.placed_at)
     IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.amount, OLD.purpose_id, OLD.key, OLD.placed_at) THEN
    RAISE EXCEPTION 'hold % is resolved', OLD.id USING ERRCODE = 'DZ005';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger_correction_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'proposed' AND (NEW.state <> OLD.state OR NEW.decider_id IS DISTINCT FROM OLD.decider_id
                                  OR NEW.decided_at IS DISTINCT FROM OLD.decided_at) THEN
    RAISE EXCEPTION 'correction % is decided', OLD.id USING ERRCODE = 'DZ007';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_correction_once BEFORE UPDATE ON ledger_correction
  FOR EACH ROW EXECUTE FUNCTION ledger_correction_once();
"""


def kept(table: str) -> str:
    """Rows of ``table`` change but never go."""
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_corrections_and_indexes")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(kept(table), migrations.RunSQL.noop)
            for table in ("ledger_account", "ledger_lot", "ledger_hold", "ledger_correction")
        ),
    ]

"""What the ledger's tables must never say, held by the database.

Routes are plain CHECKs because an account's id tells its owner and asset (``constants``): below 4,000 system accounts
of points, below 8,000 system accounts of contribution, from 8,000 on ``resident * 8 + slot``.
"""

from django.db import migrations

from denizen.ground.ledger.constants import Code, Role
from denizen.kit.db import append_only

POINTS = "({0} < 4000 OR ({0} >= 8000 AND {0} % 8 <= 1))"
CONTRIBUTION = "(({0} >= 4000 AND {0} < 8000) OR ({0} >= 8000 AND {0} % 8 BETWEEN 2 AND 5))"
WALLET = "({0} >= 8000 AND {0} % 8 = 0)"
DEBT = "({0} >= 8000 AND {0} % 8 = 1)"
STANDING = "({0} >= 8000 AND {0} % 8 BETWEEN 2 AND 5)"
SYSTEM = "({0} < 8000)"


def route(code: Code, debit: str, credit: str) -> str:
    return f"(code = {code.value} AND {debit.format('debit_id')} AND {credit.format('credit_id')})"


ROUTES = " OR ".join(
    (
        route(Code.FUND, SYSTEM, SYSTEM),
        route(Code.AWARD, SYSTEM, WALLET),
        route(Code.AWARD, SYSTEM, STANDING),
        route(Code.GOODWILL, SYSTEM, WALLET),
        route(Code.SPEND, WALLET, SYSTEM),
        route(Code.TRANSFER, WALLET, WALLET),
        route(Code.EXPIRE, WALLET, SYSTEM),
        route(Code.REVERSE, WALLET, SYSTEM),
        route(Code.REVERSE, STANDING, SYSTEM),
        route(Code.REVERSE, WALLET, WALLET),
        route(Code.REVERSE, SYSTEM, SYSTEM),
        route(Code.CLAW_BACK, DEBT, SYSTEM),
        route(Code.REPAY, WALLET, DEBT),
        route(Code.CORRECTION, SYSTEM, WALLET),
        route(Code.CORRECTION, WALLET, SYSTEM),
        route(Code.CORRECTION, DEBT, SYSTEM),
        route(Code.CORRECTION, SYSTEM, STANDING),
        route(Code.CORRECTION, STANDING, SYSTEM),
        route(Code.REFUND, SYSTEM, WALLET),
    )
)

SQL = f"""
ALTER TABLE ledger_account
  ADD CONSTRAINT ledger_account_id_is_arithmetic CHECK (
    (role = {Role.RESIDENT.value} AND resident_id IS NOT NULL AND code IS NULL
       AND id >= 8000 AND id / 8 = resident_id AND id % 8 <= 5)
    OR (role <> {Role.RESIDENT.value} AND resident_id IS NULL AND code IS NOT NULL AND id > 0 AND id < 8000)),
  ADD CONSTRAINT ledger_account_sign CHECK (
    CASE WHEN id >= 8000 AND id % 8 = 1 THEN balance <= 0
         WHEN id >= 8000 OR role = {Role.LIMITED_BUDGET.value} THEN balance >= 0
         ELSE balance = 0 END);

ALTER TABLE ledger_posting
  ADD CONSTRAINT ledger_posting_one_asset CHECK (
    ({POINTS.format("debit_id")} AND {POINTS.format("credit_id")})
    OR ({CONTRIBUTION.format("debit_id")} AND {CONTRIBUTION.format("credit_id")})),
  ADD CONSTRAINT ledger_posting_route CHECK ({ROUTES}),
  ADD CONSTRAINT ledger_posting_reverses_something CHECK (
    (code IN ({Code.REVERSE.value}, {Code.CLAW_BACK.value}, {Code.REFUND.value})) = (reverses_id IS NOT NULL));

CREATE FUNCTION ledger_reversal_within_original() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  original ledger_posting;
  undone bigint;
BEGIN
  SELECT * INTO original FROM ledger_posting WHERE id = NEW.reverses_id FOR UPDATE;
  SELECT coalesce(sum(amount), 0) INTO undone FROM ledger_posting WHERE reverses_id = NEW.reverses_id;
  IF undone > original.amount THEN
    RAISE EXCEPTION 'posting % is already undone', NEW.reverses_id USING ERRCODE = 'DZ002';
  END IF;
  IF original.code IN ({Code.REVERSE.value}, {Code.CLAW_BACK.value}, {Code.REFUND.value}) THEN
    RAISE EXCEPTION 'posting % is itself an undoing', NEW.reverses_id USING ERRCODE = 'DZ003';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_reversal AFTER INSERT ON ledger_posting
  FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_reversal_within_original();

CREATE FUNCTION ledger_lot_keeps_its_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.account_id, NEW.posting_id, NEW.amount, NEW.granted_at, NEW.priority)
     IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.posting_id, OLD.amount, OLD.granted_at, OLD.priority)
     OR NEW.expires_at < OLD.expires_at THEN
    RAISE EXCEPTION 'lot % keeps its origin', OLD.id USING ERRCODE = 'DZ004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_lot_origin BEFORE UPDATE ON ledger_lot
  FOR EACH ROW EXECUTE FUNCTION ledger_lot_keeps_its_origin();

CREATE FUNCTION ledger_hold_resolved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' OR NEW.amount <> OLD.amount OR NEW.account_id <> OLD.account_id THEN
    RAISE EXCEPTION 'hold % is resolved', OLD.id USING ERRCODE = 'DZ005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_hold_once BEFORE UPDATE ON ledger_hold
  FOR EACH ROW EXECUTE FUNCTION ledger_hold_resolved_once();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables"), ("chronicle", "0002_truths")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        migrations.RunSQL(append_only("ledger_posting"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("ledger_lotuse"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "INSERT INTO ledger_account (id, role, code, balance, reserved) VALUES "
            f"(1, {Role.MINT.value}, 'mint', 0, 0), (2, {Role.REDEEMED.value}, 'redeemed', 0, 0), "
            f"(3, {Role.EXPIRED.value}, 'expired', 0, 0), (4001, {Role.MINT.value}, 'contribution mint', 0, 0);",
            migrations.RunSQL.noop,
        ),
    ]

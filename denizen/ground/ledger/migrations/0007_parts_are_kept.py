"""What a hold reserved and what a correction says are never edited; who gave a reason is never forgotten."""

from django.db import migrations

from denizen.kit.db import append_only

SQL = """
CREATE FUNCTION ledger_reason_keeps_its_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.posting_id, NEW.staff_id, NEW.approver_id, NEW.department_id, NEW.key)
     IS DISTINCT FROM (OLD.posting_id, OLD.staff_id, OLD.approver_id, OLD.department_id, OLD.key) THEN
    RAISE EXCEPTION 'the reason of posting % keeps its people', OLD.posting_id USING ERRCODE = 'DZ008';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_reason_people BEFORE UPDATE ON ledger_postingreason
  FOR EACH ROW EXECUTE FUNCTION ledger_reason_keeps_its_people();
CREATE TRIGGER ledger_postingreason_kept BEFORE DELETE OR TRUNCATE ON ledger_postingreason
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_grant_keys")]
    operations = [
        migrations.RunSQL(append_only("ledger_holdlot"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("ledger_correctionline"), migrations.RunSQL.noop),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]

"""Signals and evidence are never edited, a case is decided once, and of a verdict only the words can be emptied."""

from django.db import migrations

from denizen.kit.db import append_only

APPEND_ONLY = ("risk_signal", "risk_signalparty", "risk_signalentry", "risk_casesignal", "risk_caseparty",
               "risk_casekind", "risk_quarantine", "risk_waitingentry")  # fmt: skip

SQL = """
CREATE FUNCTION risk_case_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open' OR (NEW.id, NEW.public_id, NEW.opened_at, NEW.lapses_at)
     IS DISTINCT FROM (OLD.id, OLD.public_id, OLD.opened_at, OLD.lapses_at) THEN
    RAISE EXCEPTION 'case % is decided', OLD.id USING ERRCODE = 'DZ011';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_case_once BEFORE UPDATE ON risk_case FOR EACH ROW EXECUTE FUNCTION risk_case_decided_once();
CREATE TRIGGER risk_case_kept BEFORE DELETE OR TRUNCATE ON risk_case
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();

CREATE FUNCTION risk_verdict_keeps_its_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reason <> '' OR (NEW.case_id, NEW.outcome, NEW.staff_id, NEW.decided_at)
     IS DISTINCT FROM (OLD.case_id, OLD.outcome, OLD.staff_id, OLD.decided_at) THEN
    RAISE EXCEPTION 'the verdict of case % stands', OLD.case_id USING ERRCODE = 'DZ012';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_verdict_people BEFORE UPDATE ON risk_verdict
  FOR EACH ROW EXECUTE FUNCTION risk_verdict_keeps_its_people();
CREATE TRIGGER risk_verdict_kept BEFORE DELETE OR TRUNCATE ON risk_verdict
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_tables"), ("chronicle", "0002_truths")]
    operations = [
        *(migrations.RunSQL(append_only(table), migrations.RunSQL.noop) for table in APPEND_ONLY),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]

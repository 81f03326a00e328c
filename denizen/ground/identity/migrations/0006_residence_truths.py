"""Where people live begins with what their profiles say; of a row only the city can be emptied."""

from django.db import migrations

BEGIN_SQL = """
INSERT INTO identity_residence (resident_id, city, city_tier, since)
SELECT profile.resident_id, profile.city, profile.city_tier, resident.created_at
FROM identity_profile AS profile JOIN chronicle_resident AS resident ON resident.id = profile.resident_id
WHERE profile.city <> '';
"""
"""Earlier cities were not kept: everybody is taken to have lived where he lives today since he joined."""

KEEP_SQL = """
CREATE FUNCTION identity_residence_keeps_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.city <> '' OR NEW.city_tier IS NOT NULL
     OR (NEW.id, NEW.resident_id, NEW.since) IS DISTINCT FROM (OLD.id, OLD.resident_id, OLD.since) THEN
    RAISE EXCEPTION 'where resident % lived is append-only', OLD.resident_id USING ERRCODE = 'DZ013';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER identity_residence_place BEFORE UPDATE ON identity_residence
  FOR EACH ROW EXECUTE FUNCTION identity_residence_keeps_its_place();
CREATE TRIGGER identity_residence_kept BEFORE DELETE OR TRUNCATE ON identity_residence
  FOR EACH STATEMENT EXECUTE FUNCTION denizen_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_residences"), ("chronicle", "0002_truths")]
    operations = [
        migrations.RunSQL(BEGIN_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_SQL, migrations.RunSQL.noop),
    ]

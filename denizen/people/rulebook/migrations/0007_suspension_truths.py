"""What was said about a pause stays said, and two persons are two."""

from django.db import migrations

from denizen.kit.db import append_only

TABLES = ("suspension", "confirmation", "refusal", "falsealarm", "lifting", "release")

TWO_PERSONS = """
CREATE FUNCTION rulebook_two_persons_pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'rulebook_confirmation' THEN
    IF NEW.confirmed_by_id = (SELECT asked_by_id FROM rulebook_suspension WHERE id = NEW.suspension_id) THEN
      RAISE EXCEPTION 'a pause is asked for and confirmed by two persons' USING ERRCODE = 'DZ002';
    END IF;
  ELSIF NEW.book_id IS NULL AND NEW.lifted_by_id IS NOT DISTINCT FROM
      (SELECT asked_by_id FROM rulebook_falsealarm WHERE suspension_id = NEW.suspension_id) THEN
    RAISE EXCEPTION 'a false alarm is told and confirmed by two persons' USING ERRCODE = 'DZ002';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rulebook_confirmation_two_persons BEFORE INSERT ON rulebook_confirmation
FOR EACH ROW EXECUTE FUNCTION rulebook_two_persons_pause();
CREATE TRIGGER rulebook_lifting_two_persons BEFORE INSERT ON rulebook_lifting
FOR EACH ROW EXECUTE FUNCTION rulebook_two_persons_pause();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0006_suspensions")]
    operations = [
        *(migrations.RunSQL(append_only(f"rulebook_{table}"), migrations.RunSQL.noop) for table in TABLES),
        migrations.RunSQL(TWO_PERSONS, migrations.RunSQL.noop),
    ]
